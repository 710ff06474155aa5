"""The series form: times in the organisation's zone, a series as one repeating event with exceptions."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Event, Timezone

from scheduler.core.periods import Span
from scheduler.feeds.rules.events import category, describe, description, place, stamp
from scheduler.feeds.rules.series import Rule, lay_out
from scheduler.feeds.rules.text import line
from scheduler.feeds.terms import EventFacts, EventState, Language, Origin

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_Look = tuple[str, str, str, str, EventState]


def zone_text(zone: ZoneInfo, first: date, last: date) -> bytes:
    """Return the VTIMEZONE that holds from `first` to `last`; it stands before the events that use it."""
    return bytes(Timezone.from_tzinfo(zone, first_date=first, last_date=last).to_ical())


def local_event_text(facts: EventFacts, language: Language, origin: Origin) -> bytes:
    """Return the VEVENT of an activity by itself, times in the organisation's zone."""
    return bytes(_event(facts, language, origin).to_ical())


def series_texts(uid: str, members: Sequence[EventFacts], language: Language, origin: Origin) -> list[bytes]:
    """Return the VEVENTs of a series: the rule, the evenings that differ from it, and those that cannot be overrides.

    `members` are in order of start. Where no two share a weekday and time there is no rule, only events.
    """
    layout = lay_out([Span(facts.starts_at, facts.ends_at) for facts in members], origin.zone)
    apart = [local_event_text(members[number], language, origin) for number in layout.apart]
    if layout.rule is None:
        return apart
    held = {slot: members[number] for slot, number in layout.held.items()}
    usual = _usual(list(held.values()), language, origin)
    # one revision for all of the series' parts: a program compares them with each other
    sequence = sum(facts.sequence for facts in members) + len(members) - 1
    master = Event()
    _add_rule(master, layout.rule, layout.dropped, origin.zone)
    master.add("uid", uid)
    stamp(master, max(facts.revised_at for facts in members), sequence)
    for name, value in zip(("summary", "categories", "location", "description"), usual, strict=False):
        if value:
            master.add(name, [value] if name == "categories" else value)
    master.add("status", usual[-1].value)
    master.add("transp", "OPAQUE")
    parts = [bytes(master.to_ical())]
    for slot, facts in sorted(held.items()):
        start = _slot_start(layout.rule, slot, origin.zone)
        as_ruled = facts.starts_at == start and facts.ends_at - facts.starts_at == layout.rule.length
        if not (as_ruled and _look(facts, language, origin) == usual):
            override = _event(facts, language, origin)
            override["uid"] = uid
            override.pop("sequence")
            override.add("sequence", sequence)
            override.add("recurrence-id", start)
            parts.append(bytes(override.to_ical()))
    return parts + apart


def _add_rule(event: Event, rule: Rule, dropped: Sequence[date], zone: ZoneInfo) -> None:
    start = _slot_start(rule, rule.first, zone)
    event.add("dtstart", start)
    event.add("dtend", (start.astimezone(UTC) + rule.length).astimezone(zone))
    repeat: dict[str, object] = {"freq": "weekly"}
    if rule.interval > 1:
        repeat["interval"] = rule.interval
    repeat["until"] = _slot_start(rule, rule.last, zone).astimezone(UTC)
    repeat["byday"] = _DAYS[rule.first.weekday()]
    event.add("rrule", repeat)
    for slot in dropped:
        event.add("exdate", _slot_start(rule, slot, zone))


def _slot_start(rule: Rule, slot: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(slot, time(rule.start.hour, rule.start.minute, rule.start.second), zone)


def _event(facts: EventFacts, language: Language, origin: Origin) -> Event:
    event = Event()
    event.add("dtstart", facts.starts_at.astimezone(origin.zone))
    event.add("dtend", facts.ends_at.astimezone(origin.zone))
    describe(event, facts, language, origin)
    return event


def _look(facts: EventFacts, language: Language, origin: Origin) -> _Look:
    return line(facts.title), category(facts, language), place(facts), description(facts, language, origin), facts.state


def _usual(members: Sequence[EventFacts], language: Language, origin: Origin) -> _Look:
    """Return what the rule says of itself: what most evenings say, or, if each says its own, the series' name."""
    look, count = Counter(_look(facts, language, origin) for facts in members).most_common(1)[0]
    if count > 1:
        return look
    return line(members[0].audience_name), look[1], "", "", EventState.CONFIRMED
