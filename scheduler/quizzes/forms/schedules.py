"""The form of a schedule."""

from datetime import time

from flask_babel import gettext as _
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.validators import Optional

from scheduler.agenda.terms import WEEKDAY_NAMES
from scheduler.core.errors import Refusal, lazy
from scheduler.core.forms import DateField, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.quizzes.forms.sittings import RulesFields
from scheduler.quizzes.terms.schedules import NTH_NAMES, RHYTHM_NAMES, Beat, Rhythm, SchedulePlan


class ScheduleForm(RulesFields, VersionedForm):
    """A schedule to be, or to be changed."""

    name = StringField(_l("Title"), [required(), at_most(200)], description=_l("Each of its sittings is called so."))
    paper = SelectField(
        _l("Paper"),
        coerce=int,
        description=_l("One that draws keeps away from what each person was asked in the last 90 days."),
    )
    rhythm = SelectField(_l("When it comes again"), default=Rhythm.MONTH_DAY.value)
    day = IntegerField(
        _l("Day of the month"), [Optional()], default=1, description=_l("In a shorter month: its last day.")
    )
    nth = SelectField(_l("Which one in the month"), coerce=int, default=1)
    weekday = SelectField(_l("Weekday"), coerce=int, default=0)
    delay_minutes = IntegerField(_l("Minutes after the lesson"), [Optional()], default=0)
    audience = SelectField(_l("For a class or a series"), coerce=int)
    units = SelectMultipleField(
        _l("Or for these units, with all below them"), coerce=int, description=_l("Several: hold Ctrl while choosing.")
    )
    first_day = DateField(_l("From"), [required()])
    last_day = DateField(_l("Until"), [Optional()], description=_l("Empty: until it is stopped."))
    opens = TimeField(_l("Opens"), [Optional()], default=time(9))
    open_minutes = IntegerField(_l("Open for so many minutes"), [required()], default=120)
    lead_days = IntegerField(_l("Days before, when it enters the calendars"), [required()], default=14)
    host_unit = SelectField(_l("Host"), coerce=int)

    def offer(
        self, papers: list[tuple[int, str]], audiences: list[tuple[int, str]], units: list[tuple[int, str]]
    ) -> None:
        """Fill in the choices."""
        self.paper.choices = options(papers)
        self.audience.choices = options([(0, _("none")), *audiences])
        self.units.choices = options(units)
        self.host_unit.choices = options(units)
        self.rhythm.choices = options((each.value, _(name)) for each, name in RHYTHM_NAMES.items())
        self.nth.choices = options((number, _(name)) for number, name in NTH_NAMES.items())
        self.weekday.choices = options((number, _(name)) for number, name in enumerate(WEEKDAY_NAMES))
        self.offer_rules()

    def value(self) -> SchedulePlan:
        """Return what was typed. Refuses a missing first day."""
        if self.first_day.data is None:
            raise Refusal(lazy("Please fill this in."), field="first_day")
        return SchedulePlan(
            name=self.name.data or "",
            paper_id=self.paper.data or 0,
            host_unit_id=self.host_unit.data or 0,
            beat=Beat(Rhythm(self.rhythm.data), self.day.data or 0, self.nth.data, self.weekday.data),
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            opens=self.opens.data or time(9),
            delay_minutes=self.delay_minutes.data or 0,
            open_minutes=self.open_minutes.data or 0,
            lead_days=self.lead_days.data or 0,
            audience_id=self.audience.data or None,
            unit_ids=tuple(self.units.data or ()),
            rules=self.rules(),
        )


def filled(plan: SchedulePlan, version: int) -> dict[str, object]:
    """Return the form's values for a schedule that is there."""
    beat, rules = plan.beat, plan.rules
    kept = {name: getattr(rules, name) for name in rules.__dataclass_fields__}
    return kept | {
        "name": plan.name,
        "paper": plan.paper_id,
        "host_unit": plan.host_unit_id,
        "rhythm": beat.rhythm.value,
        "day": beat.day,
        "nth": beat.nth,
        "weekday": beat.weekday,
        "first_day": plan.first_day,
        "last_day": plan.last_day,
        "opens": plan.opens,
        "delay_minutes": plan.delay_minutes,
        "open_minutes": plan.open_minutes,
        "lead_days": plan.lead_days,
        "audience": plan.audience_id or 0,
        "units": list(plan.unit_ids),
        "version": version,
    }
