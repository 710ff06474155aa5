"""A planned guidance session."""

from datetime import date, time
from zoneinfo import ZoneInfo

from wtforms import BooleanField, SelectField, StringField, TextAreaField, TimeField

from scheduler.agenda.terms import Consent
from scheduler.core.errors import Refusal, lazy
from scheduler.core.forms import DateField, Form, VersionedForm, at_most, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.periods import Span, at, local_span

_BEGINS, _ENDS = time(17), time(18)


class MeetingForm(Form):
    """When the two meet, and about what."""

    title = StringField(_l("Topic"), [required(), at_most(120)])
    day = DateField(_l("Date"), [required()])
    starts = TimeField(_l("Begins"), [required()], default=_BEGINS)
    ends = TimeField(_l("Ends"), [required()], default=_ENDS)
    venue = SelectField(_l("Venue"), coerce=int)
    description = TextAreaField(_l("What to bring, where to meet"), [at_most(1000)])
    confirmed = BooleanField(_l("I have seen this; do it all the same"))

    def span(self, today: date, zone: ZoneInfo) -> Span:
        """Return the time that was typed. Refuses an end that is not after the start."""
        day, starts, ends = self.day.data or today, self.starts.data or _BEGINS, self.ends.data or _ENDS
        if at(day, ends, zone) <= at(day, starts, zone):
            raise Refusal(lazy("The end must be after the start."), field="ends")
        return local_span(day, starts, ends, zone)

    @property
    def consent(self) -> Consent:
        return Consent(confirmed=bool(self.confirmed.data))


class CancelMeetingForm(VersionedForm):
    """Why a session is called off."""

    reason = StringField(_l("Reason"), [required(), at_most(300)])
