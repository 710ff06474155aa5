"""Whether a notice is mailed, now or later or not at all."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.core.errors import lazy
from scheduler.notices.rules.quiet import QuietHours, quiet_until
from scheduler.notices.rules.retrying import KEPT_TRYING
from scheduler.notices.terms.mail import Addressee, Outgoing
from scheduler.notices.terms.topics import topic_of

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_LONGEST_ADDRESS = 254

MAIL_OFF = lazy("Mail was off.")
TOO_OLD = lazy("Too old to be mailed.")
READ = lazy("Read already.")
NO_ADDRESS = lazy("The office keeps no address.")
BAD_ADDRESS = lazy("The address is none.")
MUTED = lazy("Muted.")
NOT_BY_MAIL = lazy("Not wanted by mail.")
SETTLED = lazy("Settled meanwhile.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person chose: topics without mail, muted topics, and quiet hours (the organisation's, own, or none)."""

    no_mail: frozenset[str]
    muted: frozenset[str]
    quiet: QuietHours | None


def is_address(text: str) -> bool:
    """Tell whether `text` is a mail address that any server takes: ASCII, one @, no blanks or line breaks."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def why_not(letter: Outgoing, to: Addressee | None, wishes: Wishes, *, since: datetime, now: datetime) -> str | None:
    """Return why a notice is not mailed at all (a message id); None: it is. `since` is when mail was switched on."""
    topic = topic_of(letter.kind)
    reasons = (
        (letter.posted_at < since, MAIL_OFF),
        (letter.posted_at < now - KEPT_TRYING, TOO_OLD),
        (letter.was_read, READ),
        (to is None or not to.email, NO_ADDRESS),
        (to is not None and not is_address(to.email), BAD_ADDRESS),
        (topic in wishes.muted, MUTED),
        (topic in wishes.no_mail, NOT_BY_MAIL),
    )
    return next((reason for holds, reason in reasons if holds), None)


def waits_until(to: Addressee, wishes: Wishes, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return until when the mail waits for the end of the reader's quiet hours; None: it may go now."""
    return quiet_until(wishes.quiet, to.zone or zone, now)
