"""An item as it is typed, the filter of the bank, and a file of items."""

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField, TextAreaField

from scheduler.core.errors import Refusal
from scheduler.core.forms import Filter, Form, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.quizzes.rules.bank.answers import with_answer, write_answer
from scheduler.quizzes.terms.bank import (
    DIFFICULTY_NAMES,
    EXPLANATION_LIMIT,
    KIND_NAMES,
    STEM_LIMIT,
    TOPIC_LIMIT,
    BankFilter,
    Difficulty,
    ItemKind,
    ItemText,
)

_KINDS = [(kind.value, _l(name)) for kind, name in KIND_NAMES.items()]
_DIFFICULTIES = [(level.value, _l(name)) for level, name in DIFFICULTY_NAMES.items()]
_CHOICES_LIMIT, _ANSWER_LIMIT = 6_000, 5_000
_TEXT_LIMIT = 80


class BankFilterForm(Filter):
    """Which items the list shows; lives in the address."""

    q = StringField(_l("Stem, explanation or knowledge point"))
    topic = SelectField(_l("Knowledge point"), validate_choice=False)
    kind = SelectField(_l("Type"), choices=options([("", _l("All")), *_KINDS]), validate_choice=False)
    difficulty = SelectField(
        _l("Difficulty"), choices=options([("", _l("All")), *_DIFFICULTIES]), validate_choice=False
    )
    state = SelectField(
        _l("State"), choices=options([("", _l("In use")), ("retired", _l("Retired"))]), validate_choice=False
    )

    def offer(self, topics: list[str]) -> None:
        """Fill in the topics that there are."""
        self.topic.choices = options([("", _l("All")), *((topic, topic) for topic in topics)])

    def value(self) -> BankFilter:
        """Return what is asked for; what makes no sense takes any."""
        return BankFilter(
            text=(self.q.data or "").strip()[:_TEXT_LIMIT],
            topic=(self.topic.data or "")[:TOPIC_LIMIT],
            kind=ItemKind(self.kind.data) if self.kind.data in set(ItemKind) else None,
            difficulty=Difficulty(self.difficulty.data) if self.difficulty.data in set(Difficulty) else None,
            retired=self.state.data == "retired",
        )


class ItemForm(VersionedForm):
    """An item of any of the five types; what its type has no use for is left alone."""

    kind = RadioField(_l("Type"), choices=options(_KINDS), default=ItemKind.SINGLE.value)
    stem = TextAreaField(
        _l("Stem"), [required(), at_most(STEM_LIMIT)], description=_l("Of a fill-in, with ____ where the answer goes.")
    )
    choices = TextAreaField(
        _l("Choices"),
        [at_most(_CHOICES_LIMIT)],
        description=_l("For single and multiple choice: one a line, without letters. The first is A."),
    )
    answer = TextAreaField(
        _l("Right answer"),
        [at_most(_ANSWER_LIMIT)],
        description=_l(
            "Letters such as C or ABD; for a statement T or F; for a fill-in each accepted form, parted by |; for a short answer nothing."
        ),
    )
    explanation = TextAreaField(
        _l("Explanation"),
        [at_most(EXPLANATION_LIMIT)],
        description=_l("Shown with the results; for a short answer, what to look for when marking."),
    )
    topic = StringField(_l("Knowledge point"), [at_most(TOPIC_LIMIT)])
    difficulty = RadioField(_l("Difficulty"), choices=options(_DIFFICULTIES), default=Difficulty.MEDIUM.value)
    stem_en = TextAreaField(_l("Stem (English)"), [at_most(STEM_LIMIT)])
    choices_en = TextAreaField(
        _l("Choices (English)"), [at_most(_CHOICES_LIMIT)], description=_l("In the same order, or none.")
    )
    explanation_en = TextAreaField(_l("Explanation (English)"), [at_most(EXPLANATION_LIMIT)])

    def value(self) -> ItemText:
        """Return what was typed, not checked yet; refuses with UnfitItem an answer that cannot be read."""
        text = ItemText(
            ItemKind(self.kind.data),
            self.stem.data or "",
            choices=_lines(self.choices.data),
            explanation=self.explanation.data or "",
            topic=self.topic.data or "",
            difficulty=Difficulty(self.difficulty.data),
            stem_en=self.stem_en.data or "",
            choices_en=_lines(self.choices_en.data),
            explanation_en=self.explanation_en.data or "",
        )
        return with_answer(text, self.answer.data or "")

    def show(self, refusal: Refusal) -> None:
        """Show a refusal; what is wrong with the key or the accepted forms stands beside the answer."""
        if refusal.field in {"key", "accepted"}:
            refusal.field = "answer"
        super().show(refusal)


def typed(text: ItemText, *, english: bool) -> dict[str, str]:
    """Return an item as its form shows it."""
    return {
        "kind": text.kind.value,
        "stem": text.stem,
        "choices": "\n".join(text.choices),
        "answer": write_answer(text, english=english),
        "explanation": text.explanation,
        "topic": text.topic,
        "difficulty": text.difficulty.value,
        "stem_en": text.stem_en,
        "choices_en": "\n".join(text.choices_en),
        "explanation_en": text.explanation_en,
    }


class ItemFileForm(Form):
    """A file of items."""

    file = FileField(
        _l("File of items"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("Excel (.xlsx, .xls), GIFT or Aiken (.txt), Moodle XML or QTI 2.1 (.xml, .zip)."),
        render_kw={"accept": ".xlsx,.xls,.txt,.gift,.xml,.zip"},
    )


def _lines(typed: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())
