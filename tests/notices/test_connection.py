"""The conversation with the mail server: protected, with a password, and over in good time."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from scheduler.notices.terms.mail import MailSecurity
from tests.cast import Persona
from tests.harness.mailbox import Mailbox, listening
from tests.notices.conftest import Post

_PEM = Path(__file__).resolve().parents[1] / "data" / "loopback.pem"
"""A key and a certificate for 127.0.0.1 that sign nothing but these tests."""
_PASSWORD = "secret"
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),  # what the wire says, not the database
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),  # the test's server, on loopback
]


def _allowed(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (b"office", _PASSWORD.encode()), handled=False)


@pytest.fixture(scope="module")
def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_PEM)
    return context


@contextmanager
def _served(post: Post, security: MailSecurity, context: ssl.SSLContext) -> Iterator[Mailbox]:
    box = Mailbox()
    door: dict[str, Any] = {"authenticator": _allowed, "auth_required": True}
    if security is MailSecurity.TLS:
        door |= {"tls": context, "auth_require_tls": False}
    elif security is MailSecurity.STARTTLS:
        door |= {"tls_context": context, "require_starttls": True}
    else:
        door |= {"auth_require_tls": False}
    with listening(box, post.port, **door):
        yield box


def _go(post: Post, security: MailSecurity, password: str) -> int:
    server = replace(post.postman.server, security=security, user="office", password=password)
    return post.go(server=server)


@pytest.mark.parametrize("security", MailSecurity)
def test_mail_leaves_however_the_server_wants_it_protected(
    quiet_post: Post, certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, security: MailSecurity
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(_PEM))
    quiet_post.tell(Persona.TRAINEE, Persona.FELLOW)
    with _served(quiet_post, security, certified) as box:
        assert _go(quiet_post, security, _PASSWORD) == 2
    assert len(box.mails) == 2


@pytest.mark.parametrize("security", [MailSecurity.TLS, MailSecurity.STARTTLS])
def test_a_server_that_cannot_say_who_it_is_gets_neither_password_nor_mail(
    quiet_post: Post, certified: ssl.SSLContext, caplog: pytest.LogCaptureFixture, security: MailSecurity
) -> None:
    quiet_post.tell(Persona.TRAINEE)
    with _served(quiet_post, security, certified) as box:
        assert _go(quiet_post, security, _PASSWORD) == 0
    assert box.mails == []
    assert "SSLCertVerificationError" in caplog.text


def test_a_wrong_password_sends_nothing_and_is_no_fault_of_the_mails(
    quiet_post: Post, certified: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    quiet_post.tell(Persona.TRAINEE)
    with _served(quiet_post, MailSecurity.NONE, certified):
        assert _go(quiet_post, MailSecurity.NONE, password="wrong") == 0
    assert quiet_post.row().mail_failures == 0
    assert "SMTPAuthenticationError" in caplog.text
    assert "wrong" not in caplog.text


def test_a_server_that_never_answers_is_left(quiet_post: Post, caplog: pytest.LogCaptureFixture) -> None:
    quiet_post.tell(Persona.TRAINEE)
    with socket.create_server(("127.0.0.1", quiet_post.port)):  # takes the call and says nothing
        server = replace(quiet_post.postman.server, timeout=timedelta(milliseconds=200))
        assert quiet_post.go(server=server) == 0
    assert "no conversation" in caplog.text
    assert quiet_post.states() == [("waiting", "")]


def test_a_sender_that_the_server_does_not_know_is_no_fault_of_the_mails(quiet_post: Post) -> None:
    class Strict(Mailbox):
        async def handle_MAIL(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd names it
            return "550 who are you"

    quiet_post.tell(Persona.TRAINEE)
    with listening(Strict(), quiet_post.port):
        assert quiet_post.go() == 0
    assert quiet_post.states() == [("waiting", "550 who are you")]
    assert quiet_post.row().mail_failures == 1


def test_a_server_that_hangs_up_in_the_midst_may_have_the_mail_or_not(quiet_post: Post) -> None:
    class Rude(Mailbox):
        async def handle_DATA(self, server: Any, *_: Any) -> str:  # noqa: N802 - aiosmtpd names it
            server.transport.abort()
            return "250 never heard"

    quiet_post.tell(Persona.TRAINEE, Persona.FELLOW)
    with listening(Rude(), quiet_post.port):
        assert quiet_post.go() == 0
    assert [state for state, _note in quiet_post.states()] == ["waiting"] * 2
    assert [quiet_post.row(number).mail_failures for number in (0, 1)] == [1, 0]
    assert "SMTPServerDisconnected" in quiet_post.states()[0][1]


def test_half_a_lease_is_enough_and_the_rest_is_given_back(quiet_post: Post) -> None:
    quiet_post.tell(Persona.TRAINEE, Persona.FELLOW)
    with listening(Mailbox(), quiet_post.port):
        assert quiet_post.go(lease=timedelta(0), most_at_once=timedelta(milliseconds=200)) == 0
        assert quiet_post.states() == [("waiting", "")] * 2
        assert quiet_post.go() == 2
