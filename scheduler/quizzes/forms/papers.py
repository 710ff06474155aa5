"""The form of a paper: rules to draw by, or items named by their numbers."""

import re

from flask_babel import gettext as _
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from scheduler.core.errors import Refusal, lazy
from scheduler.core.forms import VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.text import whole_number
from scheduler.quizzes.terms.bank import DIFFICULTY_NAMES, KIND_NAMES, Difficulty, ItemKind
from scheduler.quizzes.terms.papers import DrawRule, PaperPlan

RULES = 8
"""How many rules the form offers."""


class RuleFields(PlainForm):
    """One rule to draw by; without a count there is none."""

    topic = SelectField(_l("Knowledge point"), choices=[], default="")
    kind = SelectField(_l("Type"), choices=[], default="")
    difficulty = SelectField(_l("Difficulty"), choices=[], default="")
    count = IntegerField(_l("How many"), [Optional()])
    points = IntegerField(_l("Points each"), [Optional()])

    def value(self) -> DrawRule | None:
        """Return what was typed; None for an empty row."""
        if not self.count.data:
            return None
        return DrawRule(
            self.count.data,
            self.points.data or 1,
            self.topic.data or None,
            ItemKind(self.kind.data) if self.kind.data else None,
            Difficulty(self.difficulty.data) if self.difficulty.data else None,
        )


class PaperForm(VersionedForm):
    """A paper."""

    name = StringField(_l("Name"), [required(), at_most(120)])
    rules = FieldList(FormField(RuleFields), _l("Draw from the bank"), min_entries=RULES, max_entries=RULES)
    items = TextAreaField(
        _l("Or the same items for everybody"),
        [at_most(4000)],
        description=_l("One a line: the item's number in the bank, a blank, its points. Leave the rules empty then."),
    )
    shuffle_questions = BooleanField(_l("Questions in another order for each person"), default=True)
    shuffle_choices = BooleanField(_l("Choices in another order for each person"), default=True)

    def offer(self, topics: list[str]) -> None:
        """Fill in the choices."""
        for entry in self.rules:
            row = entry.form
            row.topic.choices = options([("", _("any topic")), *((topic, topic) for topic in topics)])
            row.kind.choices = options(
                [("", _("any type")), *((kind.value, _(name)) for kind, name in KIND_NAMES.items())]
            )
            row.difficulty.choices = options(
                [("", _("any difficulty")), *((each.value, _(name)) for each, name in DIFFICULTY_NAMES.items())]
            )

    def show(self, refusal: Refusal) -> None:
        """Show a refusal; what is wrong with the rules stands above the form, for no field holds them all."""
        if refusal.field == "rules":
            refusal.field = None
        super().show(refusal)

    def value(self) -> PaperPlan:
        """Return what was typed. Refuses a line that names no item."""
        rules = [row.form.value() for row in self.rules]
        items = []
        for line in (self.items.data or "").splitlines():
            if not line.strip():
                continue
            numbers = [whole_number(part) for part in re.split(r"[\s,，;；]+", line.strip())]
            if len(numbers) > 2 or None in numbers:  # noqa: PLR2004 - a number and points
                raise Refusal(lazy("This line names no item: %(line)s"), field="items", line=line.strip()[:40])
            items.append((numbers[0] or 0, (numbers[1] if len(numbers) > 1 else 1) or 0))
        return PaperPlan(
            self.name.data or "",
            tuple(items),
            tuple(rule for rule in rules if rule),
            shuffle_questions=self.shuffle_questions.data,
            shuffle_choices=self.shuffle_choices.data,
        )
