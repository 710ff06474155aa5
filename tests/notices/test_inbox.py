"""The inbox: one's own notices, in the reader's words."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from scheduler.notices import queries
from scheduler.notices.actions import mark_read, post
from scheduler.notices.models import Notice
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 5, 1, 2, tzinfo=UTC)
ENGLISH = {"Accept-Language": "en"}


def tell(session: "Session", cast: Cast, *to: Persona, slot: str = "1", address: str = "/account") -> None:
    post(
        session,
        [cast.people[persona] for persona in to],
        kind="test",
        subject="activity:1",
        slot=slot,
        message_id="%(name)s is added. %(at)s %(on)s %(gone)s",
        address=address,
        now=NOW + timedelta(minutes=int(slot)),
        name="<b>甲</b>",
        at="2026-03-05T11:00:00+00:00",
        on="2026-03-06",
    )


def test_a_repeat_posts_nothing_more_and_nobody_gets_none(session: "Session", cast: Cast) -> None:
    for _ in range(2):
        tell(session, cast, Persona.TRAINEE, Persona.FELLOW, Persona.TRAINEE)
    tell(session, cast)
    assert len(session.scalars(select(Notice)).all()) == 2


def test_each_one_reads_and_marks_the_own(session: "Session", cast: Cast) -> None:
    for slot in ("1", "2", "3"):
        tell(session, cast, Persona.TRAINEE, Persona.FELLOW, slot=slot)
    trainee, fellow = (cast.actor(session, persona) for persona in (Persona.TRAINEE, Persona.FELLOW))
    newest, *_ = queries.recent(session, trainee)
    assert [row.slot for row in queries.recent(session, trainee, limit=2, skip=1)] == ["2", "1"]
    assert mark_read(session, fellow, newest.id, now=NOW) == 0
    assert mark_read(session, trainee, newest.id, now=NOW) == 1
    assert (queries.unread_count(session, trainee), queries.unread_count(session, fellow)) == (2, 3)
    assert mark_read(session, trainee, now=NOW) == 2
    assert (queries.unread_count(session, trainee), queries.count(session, trainee)) == (0, 3)


def test_the_page_says_it_in_the_readers_words(client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.TRAINEE)
    assert "No notices yet" in client.get("/notices", headers=ENGLISH).text
    with cast.database.write() as session:
        tell(session, cast, Persona.TRAINEE)
    page = client.get("/notices", headers=ENGLISH).text
    assert "&lt;b&gt;甲&lt;/b&gt; is added. Thu 5 Mar 2026 19:00 Fri 6 Mar 2026 …" in page
    assert "1 unread" in page
    assert "2026年3月5日（周四） 19:00" in client.get("/notices", headers={"Accept-Language": "zh-CN"}).text


@pytest.mark.parametrize(("address", "leads_to"), [("/account", "/account"), ("https://evil.example/", "/notices")])
def test_opening_marks_as_read_and_leads_to_the_page(
    client: "FlaskClient", cast: Cast, address: str, leads_to: str
) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    with cast.database.write() as session:
        tell(session, cast, Persona.TRAINEE, Persona.FELLOW, address=address)
        ids = dict(row for row in session.execute(select(Notice.recipient_id, Notice.id)).all())
    cast.sign_in(client, Persona.TRAINEE)
    assert client.post(f"/notices/{ids[cast.people[Persona.TRAINEE]]}/open").location == leads_to
    assert client.post(f"/notices/{ids[cast.people[Persona.FELLOW]]}/open").status_code == 404
    assert client.post("/notices/read").location == "/notices"
    with cast.database.read() as session:
        unread = session.scalars(select(Notice.recipient_id).where(Notice.read_at.is_(None))).all()
    assert unread == [cast.people[Persona.FELLOW]]


def test_long_inboxes_come_in_pages_of_constant_cost(client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.TRAINEE)
    said: list[str] = []
    event.listen(client.application.extensions["engine"], "before_cursor_execute", lambda *args: said.append(args[2]))
    costs = []
    for count in (1, 3, 31):
        with cast.database.write() as session:
            for slot in range(count):
                tell(session, cast, Persona.TRAINEE, slot=str(slot))
        said.clear()
        assert client.get("/notices").status_code == 200
        costs.append(len(said))
    assert costs[0] == costs[1] == costs[2]
    assert "page 2 of 2" in client.get("/notices?page=9", headers=ENGLISH).text
