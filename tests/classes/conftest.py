"""What the tests of classes stand on: the cast, two venues, a work calendar, and a hand that plans."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.agenda.models import CalendarDay, Venue
from scheduler.agenda.terms import Consent, DayKind, VenueKind
from scheduler.classes import actions
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.rules import HOURS
from scheduler.classes.terms import ClassPlan, PartOfDay, SessionPlan
from scheduler.people.models import Lecturer, Person
from scheduler.people.terms import LecturerKind
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.access import Actor

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
INSTALLATION = "test.invalid"
EDGE: dict[str, Any] = {"zone": ZONE, "now": NOW}


@dataclass(frozen=True)
class Stage:
    """The cast with places to teach in; plans with everything that a test does not care about."""

    cast: Cast
    venues: dict[str, int]
    lecturers: dict[str, int]
    crowd: tuple[int, ...]
    """Person ids of twelve more people of the section A1."""

    def admin(self, session: "Session") -> "Actor":
        return self.cast.actor(session, Persona.ADMIN)

    def class_plan(self, **changes: Any) -> ClassPlan:
        plan = ClassPlan(
            code="2026-01",
            title="数字经济专题研修班",
            host_unit_id=self.cast.units["CITY"],
            starts_on=date(2026, 3, 10),
            ends_on=date(2026, 3, 12),
            capacity=5,
        )
        return replace(plan, **changes)

    def session_plan(self, day: date = date(2026, 3, 10), **changes: Any) -> SessionPlan:
        part = changes.get("part_of_day", PartOfDay.MORNING)
        starts, ends = HOURS[part]
        plan = SessionPlan(
            day=day,
            part_of_day=part,
            starts=starts,
            ends=ends,
            topic="形势与政策",
            lecturer_ids=(self.lecturers["L1"],),
            venue_id=self.venues["V1"],
        )
        return replace(plan, **changes)

    def make_class(self, session: "Session", **changes: Any) -> StudyClass:
        return actions.create_class(session, self.admin(session), self.class_plan(**changes), now=NOW)

    def add(self, session: "Session", class_id: int, plan: SessionPlan | None = None) -> ClassSession:
        return actions.add_session(
            session,
            self.admin(session),
            class_id,
            plan or self.session_plan(),
            consent=Consent(),
            installation_id=INSTALLATION,
            **EDGE,
        )


@pytest.fixture
def stage(cast: Cast) -> Stage:
    with cast.database.write() as session:
        venues = {
            code: Venue(code=code, name=f"教室{code}", kind=VenueKind.CLASSROOM, capacity=60) for code in ("V1", "V2")
        }
        lecturers = {code: Lecturer(code=code, name=f"讲师{code}", kind=LecturerKind.SCHOLAR) for code in ("L1", "L2")}
        crowd = [
            Person(staff_no=f"P{number:05d}", name=f"学员{number}", unit_id=cast.units["A1"]) for number in range(12)
        ]
        session.add_all([*venues.values(), *lecturers.values(), *crowd])
        session.add_all(
            CalendarDay(day=day, kind=kind, name_zh=name, name_en=name, source="test")
            for day, kind, name in (
                (date(2026, 4, 6), DayKind.OFF, "清明节"),
                (date(2026, 5, 1), DayKind.OFF, "劳动节"),
                (date(2026, 5, 4), DayKind.OFF, "劳动节"),
                (date(2026, 5, 5), DayKind.OFF, "劳动节"),
                (date(2026, 5, 9), DayKind.WORK, "劳动节"),
            )
        )
        session.flush()
        return Stage(
            cast,
            {code: one.id for code, one in venues.items()},
            {code: one.id for code, one in lecturers.items()},
            tuple(person.id for person in crowd),
        )
