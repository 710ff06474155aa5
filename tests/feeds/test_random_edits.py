"""Whatever an office does to its year, calendars stay lawful: sequences, bytes, and what two readers see."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from scheduler.agenda import actions
from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus, Consent, Scope, ScopeKind
from scheduler.core.errors import Refusal
from scheduler.core.periods import local_span
from tests.cast import Persona
from tests.feeds.reading import by_vobject, events_of
from tests.feeds.stage import NOW, SYSTEM, ZONE, Stage
from tests.harness.versions import rename_venue

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

TITLES = ("数字治理", "Smart; city, \\n", "🏙️城市更新" * 12, "依法行政：案例", "x" * 180)
SEEDS = (1, 2, 3)
STEPS = 25


class Office:
    """Somebody who edits without a plan, always through the agenda's own actions."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.dice = random.Random(seed)  # noqa: S311 - a replay, not a secret

    def act(self) -> str:
        """Do one thing and return its name; what the agenda refuses leaves nothing behind."""
        name = self.dice.choice(("create", "create", "move", "cancel", "restore", "venue", "title", "evening"))
        self.stage.wait(seconds=self.dice.choice((0, 0.2, 61)))
        try:
            with self.stage.database.write() as session:
                getattr(self, name)(session)
        except Refusal as refusal:
            return f"{name} refused: {refusal}"
        return name

    def day(self) -> date:
        return date(2026, 3, 2) + timedelta(days=self.dice.randrange(40))

    def hour(self) -> str:
        return f"{self.dice.choice((8, 10, 14, 16)):02}:00"

    def create(self, session: "Session") -> None:
        venue = self.dice.choice((None, self.stage.hall))
        self.stage.book_in(session, self.day(), self.hour(), title=self.dice.choice(TITLES), venue_id=venue)

    def evening(self, session: "Session") -> None:
        self.stage.book_in(session, self.day(), "19:00", title="夜校", audience_id=self.stage.series)

    def any_of(self, session: "Session", status: ActivityStatus) -> Activity:
        found = session.scalars(select(Activity).where(Activity.status == status).order_by(Activity.id)).all()
        if not found:
            msg = "nothing of that kind"
            raise Refusal(msg)
        return self.dice.choice(found)

    def move(self, session: "Session") -> None:
        activity = self.any_of(session, ActivityStatus.SCHEDULED)
        start = datetime.strptime(self.hour(), "%H:%M").replace(tzinfo=UTC).time()
        span = local_span(self.day(), start, start.replace(hour=start.hour + 2), ZONE)
        actions.move_activity(
            session,
            SYSTEM,
            activity.id,
            version=activity.version,
            span=span,
            reason="调整",
            consent=Consent(confirmed=True),
            zone=ZONE,
            now=self.stage.now,
        )

    def cancel(self, session: "Session") -> None:
        activity = self.any_of(session, ActivityStatus.SCHEDULED)
        actions.cancel_activity(
            session, SYSTEM, activity.id, version=activity.version, reason="取消", now=self.stage.now
        )

    def restore(self, session: "Session") -> None:
        activity = self.any_of(session, ActivityStatus.CANCELLED)
        actions.restore_activity(
            session,
            SYSTEM,
            activity.id,
            version=activity.version,
            consent=Consent(confirmed=True),
            zone=ZONE,
            now=self.stage.now,
        )

    def venue(self, session: "Session") -> None:
        name = self.dice.choice(("大礼堂", "新礼堂", "市民中心"))
        rename_venue(session, SYSTEM, self.stage.hall, name=name, now=self.stage.now)

    def title(self, session: "Session") -> None:
        activity = self.any_of(session, ActivityStatus.SCHEDULED)
        actions.edit_activity(
            session,
            SYSTEM,
            activity.id,
            version=activity.version,
            title=self.dice.choice(TITLES),
            zone=ZONE,
            now=self.stage.now,
        )


def events_by_uid(body: bytes) -> dict[str, bytes]:
    """Cut a feed into its events as they came over the wire."""
    found = {}
    for part in body.split(b"BEGIN:VEVENT\r\n")[1:]:
        event = part.partition(b"END:VEVENT\r\n")[0]
        uid = event.replace(b"\r\n ", b"").partition(b"\r\nUID:")[2].partition(b"\r\n")[0]
        found[uid.decode()] = event
    assert len(found) == body.count(b"BEGIN:VEVENT")
    return found


Shown = dict[str, tuple[object, object, str, bool]]


def read_by_icalendar(body: bytes) -> Shown:
    return {
        str(event["uid"]): (
            event["dtstart"].dt,
            event["dtend"].dt,
            str(event["summary"]),
            event["status"] == "CANCELLED",
        )
        for event in events_of(body)
    }


def read_by_vobject(body: bytes) -> Shown:
    calendar = by_vobject(body)
    return {
        event.uid.value: (
            event.dtstart.value,
            event.dtend.value,
            event.summary.value,
            event.status.value == "CANCELLED",
        )
        for event in getattr(calendar, "vevent_list", [])
    }


def sequence_of(event: bytes) -> int:
    return int(event.partition(b"\r\nSEQUENCE:")[2].partition(b"\r\n")[0])


def told(shown: tuple[object, object, str, bool]) -> tuple[object, object, bool]:
    return shown[0], shown[1], shown[3]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_edits_leave_calendars_lawful(stage: Stage, client: "FlaskClient", seed: int) -> None:
    office = Office(stage, seed)
    path = stage.subscribe(Persona.ADMIN, Scope(ScopeKind.ORGANISATION))
    for _ in range(4):
        office.act()
    answer = stage.fetch(client, path)
    events, shown, known = events_by_uid(answer.data), read_by_icalendar(answer.data), dict[str, bytes]()
    etag, since = answer.headers["ETag"], answer.headers["Last-Modified"]
    for _ in range(STEPS):
        before = revisions(stage)
        deed = office.act()
        after = revisions(stage)
        answer = stage.fetch(client, path, If_None_Match=etag)
        assert stage.fetch(client, path, If_Modified_Since=since).status_code == answer.status_code, deed
        if after == before:
            assert answer.status_code == 304, deed
            continue
        assert answer.status_code == 200, deed
        now_events, now_shown = events_by_uid(answer.data), read_by_icalendar(answer.data)
        assert now_shown == read_by_vobject(answer.data), deed
        assert now_shown.items() >= in_the_database(stage).items(), deed
        for uid, event in now_events.items():
            former = events.get(uid, known.get(uid))
            if former is None:
                continue
            rise = sequence_of(event) - sequence_of(former)
            if uid.startswith("activity-"):
                assert rise == (told(now_shown[uid]) != told(shown[uid])), deed
                assert (event == former) == (after[uid] == before[uid]), deed
            else:  # the banner of a class follows its sessions
                assert rise >= (told(now_shown[uid]) != told(shown[uid])), deed
        known |= events
        events, shown = now_events, shown | now_shown
        etag, since = answer.headers["ETag"], answer.headers["Last-Modified"]
        assert stage.fetch(client, path, If_None_Match=etag).status_code == 304


def revisions(stage: Stage) -> dict[str, datetime]:
    with stage.database.read() as session:
        return {row.uid: row.revised_at for row in session.execute(select(Activity.uid, Activity.revised_at))}


def in_the_database(stage: Stage) -> Shown:
    """Return what a reader must see of each activity, from the rows themselves."""
    with stage.database.read() as session:
        found: Shown = {}
        for activity in session.scalars(select(Activity)):
            cancelled = activity.status is ActivityStatus.CANCELLED
            prefix = "【改期】" if activity.moved_from else ""
            title = ("【已取消】" if cancelled else prefix) + activity.title
            found[activity.uid] = (activity.starts_at, activity.ends_at, title, cancelled)
        return found


def test_bytes_do_not_depend_on_when_they_are_asked_for(stage: Stage, client: "FlaskClient") -> None:
    office = Office(stage, 7)
    for _ in range(12):
        office.act()
    path = stage.subscribe(Persona.ADMIN, Scope(ScopeKind.ORGANISATION))
    first = stage.fetch(client, path)
    stage.now = max(stage.now, NOW) + timedelta(hours=9)
    assert stage.fetch(client, path).data == first.data
    with stage.database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM event_text")
    assert stage.fetch(client, path).data == first.data
