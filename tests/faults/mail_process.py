"""One process of many that send mail; killed without warning by test_mail_killed.py."""

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.core.database import Sessions, make_engine, sessions
from scheduler.models import load_models
from scheduler.notices.actions.outbox import claim_mail, settle_mail
from scheduler.notices.rules.mail import mail_id, write_mail
from scheduler.notices.tasks.connection import conversation
from scheduler.notices.tasks.mail import Postman, send_mail
from scheduler.notices.terms.mail import Addressee, Enclosure, MailSecurity, MailServer, MailState, Outgoing

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

load_models()  # once, in the server that the processes are forked from
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)


def addressees(_session: "Session", person_ids: "Collection[int]") -> dict[int, Addressee]:
    return {person_id: Addressee("田瑞", f"p{person_id}@city.example", "zh_CN") for person_id in person_ids}


def compose(letter: Outgoing, to: Addressee, _enclosure: Enclosure | None) -> EmailMessage:
    """Write a short mail; which one it is, its id says."""
    return write_mail(
        sender="training@city.example",
        sender_name="t",
        name=to.name,
        address=to.email,
        subject=letter.slot,
        message_id=mail_id(letter, "city.example"),
        sent_at=letter.posted_at,
        text="x",
        html="x",
        language="zh_CN",
    )


def postman(port: int, lease: timedelta) -> Postman:
    """Return what sends; the mail server is told which process it is talking to."""
    server = MailServer("127.0.0.1", port, "training@city.example", security=MailSecurity.NONE)
    return Postman(
        server=replace(server, greets_as=f"{os.getpid()}.example"),
        zone=ZoneInfo("Asia/Shanghai"),
        quiet=None,
        addressees=addressees,
        compose=compose,
        portion=7,
        lease=lease,
    )


def send_until_killed(url: str, port: int, lease: timedelta) -> None:
    """Send what is due, again and again."""
    database, man = sessions(make_engine(url, pool_size=2)), postman(port, lease)
    while True:
        send_mail(database, man, now=NOW)
        threading.Event().wait(0.02)


def mark_first_until_killed(url: str, port: int, lease: timedelta) -> None:
    """Do it the wrong way round: mark as sent, then send. The control: this one loses what it marked."""
    database, man = sessions(make_engine(url, pool_size=2)), postman(port, lease)
    while True:
        _mark_first(database, man)
        threading.Event().wait(0.02)


def _mark_first(database: Sessions, man: Postman) -> None:
    with database.write() as session:
        letters = claim_mail(session, limit=man.portion, lease=man.lease, now=NOW)
        people = addressees(session, [letter.recipient_id for letter in letters])
    if not letters:
        return
    with conversation(man.server) as talk:
        for letter in letters:
            with database.write() as session:
                settle_mail(session, letter, MailState.SENT, now=NOW)
            to = people[letter.recipient_id]
            talk.hand_in(compose(letter, to, None), to.email)
