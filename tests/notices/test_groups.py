"""News reaches the groups whose bots carry it: once for the act, in few messages, and nothing of guidance."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from scheduler.agenda.actions import cancel_activities, create_activities, create_audience, enrol
from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityKind, ActivityPlan, AudienceKind, MembershipSource
from scheduler.classes.actions import cancel_class, import_classes
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassPlan
from scheduler.core.access import system_actor
from scheduler.core.periods import local_span
from scheduler.jobs.tasks.deliveries import crier, deliveries
from scheduler.notices.actions import post
from scheduler.notices.actions.groups import drop_news
from scheduler.notices.models import BotDelivery, GroupBot, News
from scheduler.notices.tasks.groups import tell_groups
from scheduler.notices.terms.bots import BotKind, DeliveryState
from tests.cast import Cast
from tests.harness.chats import SECRET, Chats, chats
from tests.notices.conftest import NOW
from tests.notices.test_bots import PATHS

if TYPE_CHECKING:
    from flask import Flask

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = system_actor("tests")
TOMORROW = date(2026, 11, 19)
MINUTE = timedelta(minutes=1)
ALL = ["classes", "sessions", "evenings"]


@pytest.fixture
def services() -> Iterator[Chats]:
    with chats() as found:
        found.now = NOW.timestamp()
        yield found


class Town:
    """The cast with bots and activities."""

    def __init__(self, app: "Flask", cast: Cast, services: Chats) -> None:
        self.app, self.cast, self.services = app, cast, services

    def bot(self, unit: str = "CITY", kind: BotKind = BotKind.WECOM, **changes: Any) -> int:
        facts = {"url": self.services.url + PATHS[kind], "secret": SECRET, "strands": ALL, "language": "en"}
        facts |= {"enabled_since": NOW - timedelta(days=1)} | changes
        with self.cast.database.write() as session:
            bot = GroupBot(name="群", kind=kind, unit_id=self.cast.units[unit], **facts)
            session.add(bot)
            session.flush()
            return bot.id

    def cancelled(self, kind: ActivityKind, title: str, unit: str = "A", *, now: datetime = NOW) -> None:
        """Plan an activity for everybody of the cast and cancel it, so that all are told."""
        with self.cast.database.write() as session:
            audience = create_audience(
                session, SYSTEM, AudienceKind.PEOPLE, title, title, self.cast.units[unit], now=NOW
            )
            enrol(session, SYSTEM, audience.id, self.cast.people.values(), source=MembershipSource.NAMED, now=NOW)
            span = local_span(TOMORROW, time(9), time(11), ZONE)
            plan = ActivityPlan(kind, title, span, audience.id, self.cast.units[unit])
            create_activities(session, SYSTEM, [plan], installation_id="t", zone=ZONE, now=NOW)
        with self.cast.database.write() as session:
            row = session.scalars(select(Activity).where(Activity.title == title)).one()
            cancel_activities(session, SYSTEM, {row.id: row.version}, reason="张三生病", now=now)

    def go(self, now: datetime = NOW) -> list[str]:
        """Let the crier go and return the messages that the services took since."""
        before = len(self.services.taken)
        taken = tell_groups(self.cast.database, crier(self.app), now=now)
        assert taken == len(self.services.taken) - before
        return [text for _kind, text in self.services.taken[before:]]

    def states(self) -> list[str]:
        with self.cast.database.read() as session:
            return [row.value for row in session.scalars(select(BotDelivery.state).order_by(BotDelivery.id))]


@pytest.fixture
def town(app: "Flask", cast: Cast, services: Chats) -> Town:
    return Town(app, cast, services)


def test_one_message_for_an_act_however_many_are_told(town: Town) -> None:
    town.bot()
    town.cancelled(ActivityKind.LECTURE, "产业讲堂")
    (message,) = town.go()
    assert "产业讲堂" in message
    assert "is cancelled" in message
    assert "Thu 19 Nov 2026 09:00" in message
    assert re.search(r"\]\(https://training\.city\.example/activities/\d+\)", message)
    assert "张三" not in message, "a reason may name people"
    assert town.go() == []
    assert town.states() == ["sent"]


def test_much_news_is_one_message(town: Town) -> None:
    town.bot()
    for number in range(4):
        town.cancelled(ActivityKind.SESSION, f"第{number}讲")
    (message,) = town.go()
    assert [f"第{number}讲" in message for number in range(4)] == [True] * 4


@pytest.mark.parametrize("kind", BotKind)
def test_each_service_is_told_in_its_language(town: Town, kind: BotKind) -> None:
    town.bot(kind=kind, language="zh_CN")
    town.cancelled(ActivityKind.FIELD, "现场教学一")
    (message,) = town.go()
    assert "取消" in message
    assert "2026年11月19日" in message


@pytest.mark.parametrize("kind", [ActivityKind.GUIDANCE, ActivityKind.QUIZ, ActivityKind.MEETING])
def test_groups_hear_nothing_of_peoples_own_affairs(town: Town, kind: ActivityKind) -> None:
    town.bot()
    town.cancelled(kind, "孟涛指导田瑞")
    assert town.go() == []
    assert town.states() == []


@pytest.mark.parametrize(
    ("bot_unit", "host", "kind", "told"),
    [
        ("CITY", "A1", ActivityKind.SESSION, True),
        ("A", "A", ActivityKind.SESSION, True),
        ("A", "A1", ActivityKind.SESSION, True),
        ("A", "CITY", ActivityKind.SESSION, False),
        ("A", "CITY", ActivityKind.LECTURE, True),
        ("A", "B", ActivityKind.LECTURE, False),
        ("B", "A", ActivityKind.SESSION, False),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # decided outside of the database
def test_whose_news_a_bot_carries(town: Town, bot_unit: str, host: str, kind: ActivityKind, *, told: bool) -> None:
    town.bot(bot_unit)
    town.cancelled(kind, "一", host)
    assert bool(town.go()) is told


def test_a_bot_carries_what_it_is_for_and_nothing_from_before_it_was_on(town: Town) -> None:
    town.bot(strands=["classes", "sessions"])
    town.bot(enabled_since=NOW + MINUTE)
    town.bot(enabled_since=None)
    town.cancelled(ActivityKind.LECTURE, "一")
    assert town.go() == []


def test_a_class_that_nobody_attends_yet_is_news_as_well(town: Town) -> None:
    town.bot("A")
    with town.cast.database.write() as session:
        plan = ClassPlan("C1", "青年班", town.cast.units["A"], TOMORROW, TOMORROW, 60)
        import_classes(session, SYSTEM, [plan], now=NOW)
        row = session.scalars(select(StudyClass)).one()
        cancel_class(session, SYSTEM, row.id, version=row.version, reason="x", zone=ZONE, now=NOW)
    (message,) = town.go()
    assert "青年班" in message


def test_a_service_that_is_away_is_tried_again_later(town: Town) -> None:
    number = town.bot()
    town.services.answers = [(502, b"")]
    town.cancelled(ActivityKind.LECTURE, "一")
    assert town.go() == []
    assert town.go() == [], "not before a minute has passed"
    with town.cast.database.read() as session:
        bot = session.get_one(GroupBot, number)
        assert (bot.last_said, bot.last_taken, bot.last_said_at, bot.version) == ("HTTP 502", False, NOW, 1)
    assert len(town.go(NOW + MINUTE)) == 1
    assert town.states() == ["sent"]


def test_too_many_messages_make_the_bot_rest(town: Town) -> None:
    town.bot(kind=BotKind.DINGTALK)
    town.services.answers = [(200, b'{"errcode":130101,"errmsg":"send too fast"}')]
    town.cancelled(ActivityKind.LECTURE, "一")
    assert town.go() == []
    town.cancelled(ActivityKind.LECTURE, "二", now=NOW + MINUTE)
    assert town.go(NOW + MINUTE) == []
    assert town.services.asked == 1, "it is left alone"
    (message,) = town.go(NOW + 10 * MINUTE)
    assert "一" in message
    assert "二" in message


def test_a_service_that_says_too_many_for_days_is_given_up_too(town: Town) -> None:
    town.bot()
    town.services.answers = [(200, b'{"errcode":45009,"errmsg":"api freq out of limit"}')] * 99
    town.cancelled(ActivityKind.LECTURE, "一")
    for hours in range(75):
        town.go(NOW + timedelta(hours=hours))
    assert town.states() == ["failed"]


def test_what_waited_when_a_bot_was_switched_off_is_not_sent_later(town: Town) -> None:
    number = town.bot()
    town.services.answers = [(502, b"")]
    town.cancelled(ActivityKind.LECTURE, "一")
    town.go()
    with town.cast.database.write() as session:
        drop_news(session, number, now=NOW)
    assert town.go(NOW + timedelta(hours=1)) == []
    assert town.states() == ["failed"]


def test_it_is_given_up_after_three_days(town: Town) -> None:
    town.bot()
    town.services.answers = [(200, b'{"errcode":93000,"errmsg":"invalid webhook url"}')] * 20
    town.cancelled(ActivityKind.LECTURE, "一")
    for hours in range(80):
        town.go(NOW + timedelta(hours=hours))
    assert town.states() == ["failed"]
    assert town.services.asked == 7


def test_more_than_fits_comes_in_several_messages_and_the_rest_a_minute_later(town: Town) -> None:
    town.bot()
    with town.cast.database.write() as session:
        plan = ClassPlan("C1", "青年班", town.cast.units["A"], TOMORROW, TOMORROW, 60)
        import_classes(session, SYSTEM, [plan], now=NOW)
        number = session.scalars(select(StudyClass.id)).one()
        for slot in range(40):
            facts = {"title": f"{slot}" + "长" * 400, "kind": "class_published", "message_id": "%(title)s"}
            post(session, [], subject=f"class:{number}", slot=str(slot), address="/classes/1", now=NOW, **facts)
    sent = town.go()
    assert len(sent) == 5
    assert town.states().count("waiting") > 0
    while town.states().count("waiting"):
        sent += town.go(NOW + MINUTE)
    assert sum(text.count("/classes/1)") for text in sent) == 40


def test_news_is_posted_once_and_handed_on_once(town: Town) -> None:
    town.bot()
    for _ in range(2):
        with town.cast.database.write() as session:
            facts = {"title": "t", "kind": "activity", "message_id": "%(title)s", "address": "/"}
            post(session, [1], subject="activity:999", slot="1", now=NOW, **facts)
            post(session, [1], subject="guidance:1", slot="1", now=NOW, **{**facts, "kind": "guidance_filed"})
    assert town.go() == [], "there is no such activity"
    with town.cast.database.read() as session:
        assert session.scalar(select(func.count()).select_from(News)) == 1
        assert session.scalars(select(News.handed_on_at)).one() == NOW


def test_the_errands_run_with_the_other_jobs(town: Town) -> None:
    town.bot()
    town.cancelled(ActivityKind.LECTURE, "一")
    mail, groups = deliveries(town.app)
    groups.run(town.cast.database, NOW)
    mail.run(town.cast.database, NOW)
    assert town.states() == [DeliveryState.SENT]
