"""What is owed, as it is typed."""

from datetime import date

from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from scheduler.core.forms import DateField, Filter, Form, VersionedForm, at_most, lazy_gettext, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.periods import Cadence
from scheduler.obligations.models import Obligation
from scheduler.obligations.terms import BASE_NAMES, CADENCE_NAMES, MEASURES, Base, Metric, ObligationPlan
from scheduler.people.terms import UnitKind

_MOST = 9999


class _Numbers(VersionedForm):
    name_zh = StringField(_l("Name in Chinese"), [required(), at_most(80)])
    name_en = StringField(_l("Name in English"), [at_most(80)])
    number = IntegerField(
        _l("At least"),
        [Optional(), NumberRange(1, _MOST)],
        description=_l("For guidance: leave it empty, and each pairing owes what its programme says."),
    )
    base = SelectField(
        _l("For each of"), choices=options((one.value, lazy_gettext(word)) for one, word in BASE_NAMES.items())
    )
    per = IntegerField(
        _l("out of how many"),
        [Optional(), NumberRange(1, _MOST)],
        description=_l("85 out of 100 of the staff: 85 above, 100 here."),
    )
    source = StringField(_l("Where the rule is written"), [at_most(200)])
    reminds = BooleanField(_l("Remind those who owe it"), default=True)


class ObligationForm(_Numbers):
    """A new obligation."""

    metric = SelectField(
        _l("What is counted"),
        choices=options((one.value, lazy_gettext(measure.name)) for one, measure in MEASURES.items()),
    )
    cadence = SelectField(
        _l("How often"),
        choices=options((one.value, lazy_gettext(word)) for one, word in CADENCE_NAMES.items()),
        default=Cadence.MONTH.value,
    )
    unit = SelectField(_l("Unit"), coerce=int)
    level = SelectField(_l("Owed by"))
    starts_on = DateField(
        _l("From"), [required()], description=_l("It holds from the beginning of the period that this day is in.")
    )

    def plan(self) -> ObligationPlan:
        """Return what was typed."""
        return ObligationPlan(
            Metric(self.metric.data),
            Cadence(self.cadence.data),
            self.name_zh.data or "",
            self.name_en.data or "",
            self.unit.data or 0,
            self.number.data,
            self.starts_on.data or date.min,
            level=UnitKind(self.level.data) if self.level.data else None,
            base=Base(self.base.data),
            per=self.per.data or 1,
            source=self.source.data or "",
            reminds=bool(self.reminds.data),
        )


class RevisionForm(_Numbers):
    """Other numbers for an obligation from a day on."""

    starts_on = DateField(_l("From"), [required()], description=_l("Earlier periods keep what was owed in them."))

    def plan(self, present: Obligation) -> ObligationPlan:
        """Return what was typed; what cannot change is that of `present`."""
        return ObligationPlan(
            present.metric,
            present.cadence,
            self.name_zh.data or "",
            self.name_en.data or "",
            present.unit_id,
            self.number.data,
            self.starts_on.data or date.min,
            level=present.level,
            base=Base(self.base.data),
            per=self.per.data or 1,
            source=self.source.data or "",
            reminds=bool(self.reminds.data),
        )


class EndForm(VersionedForm):
    """The end of an obligation."""

    last_day = DateField(
        _l("Last day"), [required()], description=_l("It is owed to the end of the period that this day is in.")
    )


class WaiverForm(Form):
    """Why something is not owed."""

    reason = StringField(_l("Reason"), [required(), at_most(300)])


class WhatIfForm(Filter):
    """Another number to try out."""

    number = IntegerField(_l("What if at least this many were owed?"), [Optional(), NumberRange(1, _MOST)])
