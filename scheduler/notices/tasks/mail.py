"""Sending mail: claim a few, send each, note what became of it."""

import logging
import smtplib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.core.database import Sessions, retried
from scheduler.notices.actions.outbox import (
    claim_mail,
    note_mail_failure,
    postpone_mail,
    release_mail,
    settle_mail,
    switch_mail_off,
    switch_mail_on,
)
from scheduler.notices.queries.choices import wishes_of
from scheduler.notices.queries.outbox import is_mail_due
from scheduler.notices.rules.quiet import QuietHours
from scheduler.notices.rules.sending import SETTLED, waits_until, why_not
from scheduler.notices.tasks.connection import Conversation, Refused, conversation
from scheduler.notices.terms.mail import Addressee, Enclosure, MailServer, MailState, Outgoing

_logger = logging.getLogger(__name__)

Addressees = Callable[[Session, Collection[int]], Mapping[int, Addressee]]
"""Returns who the persons are, by id; those who are not to be written to are missing."""
Encloser = Callable[[Session, Outgoing, str, datetime], Enclosure | None]
"""Returns what belongs to a mail, in a language, made anew at an instant; None: the matter is settled, no mail."""
Composer = Callable[[Outgoing, Addressee, Enclosure | None], EmailMessage]


@dataclass(frozen=True, slots=True)
class Postman:
    """What mail needs to know of the rest of the house. `enclosers` are by kind of notice."""

    server: MailServer
    zone: ZoneInfo
    quiet: QuietHours | None
    addressees: Addressees
    compose: Composer
    enclosers: Mapping[str, Encloser] = field(default_factory=dict)
    portion: int = 20
    lease: timedelta = timedelta(minutes=5)
    """For how long a portion is one process's; no mail is begun after half of it."""
    most_at_once: timedelta = timedelta(minutes=2)
    """How long a run may last; the next one goes on."""


Ready = tuple[Outgoing, Addressee, Enclosure | None]


def send_mail(sessions: Sessions, postman: Postman, *, now: datetime) -> int:
    """Send what is due by `now`. Returns how many mails the server took.

    Where no server answers nothing is claimed, so nothing is late for it: the next run asks again.
    """
    since = retried(lambda: _switch_on(sessions, now))
    with sessions.read() as session:
        if not is_mail_due(session, now=now):
            return 0
    began, sent = monotonic(), 0
    try:
        with conversation(postman.server) as talk:
            while monotonic() - began < postman.most_at_once.total_seconds():
                claimed_at = monotonic()
                count, ready = retried(lambda: _take(sessions, postman, since, now))
                if not count:
                    break
                sent += _send(sessions, postman, talk, ready, claimed_at, now)
    except Refused:
        _logger.warning("the mail server ended the conversation; %s sent, the rest waits", sent)
    except (OSError, smtplib.SMTPException) as error:
        _logger.warning("no conversation with the mail server: %s: %s", type(error).__name__, error)
    return sent


def rest_mail(sessions: Sessions, *, now: datetime) -> None:
    """Settle what waits, for mail is off: it will not be mailed when mail is switched on."""

    def off() -> None:
        with sessions.write() as session:
            switch_mail_off(session, now=now)

    retried(off)


def _switch_on(sessions: Sessions, now: datetime) -> datetime:
    with sessions.write() as session:
        return switch_mail_on(session, now=now)


def _take(sessions: Sessions, postman: Postman, since: datetime, now: datetime) -> tuple[int, list[Ready]]:
    """Claim a portion, settle what is not to be mailed, and return how many were claimed and what is to be sent."""
    with sessions.write() as session:
        claimed = claim_mail(session, limit=postman.portion, lease=postman.lease, now=now)
        people = sorted({letter.recipient_id for letter in claimed})
        addressees = postman.addressees(session, people) if people else {}
        wishes = wishes_of(session, people, postman.quiet) if people else {}
        ready: list[Ready] = []
        for letter in claimed:
            to, wish = addressees.get(letter.recipient_id), wishes[letter.recipient_id]
            reason = why_not(letter, to, wish, since=since, now=now)
            if reason is not None or to is None:
                settle_mail(session, letter, MailState.SKIPPED, reason or "", now=now)
            elif later := waits_until(to, wish, postman.zone, now):
                postpone_mail(session, letter, later)
            elif (encloser := postman.enclosers.get(letter.kind)) is None:
                ready.append((letter, to, None))
            elif enclosure := encloser(session, letter, to.language, now):
                ready.append((letter, to, enclosure))
            else:
                settle_mail(session, letter, MailState.SKIPPED, SETTLED, now=now)
    return len(claimed), ready


def _send(
    sessions: Sessions,
    postman: Postman,
    talk: Conversation,
    ready: Sequence[Ready],
    claimed_at: float,
    now: datetime,
) -> int:
    sent = 0
    for place, (letter, to, enclosure) in enumerate(ready):
        if monotonic() - claimed_at > postman.lease.total_seconds() / 2:
            _release(sessions, ready[place:])
            break
        try:
            talk.hand_in(postman.compose(letter, to, enclosure), to.email)
        except Refused as refused:
            _note_refusal(sessions, letter, refused, now)
            if refused.gone:
                _release(sessions, ready[place + 1 :])
                raise
        except Exception as error:  # one notice that cannot be put into words must not keep the others back
            _logger.exception("notice %s could not be written as a mail", letter.notice_id)
            _note_refusal(sessions, letter, Refused(f"not written: {type(error).__name__}"), now)
        else:
            _note_sent(sessions, letter, now)
            sent += 1
    return sent


def _note_sent(sessions: Sessions, letter: Outgoing, now: datetime) -> None:
    def note() -> bool:
        with sessions.write() as session:
            return settle_mail(session, letter, MailState.SENT, now=now)

    if not retried(note):
        _logger.warning("notice %s was sent after its lease; another process may have sent it too", letter.notice_id)


def _note_refusal(sessions: Sessions, letter: Outgoing, refused: Refused, now: datetime) -> None:
    def note() -> None:
        with sessions.write() as session:
            if refused.for_good:
                settle_mail(session, letter, MailState.FAILED, refused.reason, now=now)
            else:
                note_mail_failure(session, letter, refused.reason, now=now)

    retried(note)


def _release(sessions: Sessions, rest: Sequence[Ready]) -> None:
    def give_back() -> None:
        with sessions.write() as session:
            release_mail(session, [letter for letter, _to, _enclosure in rest])

    retried(give_back)
