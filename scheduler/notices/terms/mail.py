"""The vocabulary of mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo


class MailState(StrEnum):
    """How far a notice's mail is."""

    WAITING = "waiting"
    SENT = "sent"
    """The mail server took it."""
    SKIPPED = "skipped"
    """Not to be mailed, and why is noted: mail is off, muted, no address, read already."""
    FAILED = "failed"
    """Refused for good, or given up."""


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and who sends it. `greets_as` is the name by which this side says who it is."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: MailSecurity = MailSecurity.STARTTLS
    greets_as: str = "localhost"
    timeout: timedelta = timedelta(seconds=20)

    def __repr__(self) -> str:
        return f"<MailServer {self.host}:{self.port}>"  # never the password


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a mail: the address as the office keeps it ("" if it keeps none), and how the person reads."""

    name: str
    email: str
    language: str
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What a mail of some kind holds besides its sentence: labelled facts, lines of text, and a way to answer.

    Labels are message ids; the facts' values are as they shall be shown, days and instants as such. `path` leads to an
    answer without a password, once; without it the invitation leads to the notice's own page.
    """

    facts: tuple[tuple[str, object], ...]
    invitation: str
    path: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice in the hands of one sender until the lease ends; `claim` is the fencing token."""

    notice_id: int
    claim: int
    kind: str
    subject: str
    recipient_id: int
    slot: str
    message_id: str
    facts: Mapping[str, Any]
    address: str
    posted_at: datetime
    failures: int
    was_read: bool
