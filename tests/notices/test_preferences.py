"""What people choose, on the page, from the inbox and by the mail's link."""

import re
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from itsdangerous import URLSafeSerializer

from scheduler.core import clock
from scheduler.core.errors import Missing, Refusal
from scheduler.notices import queries
from scheduler.notices.actions.choices import QuietWish, Wish, choose, mute, unmute
from scheduler.notices.queries.choices import wishes_of
from scheduler.notices.rules.quiet import QuietHours, read_quiet
from scheduler.notices.tasks.muting import mute_path, read_mute_token
from scheduler.notices.terms.topics import MUTABLE, Topic
from scheduler.people.models import Person
from tests.cast import Persona
from tests.notices.conftest import CHINESE, ENGLISH, NOW, Post

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

HOUR = timedelta(hours=1)
on_sqlite = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # pages; the statements are tried on both
ALL_BY_MAIL = {f"mail_{topic}": "y" for topic in Topic}


def _inbox(post: Post, persona: Persona = Persona.TRAINEE) -> list[str]:
    with post.cast.database.read() as session:
        actor = post.cast.actor(session, persona)
        rows = queries.recent(session, actor, limit=99)
        assert queries.count(session, actor) == len(rows)
        assert queries.unread_count(session, actor) == len([row for row in rows if not row.read_at])
        return sorted(row.slot for row in rows)


def test_muting_hides_what_comes_after_and_undoing_brings_it_back(post_office: Post) -> None:
    person_id = post_office.cast.people[Persona.TRAINEE]
    post_office.tell(Persona.TRAINEE, Persona.FELLOW, slot="before")
    with post_office.cast.database.write() as session:
        mute(session, person_id, Topic.CLASSES, now=NOW + HOUR)
        mute(session, person_id, Topic.CLASSES, now=NOW + 2 * HOUR)  # twice: the first stands
    later = NOW + HOUR
    post_office.tell(Persona.TRAINEE, Persona.FELLOW, slot="after", now=later)
    post_office.tell(Persona.TRAINEE, slot="other", kind="activity", now=later)
    assert _inbox(post_office) == ["before", "other"]
    assert _inbox(post_office, Persona.FELLOW) == ["after", "before"]
    post_office.go(later)
    assert [state for state, _note in post_office.states()] == ["skipped", "sent", "skipped", "sent", "sent"]
    with post_office.cast.database.write() as session:
        unmute(session, person_id, Topic.CLASSES)
    assert _inbox(post_office) == ["after", "before", "other"]


@pytest.mark.parametrize("topic", sorted(set(Topic) - MUTABLE))
@on_sqlite
def test_what_must_be_told_is_not_muted(post_office: Post, topic: Topic) -> None:
    with post_office.cast.database.write() as session:
        with pytest.raises(Missing):
            mute(session, 1, topic, now=NOW)
        choose(session, 1, {topic: Wish(by_mail=False, muted=True)}, QuietWish(usual=True), now=NOW)
        wishes = wishes_of(session, [1], None)[1]
        assert not wishes.muted
        assert wishes.no_mail == {topic}


def test_without_mail_for_a_topic_the_inbox_still_has_it(post_office: Post) -> None:
    wish = {Topic.CLASSES: Wish(by_mail=False, muted=False)}
    with post_office.cast.database.write() as session:
        choose(session, post_office.cast.people[Persona.TRAINEE], wish, QuietWish(usual=True), now=NOW)
    post_office.tell(Persona.TRAINEE)
    assert post_office.go() == 0
    assert post_office.states() == [("skipped", "Not wanted by mail.")]
    assert _inbox(post_office) == ["1"]


def test_mail_waits_for_the_end_of_the_quiet_hours_and_the_inbox_does_not(post_office: Post) -> None:
    night = NOW + 12 * HOUR  # 22:00
    post_office.tell(Persona.TRAINEE, now=night)
    assert _inbox(post_office) == ["1"]
    assert post_office.go(night) == 0
    assert post_office.states() == [("waiting", "")]
    morning = NOW + timedelta(hours=21, minutes=30)
    assert post_office.row().mail_due_at == morning
    assert post_office.go(morning - timedelta(seconds=1)) == 0
    assert post_office.go(morning) == 1


@pytest.mark.parametrize(
    ("wish", "sent"),
    [
        (QuietWish(usual=True), 0),
        (QuietWish(usual=False), 1),
        (QuietWish(usual=False, hours=QuietHours(time(23), time(5))), 1),
        (QuietWish(usual=False, hours=QuietHours(time(18), time(9))), 0),
    ],
)
def test_own_quiet_hours_go_before_the_organisations(post_office: Post, wish: QuietWish, sent: int) -> None:
    night, person_id = NOW + 12 * HOUR, post_office.cast.people[Persona.TRAINEE]
    with post_office.cast.database.write() as session:
        choose(session, person_id, {}, QuietWish(usual=False), now=NOW)
    with post_office.cast.database.write() as session:
        choose(session, person_id, {}, wish, now=NOW)
    post_office.tell(Persona.TRAINEE, now=night)
    assert post_office.go(night, quiet=read_quiet("21:00-07:30")) == sent


@on_sqlite
def test_hours_without_length_are_refused(post_office: Post) -> None:
    hours = QuietHours(time(5), time(5))
    with post_office.cast.database.write() as session, pytest.raises(Refusal):
        choose(session, 1, {}, QuietWish(usual=False, hours=hours), now=NOW)


@on_sqlite
def test_the_page_keeps_what_was_chosen(client: "FlaskClient", post_office: Post) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    post_office.cast.sign_in(client, Persona.TRAINEE)
    page = client.get("/notices/preferences", headers=ENGLISH).text
    assert "p-trainee@city.example" in page
    assert "21:00–07:30" in page
    assert page.count("checked") == len(Topic) + 1, "all by mail, nothing muted, the usual quiet hours"
    chosen = {**ALL_BY_MAIL, "muted_classes": "y", "quiet": "own", "starts": "20:00", "ends": "08:15"}
    del chosen["mail_pairings"]
    assert client.post("/notices/preferences", data=chosen).location == "/notices/preferences"
    page = client.get("/notices/preferences", headers=ENGLISH).text
    assert re.search(r'name="muted_classes"[^>]*checked|checked[^>]*name="muted_classes"', page)
    assert page.count("checked") == len(Topic) + 1
    assert 'value="20:00"' in page
    assert 'value="08:15"' in page
    assert client.post("/notices/preferences", data={**ALL_BY_MAIL, "quiet": "never"}).status_code == 302
    assert re.search(r'checked[^>]*value="never"', client.get("/notices/preferences").text)
    refused = client.post("/notices/preferences", data={"quiet": "own", "starts": "20:00"}, headers=ENGLISH)
    assert refused.status_code == 422
    assert "another end" in refused.text
    assert client.post("/notices/preferences", data={**ALL_BY_MAIL, "quiet": "usual"}).status_code == 302


@on_sqlite
def test_the_page_says_why_no_mail_comes(app: "Flask", client: "FlaskClient", post_office: Post) -> None:
    with post_office.cast.database.write() as session:
        session.get_one(Person, post_office.cast.people[Persona.TRAINEE]).email = ""
        session.get_one(Person, post_office.cast.people[Persona.FELLOW]).email = "nonsense"
    for persona, said in (
        (Persona.TRAINEE, "keeps no mail address"),
        (Persona.FELLOW, "cannot be sent to the address"),
    ):
        post_office.cast.sign_in(client, persona)
        assert said in client.get("/notices/preferences", headers=ENGLISH).text
    app.extensions["mail_server"] = None
    assert "Mail is switched off" in client.get("/notices/preferences", headers=ENGLISH).text


@on_sqlite
def test_a_notice_in_the_inbox_mutes_its_topic_and_that_can_be_undone(client: "FlaskClient", post_office: Post) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    post_office.cast.sign_in(client, Persona.TRAINEE)
    post_office.tell(Persona.TRAINEE)
    post_office.tell(Persona.TRAINEE, kind="activity", subject="activity:1")
    page = client.get("/notices", headers=ENGLISH).text
    assert re.findall(r"/notices/(\d+)/mute", page) == ["1"], "only what may be muted"
    with clock.fixed(NOW + HOUR):
        answer = client.post("/notices/1/mute", headers=ENGLISH, follow_redirects=True)
        assert "Muted from now on: News of study classes." in answer.text
        assert client.post("/notices/2/mute").status_code == 404
        post_office.tell(Persona.TRAINEE, slot="2", now=NOW + HOUR)
        assert _inbox(post_office) == ["1", "1"]
        (undo,) = re.findall(r'action="(/notices/topics/[^"]+)"', answer.text)
        said = client.post(undo, headers=CHINESE, follow_redirects=True).text
    assert "研修班" in said or "班次" in said
    assert _inbox(post_office) == ["1", "1", "2"]
    assert client.post("/notices/topics/waiting/unmute").location == "/notices"


@on_sqlite
def test_the_mails_link_mutes_with_one_button_and_no_password(client: "FlaskClient", post_office: Post) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    post_office.tell(Persona.TRAINEE)
    post_office.go()
    (path,) = re.findall(r"https://training\.city\.example(/notices/mute/\S+)", post_office.mailbox.text())
    for _ in range(2):  # a scanner that follows links changes nothing
        assert "No more of “News of study classes”?" in client.get(path, headers=ENGLISH).text
    post_office.tell(Persona.TRAINEE, slot="2", now=NOW + HOUR)
    assert _inbox(post_office) == ["1", "2"]
    with clock.fixed(NOW + HOUR):
        assert "is muted" in client.post(path, headers=ENGLISH).text
    assert _inbox(post_office) == ["1"]
    assert "is told again" in client.post(path, data={"undo": "yes"}, headers=ENGLISH).text
    assert _inbox(post_office) == ["1", "2"]


@on_sqlite
def test_a_mail_program_mutes_by_one_click_without_a_session(client: "FlaskClient", post_office: Post) -> None:
    post_office.tell(Persona.TRAINEE)
    post_office.go()
    header = post_office.mailbox.mails[0]["List-Unsubscribe"].strip("<>")
    path = header.removeprefix("https://training.city.example")
    post_office.tell(Persona.TRAINEE, slot="2", now=NOW + HOUR)
    with clock.fixed(NOW + HOUR):
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert _inbox(post_office) == ["1"]
    assert client.post("/notices/preferences").status_code == 400, "the control: all else asks for the form's token"


@on_sqlite
def test_a_link_that_nobody_made_mutes_nothing(app: "Flask", client: "FlaskClient") -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    token = mute_path(app, 7, Topic.CLASSES).rpartition("/")[2]
    assert read_mute_token(app, token) == (7, Topic.CLASSES)
    foreign = URLSafeSerializer(app.config["SECRET_KEY"], salt="another purpose").dumps([7, "classes"])
    unmutable = mute_path(app, 7, Topic.WAITING).rpartition("/")[2]
    for bad in (token[:-1], f"{token}x", "x", foreign, unmutable):
        assert client.get(f"/notices/mute/{bad}").status_code == 410
        assert client.post(f"/notices/mute/{bad}").status_code == 410
