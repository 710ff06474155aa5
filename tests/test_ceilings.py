"""What each page may ask of the database: no more than its ceiling, and as much with three rows as with one.

The counts do not depend on the machine; what the pages take in time is measured in benchmarks/.
Pages of classes and lectures have tables of their own beside their tests.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from scheduler.agenda.actions import create_activities, create_audience, enrol
from scheduler.agenda.models import Venue
from scheduler.agenda.terms import (
    ActivityKind,
    ActivityPlan,
    AudienceKind,
    MembershipSource,
    Scope,
    ScopeKind,
    VenueKind,
)
from scheduler.classes.actions import import_classes
from scheduler.classes.terms import ClassPlan
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.core.periods import local_span
from scheduler.feeds.actions import make_subscription
from scheduler.feeds.terms import Language, NewSubscription
from scheduler.notices.actions import post
from scheduler.notices.models import GroupBot
from scheduler.notices.terms.bots import BotKind
from scheduler.people.models import Lecturer, Person, Unit
from scheduler.people.terms import LecturerKind, UnitKind
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = system_actor("tests")
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
TODAY = date(2026, 11, 18)

CEILINGS = {
    (Persona.TRAINEE, "/"): 5,
    (Persona.TRAINEE, "/schedule?view=week"): 5,
    (Persona.TRAINEE, "/schedule?view=month"): 5,
    (Persona.TRAINEE, "/schedule?view=list"): 5,
    (Persona.TRAINEE, "/schedule?scope=organisation"): 6,
    (Persona.OFFICER, "/schedule?scope=unit:A"): 7,
    (Persona.TRAINEE, "/notices"): 5,
    (Persona.TRAINEE, "/notices/preferences"): 5,
    (Persona.TRAINEE, "/account"): 6,
    (Persona.TRAINEE, "/subscriptions"): 6,
    (Persona.TRAINEE, "{feed}"): 5,
    (Persona.TRAINEE, "/activities/1"): 8,
    (Persona.ADMIN, "/activities/1"): 8,
    (Persona.ADMIN, "/venues"): 5,
    (Persona.ADMIN, "/venues/1"): 5,
    (Persona.ADMIN, "/calendar/2026"): 5,
    (Persona.ADMIN, "/people"): 6,
    (Persona.ADMIN, "/people/{person}"): 8,
    (Persona.ADMIN, "/units"): 5,
    (Persona.ADMIN, "/units/{unit}"): 10,
    (Persona.ADMIN, "/lecturers"): 5,
    (Persona.ADMIN, "/classes"): 8,
    (Persona.ADMIN, "/lectures"): 6,
    (Persona.ADMIN, "/office/"): 8,
    (Persona.ADMIN, "/office/imports"): 5,
    (Persona.ADMIN, "/office/bots"): 5,
    (Persona.ADMIN, "/export?scope=organisation"): 8,
    (Persona.ADMIN, "/export/print?scope=organisation"): 8,
    (Persona.ADMIN, "/export/calendar.ics?scope=organisation"): 8,
}
"""By reader and address; finding out who is signed in is one statement of each."""


@dataclass
class World:
    """The cast, with as many rows of everything as were added, and the addresses of what is asked for by id."""

    cast: Cast
    feed: str = ""

    def add(self, number: int) -> None:
        """Add one unit, person, venue, lecturer, class, activity, notice and subscription."""
        cast, day = self.cast, TODAY + timedelta(days=number)
        members = [cast.people[persona] for persona in (Persona.TRAINEE, Persona.ADMIN, Persona.OFFICER)]
        with cast.database.write() as session:
            unit = Unit(
                code=f"N{number}", name=f"新单位{number}", kind=UnitKind.SECTION, parent_id=cast.units["A"], path="/n/"
            )
            venue = Venue(code=f"V{number}", name=f"教室{number}", kind=VenueKind.CLASSROOM, capacity=60)
            lecturer = Lecturer(code=f"L{number}", name=f"讲师{number}", kind=LecturerKind.SCHOLAR)
            person = Person(staff_no=f"P{number}", name=f"人员{number}", unit_id=cast.units["A1"])
            session.add_all([unit, venue, lecturer, person])
            session.flush()
            unit.path = f"/{cast.units['CITY']}/{cast.units['A']}/{unit.id}/"
            plan = ClassPlan(f"C{number}", f"专题班{number}", cast.units["A"], day, day, 60)
            import_classes(session, SYSTEM, [plan], now=NOW)
            audience = create_audience(
                session, SYSTEM, AudienceKind.PEOPLE, f"G{number}", f"小组{number}", cast.units["A"], now=NOW
            )
            enrol(session, SYSTEM, audience.id, [*members, person.id], source=MembershipSource.NAMED, now=NOW)
            wanted = ActivityPlan(
                ActivityKind.MEETING,
                f"座谈{number}",
                local_span(day, time(9), time(11), ZONE),
                audience.id,
                cast.units["A"],
                venue_id=venue.id,
                lecturer_ids=(lecturer.id,),
            )
            create_activities(session, SYSTEM, [wanted], installation_id="test.invalid", zone=ZONE, now=NOW)
            bot = {
                "kind": BotKind.FEISHU,
                "url": "https://open.feishu.cn/x",
                "unit_id": cast.units["A"],
                "language": "en",
            }
            session.add(GroupBot(name=f"群{number}", strands=["classes"], **bot))
            said = {"kind": "tests", "subject": f"{number}", "slot": "", "message_id": "Saved.", "address": "/"}
            post(session, members, now=NOW, **said)
            own = NewSubscription(f"日历{number}", Scope(ScopeKind.PERSON, cast.people[Persona.TRAINEE]), Language.ZH)
            _row, token = make_subscription(session, cast.actor(session, Persona.TRAINEE), own, now=NOW)
        self.feed = self.feed or f"/feeds/{token}.ics"

    def address(self, form: str) -> str:
        return form.format(feed=self.feed, person=self.cast.people[Persona.TRAINEE], unit=self.cast.units["A1"])

    def counted(self, client: "FlaskClient", address: str) -> int:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "ROLLBACK")):
                sent.append(statement)

        engine = client.application.extensions["engine"]
        assert client.get(address).status_code == 200  # warm: kept texts are written, the fetch is noted
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(address).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    def count(self, client: "FlaskClient") -> dict[tuple[Persona, str], int]:
        counts: dict[tuple[Persona, str], int] = {}
        for persona in dict.fromkeys(persona for persona, _form in CEILINGS):
            self.cast.sign_in(client, persona)
            counts |= {
                (who, form): self.counted(client, self.address(form)) for who, form in CEILINGS if who is persona
            }
        return counts


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
def test_no_page_asks_more_than_its_ceiling_nor_more_for_more_rows(client: "FlaskClient", cast: Cast) -> None:
    world = World(cast)
    with clock.fixed(NOW):
        world.add(0)
        one = world.count(client)
        world.add(1)
        world.add(2)
        three = world.count(client)
    assert three == one
    assert {page: count for page, count in three.items() if count > CEILINGS[page]} == {}
