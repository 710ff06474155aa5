"""What the tests of mail stand on: the cast with addresses, a mail server, and the product's own postman."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from scheduler.jobs.tasks.deliveries import postman as make_postman
from scheduler.notices.actions import post
from scheduler.notices.models import Notice
from scheduler.notices.tasks.mail import Postman, send_mail
from scheduler.people.models import Person
from tests.cast import Cast, Persona
from tests.harness.mailbox import Mailbox, free_port, listening

if TYPE_CHECKING:
    from flask import Flask

    import config

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
"""10:00 in Shanghai on a Wednesday."""
CHINESE, ENGLISH = {"Accept-Language": "zh-CN"}, {"Accept-Language": "en"}


def address(persona: Persona) -> str:
    return f"{persona.value.lower()}@city.example"


@dataclass
class Post:
    """A house with a mail server: post notices, let the postman go, look at what arrived."""

    cast: Cast
    mailbox: Mailbox
    postman: Postman
    port: int

    def tell(self, *to: Persona, slot: str = "1", now: datetime = NOW, **changes: Any) -> None:
        facts: dict[str, Any] = {"kind": "class_published", "subject": "class:1", "title": "青年班"}
        facts |= {"message_id": "The class %(title)s has been published.", "address": "/classes/1"} | changes
        with self.cast.database.write() as session:
            post(session, [self.cast.people[one] for one in to], slot=slot, now=now, **facts)

    def go(self, now: datetime = NOW, **changes: Any) -> int:
        return send_mail(self.cast.database, replace(self.postman, **changes), now=now)

    def states(self) -> list[tuple[str, str]]:
        """Return state and note of every notice's mail, in the order of posting."""
        with self.cast.database.read() as session:
            return [(row.mail.value, row.mail_note) for row in session.scalars(select(Notice).order_by(Notice.id))]

    def row(self, number: int = 0) -> Notice:
        with self.cast.database.read() as session:
            return session.scalars(select(Notice).order_by(Notice.id)).all()[number]


@pytest.fixture
def settings(settings: "config.Settings") -> "config.Settings":
    """Return the settings of an installation whose mail server listens on loopback."""
    return replace(
        settings,
        smtp_host="127.0.0.1",
        smtp_port=free_port(),
        smtp_security="none",
        mail_from="training@city.example",
        installation_id="training.city.example",
        base_url="https://training.city.example",
    )


@pytest.fixture
def mailbox(settings: "config.Settings") -> Iterator[Mailbox]:
    box = Mailbox()
    with listening(box, settings.smtp_port):
        yield box


@pytest.fixture
def quiet_post(app: "Flask", cast: Cast, settings: "config.Settings") -> Post:
    """Return the house while its mail server is away; everybody has an address, and mail is on."""
    with cast.database.write() as session:
        for persona, person_id in cast.people.items():
            session.execute(update(Person).where(Person.id == person_id).values(email=address(persona)))
    found = make_postman(app)
    assert found is not None
    house = Post(cast, Mailbox(), found, settings.smtp_port)
    house.go()
    return house


@pytest.fixture
def post_office(mailbox: Mailbox, quiet_post: Post) -> Post:
    quiet_post.mailbox = mailbox
    return quiet_post


Chosen = Callable[..., None]
