"""The text of one event (RFC 5545): the same facts give the same bytes, in every process and at any time."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Alarm, Event

from scheduler.agenda.terms import ActivityKind, AudienceKind
from scheduler.feeds.rules.text import line, plain
from scheduler.feeds.rules.words import WORDS
from scheduler.feeds.terms import BannerFacts, EventFacts, EventState, Language, Origin

_LINE = b"\r\n"
_END = b"\r\nEND:VEVENT\r\n"
_CANCELLED = b"\r\nSTATUS:CANCELLED\r\n"


def event_text(facts: EventFacts, language: Language, origin: Origin) -> bytes:
    """Return the VEVENT of an activity, times in UTC."""
    event = Event()
    event.add("dtstart", facts.starts_at.astimezone(UTC))
    event.add("dtend", facts.ends_at.astimezone(UTC))
    describe(event, facts, language, origin)
    return bytes(event.to_ical())


def describe(event: Event, facts: EventFacts, language: Language, origin: Origin) -> None:
    """Add to `event` all that an activity says beside its time."""
    words = WORDS[language]
    prefix = words.moved if facts.moved_from else ""
    if facts.state is EventState.CANCELLED:
        prefix = words.cancelled
    event.add("uid", facts.uid)
    event.add("summary", prefix + line(facts.title))
    stamp(event, facts.revised_at, facts.sequence)
    event.add("status", facts.state.value)
    event.add("transp", "TRANSPARENT" if facts.state is EventState.CANCELLED else "OPAQUE")
    event.add("categories", [category(facts, language)])
    event.add("url", facts.url)
    if where := place(facts):
        event.add("location", where)
    event.add("description", description(facts, language, origin))


def stamp(event: Event, revised_at: datetime, sequence: int) -> None:
    """Add the revision: DTSTAMP is that of the revision, not of the download, so that bytes stay."""
    instant = revised_at.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", instant)
    event.add("last-modified", instant)
    event.add("sequence", sequence)


def place(facts: EventFacts) -> str:
    """Return the venue and its address, as far as they are known."""
    return ", ".join(filter(None, (line(facts.venue_name), line(facts.venue_address))))


def category(facts: EventFacts, language: Language) -> str:
    """Return the name of the series, or the kind of the activity."""
    if facts.audience_kind is AudienceKind.SERIES:
        return line(facts.audience_name)
    return WORDS[language].kinds[facts.kind]


def description(facts: EventFacts, language: Language, origin: Origin) -> str:
    """Return what changed first, then who and for whom; what a guidance session is about stays in the house."""
    words = WORDS[language]
    changed = facts.moved_from is not None or facts.state is EventState.CANCELLED
    named = (
        (words.formerly, words.moment(facts.moved_from, origin.zone) if facts.moved_from else ""),
        (words.reason, facts.change_reason if changed else ""),
        (words.lecturers, facts.lecturers.replace("、", words.joint)),
        (words.audience, facts.audience_name),
    )
    lines = [f"{label}{words.colon}{line(text)}" for label, text in named if line(text)]
    if facts.state is EventState.TENTATIVE:
        lines.insert(0, words.tentative)
    if facts.description.strip() and facts.kind is not ActivityKind.GUIDANCE:
        lines += ["", plain(facts.description).strip()]
    return "\n".join(lines)


@lru_cache(maxsize=2048)
def banner_text(facts: BannerFacts, language: Language, origin: Origin) -> bytes:
    """Return the all-day VEVENT of a class of several days; it blocks nobody's time."""
    words = WORDS[language]
    event = Event()
    event.add("dtstart", facts.first)
    event.add("dtend", facts.last + timedelta(days=1))
    event.add("uid", facts.uid)
    event.add("summary", (words.cancelled if facts.cancelled else "") + line(facts.title))
    stamp(event, facts.revised_at, facts.sequence)
    event.add("status", (EventState.CANCELLED if facts.cancelled else EventState.CONFIRMED).value)
    event.add("transp", "TRANSPARENT")
    event.add("categories", [words.study_class])
    event.add("url", origin.link("/"))
    return bytes(event.to_ical())


@lru_cache(maxsize=64)
def alarm_text(minutes: int, language: Language) -> bytes:
    """Return a VALARM that shows a line `minutes` before the start."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", WORDS[language].alarm)
    alarm.add("trigger", -timedelta(minutes=minutes))
    return bytes(alarm.to_ical())


def with_alarm(events: bytes, alarm: bytes) -> bytes:
    """Return the bytes of joined events with an alarm in each; one that is cancelled rings for nobody.

    A text cannot pretend to be a line of its own: its line breaks are escaped, and folding begins a line by a blank.
    """
    *bodies, _rest = events.split(_END)
    ends = (_END if _CANCELLED in body else _LINE + alarm + _END.removeprefix(_LINE) for body in bodies)
    return b"".join(piece for pair in zip(bodies, ends, strict=True) for piece in pair)
