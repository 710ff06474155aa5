"""A conversation with the mail server, and what its refusals mean."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from scheduler.notices.rules.mail import one_line
from scheduler.notices.terms.mail import MailSecurity, MailServer

_PERMANENT, _CLOSING = 500, 421
_LONGEST_REASON = 160


class Refused(Exception):
    """The server did not take the mail. `for_good`: asking again is of no use; `gone`: the conversation has ended."""

    def __init__(self, reason: str, *, for_good: bool = False, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = one_line(reason, _LONGEST_REASON)
        self.for_good = for_good
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Conversation:
    """An open connection over which any number of mails are handed in, one after the other."""

    smtp: smtplib.SMTP
    sender: str

    def hand_in(self, mail: EmailMessage, to: str) -> None:
        """Hand a mail in for one address. Refuses with Refused; then it may have been taken or not if `gone`."""
        try:
            self.smtp.sendmail(self.sender, [to], mail.as_bytes())
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(*error.recipients[to]) from error
        except smtplib.SMTPSenderRefused as error:  # our own address: nobody's mail gets through until that is mended
            raise _refused(error.smtp_code, error.smtp_error, for_good=False) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            msg = f"{type(error).__name__}: {error}"
            raise Refused(msg, gone=True) from error


def _refused(code: int, said: bytes | str, *, for_good: bool = True) -> Refused:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Refused(f"{code} {words}", for_good=for_good and code >= _PERMANENT, gone=code == _CLOSING)


@contextmanager
def conversation(server: MailServer) -> Iterator[Conversation]:
    """Yield an open conversation. Raises OSError or SMTPException where there is none to be had."""
    where, seconds = (server.host, server.port, server.greets_as), server.timeout.total_seconds()
    trusted = ssl.create_default_context()
    smtp = (
        smtplib.SMTP_SSL(*where, timeout=seconds, context=trusted)
        if server.security is MailSecurity.TLS
        else smtplib.SMTP(*where, timeout=seconds)
    )
    try:
        if server.security is MailSecurity.STARTTLS:
            smtp.starttls(context=trusted)
        if server.user:
            smtp.login(server.user, server.password)
        yield Conversation(smtp, server.sender)
    finally:
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()
