"""The evaluator against Python's own counting, and what counts, what does not, what excuses."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus, Consent
from scheduler.classes.actions import import_classes
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassPlan, ClassStatus
from scheduler.core.access import Role
from scheduler.core.periods import Cadence, at, period_of
from scheduler.lectures.actions import import_evenings
from scheduler.lectures.models import HolidayDecision, Programme
from scheduler.lectures.terms import EveningPlan, HolidayChoice
from scheduler.mentoring.models import GuidanceRecord, Pairing, PairingPause
from scheduler.mentoring.queries import owed_of, pairings_owing, unit_standings
from scheduler.mentoring.rules.duty import days_in_force, owed
from scheduler.mentoring.terms import Confirmation, PairingStatus, RecordState
from scheduler.obligations import queries
from scheduler.obligations.terms import Base, Metric
from scheduler.people.actions import add_person, grant_roles, note_departure, note_return, transfer_person
from scheduler.people.models import Person, Unit
from scheduler.people.terms import PersonFacts, UnitKind
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, ZONE, House
from tests.obligations.stage import SYSTEM, moment, owe, standings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.obligations.models import Obligation

_DAYS = st.dates(date(2026, 8, 1), date(2027, 2, 28))
PAIR = "田瑞 ← 孟涛"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(_DAYS, min_size=2, max_size=8, unique=True).map(sorted),
    closed=st.none() | _DAYS,
    still=st.sampled_from(["suspended", "resumed"]),
    month=st.integers(9, 12),
    duty=st.integers(0, 5),
)
def test_days_in_force_and_what_they_owe_are_the_same_in_sql(
    session: "Session", house: House, days: list[date], closed: date | None, still: str, month: int, duty: int
) -> None:
    """Hold the statement against the rule: the first and last of `days` bound the pairing, the others pauses between."""
    starts_on, *inner, ends_on = days
    pauses: list[tuple[date, date | None]] = list(zip(inner[::2], [*inner[1::2], None], strict=False))
    if pauses and pauses[-1][1] is None and still == "resumed":
        pauses[-1] = (pauses[-1][0], ends_on)
    session.execute(delete(PairingPause))
    over = {"closed_on": closed, "status": PairingStatus.ENDED_EARLY if closed else PairingStatus.ACTIVE}
    session.execute(
        update(Pairing)
        .values(starts_on=starts_on, ends_on=ends_on, **over)
        .execution_options(synchronize_session=False)
    )
    for begins, ends in pauses:
        row = {"pairing_id": house.pairing_id, "starts_on": begins, "ends_on": ends, "reason": "x"}
        session.execute(insert(PairingPause).values(row))
    period = period_of(Cadence.MONTH, date(2026, month, 1))
    rows = pairings_owing(period).subquery()
    found = session.execute(select(rows.c.days, owed_of(rows.c.number * 0 + duty, rows.c.days))).all()
    last = min(closed or ends_on, ends_on)
    expected = days_in_force(starts_on, last, pauses, period.first)
    if starts_on < period.end and last >= period.first:
        assert [tuple(row) for row in found] == [(expected, owed(duty, expected))]
    else:
        assert found == []


def test_the_board_agrees_with_the_month_page(session: "Session", house: House) -> None:
    obligation = owe(session, house, Metric.GUIDANCE)
    house.begin(session, Persona.LECTURER, Persona.FELLOW, starts_on=date(2026, 10, 20))
    house.begin(session, Persona.ADMIN, Persona.STRANGER, starts_on=date(2026, 11, 15))
    house.file(session, date(2026, 10, 8), key="one")
    house.file(session, date(2026, 11, 3), key="two")
    for month in (date(2026, 10, 1), date(2026, 11, 1)):
        mentees = {one.mentee: (one.owed, one.counted) for one in unit_standings(session, ("/",), month)}
        board = {
            name.partition(" ")[0]: (one.required, one.counted)
            for name, one in standings(session, obligation, month).items()
        }
        assert board == mentees
        assert len(board) == (2 if month.month == 10 else 3)


def test_guidance_that_counts_and_that_does_not(session: "Session", house: House) -> None:
    obligation = owe(session, house, Metric.GUIDANCE)
    ids = [house.file(session, TODAY - timedelta(days=number), key=str(number)) for number in range(3)]
    for key, values in (
        (ids[1], {"state": RecordState.WITHDRAWN, "withdrawn_at": NOW}),
        (ids[2], {"confirmation": Confirmation.DISPUTED, "answered_at": NOW}),
    ):
        session.execute(update(GuidanceRecord).where(GuidanceRecord.id == key).values(values))
    assert standings(session, obligation)[PAIR].counted == 1
    proofs = queries.proofs_of(session, obligation, moment(obligation), house.pairing_id)
    assert [(one.address, one.barred) for one in proofs] == [
        (f"/mentoring/records/{ids[2]}", "Disputed by the mentee"),
        (f"/mentoring/records/{ids[1]}", "Withdrawn"),
        (f"/mentoring/records/{ids[0]}", ""),
    ]


def _class(session: "Session", house: House, code: str, unit: str, day: date, **values: Any) -> None:
    plan = ClassPlan(code, f"班{code}", house.cast.units[unit], day, day, 60)
    made = import_classes(session, SYSTEM, [plan], now=NOW).ids[0]
    values = {"status": ClassStatus.PUBLISHED, **values}
    session.execute(update(StudyClass).where(StudyClass.id == made).values(values))


def test_classes_of_the_units_below_count_for_the_city(session: "Session", house: House) -> None:
    obligation = owe(session, house, Metric.CLASSES, number=3)
    _class(session, house, "A", "A1", date(2026, 3, 1))
    _class(session, house, "B", "B", TODAY)
    _class(session, house, "C", "CITY", TODAY + timedelta(days=1))
    _class(session, house, "D", "A", date(2026, 4, 1), status=ClassStatus.DRAFT)
    _class(session, house, "E", "A", date(2026, 5, 1), status=ClassStatus.CANCELLED)
    _class(session, house, "F", "A", date(2025, 12, 31))
    one = standings(session, obligation)["全市"]
    assert (one.required, one.counted, one.outstanding) == (3, 2, 1)
    proofs = queries.proofs_of(session, obligation, moment(obligation), house.cast.units["CITY"])
    assert [(proof.label, proof.barred) for proof in proofs] == [
        ("班A", ""),
        ("班D", "Not published"),
        ("班E", "Cancelled"),
        ("班B", ""),
        ("班C", "Still to come"),
    ]
    each = owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU)
    assert {name: row.counted for name, row in standings(session, each).items()} == {"财政局": 1, "教育局": 1}
    only = standings(session, each, paths=(session.get_one(Unit, house.cast.units["A"]).path,))
    assert set(only) == {"财政局"}


def _evening(session: "Session", house: House, day: date) -> None:
    plan = EveningPlan("大讲堂", day, time(19), time(21), f"第{day}讲")
    host, edge = house.cast.units["CITY"], EDGE
    consent = Consent(confirmed=True)
    import_evenings(
        session, SYSTEM, "干部夜校", [plan], host_unit_id=host, consent=consent, installation_id="tests", **edge
    )


@pytest.mark.parametrize(
    ("choice", "moved_to", "required", "excused"),
    [
        (None, None, 1, 0),
        (HolidayChoice.SKIP, None, 0, 1),
        (HolidayChoice.MOVE, date(2026, 10, 10), 0, 1),  # the week after
        (HolidayChoice.MOVE, date(2026, 9, 30), 1, 0),  # the same week
        (HolidayChoice.KEEP, None, 1, 0),
    ],
)
def test_a_thursday_lost_to_a_holiday_is_not_owed(
    session: "Session", house: House, choice: HolidayChoice | None, moved_to: date | None, required: int, excused: int
) -> None:
    obligation = owe(session, house, Metric.LECTURES)
    _evening(session, house, date(2026, 9, 3))
    lost = date(2026, 10, 1)
    if choice is not None:
        programme = session.scalars(select(Programme)).one()
        session.add(
            HolidayDecision(
                programme_id=programme.id, slot_on=lost, choice=choice, moved_to=moved_to, reason="国庆", decided_at=NOW
            )
        )
        session.flush()
    one = standings(session, obligation, lost)["全市"]
    assert (one.required, one.excused) == (required, excused)
    proofs = queries.proofs_of(session, obligation, moment(obligation, lost), house.cast.units["CITY"])
    assert [proof.excused for proof in proofs if proof.excused] == [1] * excused
    assert all(proof.barred for proof in proofs if proof.excused)


def test_an_evening_counts_once_it_is_over_in_the_week_of_its_own_zone(session: "Session", house: House) -> None:
    obligation = owe(session, house, Metric.LECTURES)
    _evening(session, house, date(2026, 9, 3))
    _evening(session, house, date(2026, 11, 19))
    activity = session.scalars(select(Activity).order_by(Activity.starts_at.desc())).first()
    assert activity is not None
    end = at(date(2026, 11, 19), time(21), ZONE)
    counted = [
        standings(session, obligation, date(2026, 11, 19), now=now)["全市"].counted
        for now in (end - timedelta(microseconds=1), end)
    ]
    assert counted == [0, 1]
    late = datetime(2026, 11, 22, 15, 59, 59, 999000, tzinfo=UTC)  # 23:59:59.999 on Sunday
    moved = {"starts_at": late, "ends_at": late + timedelta(hours=1), "sequence": 1}
    session.execute(update(Activity).where(Activity.id == activity.id).values(moved))
    weeks = [
        standings(session, obligation, day, now=late + timedelta(days=9))["全市"].counted
        for day in (date(2026, 11, 22), date(2026, 11, 23))
    ]
    assert weeks == [1, 0]
    cancelled = {"status": ActivityStatus.CANCELLED, "cancelled_at": NOW, "holds": False, "sequence": 2}
    session.execute(update(Activity).where(Activity.id == activity.id).values(cancelled))
    assert standings(session, obligation, date(2026, 11, 22), now=late + timedelta(days=9))["全市"].counted == 0


def test_coverage_counts_each_eligible_person_once(session: "Session", house: House) -> None:
    obligation = owe(session, house, Metric.COVERAGE)
    one = standings(session, obligation)["全市"]
    assert (one.required, one.counted) == (3, 1)  # trainee, fellow and stranger train; the first has a mentor
    pairing = house.pairing(session)
    ended = {"status": PairingStatus.ENDED_EARLY, "closed_on": date(2026, 6, 1)}
    session.execute(update(Pairing).values(ended))
    house.begin(session, Persona.LECTURER, Persona.TRAINEE, starts_on=date(2026, 6, 2))
    house.begin(session, Persona.ADMIN, Persona.CHARLIE)  # holds no role
    assert standings(session, obligation)["全市"].counted == 1
    proofs = queries.proofs_of(session, obligation, moment(obligation), house.cast.units["CITY"])
    assert sorted(proof.barred for proof in proofs) == [
        "",
        "Not among those who are to have a mentor",
        "This person is counted already",
    ]
    assert f"/mentoring/pairings/{pairing.id}" in {proof.address for proof in proofs}
    session.execute(update(Person).where(Person.id == house.cast.people[Persona.FELLOW]).values(left_at=NOW))
    assert standings(session, obligation)["全市"].required == 2


@pytest.mark.parametrize(("number", "per", "required"), [(85, 100, 8), (1, 2, 5), (1, 10, 1), (1, 1, 9)])
def test_so_many_out_of_so_many_is_rounded_up(
    session: "Session", house: House, number: int, per: int, required: int
) -> None:
    obligation = owe(session, house, Metric.CLASSES, number=number, per=per, base=Base.HEADCOUNT)
    assert standings(session, obligation)["全市"].required == required  # of nine on the staff


@pytest.mark.parametrize(("base", "metric"), [(Base.HEADCOUNT, Metric.CLASSES), (Base.ELIGIBLE, Metric.COVERAGE)])
def test_a_period_that_is_over_keeps_the_staff_of_its_end(
    session: "Session", house: House, base: Base, metric: Metric
) -> None:
    obligation = owe(session, house, metric, number=1, base=base, level=UnitKind.BUREAU, cadence=Cadence.QUARTER)
    people, units = house.cast.people, house.cast.units

    def owed(day: date) -> dict[str, int]:
        return {name: one.required for name, one in standings(session, obligation, day).items()}

    spring = date(2026, 2, 1)
    before = owed(spring)
    assert before == owed(TODAY)
    assert sum(before.values()) > 1
    transfer_person(session, SYSTEM, people[Persona.TRAINEE], units["B"], now=NOW)
    note_departure(session, SYSTEM, people[Persona.FELLOW], now=NOW)
    new = add_person(session, SYSTEM, PersonFacts(staff_no="NEW", name="新人"), units["B"], now=NOW)
    grant_roles(session, SYSTEM, [(new.id, Role.TRAINEE, units["B"])], now=NOW)
    session.flush()
    assert owed(spring) == before
    assert owed(TODAY) != before
    note_departure(session, SYSTEM, new.id, now=NOW)
    note_return(session, SYSTEM, new.id, now=NOW + timedelta(days=1))
    session.flush()
    assert owed(spring) == before


def test_before_the_first_units_were_entered_the_people_of_that_day_stand_in(session: "Session", house: House) -> None:
    obligation = owe(session, house, Metric.CLASSES, number=1, base=Base.HEADCOUNT, starts_on=date(1990, 1, 1))
    assert standings(session, obligation, date(1991, 1, 1))["全市"].required == 9


def _snapshot(session: "Session") -> list[Any]:
    return [session.execute(select(table)).all() for table in (Pairing.__table__, GuidanceRecord.__table__)]


def test_another_number_is_tried_without_a_trace(session: "Session", house: House) -> None:
    obligation = owe(session, house, Metric.GUIDANCE)
    house.file(session, TODAY, key="one")
    before = _snapshot(session)
    assert standings(session, obligation, number=3)[PAIR].outstanding == 2
    assert standings(session, obligation)[PAIR].outstanding == 1
    assert _snapshot(session) == before
    assert obligation.number is None


def test_figures_add_up_over_units_and_obligations(session: "Session", house: House) -> None:
    guidance, classes = owe(session, house, Metric.GUIDANCE), owe(session, house, Metric.CLASSES, number=20)
    house.begin(session, Persona.LECTURER, Persona.FELLOW)
    house.begin(session, Persona.ADMIN, Persona.STRANGER)
    for number in range(3):
        house.file(session, TODAY - timedelta(days=number), key=str(number))
    rows = {one.id: queries.standings(one, moment(one), ("/",)) for one in (guidance, classes)}
    figures = queries.all_figures(session, rows)
    of = figures[guidance.id]
    assert (of.subjects, of.met, of.behind, of.required, of.reached, of.outstanding) == (3, 1, 2, 6, 2, 4)
    assert figures[classes.id].required == 20
    units = queries.unit_figures(session, rows[guidance.id], skip=0, limit=9)
    assert [(one.unit, one.figures.outstanding) for one in units] == [("办公室", 2), ("教育局", 2)]
    assert sum(one.figures.required for one in units) == of.required
    assert queries.count_units(session, rows[guidance.id]) == 2
    assert queries.all_figures(session, {}) == {}
    only = standings(session, guidance, unit_id=house.cast.units["B"])
    assert len(only) == 1


def test_who_reads_what(session: "Session", house: House) -> None:
    guidance = owe(session, house, Metric.GUIDANCE)
    own = owe(session, house, Metric.CLASSES)
    each = owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU)
    of_b = owe(session, house, Metric.CLASSES, unit_id=house.cast.units["B"])

    def seen(persona: Persona) -> "set[Obligation]":
        return set(queries.find_obligations(session, house.actor(session, persona)))

    assert seen(Persona.ADMIN) == {guidance, own, each, of_b}
    assert seen(Persona.OFFICER) == seen(Persona.LEADER) == {guidance, each}
    assert seen(Persona.TRAINEE) == seen(Persona.CHARLIE) == set()
