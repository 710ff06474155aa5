"""The form of a mail: headers that nobody's text can add to, an id that stays, plain text and HTML."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from scheduler.notices.terms.mail import Outgoing

LONGEST_SUBJECT = 120


def mail_id(letter: Outgoing, installation: str) -> str:
    """Return the Message-ID of a notice, the same with every try, so that a second copy is known as such."""
    told_apart = "\n".join((letter.kind, letter.subject, str(letter.recipient_id), letter.slot))
    digest = hashlib.sha256(told_apart.encode()).hexdigest()[:20]
    return f"<notice.{letter.notice_id}.{digest}@{installation}>"


def one_line(text: str, limit: int = LONGEST_SUBJECT) -> str:
    """Return `text` fit for a header: no line breaks or other controls, at most `limit` characters."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def write_mail(  # noqa: PLR0913 - a mail has that many parts
    *,
    sender: str,
    sender_name: str,
    name: str,
    address: str,
    subject: str,
    message_id: str,
    sent_at: datetime,
    text: str,
    html: str,
    language: str,
    mute_url: str = "",
) -> EmailMessage:
    """Return the mail. `address` and `sender` are plain addresses, checked before."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(sender_name), addr_spec=sender)
    mail["To"] = Address(one_line(name), addr_spec=address)
    mail["Subject"] = one_line(subject)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = language.replace("_", "-")
    if mute_url:
        mail["List-Unsubscribe"] = f"<{mute_url}>"
        if mute_url.startswith("https://"):  # RFC 8058 allows the one click over nothing less
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text, charset="utf-8", cte="base64")
    mail.add_alternative(html, subtype="html", charset="utf-8", cte="base64")
    return mail
