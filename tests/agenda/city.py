"""A small city for the agenda's tests, always with rows that nobody asks for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from scheduler.agenda import actions
from scheduler.agenda.models import Activity, Audience, Membership, Venue
from scheduler.agenda.terms import (
    ActivityKind,
    ActivityPlan,
    ActivityStatus,
    AudienceKind,
    Consent,
    MembershipSource,
    VenueKind,
)
from scheduler.core.access import Actor, Grant, Role, system_actor
from scheduler.core.periods import Span, local_span
from scheduler.people.models import Lecturer, Person, Unit
from scheduler.people.terms import LecturerKind, UnitKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 9:00 in Shanghai
SYSTEM = system_actor("tests")
THURSDAY = date(2026, 3, 5)


def evening(day: date = THURSDAY) -> Span:
    return local_span(day, time(19), time(21), ZONE)


def at(start: str, end: str, day: date = THURSDAY) -> Span:
    return local_span(day, time.fromisoformat(start), time.fromisoformat(end), ZONE)


@dataclass
class City:
    """Ids of what stands: two bureaus in a city, a section in the first; people, venues, lecturers, audiences."""

    session: "Session"
    root: Unit
    bureau: Unit
    section: Unit
    other: Unit
    people: dict[str, Person]
    hall: Venue
    room: Venue
    chen: Lecturer
    wu: Lecturer
    class_a: Audience
    class_b: Audience
    series: Audience

    def actor(self, name: str, *grants: tuple[Role, Unit]) -> Actor:
        person = self.people[name]
        return Actor(
            name=name,
            person_id=person.id,
            staff_no=person.staff_no,
            unit_id=person.unit_id,
            unit_path="",
            grants=tuple(Grant(role, unit.id, unit.path) for role, unit in grants),
        )

    @property
    def admin(self) -> Actor:
        return self.actor("admin", (Role.ADMIN, self.root))

    @property
    def officer(self) -> Actor:
        return self.actor("officer", (Role.UNIT_OFFICER, self.bureau))

    def plan(
        self,
        span: Span | None = None,
        *,
        title: str = "数字治理",
        audience: Audience | None = None,
        host: Unit | None = None,
        venue: Venue | None = None,
        lecturers: tuple[Lecturer, ...] = (),
        status: ActivityStatus = ActivityStatus.SCHEDULED,
    ) -> ActivityPlan:
        return ActivityPlan(
            ActivityKind.SESSION,
            title,
            span or evening(),
            (audience or self.class_a).id,
            (host or self.bureau).id,
            venue.id if venue else None,
            tuple(lecturer.id for lecturer in lecturers),
            status=status,
        )

    def create(
        self, *plans: ActivityPlan, actor: Actor = SYSTEM, consent: Consent | None = None, now: datetime = NOW
    ) -> list[Activity]:
        return actions.create_activities(
            self.session,
            actor,
            plans,
            consent=consent or Consent(),
            installation_id="test.example",
            zone=ZONE,
            now=now,
        )

    def book(self, span: Span | None = None, *, consent: Consent | None = None, **what: object) -> Activity:
        (activity,) = self.create(self.plan(span, **what), consent=consent)  # type: ignore[arg-type]  # handed through
        return activity


def unit(session: "Session", code: str, name: str, parent: Unit | None) -> Unit:
    made = Unit(code=code, name=name, kind=UnitKind.BUREAU, parent_id=parent.id if parent else None, path=f"/{code}/")
    session.add(made)
    session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    session.flush()
    return made


def build(session: "Session") -> City:
    """Put the city into the database of `session` (flushed, not committed)."""
    root = unit(session, "C", "江城市", None)
    bureau, other = unit(session, "B1", "发展改革局", root), unit(session, "B2", "文化旅游局", root)
    section = unit(session, "B1S", "综合科", bureau)
    homes = {
        "admin": root,
        "officer": bureau,
        "leader": bureau,
        "li": bureau,
        "wang": section,
        "zhao": other,
        "sun": other,
        "chen": other,
        "outsider": other,
    }
    people = {
        name: Person(staff_no=f"S{number:03}", name=name, unit_id=home.id)
        for number, (name, home) in enumerate(homes.items())
    }
    session.add_all(people.values())
    session.flush()
    hall = Venue(code="V1", name="大礼堂", kind=VenueKind.AUDITORIUM, capacity=300)
    room = Venue(code="V2", name="研讨室", kind=VenueKind.SEMINAR_ROOM, capacity=2)
    chen = Lecturer(code="L1", name="陈", kind=LecturerKind.INTERNAL, person_id=people["chen"].id)
    wu = Lecturer(code="L2", name="吴", kind=LecturerKind.SCHOLAR)
    class_a = Audience(kind=AudienceKind.STUDY_CLASS, code="A", name="甲班", host_unit_id=bureau.id)
    class_b = Audience(kind=AudienceKind.STUDY_CLASS, code="B", name="乙班", host_unit_id=other.id)
    series = Audience(kind=AudienceKind.SERIES, code="S", name="大讲堂", host_unit_id=root.id, open=True)
    session.add_all([hall, room, chen, wu, class_a, class_b, series])
    session.flush()
    rosters = {class_a: ("li", "wang", "zhao"), class_b: ("zhao", "sun"), series: ("sun",)}
    session.execute(
        insert(Membership),
        [
            {
                "audience_id": audience.id,
                "person_id": people[name].id,
                "source": MembershipSource.NAMED,
                "joined_at": NOW,
            }
            for audience, names in rosters.items()
            for name in names
        ],
    )
    return City(session, root, bureau, section, other, people, hall, room, chen, wu, class_a, class_b, series)
