"""A posted notice really arrives by mail, once, as its reader wants it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from scheduler.notices.actions import mark_read
from scheduler.people.models import Account, Person
from tests.cast import Persona
from tests.harness.mailbox import Mailbox, listening
from tests.notices.conftest import NOW, Post, address

if TYPE_CHECKING:
    from flask import Flask

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_posted_notice_arrives_once(post_office: Post) -> None:
    post_office.tell(Persona.TRAINEE, Persona.FELLOW)
    assert post_office.go() == 2
    assert post_office.go() == 0
    box = post_office.mailbox
    assert sorted(box.recipients) == sorted([address(Persona.TRAINEE), address(Persona.FELLOW)])
    assert box.conversations == 1, "several mails over one connection"
    mail = box.mails[0]
    assert mail["Subject"] == "班次“青年班”已发布。"
    assert str(mail["From"]) == "干部教育培训 <training@city.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"].endswith("@training.city.example>")
    assert "https://training.city.example/classes/1" in box.text()
    assert mail["List-Unsubscribe"].startswith("<https://training.city.example/notices/mute/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert post_office.states() == [("sent", ""), ("sent", "")]


def test_each_reads_it_in_the_own_language_and_zone(post_office: Post) -> None:
    with post_office.cast.database.write() as session:
        account = Account.person_id == post_office.cast.people[Persona.TRAINEE]
        session.execute(update(Account).where(account).values(language="en", zone_name="Europe/Berlin"))
    facts: dict[str, Any] = {
        "title": "公文写作",
        "before": "2026-11-19T11:00:00+00:00",
        "after": "2026-11-20T11:00:00+00:00",
        "reason": "",
    }
    moved: dict[str, Any] = {
        "kind": "activity",
        "subject": "activity:1",
        "message_id": "“%(title)s” moves from %(before)s to %(after)s. %(reason)s",
    }
    post_office.tell(Persona.TRAINEE, Persona.FELLOW, address="/activities/1", **moved, **facts)
    assert post_office.go(quiet=None) == 2
    said = {str(mail["To"].addresses[0].addr_spec): mail for mail in post_office.mailbox.mails}
    assert (
        said[address(Persona.TRAINEE)]["Subject"]
        == "“公文写作” moves from Thu 19 Nov 2026 12:00 to Fri 20 Nov 2026 12:00."
    )
    assert "2026年11月19日（周四） 19:00" in said[address(Persona.FELLOW)]["Subject"]
    assert said[address(Persona.FELLOW)]["List-Unsubscribe-Post"] is None
    assert said[address(Persona.FELLOW)]["List-Unsubscribe"] is None, "what one is expected at cannot be muted"


def test_nobodys_words_become_headers_or_markup(post_office: Post) -> None:
    evil = "班\r\nBcc: all@city.example\r\n\r\n<script>x</script>\u2028" + "长" * 300
    with post_office.cast.database.write() as session:
        person = Person.id == post_office.cast.people[Persona.TRAINEE]
        session.execute(update(Person).where(person).values(name='田\r\nX-Evil: 1" <a@b.example>, 瑞'))
    post_office.tell(Persona.TRAINEE, title=evil)
    assert post_office.go() == 1
    (mail,) = post_office.mailbox.mails
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == [address(Persona.TRAINEE)]
    assert len(mail["Subject"]) == 120
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


@pytest.mark.parametrize(
    ("email", "note"),
    [
        ("", "The office keeps no address."),
        ("tian@城市.example", "The address is none."),
        ("a@b.example\nBcc: c@d.example", "The address is none."),
        ("a@b.example, c@d.example", "The address is none."),
        ("田 <a@b.example>", "The address is none."),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # decided before the database is asked
def test_without_a_usable_address_nothing_is_sent_and_it_is_noted(post_office: Post, email: str, note: str) -> None:
    with post_office.cast.database.write() as session:
        person = Person.id == post_office.cast.people[Persona.TRAINEE]
        session.execute(update(Person).where(person).values(email=email))
    post_office.tell(Persona.TRAINEE)
    assert post_office.go() == 0
    assert post_office.states() == [("skipped", note)]


@pytest.mark.parametrize("gone", ["left", "disabled"])
def test_who_is_gone_is_not_written_to(post_office: Post, gone: str) -> None:
    person_id = post_office.cast.people[Persona.TRAINEE]
    with post_office.cast.database.write() as session:
        if gone == "left":
            session.execute(update(Person).where(Person.id == person_id).values(left_at=NOW))
        else:
            session.execute(update(Account).where(Account.person_id == person_id).values(disabled_at=NOW))
    post_office.tell(Persona.TRAINEE)
    assert post_office.go() == 0
    assert post_office.states()[0][0] == "skipped"


def test_what_was_read_in_the_inbox_is_not_mailed_as_well(post_office: Post) -> None:
    post_office.tell(Persona.TRAINEE)
    with post_office.cast.database.write() as session:
        mark_read(session, post_office.cast.actor(session, Persona.TRAINEE), now=NOW)
    assert post_office.go() == 0
    assert post_office.states() == [("skipped", "Read already.")]


def test_what_was_posted_before_mail_was_on_stays_in_the_inbox(post_office: Post) -> None:
    post_office.tell(Persona.TRAINEE, slot="before", now=NOW - MINUTE)
    post_office.tell(Persona.TRAINEE, slot="after", now=NOW)
    assert post_office.go() == 1
    assert post_office.states() == [("skipped", "Mail was off."), ("sent", "")]


def test_what_is_older_than_three_days_is_not_mailed(post_office: Post) -> None:
    post_office.tell(Persona.TRAINEE, now=NOW)
    assert post_office.go(NOW + 3 * DAY + MINUTE) == 0
    assert post_office.states() == [("skipped", "Too old to be mailed.")]


def test_a_server_that_is_away_costs_nothing_but_time(quiet_post: Post, caplog: pytest.LogCaptureFixture) -> None:
    quiet_post.tell(Persona.TRAINEE)
    for minutes in range(3):
        assert quiet_post.go(NOW + minutes * MINUTE) == 0
    assert "no conversation with the mail server" in caplog.text
    assert (quiet_post.states(), quiet_post.row().mail_claim) == ([("waiting", "")], 0)
    box = Mailbox()
    with listening(box, quiet_post.port):
        assert quiet_post.go(NOW + 3 * MINUTE) == 1
    assert len(box.mails) == 1


def test_an_address_that_is_refused_for_good_is_noted_with_the_servers_words(post_office: Post) -> None:
    post_office.mailbox.at_recipient[address(Persona.TRAINEE)] = "550 5.1.1 no such mailbox"
    post_office.tell(Persona.TRAINEE, Persona.FELLOW)
    assert post_office.go() == 1
    assert post_office.states() == [("failed", "550 5.1.1 no such mailbox"), ("sent", "")]
    assert post_office.go(NOW + DAY) == 0


def test_greylisting_is_waited_out(post_office: Post) -> None:
    post_office.mailbox.at_recipient[address(Persona.TRAINEE)] = "450 4.2.0 greylisted"
    post_office.tell(Persona.TRAINEE)
    assert post_office.go() == 0
    assert post_office.row().mail_due_at == NOW + MINUTE
    assert post_office.go(NOW + timedelta(seconds=59)) == 0
    del post_office.mailbox.at_recipient[address(Persona.TRAINEE)]
    assert post_office.go(NOW + MINUTE) == 1


def test_it_is_tried_again_ever_more_rarely_and_given_up_after_three_days(post_office: Post) -> None:
    post_office.mailbox.at_data[address(Persona.TRAINEE)] = "451 try later"
    post_office.tell(Persona.TRAINEE)
    instant, waits = NOW, []
    while post_office.states()[0][0] == "waiting":
        assert post_office.go(instant, quiet=None) == 0
        due = post_office.row().mail_due_at
        assert due is not None
        waits.append(due - instant)
        instant = due
    assert waits[:6] == [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, DAY, DAY]
    assert post_office.states() == [("failed", "451 try later")]
    assert instant < NOW + 3 * DAY


def test_a_content_that_is_refused_for_good_is_not_sent_again(post_office: Post) -> None:
    post_office.mailbox.at_data[address(Persona.TRAINEE)] = "554 looks like spam"
    post_office.tell(Persona.TRAINEE)
    post_office.go()
    assert post_office.states() == [("failed", "554 looks like spam")]


def test_a_conversation_that_ends_leaves_the_rest_for_the_next_run(post_office: Post) -> None:
    post_office.mailbox.at_data[address(Persona.TRAINEE)] = "421 closing"
    post_office.tell(Persona.TRAINEE, Persona.FELLOW, Persona.MENTOR)
    assert post_office.go() == 0
    assert [state for state, _note in post_office.states()] == ["waiting"] * 3
    assert post_office.go() == 2, "those that were not tried are free at once"
    del post_office.mailbox.at_data[address(Persona.TRAINEE)]
    assert post_office.go(NOW + MINUTE) == 1


def test_a_notice_that_cannot_be_written_keeps_no_other_back(
    post_office: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post_office.tell(Persona.TRAINEE, message_id="broken")
    post_office.tell(Persona.FELLOW)
    compose = post_office.postman.compose

    def stumbling(letter, to, enclosure):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a composer
        if letter.message_id == "broken":
            raise ValueError
        return compose(letter, to, enclosure)

    assert post_office.go(compose=stumbling) == 1
    assert post_office.states() == [("waiting", "not written: ValueError"), ("sent", "")]
    assert "could not be written" in caplog.text


def test_a_second_copy_bears_the_same_id(post_office: Post) -> None:
    post_office.tell(Persona.TRAINEE)
    post_office.go()
    with post_office.cast.database.write() as session:
        row = session.merge(post_office.row())
        row.mail = row.mail.WAITING
    assert post_office.go() == 1
    first, second = post_office.mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes().split(b"boundary")[0] == second.as_bytes().split(b"boundary")[0]


def test_the_app_says_whether_mail_is_on(app: "Flask") -> None:
    assert repr(app.extensions["mail_server"]).startswith("<MailServer 127.0.0.1:")
