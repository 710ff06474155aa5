"""Calendars as the libraries read them; untyped, for a test says itself what it expects of a property."""

import re
from typing import Any

import icalendar
import vobject


def events_of(body: bytes) -> list[Any]:
    """Return the events of a calendar."""
    return list(icalendar.Calendar.from_ical(body).events)


def event_of(body: bytes) -> Any:
    """Return the one event that is `body`."""
    return icalendar.Event.from_ical(body)


def rewritten(body: bytes) -> bytes:
    """Return what icalendar makes of a calendar that it has read."""
    return bytes(icalendar.Calendar.from_ical(body).to_ical())


def by_vobject(body: bytes) -> Any:
    """Return a calendar as a reader sees it that shares no code with icalendar."""
    return vobject.readOne(body.decode())


def unfolded(body: bytes) -> str:
    return re.sub(r"\r\n[ \t]", "", body.decode())
