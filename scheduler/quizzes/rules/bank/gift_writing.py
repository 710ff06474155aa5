"""The bank as GIFT."""

from collections.abc import Callable, Iterable, Iterator

from scheduler.quizzes.rules.bank.categories import write_category
from scheduler.quizzes.rules.bank.gift_syntax import SPECIAL
from scheduler.quizzes.rules.bank.markup import marked_up
from scheduler.quizzes.terms.bank import CHOOSING, LETTERS, TRUE, ItemKind, ItemText


def write_gift(items: Iterable[ItemText]) -> str:
    """Return the items as GIFT; `read_gift` reads the same back. Topics are categories, difficulties are tags."""
    parts, topic = [], ""
    for text in items:
        if text.topic != topic:
            topic = text.topic
            parts.append(f"$CATEGORY: {write_category(topic)}")
        parts.append(f"// [tag:{text.difficulty.value}]\n{_written(text)}")
    return "\n\n".join([*parts, ""])


def _written(text: ItemText) -> str:
    answers = (*text.choices, *text.accepted)
    # -> would make a matching question of it; in HTML it is written otherwise
    as_html = bool(text.stem_en or text.choices_en or text.explanation_en) or any("->" in one for one in answers)

    form = "html" if as_html else "plain"

    def said(plain: str, english: str = "", *, shielded: bool = False) -> str:
        written = marked_up(plain, english).replace("%", "&#37;") if as_html else plain
        if shielded and written.startswith(("[", "%")):
            written = f"[{form}]{written}"
        return SPECIAL.sub(r"\\\g<0>", written).replace("\n", "\\n")

    lines = list(_written_answers(text, said))
    if text.explanation:
        lines.append(f"####{said(text.explanation, text.explanation_en, shielded=True)}")
    body = "{\n" + "\n".join(lines) + "\n}" if lines else "{}"
    return f"[{form}]{said(text.stem, text.stem_en)} {body}"


def _written_answers(text: ItemText, said: Callable[..., str]) -> Iterator[str]:
    if text.kind is ItemKind.TRUE_FALSE:
        yield "TRUE" if text.key == TRUE else "FALSE"
    for accepted in text.accepted:
        yield f"={said(accepted, shielded=True)}"
    if text.kind not in CHOOSING:
        return
    english = text.choices_en or ("",) * len(text.choices)
    for letter, choice, other in zip(LETTERS, text.choices, english, strict=False):
        yield f"{_mark(text, right=letter in text.key)}{said(choice, other, shielded=True)}"


def _mark(text: ItemText, *, right: bool) -> str:
    if text.kind is ItemKind.SINGLE:
        return "=" if right else "~"
    share = f"{100 / len(text.key):.5f}".rstrip("0").rstrip(".")  # as Moodle spells the weights that it knows
    return f"~%{share}%" if right else "~%-100%"
