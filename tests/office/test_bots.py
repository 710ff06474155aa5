"""The pages of group bots: within one's units, without ever showing a key, with a test that says what came of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from scheduler.audit.models import AuditEntry
from scheduler.core import clock
from scheduler.core.access import Role
from scheduler.notices.models import BotDelivery, GroupBot, News
from scheduler.people.models import RoleGrant
from tests.cast import EPOCH, Cast, Persona
from tests.harness.chats import SECRET, Chats, chats

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ENGLISH = {"Accept-Language": "en"}
URL = "https://oapi.dingtalk.com/robot/send?access_token=0123456789"
pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # the pages; no statement of their own kind


@pytest.fixture
def services() -> Iterator[Chats]:
    with chats() as found:
        found.now = clock.now().timestamp()
        yield found


@pytest.fixture
def admin(client: "FlaskClient", cast: Cast) -> "FlaskClient":
    client.application.config["WTF_CSRF_ENABLED"] = False
    return cast.sign_in(client, Persona.ADMIN)


def _typed(cast: Cast, **changes: object) -> dict[str, object]:
    facts = {"name": "财政局群", "kind": "dingtalk", "url": URL, "secret": SECRET, "unit": cast.units["A"]}
    return {**facts, "strands": ["classes", "evenings"], "language": "zh_CN", "enabled": "y", **changes}


def _bot(cast: Cast) -> GroupBot:
    with cast.database.read() as session:
        return session.scalars(select(GroupBot)).one()


def test_a_bot_is_added_and_its_keys_are_never_shown(admin: "FlaskClient", cast: Cast) -> None:
    assert "No bots yet" in admin.get("/office/bots", headers=ENGLISH).text
    assert admin.post("/office/bots/add", data=_typed(cast)).location == "/office/bots/1"
    bot = _bot(cast)
    assert (bot.url, bot.secret, bot.strands) == (URL, SECRET, ["classes", "evenings"])
    assert bot.enabled_since is not None
    pages = [admin.get(path, headers=ENGLISH).text for path in ("/office/bots", "/office/bots/1")]
    assert "财政局群" in pages[0]
    assert "oapi.dingtalk.com … 6789" in pages[1]
    for page in pages:
        assert "0123456789" not in page
        assert SECRET not in page
    with cast.database.read() as session:
        written = " ".join(str(facts) for facts in session.scalars(select(AuditEntry.facts)))
    assert "access_token" not in written
    assert SECRET not in written


def test_what_is_left_empty_stays_and_a_secret_can_be_forgotten(admin: "FlaskClient", cast: Cast) -> None:
    admin.post("/office/bots/add", data=_typed(cast))
    since = _bot(cast).enabled_since
    kept = _typed(cast, url="", secret="", version=1, name="新名")
    assert admin.post("/office/bots/1", data=kept).location == "/office/bots"
    bot = _bot(cast)
    assert (bot.name, bot.url, bot.secret, bot.enabled_since) == ("新名", URL, SECRET, since)
    stale = admin.post("/office/bots/1", data=kept, headers=ENGLISH)
    assert stale.status_code == 422
    assert "Somebody else changed this" in stale.text
    forgets = {**kept, "version": 2, "forget_secret": "y", "enabled": ""}
    assert admin.post("/office/bots/1", data=forgets).status_code == 302
    bot = _bot(cast)
    assert (bot.secret, bot.enabled_since) == ("", None)
    assert "Switched off" in admin.get("/office/bots", headers=ENGLISH).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": ""}, "must begin with https://"),
        ({"url": "http://oapi.dingtalk.com/x"}, "must begin with https://"),
        ({"url": "file:///etc/passwd"}, "must begin with https://"),
        ({"strands": []}, "at least one kind of news"),
        ({"name": " "}, "Please fill this in."),
        ({"secret": "a\tb"}, "line breaks are not allowed"),
    ],
)
def test_what_makes_no_bot_is_refused(admin: "FlaskClient", cast: Cast, changes: dict[str, object], said: str) -> None:
    answer = admin.post("/office/bots/add", data=_typed(cast, **changes), headers=ENGLISH)
    assert answer.status_code == 422
    assert said in answer.text
    with cast.database.read() as session:
        assert session.scalars(select(GroupBot)).all() == []


def test_an_admin_of_a_bureau_reaches_the_bots_of_the_bureau(client: "FlaskClient", cast: Cast) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    with cast.database.write() as session:
        person_id = cast.people[Persona.OFFICER]
        session.add(RoleGrant(person_id=person_id, role=Role.ADMIN, unit_id=cast.units["A"], began_at=EPOCH))
    cast.sign_in(client, Persona.ADMIN)
    for number, unit in enumerate(("A1", "B")):
        client.post("/office/bots/add", data=_typed(cast, unit=cast.units[unit], name=f"群{number}"))
    cast.sign_in(client, Persona.OFFICER)
    page = client.get("/office/bots").text
    assert "群0" in page
    assert "群1" not in page
    assert client.get("/office/bots/1").status_code == 200
    assert client.get("/office/bots/2").status_code == 404
    assert client.post("/office/bots/2/test").status_code == 404
    assert client.post("/office/bots/1", data=_typed(cast, unit=cast.units["B"], version=1)).status_code == 422
    assert client.post("/office/bots/add", data=_typed(cast, unit=cast.units["CITY"])).status_code == 422


def test_a_test_message_says_what_the_service_answered(admin: "FlaskClient", cast: Cast, services: Chats) -> None:
    here = f"{services.url}/robot/send?access_token=k"
    admin.post("/office/bots/add", data=_typed(cast, url=here))
    assert "took the message" in admin.post("/office/bots/1/test", headers=ENGLISH, follow_redirects=True).text
    ((where, text),) = services.taken
    assert where == "dingtalk"
    assert "这是一条测试消息" in text
    admin.post("/office/bots/1", data=_typed(cast, url="", secret="wrong", version=1))
    page = admin.post("/office/bots/1/test", headers=ENGLISH, follow_redirects=True).text
    assert "310000 sign not match" in page
    with cast.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.verb == "test").order_by(AuditEntry.id))
        assert [entry.facts["taken"] for entry in entries] == [True, False]


def test_the_last_answer_is_shown_where_it_was_no(admin: "FlaskClient", cast: Cast) -> None:
    admin.post("/office/bots/add", data=_typed(cast))
    for taken, said in ((True, "Taken"), (False, "Not taken")):
        with cast.database.write() as session:
            bot = session.get_one(GroupBot, 1)
            bot.last_said, bot.last_taken, bot.last_said_at = "93000 no", taken, EPOCH
        assert said in admin.get("/office/bots", headers=ENGLISH).text
    assert "93000 no" in admin.get("/office/bots/1", headers=ENGLISH).text


def test_no_transaction_is_open_while_a_service_is_waited_for(
    admin: "FlaskClient", cast: Cast, services: Chats
) -> None:
    admin.post("/office/bots/add", data=_typed(cast, url=f"{services.url}/robot/send?access_token=k"))
    open_then: list[int] = []
    answer, pool = services.answer, admin.application.extensions["engine"].pool

    def noting(address: str, body: bytes) -> tuple[int, bytes]:
        open_then.append(pool.checkedout())
        return answer(address, body)

    services.answer = noting  # type: ignore[method-assign]  # to look at the moment of the message
    assert admin.post("/office/bots/1/test").status_code == 302
    assert open_then == [0]


def test_pages_beyond_the_last_show_the_last(admin: "FlaskClient", cast: Cast) -> None:
    admin.post("/office/bots/add", data=_typed(cast))
    assert "财政局群" in admin.get("/office/bots?page=9").text


def test_a_bot_is_deleted_with_what_waits_for_it(admin: "FlaskClient", cast: Cast) -> None:
    admin.post("/office/bots/add", data=_typed(cast))
    with cast.database.write() as session:
        facts = {"kind": "class", "subject": "class:1", "slot": "1", "message_id": "x", "facts": {}, "address": "/"}
        session.add(News(id=1, posted_at=EPOCH, **facts))
        session.flush()
        session.add(BotDelivery(bot_id=1, news_id=1))
    assert "/office/bots/1/delete" in admin.get("/office/bots/1").text
    assert "Delete this bot?" in admin.get("/office/bots/1/delete", headers=ENGLISH).text
    assert admin.post("/office/bots/1/delete").location == "/office/bots"
    with cast.database.read() as session:
        assert session.scalar(select(func.count()).select_from(GroupBot)) == 0
        assert session.scalar(select(func.count()).select_from(BotDelivery)) == 0
        entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "delete")).one()
    assert (entry.subject_kind, entry.facts["name"]) == ("group_bot", "财政局群")
    assert URL not in str(entry.facts)
    assert admin.post("/office/bots/1/delete").status_code == 404
