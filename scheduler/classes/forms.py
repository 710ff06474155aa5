"""What is typed on the pages of classes."""

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from scheduler.agenda.forms.planning import ConsentFields, take_slot
from scheduler.agenda.terms import Consent
from scheduler.classes.rules import HOURS, part_of
from scheduler.classes.terms import ClassMode, ClassPlan, ClassStatus, PartOfDay, SessionPlan, TeachingMode
from scheduler.core.forms import DateField, Filter, Form, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l

STATUS_WORDS = {
    ClassStatus.DRAFT: _l("Draft"),
    ClassStatus.PUBLISHED: _l("Published"),
    ClassStatus.RUNNING: _l("Running"),
    ClassStatus.FINISHED: _l("Finished"),
    ClassStatus.CANCELLED: _l("Cancelled"),
}
MODE_WORDS = {
    ClassMode.FULL_TIME: _l("Full-time, in one go"),
    ClassMode.PART_TIME: _l("Part-time"),
    ClassMode.ONLINE: _l("Online"),
    ClassMode.MIXED: _l("Mixed"),
}
PART_WORDS = {
    PartOfDay.MORNING: _l("Morning"),
    PartOfDay.AFTERNOON: _l("Afternoon"),
    PartOfDay.EVENING: _l("Evening"),
}
TEACHING_WORDS = {
    TeachingMode.LECTURE: _l("Taught lesson"),
    TeachingMode.SEMINAR: _l("Seminar"),
    TeachingMode.FIELD: _l("Field teaching"),
    TeachingMode.TEST: _l("Test"),
}
_QUOTA = re.compile(r"^(?P<code>.+?)\s*[:：\s]\s*(?P<places>\d{1,4})$")


class ClassFilterForm(Filter):
    """Which classes the list shows; lives in the address."""

    q = StringField(_l("Title, theme or code"))
    state = SelectField(
        _l("Status"),
        choices=options([("", _l("All")), *STATUS_WORDS.items()]),
        validate_choice=False,
    )
    year = SelectField(_l("Year"), validate_choice=False)


class ClassForm(VersionedForm):
    """What a class is. `offer` fills in hosts and the units that may have places."""

    title = StringField(_l("Title"), [required(), at_most(120)])
    code = StringField(_l("Code"), [required(), at_most(40)])
    theme = StringField(_l("Theme"), [at_most(120)])
    host_unit = SelectField(_l("Host"), coerce=int)
    organiser = SelectField(_l("Organiser"), coerce=int)
    run_number = IntegerField(_l("Run"), [required(), NumberRange(1, 999)], default=1)
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])
    capacity = IntegerField(_l("Places"), [required(), NumberRange(1, 100_000)], default=50)
    hours = IntegerField(_l("Training hours"), [Optional(), NumberRange(0, 10_000)], default=0)
    mode = RadioField(_l("Mode"), choices=options(MODE_WORDS.items()), default=ClassMode.FULL_TIME.value)
    budget = DecimalField(_l("Budget in yuan"), [Optional(), NumberRange(0, 10**9)])
    quotas = TextAreaField(
        _l("Quotas by unit"), description=_l("One line for each unit: its code and its places, such as A01 3.")
    )

    units: Mapping[str, int] = {}
    """Unit ids by code, set by the view: what a quota may name."""

    def offer(self, hosts: list[tuple[int, str]], units: list[tuple[int, str]], codes: Mapping[str, int]) -> None:
        """Fill in the choices: hosts that the reader plans for, organisers, and units by code for the quotas."""
        self.host_unit.choices = options(hosts)
        self.organiser.choices = options([(0, "—"), *units])
        self.units = codes

    def validate_quotas(self, field: TextAreaField) -> None:
        """Name each line that cannot be read."""
        for number, line in _lines(field.data):
            found = _QUOTA.match(line)
            if not found:
                raise ValidationError(_("Line %(number)s: write a unit's code and its places.", number=number))
            if found["code"].strip() not in self.units:
                raise ValidationError(
                    _("Line %(number)s: there is no unit %(code)s.", number=number, code=found["code"])
                )

    def value(self) -> ClassPlan:
        """Return what was typed."""
        found = [_QUOTA.match(line) for _number, line in _lines(self.quotas.data)]
        quotas = {self.units[one["code"].strip()]: int(one["places"]) for one in found if one}
        return ClassPlan(
            code=self.code.data or "",
            title=self.title.data or "",
            theme=self.theme.data or "",
            host_unit_id=self.host_unit.data,
            organiser_unit_id=self.organiser.data or None,
            run_number=self.run_number.data or 1,
            starts_on=chosen(self.starts_on),
            ends_on=chosen(self.ends_on),
            capacity=self.capacity.data or 0,
            hours=self.hours.data or 0,
            mode=ClassMode(self.mode.data),
            budget=float(self.budget.data) if self.budget.data is not None else None,
            quotas=tuple(quotas.items()),
        )


class CopyForm(Form):
    """The next run of a class."""

    title = StringField(_l("Title"), [required(), at_most(120)])
    code = StringField(_l("Code"), [required(), at_most(40)])
    starts_on = DateField(
        _l("First day"),
        [required()],
        description=_l("Sessions follow on working days, in the same order of half days."),
    )


class SessionForm(ConsentFields, VersionedForm):
    """A session of a timetable. Without times the usual hours of the part of the day hold."""

    topic = StringField(_l("Topic"), [required(), at_most(200)])
    day = DateField(_l("Date"), [required()])
    part_of_day = RadioField(
        _l("Part of the day"),
        choices=options(PART_WORDS.items()),
        default=PartOfDay.MORNING.value,
    )
    starts = TimeField(_l("Begins"), [Optional()])
    ends = TimeField(_l("Ends"), [Optional()])
    lecturer = SelectField(_l("Lecturer"), coerce=int)
    second = SelectField(_l("Second lecturer"), coerce=int)
    venue = SelectField(_l("Venue"), coerce=int)
    teaching_mode = RadioField(
        _l("Teaching mode"),
        choices=options(TEACHING_WORDS.items()),
        default=TeachingMode.LECTURE.value,
    )
    reason = StringField(
        _l("Reason"), [at_most(300)], description=_l("Needed when the time changes: those who are expected read it.")
    )

    def offer(self, lecturers: list[tuple[int, str]], venues: list[tuple[int, str]]) -> None:
        """Fill in the choices; 0 leaves it open."""
        self.lecturer.choices = self.second.choices = options([(0, _("still open")), *lecturers])
        self.venue.choices = options([(0, _("still open")), *venues])

    def take(self, slot: str, zone: ZoneInfo) -> None:
        """Take a proposed time (start|end) instead of the one typed; an unreadable one is left alone."""
        take_slot(self, slot, zone)
        if self.starts.data:
            self.part_of_day.data = part_of(self.starts.data).value

    def value(self) -> SessionPlan:
        """Return what was typed."""
        part = PartOfDay(self.part_of_day.data)
        starts, ends = HOURS[part]
        lecturers = (self.lecturer.data, self.second.data)
        return SessionPlan(
            day=chosen(self.day),
            part_of_day=part_of(self.starts.data) if self.starts.data else part,
            starts=self.starts.data or starts,
            ends=self.ends.data or ends,
            topic=self.topic.data or "",
            lecturer_ids=tuple(dict.fromkeys(lecturer for lecturer in lecturers if lecturer)),
            venue_id=self.venue.data or None,
            teaching_mode=TeachingMode(self.teaching_mode.data),
        )


class ReasonForm(ConsentFields, VersionedForm):
    """Why something is cancelled; also the question before something is restored."""

    reason = StringField(_l("Reason"), [at_most(300)])


class PublishForm(VersionedForm):
    """What was shown when the reader said yes."""

    shown = HiddenField()


class RosterForm(Form):
    """People to enrol, and what is agreed to."""

    staff_nos = TextAreaField(
        _l("Staff numbers"),
        [required(), at_most(20_000)],
        description=_l("One a line, or separated by commas or blanks; paste a column of a sheet."),
    )
    confirmed = BooleanField(_l("They know of it; enrol them all the same"))
    override_reason = StringField(_l("Go beyond the quota, because"), [at_most(300)])

    def consent(self) -> Consent:
        """Return what was agreed to."""
        return Consent(override_reason=(self.override_reason.data or "").strip() or None, confirmed=self.confirmed.data)

    @staticmethod
    def as_before() -> Consent:
        """Return the consent of an undo: clashes were accepted when the person was enrolled first."""
        return Consent(confirmed=True)

    def numbers(self) -> list[tuple[int, str]]:
        """Return the staff numbers with the lines on which they stand, each once."""
        found: dict[str, int] = {}
        for number, line in _lines(self.staff_nos.data):
            for part in re.split(r"[\s,，;；、]+", line):
                if part:
                    found.setdefault(part, number)
        return [(line, part) for part, line in found.items()]


def chosen(field: DateField) -> date:
    """Return the date of a required field."""
    if field.data is None:  # pragma: no cover - its validator asks for it
        raise ValueError(field.name)
    return field.data


def _lines(text: str | None) -> list[tuple[int, str]]:
    return [(number, line.strip()) for number, line in enumerate((text or "").splitlines(), 1) if line.strip()]
