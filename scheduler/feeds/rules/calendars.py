"""The frame of a calendar: what it says of itself, and the joining of events that were serialised before."""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, vText

from scheduler.feeds.rules.text import line
from scheduler.feeds.terms import CalendarFacts, Language

CLOSING = b"END:VCALENDAR\r\n"
REFRESH = timedelta(hours=1)
_TAGS = {Language.ZH: "ZH", Language.EN: "EN"}


def empty_calendar(facts: CalendarFacts) -> Calendar:
    """Return a calendar without events. No METHOD: nobody is invited, a program only reads."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Training Scheduler//Calendar//{_TAGS[facts.language]}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = line(facts.name)
    # vText: what icalendar does not know it would write as it is, line breaks and all
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("x-wr-timezone", vText(facts.zone_name))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vText("PT1H"))
    calendar.add("color", vText("firebrick"))
    calendar.add("url", facts.url)
    return calendar


def opening(facts: CalendarFacts) -> bytes:
    """Return all that stands before the first component."""
    return bytes(empty_calendar(facts).to_ical()).removesuffix(CLOSING)


def joined(facts: CalendarFacts, components: Iterable[bytes]) -> bytes:
    """Return the calendar that holds `components`: the very bytes of icalendar's own output, much sooner."""
    return b"".join((opening(facts), *components, CLOSING))
