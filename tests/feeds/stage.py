"""What the tests of calendars play on: venues, a class, a series, and one who subscribes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.agenda import actions
from scheduler.agenda.models import Activity, Audience, Venue
from scheduler.agenda.terms import (
    ActivityKind,
    ActivityPlan,
    ActivityStatus,
    AudienceKind,
    Consent,
    MembershipSource,
    Scope,
    ScopeKind,
    VenueKind,
)
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.core.periods import local_span
from scheduler.feeds.actions import make_subscription
from scheduler.feeds.terms import Language, NewSubscription
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from scheduler.core.database import Sessions

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 9:00 in Shanghai
SYSTEM = system_actor("tests")
INSTALLATION = "scheduler.local"


@dataclass
class Stage:
    """Ids of what stands, and the acts that tests repeat. The clock moves by `wait`."""

    database: "Sessions"
    cast: Cast
    hall: int
    room: int
    study_class: int
    series: int
    now: datetime = NOW

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)

    def book(self, day: date, start: str = "09:00", **what: object) -> int:
        """Create a scheduled session of the class, or what `what` says; return its id."""
        with self.database.write() as session:
            return self.book_in(session, day, start, **what)

    def book_in(self, session: "Session", day: date, start: str = "09:00", **what: object) -> int:
        begin = time.fromisoformat(start)
        values: dict[str, object] = {
            "kind": ActivityKind.SESSION,
            "title": "数字治理",
            "span": local_span(day, begin, time(begin.hour + 2, begin.minute), ZONE),
            "audience_id": self.study_class,
            "host_unit_id": self.cast.units["A"],
            "venue_id": None,
            "lecturer_ids": (),
            "status": ActivityStatus.SCHEDULED,
            **what,
        }
        plan = ActivityPlan(**values)  # type: ignore[arg-type]  # the tests' own shorthand
        (activity,) = actions.create_activities(
            session,
            SYSTEM,
            [plan],
            consent=Consent(confirmed=True),
            installation_id=INSTALLATION,
            zone=ZONE,
            now=self.now,
        )
        return activity.id

    def evening(self, day: date, title: str = "产业讲座", **what: object) -> int:
        return self.book(day, "19:00", kind=ActivityKind.LECTURE, title=title, audience_id=self.series, **what)

    def cancel(self, activity_id: int) -> None:
        with self.database.write() as session:
            version = session.get_one(Activity, activity_id).version
            actions.cancel_activity(session, SYSTEM, activity_id, version=version, reason="台风", now=self.now)

    def move(self, activity_id: int, day: date, start: str = "09:00") -> None:
        begin = time.fromisoformat(start)
        with self.database.write() as session:
            version = session.get_one(Activity, activity_id).version
            actions.move_activity(
                session,
                SYSTEM,
                activity_id,
                version=version,
                span=local_span(day, begin, time(begin.hour + 2), ZONE),
                reason="授课人出差",
                consent=Consent(confirmed=True),
                zone=ZONE,
                now=self.now,
            )

    def subscribe(self, persona: Persona, scope: Scope | None = None, **asked: object) -> str:
        """Make a subscription and return the path of its feed."""
        wanted = scope or Scope(ScopeKind.PERSON, self.cast.people[persona])
        values: dict[str, object] = {"label": "我的日历", "language": Language.ZH, **asked}
        with self.database.write() as session:
            new = NewSubscription(scope=wanted, **values)  # type: ignore[arg-type]  # as above
            _, token = make_subscription(session, self.cast.actor(session, persona), new, now=self.now)
        return f"/feeds/{token}.ics"

    def fetch(self, client: "FlaskClient", path: str, **headers: str) -> "TestResponse":
        """Fetch as a calendar program does; underscores in names of headers stand for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        with clock.fixed(self.now):
            return client.get(path, headers=sent)


def build(database: "Sessions", cast: Cast) -> Stage:
    """Put venues, a class of TRAINEE and FELLOW and an open series with STRANGER into the database."""
    with database.write() as session:
        hall = Venue(code="V1", name="大礼堂", kind=VenueKind.AUDITORIUM, capacity=300, address="中山路1号")
        room = Venue(code="V2", name="研讨室", kind=VenueKind.SEMINAR_ROOM, capacity=40)
        session.add_all([hall, room])
        made: list[Audience] = []
        for kind, code, name, is_open, members in (
            (AudienceKind.STUDY_CLASS, "2026-01", "数字治理专题研修班", False, (Persona.TRAINEE, Persona.FELLOW)),
            (AudienceKind.SERIES, "产业大讲堂", "产业大讲堂", True, (Persona.STRANGER,)),
        ):
            audience = actions.create_audience(
                session, SYSTEM, kind, code, name, cast.units["A"], open=is_open, now=NOW
            )
            people = [cast.people[persona] for persona in members]
            actions.enrol(session, SYSTEM, audience.id, people, source=MembershipSource.NAMED, now=NOW)
            made.append(audience)
        session.flush()
        return Stage(database, cast, hall.id, room.id, made[0].id, made[1].id)
