from datetime import date, time, timedelta

import pytest

from scheduler.agenda.rules.clashes import SEVERITY, clashes_within, judge, worst_first
from scheduler.agenda.terms import (
    ActivityKind,
    ActivityPlan,
    Clash,
    ClashKind,
    Consent,
    DoubleBooking,
    NeedsConfirmation,
    Severity,
)
from scheduler.core.periods import Span, local_span
from tests.agenda.city import ZONE, evening


def clash(kind: ClashKind, plan: int = 0) -> Clash:
    return Clash(kind, SEVERITY[kind], plan, evening(), "大礼堂")


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        (ClashKind.VENUE, Severity.BLOCK),
        (ClashKind.LECTURER, Severity.BLOCK),
        (ClashKind.PERSON, Severity.CONFIRM),
        (ClashKind.HOLIDAY, Severity.CONFIRM),
        (ClashKind.EVE, Severity.NOTE),
        (ClashKind.CAPACITY, Severity.NOTE),
    ],
)
def test_severity(kind: ClashKind, severity: Severity) -> None:
    assert SEVERITY[kind] is severity


@pytest.mark.parametrize(
    ("kind", "consent", "blocking", "asking"),
    [
        (ClashKind.VENUE, Consent(), 1, 0),
        (ClashKind.VENUE, Consent(confirmed=True), 1, 0),
        (ClashKind.VENUE, Consent(override_reason=" "), 1, 0),
        (ClashKind.VENUE, Consent(override_reason="合班"), 0, 0),
        (ClashKind.PERSON, Consent(), 0, 1),
        (ClashKind.PERSON, Consent(confirmed=True), 0, 0),
        (ClashKind.PERSON, Consent(override_reason="合班"), 0, 0),
        (ClashKind.EVE, Consent(), 0, 0),
    ],
)
def test_what_consent_leaves_open(kind: ClashKind, consent: Consent, blocking: int, asking: int) -> None:
    verdict = judge([clash(kind)], consent)
    assert (len(verdict.blocking), len(verdict.asking)) == (blocking, asking)


def _plan(start: int, end: int, *, venue: int | None = None, lecturers: tuple[int, ...] = ()) -> ActivityPlan:
    span = local_span(date(2026, 3, 5), time(start), time(end), ZONE)
    return ActivityPlan(ActivityKind.SESSION, f"{start}-{end}", span, 1, 1, venue, lecturers)


@pytest.mark.parametrize(
    ("plans", "pairs"),
    [
        ([_plan(9, 11, venue=1), _plan(10, 12, venue=1)], [(0, 1)]),
        ([_plan(10, 12, venue=1), _plan(9, 11, venue=1)], [(0, 1)]),
        ([_plan(9, 11, venue=1), _plan(11, 12, venue=1)], []),
        ([_plan(9, 11, venue=1), _plan(10, 12, venue=2)], []),
        ([_plan(9, 11), _plan(10, 12)], []),
        ([_plan(9, 11, lecturers=(1, 2)), _plan(10, 12, lecturers=(2, 3))], [(0, 1)]),
        ([_plan(9, 18, venue=1), _plan(10, 11, venue=1), _plan(12, 13, venue=1)], [(0, 1), (0, 2)]),
        ([], []),
    ],
)
def test_plans_among_themselves(plans: list[ActivityPlan], pairs: list[tuple[int, int]]) -> None:
    found = clashes_within(plans)
    assert sorted((clash.other_plan, clash.plan) for clash in found if clash.other_plan is not None) == pairs
    again = clashes_within(plans[::-1])
    assert len(again) == len(found)  # the relation is symmetric


def test_order_and_words() -> None:
    kinds = [ClashKind.EVE, ClashKind.PERSON, ClashKind.VENUE]
    assert [found.kind for found in worst_first(clash(kind) for kind in kinds)] == kinds[::-1]
    assert str(DoubleBooking([clash(ClashKind.VENUE)])) == "大礼堂 is already booked at this time."
    assert "2 clashes" in str(NeedsConfirmation([clash(ClashKind.PERSON), clash(ClashKind.HOLIDAY)]))
    assert not clash(ClashKind.VENUE).visible


def test_nothing_clashes_with_itself() -> None:
    whole = Span(evening().start, evening().start + timedelta(hours=24))
    assert clashes_within([ActivityPlan(ActivityKind.SESSION, "x", whole, 1, 1, 1, (1,))]) == []
