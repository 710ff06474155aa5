"""Mail in a real browser: chosen on the page, muted by the mail's link, a record confirmed from the mail that arrived."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from scheduler.jobs.tasks.deliveries import postman
from scheduler.mentoring.models import GuidanceRecord, Pairing
from scheduler.notices.actions import post
from scheduler.notices.tasks.mail import send_mail
from scheduler.people.models import Person
from tests.harness.mailbox import Mailbox, free_port, listening
from tests.journeys.conftest import WEDNESDAY
from tests.journeys.visitor import PHONE

if TYPE_CHECKING:
    from flask import Flask

    import config
    from tests.journeys.visitor import Visitor

Come = Callable[..., "Visitor"]


@pytest.fixture
def settings(settings: "config.Settings") -> "config.Settings":
    server = {"smtp_host": "127.0.0.1", "smtp_security": "none", "mail_from": "training@city.example"}
    return replace(settings, smtp_port=free_port(), **server)  # type: ignore[arg-type]  # texts all of them


@pytest.fixture
def mailbox(settings: "config.Settings") -> Iterator[Mailbox]:
    box = Mailbox()
    with listening(box, settings.smtp_port):
        yield box


def _deliver(app: "Flask") -> None:
    man = postman(app)
    assert man is not None
    send_mail(app.extensions["sessions"], man, now=WEDNESDAY)


def _link(box: Mailbox, kind: str) -> str:
    """Return the path of the link of a kind in the newest mail."""
    (found,) = re.findall(rf"http://127\.0\.0\.1:\d+(/{kind}/\S+)", box.text())
    return str(found)


@pytest.fixture
def mentee(app: "Flask") -> int:
    """Give the mentor's mentee a mail address; mail is on from now."""
    with app.extensions["sessions"].write() as session:
        pairs = select(Pairing.mentee_id).join(Person, Person.id == Pairing.mentor_id)
        person_id = session.scalars(pairs.where(Person.staff_no == "mentor").order_by(Pairing.id)).first()
        assert person_id is not None
        session.execute(update(Person).where(Person.id == person_id).values(email="mentee@city.example"))
    _deliver(app)
    return int(person_id)


def test_a_record_is_confirmed_from_the_mail_that_arrived(
    app: "Flask", come: Come, mailbox: Mailbox, mentee: int
) -> None:
    mentor = come("mentor")
    mentor.taps_on("a[href$='/guidance']")
    mentor.fills(text="一起看了年终总结的提纲。")
    mentor.sends()
    mentor.main("form[action$='/link']").wait_for()
    _deliver(app)
    assert mailbox.recipients == ["mentee@city.example"]
    assert "提纲" not in mailbox.mails[0].as_string() + mailbox.text(), "the words stay in the house"
    assert "戴岩" in mailbox.text()
    holder = come()
    holder.page.goto(_link(mailbox, "confirm"))
    assert holder.too_wide() == []
    holder.taps_on("form[method=post] button.primary")
    holder.page.wait_for_function("() => !document.querySelector('main form')")
    assert holder.taps == 1
    with app.extensions["sessions"].read() as session:
        newest = session.scalars(select(GuidanceRecord).order_by(GuidanceRecord.id.desc()).limit(1)).one()
        assert newest.confirmation == "confirmed"
        assert session.get_one(Pairing, newest.pairing_id).mentee_id == mentee


def test_the_mails_link_mutes_with_one_tap_and_undoes_it(
    app: "Flask", come: Come, mailbox: Mailbox, mentee: int
) -> None:
    said = {"message_id": "The class %(title)s has been published.", "title": "青年班", "address": "/classes/1"}
    with app.extensions["sessions"].write() as session:
        post(session, [mentee], kind="class_published", subject="class:1", slot="x", now=WEDNESDAY, **said)
    _deliver(app)
    holder = come()
    holder.page.goto(_link(mailbox, "notices/mute"))
    assert holder.hurdles(PHONE) == []
    holder.taps_on("form[method=post] button.primary")
    assert holder.taps == 1
    assert "已不再通知" in holder.text()
    holder.taps_on("form[method=post] button")
    assert "已恢复通知" in holder.text()


def test_preferences_are_set_and_stay(come: Come) -> None:
    trainee = come("trainee")
    trainee.page.goto("/notices")
    trainee.taps_on("a[href='/notices/preferences']")
    trainee.main("[name=mail_classes]").uncheck()
    trainee.main("[name=quiet][value=own]").check()
    trainee.fills(starts="20:00", ends="08:00")
    trainee.sends()
    trainee.main(".notices .note.ok").wait_for()
    assert not trainee.main("[name=mail_classes]").is_checked()
    assert trainee.main("[name=mail_schedule]").is_checked()
    assert trainee.main("[name=starts]").input_value() == "20:00"
    assert trainee.main("[name=quiet][value=own]").is_checked()
