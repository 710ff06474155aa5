from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from scheduler import demo
from scheduler.agenda.models import Activity
from scheduler.agenda.queries import agenda_rows
from scheduler.agenda.terms import ActivityStatus, Scope, ScopeKind
from scheduler.classes.models import StudyClass
from scheduler.classes.rules import status_on
from scheduler.classes.terms import ClassStatus
from scheduler.core.access import system_actor
from scheduler.core.errors import Refusal
from scheduler.core.periods import day_span, week_start
from scheduler.lectures.models import HolidayDecision, Series
from scheduler.mentoring.models import Pairing
from scheduler.mentoring.queries import to_answer
from scheduler.notices.models import Notice
from scheduler.office.actions import import_year
from scheduler.people.models import Person, Unit
from scheduler.people.queries import actor_for
from tests.office.workbooks import real_year

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from config import Settings
    from scheduler.core.database import Sessions

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
_ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the dates are what is tested


def week_of(session: "Session", settings: "Settings", staff_no: str, now: datetime) -> int:
    person_id = session.scalar(select(Person.id).where(Person.staff_no == staff_no))
    span = day_span(week_start(now.astimezone(settings.zone).date()), settings.zone, 7)
    rows = agenda_rows(session, system_actor("test"), Scope(ScopeKind.PERSON, person_id), span, with_cancelled=False)
    return len(rows)


def test_the_city_is_a_believable_term_and_leaves_room_for_a_real_year(
    database: "Sessions", settings: "Settings"
) -> None:
    with database.write() as session:
        report = demo.load(session, settings, NOW)
    assert [one.role for one in report.people] == [
        "admin", "unit officer", "leader", "lecturer", "mentor", "trainee", "outsider",
    ]  # fmt: skip
    today = NOW.astimezone(settings.zone).date()
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 334
        classes = session.scalars(select(StudyClass)).all()
        states = sorted(status_on(one.status, one.starts_on, one.ends_on, today) for one in classes)
        assert states == sorted(
            [ClassStatus.DRAFT, ClassStatus.RUNNING] + [ClassStatus.FINISHED] * 3 + [ClassStatus.PUBLISHED] * 3
        )
        assert session.scalar(select(func.count()).select_from(Series)) == 2
        assert session.scalar(select(func.count()).select_from(HolidayDecision))
        assert session.scalar(select(func.count()).where(Activity.moved_at.is_not(None))) == 1
        assert session.scalar(select(func.count()).where(Activity.status == ActivityStatus.CANCELLED)) == 2
        assert session.scalar(select(func.count()).select_from(Pairing))
        assert session.scalar(select(func.count()).select_from(Notice))
        assert demo.who_can_sign_in(session, settings) == report
    with database.write() as session:
        with pytest.raises(Refusal, match="not empty"):
            demo.load(session, settings, NOW)
        year = import_year(
            session,
            system_actor("test"),
            real_year(),
            good_rows=False,
            dry_run=True,
            installation_id="test",
            zone=settings.zone,
            now=NOW,
        )
        assert year.errors == []


@_ONE_ENGINE
@pytest.mark.parametrize("day", ["2026-02-18", "2026-10-03", "2027-02-07", "2025-12-31"])
def test_nobodys_week_is_ever_empty_and_the_trainee_has_a_record_to_confirm(
    database: "Sessions", settings: "Settings", day: str
) -> None:
    now = datetime.fromisoformat(f"{day}T06:00:00+00:00")
    with database.write() as session:
        demo.load(session, settings, now)
    with database.read() as session:
        weeks = {staff_no: week_of(session, settings, staff_no, now) for staff_no in ("trainee", "mentor", "lecturer")}
        trainee = session.execute(
            select(Person, Unit.path).join(Unit, Unit.id == Person.unit_id).where(Person.staff_no == "trainee")
        ).one()
        today = now.astimezone(settings.zone).date()
        waiting = to_answer(session, actor_for(session, trainee.Person, trainee.path), today, "zh_CN")
    assert min(weeks.values()) >= 2
    assert [mentor for _record, mentor, _areas in waiting] == ["戴岩"]


@_ONE_ENGINE
def test_a_database_without_the_demo_has_no_demo_people(database: "Sessions", settings: "Settings") -> None:
    with database.read() as session:
        assert demo.is_empty(session)
        assert demo.who_can_sign_in(session, settings).people == []
