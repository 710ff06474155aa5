"""A mail server on loopback that keeps what it takes, and refuses what a test tells it to."""

import contextlib
import email
import socket
import threading
from dataclasses import dataclass, field
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

TAKEN = "250 OK"


@dataclass
class Mailbox:
    """What arrived, and how the server answers: `answers` maps an address to its answer to RCPT, or one to DATA."""

    mails: "list[EmailMessage]" = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    at_recipient: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)
    conversations: int = 0
    before_taking: "Callable[[str, EmailMessage], None]" = lambda _client, _mail: None
    after_taking: "Callable[[str, EmailMessage], None]" = lambda _client, _mail: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd names it
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.conversations += 1
        return responses

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = self.at_recipient.get(address, TAKEN)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail: EmailMessage = email.message_from_bytes(envelope.content, policy=default)
        (to,) = envelope.rcpt_tos
        answer = self.at_data.get(to, TAKEN)
        if answer.startswith("2"):
            self.before_taking(session.host_name, mail)
            with self.lock:
                self.mails.append(mail)
                self.recipients.append(to)
            self.after_taking(session.host_name, mail)
        return answer

    def text(self, number: int = -1) -> str:
        """Return the plain text of a mail, the newest unless another is asked for."""
        body = self.mails[number].get_body(("plain",))
        assert body is not None
        content: str = body.get_content()
        return content


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextlib.contextmanager
def listening(mailbox: Mailbox, port: int, *, tls: "ssl.SSLContext | None" = None, **options: Any) -> "Iterator[None]":
    """Let the server listen on `port`; `tls` from the first byte, `tls_context` among the options for STARTTLS."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ssl_context=tls, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
