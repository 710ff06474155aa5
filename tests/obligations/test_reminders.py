"""The reminder ladder: each rung once, a letter a week at most, and nothing lost where nobody can be told."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from scheduler.core.periods import at
from scheduler.mentoring.models import Programme
from scheduler.mentoring.terms.reminding import REMINDER
from scheduler.notices.models import Notice
from scheduler.obligations import actions
from scheduler.obligations.models import Reminder
from scheduler.obligations.terms import Metric
from scheduler.people.models import Account, RoleGrant
from scheduler.people.terms import UnitKind
from tests.cast import Persona
from tests.mentoring.conftest import ZONE, House
from tests.obligations.stage import SYSTEM, moment, owe, plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _nine(day: date) -> datetime:
    return at(day, time(9), ZONE)


def _run(session: "Session", *days: date) -> int:
    return sum(actions.remind(session, zone=ZONE, now=_nine(day)) for day in days)


def _letters(session: "Session", house: House) -> list[tuple[str, date, dict[str, object], str]]:
    names = {key: persona.name for persona, key in house.cast.people.items()}
    rows = session.scalars(select(Notice).where(Notice.kind == REMINDER).order_by(Notice.id))
    return [(names[row.recipient_id], row.posted_at.astimezone(ZONE).date(), row.facts, row.address) for row in rows]


def test_mentor_then_officer_then_office(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 11, 1))
    days = [date(2026, 11, 1) + timedelta(days=number) for number in range(61)]
    _run(session, *days)
    told = [(who, day) for who, day, _facts, _address in _letters(session, house) if day < date(2026, 12, 20)]
    assert told == [
        ("MENTOR", date(2026, 11, 21)),
        ("OFFICER", date(2026, 11, 27)),
        ("ADMIN", date(2026, 12, 6)),
    ]
    facts = _letters(session, house)[0][2]
    assert (facts["duty"], facts["outstanding"], facts["until"]) == ("指标", 2, "2026-11-30")
    assert [address for _who, _day, _facts, address in _letters(session, house)][:2] == [
        "/mentoring",
        f"/obligations/{one.id}?day=2026-11-01&show=behind",
    ]


def test_a_second_run_tells_nobody_again(session: "Session", house: House) -> None:
    owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 11, 1))
    day = date(2026, 11, 24)
    assert _run(session, day) == 1
    assert _run(session, day, day, day + timedelta(days=1)) == 0


def test_one_letter_counts_all_mentees(session: "Session", house: House) -> None:
    owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 11, 1))
    session.execute(update(Programme).values(capacity=9))
    session.expire_all()
    house.begin(session, Persona.MENTOR, Persona.FELLOW)
    house.file(session, date(2026, 11, 3), key="one")
    _run(session, date(2026, 11, 24))
    ((who, _day, facts, _address),) = _letters(session, house)
    assert (who, facts["outstanding"], facts["subjects"]) == ("MENTOR", 3, 2)


def test_who_has_done_all_or_is_waived_is_left_in_peace(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 11, 1))
    other = house.begin(session, Persona.LECTURER, Persona.FELLOW)
    for number in (1, 2):
        house.file(session, date(2026, 11, number), key=str(number))
    actions.waive(session, SYSTEM, one, other.id, "x", at=moment(one))
    assert _run(session, date(2026, 11, 24), date(2026, 11, 28)) == 0


def test_what_is_not_to_be_reminded_is_not(session: "Session", house: House) -> None:
    owe(session, house, Metric.GUIDANCE, reminds=False)
    assert _run(session, date(2026, 11, 24)) == 0


def test_a_name_in_the_language_of_the_reader(session: "Session", house: House) -> None:
    owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 11, 1))
    mentor = house.cast.people[Persona.MENTOR]
    session.execute(update(Account).where(Account.person_id == mentor).values(language="en"))
    _run(session, date(2026, 11, 24))
    assert _letters(session, house)[0][2]["duty"] == "Duty"


def test_a_unit_without_officer_is_told_of_by_the_office_and_nothing_is_lost(session: "Session", house: House) -> None:
    owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU, starts_on=date(2026, 1, 1))
    grants = [
        {"person_id": row.person_id, "role": row.role, "unit_id": row.unit_id, "began_at": row.began_at}
        for row in session.scalars(select(RoleGrant))
    ]
    session.execute(delete(RoleGrant).execution_options(synchronize_session=False))
    assert _run(session, date(2026, 9, 7)) == 0
    assert session.scalars(select(Reminder)).all() == []
    session.execute(RoleGrant.__table__.insert(), grants)  # type: ignore[attr-defined]  # a mapped class has a Table
    assert _run(session, date(2026, 9, 8)) == 2
    told = {who: facts["subjects"] for who, _day, facts, _address in _letters(session, house)}
    assert told == {"OFFICER": 1, "ADMIN": 1}  # the bureau B has no officer


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.dates(date(2026, 10, 1), date(2027, 2, 1)), min_size=1, max_size=25).map(sorted))
def test_never_more_than_a_letter_a_week_and_a_rung_once(session: "Session", house: House, days: list[date]) -> None:
    session.execute(delete(Reminder))
    session.execute(delete(Notice))
    if not session.scalar(select(Programme.id).where(Programme.capacity == 9)):
        session.execute(update(Programme).values(capacity=9))
        session.expire_all()
        house.begin(session, Persona.MENTOR, Persona.FELLOW, starts_on=date(2026, 9, 1))
        owe(session, house, Metric.GUIDANCE)
        owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU)
        owe(session, house, Metric.LECTURES)
    written = _run(session, *days)
    letters = session.scalars(select(Notice).where(Notice.kind == REMINDER)).all()
    assert written == len(letters)
    weeks = Counter(
        (one.recipient_id, one.subject, one.posted_at.astimezone(ZONE).date().isocalendar()[:2]) for one in letters
    )
    assert set(weeks.values()) <= {1}


def test_a_change_neither_repeats_nor_loses_a_letter(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU, starts_on=date(2025, 1, 1))
    first = _run(session, date(2026, 9, 7))
    assert first == 2
    more = plan(house, Metric.CLASSES, level=UnitKind.BUREAU, number=2, starts_on=date(2026, 1, 1))
    actions.revise(session, SYSTEM, one.id, more, version=one.version, now=_nine(date(2026, 9, 8)))
    assert _run(session, date(2026, 9, 8), date(2026, 9, 9)) == 0


def test_the_last_period_of_what_has_ended_is_still_told(session: "Session", house: House) -> None:
    one = owe(session, house, Metric.GUIDANCE, starts_on=date(2026, 11, 1))
    actions.end(
        session, SYSTEM, one.id, last_day=date(2026, 11, 30), version=one.version, now=_nine(date(2026, 11, 30))
    )
    assert _run(session, date(2026, 12, 6)) == 1
    assert [who for who, _day, _facts, _address in _letters(session, house)] == ["ADMIN"]
