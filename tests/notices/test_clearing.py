"""What is old leaves inboxes and the news of groups; what is on its way, and the audit record, stay."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.jobs.tasks.works import works
from scheduler.notices.actions import clear_notices, post
from scheduler.notices.models import BotDelivery, GroupBot, News, Notice
from scheduler.notices.terms.bots import BotKind, DeliveryState
from scheduler.notices.terms.mail import MailState
from tests.cast import Cast, Persona
from tests.mentoring.conftest import ZONE
from tests.notices.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = timedelta(days=1)
OLD = NOW - 366 * DAY


def _tell(session: "Session", cast: Cast, at: datetime, slot: str, mail: MailState) -> None:
    said = {"kind": "class_published", "subject": "class:1", "message_id": "x", "address": "/classes"}
    post(session, [cast.people[Persona.TRAINEE]], slot=slot, now=at, **said)
    session.flush()
    session.scalars(select(Notice).where(Notice.slot == slot)).one().mail = mail


def test_old_notices_leave_read_or_not_and_what_is_on_its_way_stays(cast: Cast) -> None:
    with cast.database.write() as session:
        _tell(session, cast, OLD, "old", MailState.SENT)
        _tell(session, cast, OLD, "waits", MailState.WAITING)
        _tell(session, cast, NOW - 364 * DAY, "young", MailState.SKIPPED)
    with cast.database.write() as session:
        assert clear_notices(session, before=NOW - 365 * DAY) == 1
        assert clear_notices(session, before=NOW - 365 * DAY) == 0
    with cast.database.read() as session:
        assert set(session.scalars(select(Notice.slot))) == {"waits", "young"}


def test_old_news_leaves_with_its_deliveries(cast: Cast) -> None:
    with cast.database.write() as session:
        bot = {"url": "https://x.example", "unit_id": cast.units["A"], "strands": [], "language": "en"}
        session.add(GroupBot(id=1, name="b", kind=BotKind.WECOM, **bot))
        said = {"kind": "class", "subject": "class:1", "message_id": "x", "facts": {}, "address": "/"}
        for number, (at, handed_on) in enumerate([(OLD, OLD), (OLD, OLD), (OLD, None), (NOW, NOW)], start=1):
            session.add(News(id=number, posted_at=at, handed_on_at=handed_on, slot=str(number), **said))
        session.flush()
        session.add(BotDelivery(bot_id=1, news_id=1, state=DeliveryState.SENT, ended_at=OLD))
        session.add(BotDelivery(bot_id=1, news_id=2))
    with cast.database.write() as session:
        assert clear_notices(session, before=NOW - 365 * DAY) == 1
    with cast.database.read() as session:
        assert set(session.scalars(select(News.id))) == {2, 3, 4}
        assert session.scalars(select(BotDelivery.news_id)).all() == [2]


def test_the_job_keeps_them_as_long_as_the_setting_says(cast: Cast) -> None:
    with cast.database.write() as session:
        _tell(session, cast, NOW - 40 * DAY, "old", MailState.SENT)
    (work,) = (one for one in works(ZONE, kept_notices=31 * DAY) if one.job.name == "clear_notices")
    (usual,) = (one for one in works(ZONE) if one.job.name == "clear_notices")
    for clears, left in ((usual, 1), (work, 0)):
        with cast.database.write() as session:
            clears.run(session, NOW, NOW)
        with cast.database.read() as session:
            assert len(session.scalars(select(Notice)).all()) == left
