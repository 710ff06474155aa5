"""What every form shares that plans a time: what is agreed to once it clashes, and the proposed times that one tap takes."""

from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from wtforms import BooleanField, StringField

from scheduler.agenda.terms import Consent
from scheduler.core.errors import Refusal, lazy
from scheduler.core.forms import Form, at_most, lazy_gettext
from scheduler.core.periods import Span


class ConsentFields(Form):
    """What a planner agrees to after seeing the clashes."""

    confirmed = BooleanField(lazy_gettext("I have seen this; do it all the same"))
    override_reason = StringField(lazy_gettext("Book it twice all the same, because"), validators=[at_most(300)])

    def consent(self) -> Consent:
        """Return what was agreed to."""
        return Consent(override_reason=(self.override_reason.data or "").strip() or None, confirmed=self.confirmed.data)


class Timed(Protocol):
    """A form with a day, a start and an end."""

    @property
    def day(self) -> Any: ...
    @property
    def starts(self) -> Any: ...
    @property
    def ends(self) -> Any: ...


def slot_of(text: str | None) -> Span | None:
    """Return the proposed time that the button "slot" has sent (start|end); None if none was. Refuses anything else."""
    if not text:
        return None
    start, _, end = text.partition("|")
    try:
        return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    except ValueError as error:
        raise Refusal(lazy("This is not one of the proposed times."), field="slot") from error


def take_slot(form: Timed, text: str, zone: ZoneInfo) -> None:
    """Put a proposed time into the fields instead of the one typed; an unreadable one is left alone."""
    with suppress(Refusal):
        if span := slot_of(text):
            start, end = span.start.astimezone(zone), span.end.astimezone(zone)
            form.day.data, form.starts.data, form.ends.data = start.date(), start.time(), end.time()
