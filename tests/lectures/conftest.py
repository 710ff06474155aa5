"""What the tests of lecture series stand on: the cast, the work calendars of 2025 and 2026, and an evening school."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from chinese_calendar.constants import holidays, workdays

from scheduler.agenda.models import CalendarDay, Venue
from scheduler.agenda.terms import DayKind, VenueKind
from scheduler.lectures import actions
from scheduler.lectures.terms import ProgrammePlan
from scheduler.people.models import Lecturer
from scheduler.people.terms import LecturerKind
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.access import Actor
    from scheduler.lectures.models import Programme
    from scheduler.lectures.terms import Generated

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 2, 1, tzinfo=UTC)
INSTALLATION = "test.invalid"
EDGE: dict[str, Any] = {"zone": ZONE, "now": NOW}
STRANDS = ("产业大讲堂", "治理微课堂")


@dataclass(frozen=True)
class School:
    """The cast with two halls and two lecturers."""

    cast: Cast
    venues: dict[str, int]
    lecturers: dict[str, int]

    def admin(self, session: "Session") -> "Actor":
        return self.cast.actor(session, Persona.ADMIN)

    def plan(self, begins_on: date = date(2026, 1, 1), ends_on: date = date(2026, 12, 31)) -> ProgrammePlan:
        return ProgrammePlan(
            name="干部夜校",
            weekday=3,
            starts=time(19),
            ends=time(21),
            begins_on=begins_on,
            ends_on=ends_on,
            host_unit_id=self.cast.units["CITY"],
            venue_id=self.venues["V1"],
            strands=STRANDS,
        )

    def found(self, session: "Session", **dates: date) -> "Programme":
        return actions.create_programme(session, self.admin(session), self.plan(**dates), now=NOW)

    def generate(self, session: "Session", programme_id: int) -> "Generated":
        return actions.generate_evenings(
            session,
            self.admin(session),
            programme_id,
            pattern="{series} {number}",
            installation_id=INSTALLATION,
            **EDGE,
        )


@pytest.fixture
def school(cast: Cast) -> School:
    with cast.database.write() as session:
        venues = {
            code: Venue(code=code, name=f"报告厅{code}", kind=VenueKind.AUDITORIUM, capacity=240)
            for code in ("V1", "V2")
        }
        lecturers = {code: Lecturer(code=code, name=f"讲师{code}", kind=LecturerKind.SCHOLAR) for code in ("L1", "L2")}
        session.add_all([*venues.values(), *lecturers.values()])
        session.add_all(
            CalendarDay(day=day, kind=kind, name_zh=name, name_en=name, source="test")
            for kind, days in ((DayKind.OFF, holidays), (DayKind.WORK, workdays))
            for day, name in days.items()
            if day.year in {2025, 2026}
        )
        session.flush()
        return School(
            cast, {code: one.id for code, one in venues.items()}, {code: one.id for code, one in lecturers.items()}
        )
