"""When two things clash, and how bad that is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduler.agenda.rules.workdays import holiday_after, holiday_on
from scheduler.agenda.terms import ActivityPlan, Clash, ClashKind, Consent, DayMark, Severity
from scheduler.core.periods import day_span

SEVERITY = {
    ClashKind.VENUE: Severity.BLOCK,
    ClashKind.LECTURER: Severity.BLOCK,
    ClashKind.PERSON: Severity.CONFIRM,
    ClashKind.HOLIDAY: Severity.CONFIRM,
    ClashKind.EVE: Severity.NOTE,
    ClashKind.CAPACITY: Severity.NOTE,
}
"""The office's rule: a room and a lecturer are refused, a participant is asked about, an eve is mentioned."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against an act: `blocking` needs an override, `asking` a confirmation."""

    blocking: tuple[Clash, ...]
    asking: tuple[Clash, ...]


def judge(clashes: Iterable[Clash], consent: Consent) -> Verdict:
    """Return what `consent` leaves open; a blank reason is no override. An override confirms the rest too."""
    overridden = bool(consent.override_reason and consent.override_reason.strip())
    found = list(clashes)
    return Verdict(
        () if overridden else tuple(clash for clash in found if clash.severity is Severity.BLOCK),
        ()
        if overridden or consent.confirmed
        else tuple(clash for clash in found if clash.severity is Severity.CONFIRM),
    )


def clashes_within(plans: Sequence[ActivityPlan]) -> list[Clash]:
    """Return the clashes of venue and lecturer between the plans themselves, each told of the later in the list."""
    by_resource: dict[tuple[ClashKind, int], list[int]] = {}
    for number in sorted(range(len(plans)), key=lambda number: plans[number].span.start):
        plan = plans[number]
        keys = [(ClashKind.LECTURER, lecturer_id) for lecturer_id in plan.lecturer_ids]
        if plan.venue_id is not None:
            keys.append((ClashKind.VENUE, plan.venue_id))
        for key in keys:
            by_resource.setdefault(key, []).append(number)
    return [
        Clash(kind, SEVERITY[kind], later, plans[earlier].span, "", key, plans[earlier].title, other_plan=earlier)
        for (kind, key), numbers in by_resource.items()
        for earlier, later in _overlapping_pairs(plans, numbers)
    ]


def _overlapping_pairs(plans: Sequence[ActivityPlan], by_start: list[int]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(by_start):
        for two in by_start[place + 1 :]:
            if plans[two].span.start >= plans[one].span.end:
                break
            yield min(one, two), max(one, two)


def days_against(plans: Iterable[ActivityPlan], marks: Mapping[date, DayMark], zone: ZoneInfo) -> list[Clash]:
    """Return what the work calendar has against the plans: a day off, or the eve of one."""
    found = []
    for number, plan in enumerate(plans):
        day = plan.span.start.astimezone(zone).date()
        if mark := holiday_on(day, marks):
            found.append(_day_clash(ClashKind.HOLIDAY, number, mark, day, zone))
        elif mark := holiday_after(day, marks):
            found.append(_day_clash(ClashKind.EVE, number, mark, day + timedelta(days=1), zone))
    return found


def _day_clash(kind: ClashKind, number: int, mark: DayMark, day: date, zone: ZoneInfo) -> Clash:
    return Clash(kind, SEVERITY[kind], number, day_span(day, zone), mark.name_zh)


_RANK = {Severity.BLOCK: 0, Severity.CONFIRM: 1, Severity.NOTE: 2}


def worst_first(clashes: Iterable[Clash]) -> list[Clash]:
    """Return the clashes in a fixed order: by severity, plan, time."""
    return sorted(
        clashes, key=lambda clash: (_RANK[clash.severity], clash.plan, clash.span.start, clash.kind, clash.resource)
    )
