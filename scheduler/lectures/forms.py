"""What is typed on the pages of lecture series."""

import re
from datetime import date, time

from flask_babel import gettext as _
from wtforms import (
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Optional

from scheduler.agenda.forms.planning import ConsentFields
from scheduler.agenda.terms import WEEKDAY_NAMES
from scheduler.core.forms import DateField, Filter, Form, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.lectures.terms import EveningChange, HolidayChoice, ProgrammePlan, Reach

REACH_WORDS = {
    Reach.THIS: _l("Only this evening"),
    Reach.FOLLOWING: _l("This and those that follow"),
    Reach.ALL: _l("All that are to come"),
}
CHOICE_WORDS = {
    HolidayChoice.SKIP: _l("Skip it"),
    HolidayChoice.MOVE: _l("Move it"),
    HolidayChoice.KEEP: _l("Keep it on the holiday"),
}
_EVENING = (time(19), time(21))
_THURSDAY = 3


class SeriesFilter(Filter):
    """Which series the list shows; lives in the address."""

    q = StringField(_l("Series or topic"))


class ProgrammeForm(VersionedForm):
    """The rule of an evening school."""

    name = StringField(_l("Name"), [required(), at_most(120)])
    weekday = SelectField(
        _l("Weekday"), coerce=int, choices=options(enumerate(map(_l, WEEKDAY_NAMES))), default=_THURSDAY
    )
    starts = TimeField(_l("Begins"), [required()], default=_EVENING[0])
    ends = TimeField(_l("Ends"), [required()], default=_EVENING[1])
    begins_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])
    venue = SelectField(_l("Venue"), coerce=int)
    host_unit = SelectField(_l("Host"), coerce=int)
    strands = TextAreaField(
        _l("Series that take turns"),
        [required(), at_most(1000)],
        description=_l("One a line, in the order of their turns. Anybody may subscribe to them."),
    )

    def offer(self, hosts: list[tuple[int, str]], venues: list[tuple[int, str]]) -> None:
        """Fill in the choices."""
        self.host_unit.choices = options(hosts)
        self.venue.choices = options([(0, _("still open")), *venues])

    def value(self) -> ProgrammePlan:
        """Return what was typed."""
        return ProgrammePlan(
            name=self.name.data or "",
            weekday=self.weekday.data,
            starts=self.starts.data or _EVENING[0],
            ends=self.ends.data or _EVENING[1],
            begins_on=chosen(self.begins_on),
            ends_on=chosen(self.ends_on),
            host_unit_id=self.host_unit.data,
            venue_id=self.venue.data or None,
            strands=tuple(line.strip() for line in (self.strands.data or "").splitlines() if line.strip()),
        )


class EditProgrammeForm(ProgrammeForm):
    """Changes of the rule; weekday, first day, host and strands stay."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        del self.weekday, self.begins_on, self.host_unit, self.strands

    def offer(self, _hosts: list[tuple[int, str]], venues: list[tuple[int, str]]) -> None:
        """Fill in the choices."""
        self.venue.choices = options([(0, _("still open")), *venues])

    def changed(self, plan: ProgrammePlan) -> ProgrammePlan:
        """Return `plan` with what was typed."""
        return ProgrammePlan(
            name=self.name.data or "",
            weekday=plan.weekday,
            starts=self.starts.data or plan.starts,
            ends=self.ends.data or plan.ends,
            begins_on=plan.begins_on,
            ends_on=chosen(self.ends_on),
            host_unit_id=plan.host_unit_id,
            venue_id=self.venue.data or None,
            strands=plan.strands,
        )


class GenerateForm(Form):
    """How the evenings that the rule gives are called until their topics are known."""

    pattern = StringField(
        _l("Titles to begin with"),
        [required(), at_most(120)],
        description=_l("{series} and {number} are filled in; each evening's topic can be set later."),
    )


class EveningForm(ConsentFields, VersionedForm):
    """An evening, and how far its changes go."""

    title = StringField(
        _l("Topic"),
        [required(), at_most(200)],
        description=_l("For several evenings a pattern: {topic}, {number} and {series} are filled in."),
    )
    day = DateField(_l("Date"), [required()])
    starts = TimeField(_l("Begins"), [required()])
    ends = TimeField(_l("Ends"), [required()])
    lecturer = SelectField(_l("Lecturer"), coerce=int)
    second = SelectField(_l("Second lecturer"), coerce=int)
    venue = SelectField(_l("Venue"), coerce=int)
    reach = RadioField(_l("What you change here is changed for"), choices=options(REACH_WORDS.items()), default="this")
    reason = StringField(
        _l("Reason"), [at_most(300)], description=_l("Needed when the time changes: those who are expected read it.")
    )

    def offer(self, lecturers: list[tuple[int, str]], venues: list[tuple[int, str]]) -> None:
        """Fill in the choices; 0 leaves it open."""
        self.lecturer.choices = self.second.choices = options([(0, _("still open")), *lecturers])
        self.venue.choices = options([(0, _("still open")), *venues])

    def value(self) -> EveningChange:
        """Return what was typed."""
        lecturers = (self.lecturer.data, self.second.data)
        return EveningChange(
            title=self.title.data or "",
            day=chosen(self.day),
            starts=self.starts.data or _EVENING[0],
            ends=self.ends.data or _EVENING[1],
            venue_id=self.venue.data or None,
            lecturer_ids=tuple(sorted({lecturer for lecturer in lecturers if lecturer})),
        )


class CancelForm(ConsentFields, VersionedForm):
    """Why evenings are cancelled, and which; also the question before one is restored."""

    reason = StringField(_l("Reason"), [at_most(300)])
    reach = RadioField(_l("Which evenings"), choices=options(REACH_WORDS.items()), default="this")


class HolidayForm(ConsentFields):
    """A decision about an evening that a public holiday takes."""

    choice = RadioField(_l("Decision"), choices=options(CHOICE_WORDS.items()), default="skip")
    moved_to = DateField(_l("New date"), [Optional()], description=_l("For a move only."))
    reason = StringField(_l("Reason"), [at_most(300)], description=_l("It is kept with the decision."))


class EnrolForm(Form):
    """People or a whole unit to enrol in a series."""

    unit = SelectField(_l("A whole unit, with whoever joins it later"), coerce=int)
    staff_nos = TextAreaField(
        _l("Staff numbers"), [at_most(20_000)], description=_l("One a line, or separated by commas or blanks.")
    )

    def numbers(self) -> list[str]:
        """Return the staff numbers typed, each once."""
        return list(dict.fromkeys(part for part in re.split(r"[\s,，;；、]+", self.staff_nos.data or "") if part))


def chosen(field: DateField) -> date:
    """Return the date of a required field."""
    if field.data is None:  # pragma: no cover - its validator asks for it
        raise ValueError(field.name)
    return field.data
