"""Moving, editing, cancelling and restoring an activity."""

from collections.abc import Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

from wtforms import (
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)

from scheduler.agenda.forms.planning import ConsentFields
from scheduler.agenda.models import Activity
from scheduler.core.errors import Refusal, lazy
from scheduler.core.forms import DateField, VersionedForm, at_most, lazy_gettext, required
from scheduler.core.periods import Span, at, local_span


def _number_or_none(text: str) -> int | None:
    return int(text) if text else None


class ConsentForm(ConsentFields, VersionedForm):
    """What every act on an activity asks for."""


class MoveForm(ConsentForm):
    """Another time, and with it perhaps another place and other lecturers."""

    day = DateField(lazy_gettext("Date"), validators=[required()])
    starts = TimeField(lazy_gettext("Begins"), validators=[required()])
    ends = TimeField(lazy_gettext("Ends"), validators=[required()])
    venue_id = SelectField(lazy_gettext("Venue"), coerce=_number_or_none)
    lecturer_ids = SelectMultipleField(lazy_gettext("Taught by"), coerce=int)
    reason = StringField(lazy_gettext("Reason"), validators=[at_most(300)])

    def fill(self, activity: Activity, zone: ZoneInfo) -> None:
        """Put the present state of `activity` into an unsent form."""
        start, end = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
        self.day.data, self.starts.data, self.ends.data = start.date(), start.time(), end.time()
        self.venue_id.data = activity.venue_id
        self.lecturer_ids.data = [teaching.lecturer_id for teaching in activity.teachings]
        self.version.data = str(activity.version)

    def wanted(self, zone: ZoneInfo) -> Span:
        """Return the time that the fields say. Refuses an end before the start."""
        return _span(self.day.data, self.starts.data, self.ends.data, zone)


class EditForm(ConsentForm):
    """What an activity is called, where it is and who teaches."""

    title = StringField(lazy_gettext("Title"), validators=[required(), at_most(200)])
    description = TextAreaField(lazy_gettext("Description"), validators=[at_most(4000)])
    venue_id = SelectField(lazy_gettext("Venue"), coerce=_number_or_none)
    lecturer_ids = SelectMultipleField(lazy_gettext("Taught by"), coerce=int)
    reason = StringField(lazy_gettext("Reason"), validators=[at_most(300)])

    def fill(self, activity: Activity) -> None:
        """Put the present state of `activity` into an unsent form."""
        self.title.data, self.description.data = activity.title, activity.description
        self.venue_id.data = activity.venue_id
        self.lecturer_ids.data = [teaching.lecturer_id for teaching in activity.teachings]
        self.version.data = str(activity.version)


class ReasonForm(ConsentForm):
    """Cancel or restore."""

    reason = StringField(lazy_gettext("Reason"), validators=[at_most(300)])


def offer(form: MoveForm | EditForm, venues: Sequence[tuple[int, str]], lecturers: Sequence[tuple[int, str]]) -> None:
    """Give the form the venues and lecturers to choose from."""
    form.venue_id.choices = [("", lazy_gettext("No venue")), *((str(key), name) for key, name in venues)]
    form.lecturer_ids.choices = list(lecturers)


def _span(day: date | None, starts: time | None, ends: time | None, zone: ZoneInfo) -> Span:
    if day is None or starts is None or ends is None or at(day, ends, zone) <= at(day, starts, zone):
        raise Refusal(lazy("The end must be after the start."), field="ends")
    return local_span(day, starts, ends, zone)
