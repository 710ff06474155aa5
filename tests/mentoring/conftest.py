"""What the tests of mentoring stand on: the cast, a programme, and a pairing that is in force since 1 March 2026."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from scheduler.core.access import system_actor
from scheduler.mentoring import actions
from scheduler.mentoring.models import ContentArea, GuidanceMode, Pairing
from scheduler.mentoring.terms import GuidanceInput, PairingPlan
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.access import Actor

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
TODAY = date(2026, 11, 18)
FIRST, LAST = date(2026, 3, 1), date(2027, 2, 28)
EDGE: dict[str, Any] = {"zone": ZONE, "now": NOW}
SYSTEM = system_actor("tests")


@dataclass(frozen=True)
class House:
    """The cast with a programme, its lists, and the pairing of mentor and trainee."""

    cast: Cast
    programme_id: int
    areas: tuple[int, ...]
    modes: tuple[int, ...]
    pairing_id: int

    def actor(self, session: "Session", persona: Persona) -> "Actor":
        return self.cast.actor(session, persona)

    def pairing(self, session: "Session") -> Pairing:
        return session.get_one(Pairing, self.pairing_id)

    def plan(self, mentor: Persona, mentee: Persona, **changes: Any) -> PairingPlan:
        facts: dict[str, Any] = {"starts_on": FIRST, "ends_on": LAST, **changes}
        people = self.cast.people
        return PairingPlan(people[mentor], people[mentee], self.programme_id, **facts)

    def begin(self, session: "Session", mentor: Persona, mentee: Persona, **changes: Any) -> Pairing:
        """Let a pairing begin that was signed on paper."""
        pairing = actions.propose(session, SYSTEM, self.plan(mentor, mentee, **changes), **EDGE)
        return actions.activate(session, SYSTEM, pairing.id, version=pairing.version, reason="已签协议", **EDGE)

    def given(self, day: date = TODAY, text: str = "一起修改了会议通知。", **changes: Any) -> GuidanceInput:
        facts: dict[str, Any] = {"mode_id": self.modes[0], "area_ids": (self.areas[2],), **changes}
        return GuidanceInput(day=day, text=text, **facts)

    def file(self, session: "Session", day: date = TODAY, key: str = "key", **changes: Any) -> int:
        """File a record as the mentor and return its id."""
        mentor, edge = self.actor(session, Persona.MENTOR), {"zone": ZONE, "now": changes.pop("now", NOW)}
        given = self.given(day, **changes)
        return actions.file_guidance(session, mentor, [self.pairing_id], given, key=key, **edge).record_ids[0]


@pytest.fixture
def house(cast: Cast) -> House:
    with cast.database.write() as session:
        programme_id = actions.ensure_programmes(session, SYSTEM, ["导师帮带"], now=NOW)["导师帮带"]
        lists = []
        for model in (ContentArea, GuidanceMode):
            ids = select(model.id).where(model.programme_id == programme_id).order_by(model.position)
            lists.append(tuple(session.scalars(ids)))
        house = House(cast, programme_id, lists[0], lists[1], 0)
        pairing = house.begin(session, Persona.MENTOR, Persona.TRAINEE)
        return House(cast, programme_id, lists[0], lists[1], pairing.id)
