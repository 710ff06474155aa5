"""The words and headings that offices write in a sheet of items, as data; the first Chinese and English one we write."""

from scheduler.quizzes.terms.bank import FALSE, LETTERS, TRUE, Difficulty, ItemKind

KIND_WORDS: dict[ItemKind, tuple[str, ...]] = {
    ItemKind.SINGLE: (
        "单选题",
        "Single choice",
        "单选",
        "单项选择题",
        "单项选择",
        "选择题",
        "single",
        "single_choice",
        "mcq",
    ),
    ItemKind.MULTIPLE: (
        "多选题",
        "Multiple choice",
        "多选",
        "多项选择题",
        "多项选择",
        "不定项选择题",
        "不定项",
        "multiple",
        "multiple_choice",
        "multi",
        "multiple response",
    ),
    ItemKind.TRUE_FALSE: (
        "判断题",
        "True or false",
        "判断",
        "是非题",
        "对错题",
        "true_false",
        "true/false",
        "truefalse",
        "tf",
        "t/f",
    ),
    ItemKind.FILL: ("填空题", "Fill-in", "填空", "fill", "fill in", "fill in the blank", "blank", "shortanswer"),
    ItemKind.SHORT: (
        "简答题",
        "Short answer",
        "简答",
        "问答题",
        "问答",
        "论述题",
        "案例分析题",
        "主观题",
        "short",
        "short_answer",
        "essay",
    ),
}

DIFFICULTY_WORDS: dict[Difficulty, tuple[str, ...]] = {
    Difficulty.EASY: ("易", "Easy", "较易", "简单", "容易", "低", "初级", "1", "low"),
    Difficulty.MEDIUM: ("中", "Medium", "中等", "适中", "一般", "普通", "较难", "中级", "2", "normal", "middle"),
    Difficulty.HARD: ("难", "Hard", "困难", "很难", "高", "高级", "3", "difficult", "high"),
}

TRUTH_WORDS: dict[str, tuple[str, ...]] = {
    TRUE: ("正确", "True", "对", "是", "√", "✓", "✔", "☑", "T", "Y", "yes", "right", "1"),
    FALSE: ("错误", "False", "错", "否", "不正确", "不对", "×", "✗", "✘", "☒", "X", "F", "N", "no", "wrong", "0"),
}


def _choice_headings(letter: str) -> tuple[str, ...]:
    number = LETTERS.index(letter) + 1
    return (
        f"选项{letter}",
        f"Choice {letter}",
        f"{letter}选项",
        letter,
        f"Option {letter}",
        f"答案{letter}",
        f"备选{letter}",
        f"选项{number}",
        f"option {number}",
        f"choice {number}",
    )


HEADINGS: dict[str, tuple[str, ...]] = {
    "kind": ("题型", "Type", "题目类型", "试题类型", "类型", "question type", "item type", "kind"),
    "stem": (
        "题干",
        "Stem",
        "题目",
        "试题",
        "试题内容",
        "题目内容",
        "问题",
        "question",
        "item",
        "text",
        "question text",
    ),
    **{f"choice {letter}": _choice_headings(letter) for letter in LETTERS},
    "answer": (
        "答案",
        "Answer",
        "正确答案",
        "标准答案",
        "参考答案",
        "key",
        "correct answer",
        "correct",
        "answers",
        "correct answers",
    ),
    "explanation": (
        "解析",
        "Explanation",
        "答案解析",
        "试题解析",
        "题目解析",
        "说明",
        "分析",
        "feedback",
        "rationale",
        "general feedback",
    ),
    "topic": ("知识点", "Topic", "分类", "章节", "考点", "题库分类", "主题", "category", "subject", "chapter"),
    "difficulty": ("难度", "Difficulty", "难易度", "难易程度", "难度等级", "level"),
    "stem_en": (
        "题干（英文）",
        "Stem (English)",
        "英文题干",
        "题干英文",
        "english stem",
        "question (english)",
        "stem_en",
    ),
    **{
        f"choice_en {letter}": (
            f"选项{letter}（英文）",
            f"Choice {letter} (English)",
            f"英文选项{letter}",
            f"选项{letter}英文",
            f"option {letter} (english)",
        )
        for letter in LETTERS
    },
    "explanation_en": ("解析（英文）", "Explanation (English)", "英文解析", "解析英文", "explanation_en"),
}
"""The headings of each column: Chinese, English, then whatever else is met."""
NEEDED = ("kind", "stem", "answer")
"""Columns without which a sheet is none of items."""
NUMBER_HEADINGS = ("序号", "题号", "编号", "no", "no.", "number", "id", "#")
"""Columns that count the rows; passed over without a word."""
NOTE_TITLES = ("说明", "填写说明", "notes", "read me", "readme")
"""Sheets that only explain."""
EXAMPLE_MARKS = ("示例:", "example:")
"""How the stems of example rows begin; they are passed over."""
