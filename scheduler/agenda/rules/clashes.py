"""When two things clash, and how bad that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from scheduler.agenda.terms import ActivityPlan, Clash, ClashKind, Consent, Severity

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


def clashes_within(
    plans: Sequence[ActivityPlan],
    venue_names: dict[int, str] | None = None,
    lecturer_names: dict[int, str] | None = None,
) -> list[Clash]:
    """Return the clashes of venue and lecturer between the plans themselves, each told of the later plan."""
    found: list[Clash] = []
    order = sorted(range(len(plans)), key=lambda number: plans[number].span.start)
    by_resource: dict[tuple[ClashKind, int], list[int]] = {}
    for number in order:
        plan = plans[number]
        if plan.venue_id is not None:
            by_resource.setdefault((ClashKind.VENUE, plan.venue_id), []).append(number)
        for lecturer_id in plan.lecturer_ids:
            by_resource.setdefault((ClashKind.LECTURER, lecturer_id), []).append(number)
    names = {ClashKind.VENUE: venue_names or {}, ClashKind.LECTURER: lecturer_names or {}}
    for (kind, resource_id), numbers in by_resource.items():
        for one, two in combinations(numbers, 2):
            if not plans[one].span.overlaps(plans[two].span):
                continue
            earlier, later = sorted((one, two))
            found.append(
                Clash(
                    kind,
                    SEVERITY[kind],
                    later,
                    plans[earlier].span,
                    names[kind].get(resource_id, ""),
                    resource_id,
                    plans[earlier].title,
                    other_plan=earlier,
                )
            )
    return found
