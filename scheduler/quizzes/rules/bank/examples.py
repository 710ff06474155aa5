"""An item of each type, for the template; whoever fills it in writes over them."""

from scheduler.quizzes.terms.bank import TRUE, Difficulty, ItemKind, ItemText

_TOPIC = "示例"
EXAMPLES = (
    ItemText(
        ItemKind.SINGLE,
        "示例：干部夜校固定在每周哪一天晚上举办？",
        ("周二", "周三", "周四", "周五"),
        "C",
        explanation="每周四晚。",
        topic=_TOPIC,
        difficulty=Difficulty.EASY,
    ),
    ItemText(
        ItemKind.MULTIPLE,
        "示例：学习机制包括哪些？",
        ("每日一题", "每周一课", "每月一考", "每季一赛"),
        "ABC",
        topic=_TOPIC,
    ),
    ItemText(ItemKind.TRUE_FALSE, "示例：替训必须经过批准。", key=TRUE, topic=_TOPIC, difficulty=Difficulty.EASY),
    ItemText(ItemKind.FILL, "示例：导师每月至少指导____次。", accepted=("2", "两", "二"), topic=_TOPIC),
    ItemText(
        ItemKind.SHORT,
        "示例：请写出组织一次现场教学活动的主要步骤。",
        explanation="要点：选点、方案、报批、组织、总结。",
        topic=_TOPIC,
        difficulty=Difficulty.HARD,
    ),
)
