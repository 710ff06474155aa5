"""What is owed from when on: the present changes, the past stays; and waivers of one period."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from scheduler.audit.models import AuditEntry
from scheduler.core.access import Grant, Role
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.core.periods import Cadence, period_of
from scheduler.obligations import actions, queries
from scheduler.obligations.models import Obligation, Waiver
from scheduler.obligations.terms import Base, Metric
from scheduler.people.models import Unit
from scheduler.people.terms import UnitKind
from tests.cast import Persona
from tests.mentoring.conftest import NOW, TODAY, House
from tests.obligations.stage import SYSTEM, moment, owe, plan, standings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

PAIR = "田瑞 ← 孟涛"
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("metric", "changes", "field"),
    [
        (Metric.GUIDANCE, {"cadence": Cadence.YEAR}, "cadence"),
        (Metric.GUIDANCE, {"level": UnitKind.BUREAU}, "level"),
        (Metric.CLASSES, {"base": Base.ELIGIBLE}, "base"),
        (Metric.CLASSES, {"number": None}, "number"),
        (Metric.CLASSES, {"number": 0}, "number"),
        (Metric.COVERAGE, {"per": 0}, "per"),
        (Metric.CLASSES, {"name_zh": " "}, "name_zh"),
    ],
)
def test_what_cannot_be_owed(
    session: "Session", house: House, metric: Metric, changes: "Mapping[str, Any]", field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        actions.settle(session, SYSTEM, plan(house, metric, **changes), now=NOW)
    assert refused.value.field == field


def test_nothing_is_owed_twice_and_the_database_holds_it(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.CLASSES)
    with pytest.raises(Refusal, match="owe this already"):
        owe(session, house, Metric.CLASSES, number=2)
    assert owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU).starts_on == date(2025, 1, 1)
    with pytest.raises(Refusal, match="owe this already"):
        owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU)
    session.commit()
    columns = {
        c.name: getattr(one, c.name) for c in Obligation.__table__.columns if c.name not in {"id", "replaces_id"}
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(Obligation).values(**columns))


def test_it_begins_with_a_period(session: "Session", house: House) -> None:
    made = owe(session, house, Metric.LECTURES, starts_on=date(2026, 11, 19))
    assert made.starts_on == date(2026, 11, 16)


def test_a_change_leaves_the_past_as_it_was(session: "Session", house: House) -> None:
    old = owe(session, house, Metric.GUIDANCE, number=2)
    house.file(session, date(2026, 10, 8), key="one")
    before = {month: standings(session, old, month) for month in (date(2026, 9, 1), OCTOBER)}
    version = old.version
    more = plan(house, Metric.GUIDANCE, number=3, starts_on=TODAY)
    new = actions.revise(session, SYSTEM, old.id, more, version=version, now=NOW)
    new = queries.get_obligation(session, SYSTEM, new.id)
    assert (old.ends_on, new.starts_on, new.replaces_id) == (date(2026, 11, 1), date(2026, 11, 1), old.id)
    assert {month: standings(session, old, month) for month in before} == before
    assert standings(session, new)[PAIR].required == 3
    with pytest.raises(Stale):
        actions.revise(session, SYSTEM, new.id, more, version=version + 9, now=NOW)
    with pytest.raises(Refusal, match="has ended"):
        actions.revise(session, SYSTEM, old.id, more, version=old.version, now=NOW)
    rows = [
        queries.standing_in(session, one, period_of(Cadence.MONTH, day))
        for one in (old, new)
        for day in (OCTOBER, TODAY)
    ]
    assert rows == [old.id, new.id, old.id, new.id]
    assert queries.standing_in(session, old, period_of(Cadence.MONTH, date(2024, 12, 1))) is None


def test_from_its_own_first_day_the_row_itself_changes(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.CLASSES)
    changed = plan(house, Metric.CLASSES, number=24, name_zh="年度办班", source="干教规划")
    same = actions.revise(session, SYSTEM, one.id, changed, version=one.version, now=NOW)
    assert (same.id, same.number, same.name_zh, same.source) == (one.id, 24, "年度办班", "干教规划")
    earlier = replace(changed, starts_on=date(2024, 6, 1))
    with pytest.raises(Refusal, match="not in force") as refused:
        actions.revise(session, SYSTEM, one.id, earlier, version=one.version, now=NOW)
    assert refused.value.field == "starts_on"


def test_an_end_is_at_the_end_of_a_period(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.GUIDANCE)
    with pytest.raises(Refusal, match="not in force"):
        actions.end(session, SYSTEM, one.id, last_day=date(2024, 1, 1), version=one.version, now=NOW)
    actions.end(session, SYSTEM, one.id, last_day=TODAY, version=one.version, now=NOW)
    assert (one.ends_on, one.last_day) == (date(2026, 12, 1), date(2026, 11, 30))
    assert one.stood_in(period_of(Cadence.MONTH, date(2026, 11, 30)))
    assert not one.stood_in(period_of(Cadence.MONTH, date(2026, 12, 1)))
    assert one in queries.in_force(session, date(2026, 11, 30), date(2026, 12, 5))
    assert one not in queries.in_force(session, date(2026, 12, 1), date(2026, 12, 5))
    with pytest.raises(Refusal, match="owe this already"):
        owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 11, 1))
    with pytest.raises(Missing):
        actions.waive(session, SYSTEM, one, house.pairing_id, "x", at=moment(one, date(2026, 12, 1)))
    assert owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 12, 1)).id != one.id


def test_only_who_looks_after_the_unit_settles(session: "Session", house: House) -> None:
    for persona in (Persona.OFFICER, Persona.LEADER, Persona.TRAINEE):
        with pytest.raises(Missing):
            actions.settle(session, house.actor(session, persona), plan(house, Metric.CLASSES), now=NOW)
    unknown = plan(house, Metric.CLASSES, unit_id=10**6)
    with pytest.raises(Missing):
        actions.settle(session, SYSTEM, unknown, now=NOW)


def test_the_usual_four_are_settled_once(session: "Session", house: House) -> None:
    city = house.cast.units["CITY"]
    made = actions.begin_usual(session, SYSTEM, city, TODAY, now=NOW)
    assert {one.metric for one in made} == set(Metric)
    assert actions.begin_usual(session, SYSTEM, city, TODAY, now=NOW) == []


def test_a_waiver_is_for_one_period_and_can_be_taken_back(session: "Session", house: House) -> None:
    one, admin = owe(session, house, Metric.GUIDANCE), house.actor(session, Persona.ADMIN)
    subject = house.pairing_id
    with pytest.raises(Refusal, match="Say why"):
        actions.waive(session, admin, one, subject, " ", at=moment(one))
    actions.waive(session, admin, one, subject, "导师援疆", at=moment(one))
    with pytest.raises(Refusal, match="already"):
        actions.waive(session, admin, one, subject, "again", at=moment(one))
    waived = standings(session, one)[PAIR]
    assert (waived.outstanding, waived.waived_for) == (0, "导师援疆")
    assert standings(session, one, OCTOBER)[PAIR].outstanding == 2
    actions.lift(session, admin, one, subject, at=moment(one))
    assert standings(session, one)[PAIR].outstanding == 2
    with pytest.raises(Missing):
        actions.lift(session, admin, one, subject, at=moment(one))
    actions.waive(session, admin, one, subject, "再次", at=moment(one))
    history = queries.waivers_of(session, one.id, subject, moment(one).period)
    assert [(waiver.reason, waiver.lifted_at is None) for waiver in history] == [("再次", True), ("导师援疆", False)]


def test_waivers_of_later_periods_follow_a_change(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.GUIDANCE)
    for day in (OCTOBER, TODAY):
        actions.waive(session, SYSTEM, one, house.pairing_id, "x", at=moment(one, day))
    more = plan(house, Metric.GUIDANCE, number=3, starts_on=TODAY)
    new = actions.revise(session, SYSTEM, one.id, more, version=one.version, now=NOW)
    new = queries.get_obligation(session, SYSTEM, new.id)
    assert standings(session, new)[PAIR].waiver_id is not None
    assert standings(session, one, OCTOBER)[PAIR].waiver_id is not None
    assert session.scalar(select(func.count()).select_from(Waiver)) == 2


def test_a_waiver_needs_the_reach(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU)
    path = session.get_one(Unit, house.cast.units["A"]).path
    officer = house.actor(session, Persona.OFFICER)
    district = replace(officer, grants=(Grant(Role.ADMIN, house.cast.units["A"], path),))
    with pytest.raises(Missing):
        actions.waive(session, officer, one, house.cast.units["A"], "x", at=moment(one))
    with pytest.raises(Missing):
        actions.waive(session, district, one, house.cast.units["B"], "x", at=moment(one))
    assert actions.waive(session, district, one, house.cast.units["A"], "x", at=moment(one)).id
    assert standings(session, one, TODAY + timedelta(days=1))["财政局"].waiver_id is not None


def test_an_end_to_come_is_taken_back(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.GUIDANCE)
    actions.end(session, SYSTEM, one.id, last_day=date(2026, 12, 31), version=one.version, now=NOW)
    again = actions.resume(session, SYSTEM, one.id, TODAY, now=NOW)
    assert again.ends_on is None
    version = again.version
    assert actions.resume(session, SYSTEM, one.id, TODAY, now=NOW).version == version
    session.commit()
    verbs = select(AuditEntry.verb).where(AuditEntry.subject_kind == "obligation").order_by(AuditEntry.id)
    assert session.scalars(verbs).all()[-2:] == ["end", "resume"]


def test_an_end_that_has_come_or_that_another_row_follows_stays(session: "Session", house: House) -> None:
    over, followed, replaced = (
        owe(session, house, Metric.GUIDANCE),
        owe(session, house, Metric.CLASSES),
        owe(session, house, Metric.COVERAGE),
    )
    actions.end(session, SYSTEM, over.id, last_day=date(2026, 10, 31), version=over.version, now=NOW)
    with pytest.raises(Refusal, match="has ended"):
        actions.resume(session, SYSTEM, over.id, TODAY, now=NOW)
    actions.end(session, SYSTEM, followed.id, last_day=TODAY, version=followed.version, now=NOW)
    next_one = owe(session, house, Metric.CLASSES, starts_on=date(2027, 1, 1))
    actions.end(session, SYSTEM, next_one.id, last_day=date(2027, 12, 31), version=next_one.version, now=NOW)
    later = plan(house, Metric.COVERAGE, starts_on=date(2027, 1, 1), number=2)
    actions.revise(session, SYSTEM, replaced.id, later, version=replaced.version, now=NOW)
    for one in (followed, replaced):
        with pytest.raises(Refusal, match="owe this already"):
            actions.resume(session, SYSTEM, one.id, TODAY, now=NOW)


def test_who_may_not_settle_takes_no_end_back(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.GUIDANCE)
    actions.end(session, SYSTEM, one.id, last_day=date(2026, 12, 31), version=one.version, now=NOW)
    with pytest.raises(Missing):
        actions.resume(session, house.actor(session, Persona.OFFICER), one.id, TODAY, now=NOW)
    with pytest.raises(Missing):
        actions.resume(session, SYSTEM, 999_999, TODAY, now=NOW)
