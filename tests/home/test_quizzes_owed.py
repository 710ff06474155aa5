"""What home says of quizzes: those that the reader has to sit now, and no other."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from scheduler.agenda.actions import cancel_activity
from scheduler.agenda.models import Activity
from scheduler.core import clock
from scheduler.core.access import Actor
from scheduler.core.periods import Span
from scheduler.home.queries import own_week
from scheduler.quizzes.actions.attempts import call_off, hand_in, start_attempt
from scheduler.quizzes.actions.grants import grant
from scheduler.quizzes.actions.results import close_sitting
from scheduler.quizzes.models import Sitting
from scheduler.quizzes.terms.sittings import Concession
from tests.cast import Cast, Persona
from tests.home.test_views import HOME_STATEMENTS
from tests.quizzes.stage import SYSTEM, Stage, set_stage

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

OPENS = datetime(2026, 11, 18, 2, tzinfo=UTC)
"""A Wednesday, 10:00 in Shanghai; it closes at noon."""
BEFORE = OPENS - timedelta(days=1)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


class Scene:
    """A sitting for the trainee's section, and what happens at it."""

    def __init__(self, session: "Session", cast: Cast, **rules: Any) -> None:
        self.session, self.cast = session, cast
        self.stage: Stage = set_stage(session, cast, opens=OPENS, now=BEFORE, length_minutes=30, **rules)
        self.trainee: Actor = cast.actor(session, Persona.TRAINEE)
        self.attempt = 0

    def begins(self, at: int = 1) -> None:
        self.attempt = start_attempt(self.session, self.trainee, self.stage.sitting_id, now=OPENS + minutes(at))

    def hands_in(self, at: int = 5) -> None:
        hand_in(self.session, self.trainee, self.attempt, [], key="k", now=OPENS + minutes(at))

    def is_granted(self, concession: Concession, at: int = -60, **facts: Any) -> None:
        subject = {} if "unit_id" in facts else {"person_id": self.trainee.person_id}
        now = OPENS + minutes(at)
        grant(self.session, SYSTEM, self.stage.sitting_id, concession, reason="病假", now=now, **subject, **facts)

    def is_called_off(self) -> None:
        sitting = self.session.get_one(Sitting, self.stage.sitting_id)
        call_off(self.session, SYSTEM, sitting, self.attempt, "停电", now=OPENS + minutes(6))

    def closes(self) -> None:
        sitting = self.session.get_one(Sitting, self.stage.sitting_id)
        close_sitting(self.session, sitting, now=OPENS + minutes(122))

    def owed(self, at: int, who: Persona = Persona.TRAINEE) -> list[tuple[int, int | None, int]]:
        """Return (sitting, attempt, minutes from the opening to its end for this person)."""
        now = OPENS + minutes(at)
        week = Span(now - timedelta(days=2), now + timedelta(days=5))
        _rows, quizzes = own_week(self.session, self.cast.actor(self.session, who), week, now=now)
        return [(one.sitting_id, one.attempt_id, (one.closes - OPENS) // minutes(1)) for one in quizzes]


def _called_off(scene: Scene) -> None:
    scene.begins()
    scene.is_called_off()


def _handed_in(scene: Scene) -> None:
    scene.begins()
    scene.hands_in()


def _deferred(scene: Scene) -> None:
    scene.is_granted(Concession.DEFERRED)
    scene.closes()


def _late_but_granted(scene: Scene) -> None:
    scene.is_granted(Concession.MORE_TIME, minutes=15)
    scene.is_granted(Concession.MORE_TIME, minutes=40, unit_id=scene.cast.units["A"])
    scene.is_granted(Concession.MORE_TIME, minutes=90, unit_id=scene.cast.units["B"])


def _cancelled(scene: Scene) -> None:
    activity = scene.session.get_one(Activity, scene.stage.activity_id)
    cancel_activity(scene.session, SYSTEM, activity.id, version=activity.version, reason="停电", now=OPENS)


CUT_OFF = 122 + 30 * 24 * 60


@pytest.mark.parametrize(
    ("happens", "at", "running", "until"),
    [
        (None, -1, False, None),
        (None, 0, False, 120),
        (None, 119, False, 120),
        (None, 120, False, None),
        (Scene.begins, 10, True, 120),
        (Scene.begins, 31, True, 120),  # overdue, and not handed in
        (_handed_in, 10, False, None),
        (_called_off, 10, False, 120),
        (_late_but_granted, 159, False, 160),
        (_late_but_granted, 160, False, None),
        (_deferred, 123, False, CUT_OFF),
        (_deferred, CUT_OFF - 1, False, CUT_OFF),
        (_deferred, CUT_OFF, False, None),
        (lambda scene: scene.is_granted(Concession.EXEMPT), 10, False, None),
        (_cancelled, 10, False, None),
    ],
)
def test_a_quiz_is_owed_from_its_opening_until_it_is_handed_in(
    session: "Session",
    cast: Cast,
    happens: Callable[[Scene], None] | None,
    at: int,
    running: bool,  # noqa: FBT001 - a column
    until: int | None,
) -> None:
    scene = Scene(session, cast)
    if happens:
        happens(scene)
    session.flush()
    expected = [] if until is None else [(scene.stage.sitting_id, scene.attempt if running else None, until)]
    assert scene.owed(at) == expected
    assert scene.owed(at, Persona.STRANGER) == []


def test_each_is_owed_from_the_moment_at_which_they_are_let_in(session: "Session", cast: Cast) -> None:
    scene = Scene(session, cast, stagger_minutes=60)
    seen = [bool(scene.owed(at)) for at in range(-1, 61)]
    assert (seen[0], seen[-1], seen.count(False) > 1) == (False, True, True)
    assert seen == sorted(seen)


def test_a_running_attempt_is_owed_in_whatever_week_its_sitting_was(session: "Session", cast: Cast) -> None:
    scene = Scene(session, cast)
    scene.begins(119)
    assert scene.owed(7 * 24 * 60) == [(scene.stage.sitting_id, scene.attempt, 120)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same page on both
def test_home_leads_to_the_quiz_and_asks_no_more_for_it(client: "FlaskClient", cast: Cast) -> None:
    with cast.database.write() as session:
        scene = Scene(session, cast)
    sent: list[str] = []

    def look() -> str:
        sent.clear()
        page = client.get("/", headers={"Accept-Language": "en"}).text
        return page.partition("What I owe")[2].partition("What changed")[0]

    with clock.fixed(OPENS + minutes(3)):
        cast.sign_in(client, Persona.TRAINEE)
        look()  # which notes that somebody is there
        event.listen(
            client.application.extensions["engine"], "before_cursor_execute", lambda *facts: sent.append(facts[2])
        )
        owed = look()
        assert f"/quizzes/sittings/{scene.stage.sitting_id}/start" in owed
        assert "until Wed 18 Nov 2026 12:00" in owed
        assert len([one for one in sent if not one.startswith(("BEGIN", "ROLLBACK"))]) <= HOME_STATEMENTS
        with cast.database.write() as session:
            scene.session = session
            scene.begins()
        assert f"/quizzes/attempts/{scene.attempt}" in look()
        with cast.database.write() as session:
            scene.session = session
            scene.hands_in()
        assert "Nothing is due from you." in look()
