from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from scheduler.agenda.models import Activity, Attendance, Membership
from scheduler.agenda.terms import ActivityStatus, Consent, DoubleBooking
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.lectures import actions
from scheduler.lectures.models import Evening, HolidayDecision, Programme, Series
from scheduler.lectures.queries import evenings_of_programme, evenings_of_series, move_proposals, slot_states
from scheduler.lectures.terms import EveningChange, EveningPlan, EveningRow, HolidayChoice, MoveGround, Reach
from tests.cast import Persona
from tests.lectures.conftest import EDGE, INSTALLATION, NOW, STRANDS, ZONE, School

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MARCH = {"begins_on": date(2026, 3, 5), "ends_on": date(2026, 4, 2)}
OCTOBER = {"begins_on": date(2026, 9, 24), "ends_on": date(2026, 10, 15)}


def _days(rows: list[EveningRow]) -> list[str]:
    return [f"{row.starts_at.astimezone(ZONE):%m-%d}" for row in rows]


def _as_is(row: EveningRow) -> EveningChange:
    start, end = row.starts_at.astimezone(ZONE), row.ends_at.astimezone(ZONE)
    return EveningChange(row.title, start.date(), start.time(), end.time(), row.venue_id, ())


def test_the_rule_makes_a_year_without_its_holidays(session: "Session", school: School) -> None:
    programme = school.found(session)
    made = school.generate(session, programme.id)
    assert [f"{day:%m-%d}" for day in made.waiting] == ["01-01", "02-19", "10-01"]
    assert made.created == 53 - 3
    rows = evenings_of_programme(session, programme.id)
    assert {row.starts_at.astimezone(ZONE).weekday() for row in rows} == {3}
    assert [row.title for row in rows[:3]] == ["治理微课堂 2", "产业大讲堂 3", "治理微课堂 4"]
    assert school.generate(session, programme.id).created == 0


def test_evenings_of_an_unpublished_year_are_tentative_where_a_holiday_may_fall(
    session: "Session", school: School
) -> None:
    programme = school.found(session, begins_on=date(2027, 1, 7), ends_on=date(2027, 3, 31))
    assert school.generate(session, programme.id).waiting == ()
    rows = evenings_of_programme(session, programme.id)
    assert _days([row for row in rows if row.tentative]) == ["02-04", "02-11"]


def test_an_evening_whose_venue_is_taken_is_made_without(session: "Session", school: School) -> None:
    one = school.found(session, **MARCH)
    school.generate(session, one.id)
    other = actions.create_programme(
        session, school.admin(session), replace(school.plan(**MARCH), name="另一夜校", strands=("微课",)), now=NOW
    )
    made = school.generate(session, other.id)
    assert (made.created, len(made.without_venue)) == (5, 5)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"strands": ()}, "strands"),
        ({"strands": ("A", "A")}, "strands"),
        ({"ends": time(19)}, "ends"),
        ({"ends_on": date(2025, 1, 1)}, "ends_on"),
        ({"name": "干部夜校"}, "name"),
        ({"name": "新", "strands": ("产业大讲堂",)}, "strands"),
    ],
)
def test_what_cannot_be_an_evening_school(
    session: "Session", school: School, changes: dict[str, Any], field: str
) -> None:
    school.found(session)
    with pytest.raises(Refusal) as refused:
        actions.create_programme(
            session,
            school.admin(session),
            replace(school.plan(), **changes),
            now=NOW,
        )
    assert refused.value.field == field


def test_the_rule_can_be_changed_for_what_is_to_come(session: "Session", school: School) -> None:
    programme = school.found(session, **MARCH)
    school.generate(session, programme.id)
    later = replace(school.plan(), name="夜校", starts=time(18, 30), ends_on=date(2026, 4, 9), strands=())
    actions.edit_programme(session, school.admin(session), programme.id, later, version=programme.version, now=NOW)
    school.generate(session, programme.id)
    rows = evenings_of_programme(session, programme.id)
    assert [f"{row.starts_at.astimezone(ZONE):%H:%M}" for row in rows] == ["19:00"] * 5 + ["18:30"]
    with pytest.raises(Missing):
        actions.edit_programme(
            session,
            school.cast.actor(session, Persona.OFFICER),
            programme.id,
            later,
            version=programme.version,
            now=NOW,
        )


def test_national_day_is_proposed_for_the_make_up_saturday_first(session: "Session", school: School) -> None:
    programme = school.found(session, **OCTOBER)
    school.generate(session, programme.id)
    waiting = [state for state in slot_states(session, programme) if state.waits]
    (proposals,) = move_proposals(session, school.admin(session), programme, waiting, count=9, **EDGE).values()
    assert [f"{one.day:%m-%d}" for one in proposals] == [
        "10-10", "09-29", "09-28", "10-09", "09-23", "09-22", "09-21", "09-30",
    ]  # fmt: skip
    assert (proposals[0].ground, proposals[-1].ground) == (MoveGround.MAKE_UP, MoveGround.EVE)


def _decide(
    session: "Session", school: School, programme: Programme, choice: HolidayChoice, moved_to: date | None = None
) -> HolidayDecision:
    return actions.decide_holiday(
        session,
        school.admin(session),
        programme.id,
        date(2026, 10, 1),
        choice,
        moved_to=moved_to,
        reason="国庆",
        pattern="{series} {number}",
        consent=Consent(),
        installation_id=INSTALLATION,
        **EDGE,
    )


def test_a_holiday_evening_is_skipped_moved_or_kept_by_a_person(session: "Session", school: School) -> None:
    programme = school.found(session, **OCTOBER)
    school.generate(session, programme.id)
    decision = _decide(session, school, programme, HolidayChoice.SKIP)
    assert (decision.choice, decision.reason) == (HolidayChoice.SKIP, "国庆")
    assert decision.decided_by_id == school.cast.people[Persona.ADMIN]
    assert school.generate(session, programme.id).created == 0
    assert not any(state.waits for state in slot_states(session, programme))
    _decide(session, school, programme, HolidayChoice.MOVE, date(2026, 10, 10))
    assert _days(evenings_of_programme(session, programme.id)) == ["09-24", "10-08", "10-10", "10-15"]
    _decide(session, school, programme, HolidayChoice.SKIP)
    cancelled = [row for row in evenings_of_programme(session, programme.id) if row.is_cancelled]
    assert [f"{row.slot_on:%m-%d}" for row in cancelled] == ["10-01"]
    _decide(session, school, programme, HolidayChoice.KEEP)
    rows = evenings_of_programme(session, programme.id)
    assert _days(rows) == ["09-24", "10-01", "10-08", "10-15"]
    assert not any(row.is_cancelled for row in rows)
    assert session.scalar(select(func.count()).select_from(HolidayDecision)) == 1


def test_a_decision_before_the_evenings_are_made_holds_when_they_are(session: "Session", school: School) -> None:
    programme = school.found(session, **OCTOBER)
    _decide(session, school, programme, HolidayChoice.KEEP)
    assert school.generate(session, programme.id).created == 3
    assert _days(evenings_of_programme(session, programme.id)) == ["09-24", "10-01", "10-08", "10-15"]


def test_a_decision_needs_a_reason_a_date_and_a_holiday(session: "Session", school: School) -> None:
    programme = school.found(session, **OCTOBER)
    admin = school.admin(session)
    facts = {"pattern": "x", "consent": Consent(), "installation_id": INSTALLATION, **EDGE}
    for slot, reason, field in ((date(2026, 10, 1), " ", "reason"), (date(2026, 10, 1), "国庆", "moved_to")):
        with pytest.raises(Refusal) as refused:
            actions.decide_holiday(
                session, admin, programme.id, slot, HolidayChoice.MOVE, moved_to=None, reason=reason, **facts
            )
        assert refused.value.field == field
    with pytest.raises(Missing):
        actions.decide_holiday(
            session, admin, programme.id, date(2026, 10, 8), HolidayChoice.SKIP, moved_to=None, reason="x", **facts
        )


@pytest.mark.parametrize(
    ("reach", "changed"),
    [(Reach.THIS, ["03-19"]), (Reach.FOLLOWING, ["03-19", "04-02"]), (Reach.ALL, ["03-05", "03-19", "04-02"])],
)
def test_a_change_goes_as_far_as_it_is_told(
    session: "Session", school: School, reach: Reach, changed: list[str]
) -> None:
    programme = school.found(session, **MARCH)
    school.generate(session, programme.id)
    series = session.scalars(select(Series).where(Series.turn == 0)).one()
    row = evenings_of_series(session, series.id)[1]
    change = replace(
        _as_is(row),
        title="公开课：{topic}",
        starts=time(18, 30),
        venue_id=school.venues["V2"],
        lecturer_ids=(school.lecturers["L1"],),
    )
    count = actions.change_evenings(
        session, school.admin(session), row.id, change, reach, version=row.version, reason="调整", **EDGE
    )
    rows = evenings_of_series(session, series.id)
    new = [one for one in rows if one.venue == "报告厅V2"]
    assert (count, _days(new)) == (len(changed), changed)
    assert {one.lecturers for one in new} == {"讲师L1"}
    assert {f"{one.starts_at.astimezone(ZONE):%H:%M}" for one in new} == {"18:30"}
    if reach is not Reach.THIS:
        assert new[-1].title == "公开课：产业大讲堂 5"


def test_shifting_all_evenings_by_two_weeks_meets_no_unshifted_neighbour(session: "Session", school: School) -> None:
    programme = school.found(session, **MARCH)
    school.generate(session, programme.id)
    series = session.scalars(select(Series).where(Series.turn == 0)).one()
    for days, expected in ((19, ["03-19", "04-02", "04-16"]), (5, ["03-05", "03-19", "04-02"])):
        row = evenings_of_series(session, series.id)[0]
        change = replace(_as_is(row), day=date(2026, 3, days))
        actions.change_evenings(
            session, school.admin(session), row.id, change, Reach.ALL, version=row.version, reason="顺延", **EDGE
        )
        assert _days(evenings_of_series(session, series.id)) == expected


def test_past_evenings_stay_as_they_are(session: "Session", school: School) -> None:
    programme = school.found(session, **MARCH)
    school.generate(session, programme.id)
    series = session.scalars(select(Series).where(Series.turn == 0)).one()
    row = evenings_of_series(session, series.id)[1]
    later = datetime(2026, 3, 10, tzinfo=UTC)
    count = actions.cancel_evenings(
        session, school.admin(session), row.id, Reach.ALL, version=row.version, reason="停办", now=later
    )
    rows = evenings_of_series(session, series.id)
    assert (count, [one.status for one in rows]) == (
        2,
        [ActivityStatus.SCHEDULED, ActivityStatus.CANCELLED, ActivityStatus.CANCELLED],
    )
    back = rows[2]
    actions.restore_evenings(
        session, school.admin(session), back.id, Reach.THIS, version=back.version, zone=ZONE, now=later
    )
    assert evenings_of_series(session, series.id)[2].status is ActivityStatus.SCHEDULED


def test_a_cancellation_is_taken_back_for_all_that_are_to_come(session: "Session", school: School) -> None:
    programme = school.found(session, **MARCH)
    school.generate(session, programme.id)
    admin = school.admin(session)
    first = evenings_of_series(session, session.scalars(select(Series.id).where(Series.turn == 0)).one())[0]
    actions.cancel_evenings(session, admin, first.id, Reach.ALL, version=first.version, reason="停办", now=EDGE["now"])
    first, *others = evenings_of_series(session, first.series_id)
    count = actions.restore_evenings(session, admin, first.id, Reach.FOLLOWING, version=first.version, **EDGE)
    assert count == len(others) + 1
    assert {one.status for one in evenings_of_series(session, first.series_id)} == {ActivityStatus.SCHEDULED}


def test_changes_are_refused_when_stale_absurd_or_double_booked(session: "Session", school: School) -> None:
    programme = school.found(session, **MARCH)
    school.generate(session, programme.id)
    rows = evenings_of_programme(session, programme.id)
    row, admin = rows[0], school.admin(session)
    with pytest.raises(Stale):
        actions.change_evenings(
            session, admin, row.id, replace(_as_is(row), title="x"), Reach.THIS, version=99, reason="", **EDGE
        )
    with pytest.raises(Refusal) as refused:
        actions.change_evenings(
            session, admin, row.id, replace(_as_is(row), ends=time(18)), Reach.THIS, version=1, reason="x", **EDGE
        )
    assert refused.value.field == "ends"
    with pytest.raises(DoubleBooking) as taken:
        actions.change_evenings(
            session,
            admin,
            row.id,
            replace(_as_is(row), day=date(2026, 3, 12)),
            Reach.THIS,
            version=row.version,
            reason="x",
            **EDGE,
        )
    assert len(taken.value.proposals) == 3
    officer = school.cast.actor(session, Persona.OFFICER)
    with pytest.raises(Missing):
        actions.cancel_evenings(session, officer, row.id, Reach.THIS, version=row.version, reason="x", now=NOW)


def test_people_come_and_go_by_themselves(session: "Session", school: School) -> None:
    programme = school.found(session, **MARCH)
    school.generate(session, programme.id)
    series = session.scalars(select(Series).where(Series.turn == 0)).one()
    trainee = school.cast.actor(session, Persona.TRAINEE)
    mine = select(func.count()).where(Attendance.person_id == trainee.person_id)
    actions.subscribe(session, trainee, series.id, now=NOW)
    assert session.scalar(mine) == 3
    actions.unsubscribe(session, trainee, series.id, now=NOW)
    assert session.scalar(mine) == 0
    with pytest.raises(Missing):
        actions.subscribe(session, school.cast.actor(session, Persona.CHARLIE), series.id, now=NOW)
    series.audience.open = False
    with pytest.raises(Missing):  # no longer open: not visible to a stranger of the series
        actions.subscribe(session, trainee, series.id, now=NOW)
    officer = school.cast.actor(session, Persona.ADMIN)
    for act in (actions.subscribe, actions.unsubscribe):
        with pytest.raises(Refusal, match="not open"):
            act(session, officer, series.id, now=NOW)


def test_officers_enrol_their_people_and_units(session: "Session", school: School) -> None:
    school.found(session, **MARCH)
    series = session.scalars(select(Series).where(Series.turn == 0)).one()
    officer = school.cast.actor(session, Persona.OFFICER)
    fellow, stranger = school.cast.people[Persona.FELLOW], school.cast.people[Persona.STRANGER]
    assert actions.enrol_people(session, officer, series.id, [fellow], now=NOW) == 1
    assert actions.enrol_unit(session, officer, series.id, school.cast.units["A"], now=NOW) == 5
    assert session.scalar(select(func.count()).select_from(Membership)) == 6
    with pytest.raises(Missing):
        actions.enrol_people(session, officer, series.id, [stranger], now=NOW)
    for unit_id in (school.cast.units["B"], 999):
        with pytest.raises(Missing):
            actions.enrol_unit(session, officer, series.id, unit_id, now=NOW)


def _plans(count: int) -> list[EveningPlan]:
    return [
        EveningPlan(
            STRANDS[(number + 1) % 2],
            date.fromordinal(date(2026, 1, 8).toordinal() + 7 * number),
            time(19),
            time(21),
            f"第{number}讲",
        )
        for number in range(count)
    ]


def test_a_year_of_evenings_comes_in_once(session: "Session", school: School) -> None:
    admin = school.admin(session)
    facts = {
        "host_unit_id": school.cast.units["CITY"],
        "consent": Consent(confirmed=True),
        "installation_id": INSTALLATION,
        **EDGE,
    }
    brought = actions.import_evenings(session, admin, "干部夜校", _plans(5), **facts)
    assert (brought.created, len(set(brought.ids))) == (5, 5)
    programme = session.scalars(select(Programme)).one()
    assert (programme.weekday, programme.begins_on, programme.ends_on) == (3, date(2026, 1, 8), date(2026, 2, 5))
    assert session.scalars(select(Series.name).order_by(Series.turn)).all() == [STRANDS[1], STRANDS[0]]
    again = actions.import_evenings(session, admin, "干部夜校", _plans(8), **facts)
    assert (again.created, again.ids[:5]) == (3, brought.ids)
    assert programme.ends_on == date(2026, 2, 26)
    assert actions.import_evenings(session, admin, "干部夜校", [], **facts).created == 0
    with pytest.raises(Refusal, match="another evening school"):
        actions.import_evenings(session, admin, "别的夜校", _plans(2), **facts)
    third = [replace(_plans(1)[0], series="新系列", day=date(2026, 3, 6))]
    assert actions.import_evenings(session, admin, "干部夜校", third, **facts).created == 1
    assert session.scalar(select(func.max(Series.turn))) == 2
    assert session.scalar(select(func.count()).select_from(Evening)) == 9
    assert session.scalar(select(func.count()).select_from(Activity)) == 9
