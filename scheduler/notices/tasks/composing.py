"""Putting a notice into words for a mail: in the recipient's language and zone, from the same texts as the pages."""

from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage

from flask import Flask, g
from flask_babel import force_locale, gettext

from scheduler.core.pages import in_words
from scheduler.core.web import own_path
from scheduler.notices.rules.mail import mail_id, write_mail
from scheduler.notices.rules.words import fill
from scheduler.notices.tasks.muting import mute_path
from scheduler.notices.terms.mail import Addressee, Enclosure, Outgoing
from scheduler.notices.terms.topics import MUTABLE, NAMES, topic_of

_TEMPLATES = "mail/notices/notice"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every mail of this installation bears."""

    sender: str
    organisation: str
    base_url: str
    installation: str


def compose(
    app: Flask, letterhead: Letterhead, letter: Outgoing, to: Addressee, enclosure: Enclosure | None
) -> EmailMessage:
    """Return the mail of a notice; the same notice makes the same mail, but for a link that is made anew."""
    topic = topic_of(letter.kind)
    with app.app_context(), force_locale(to.language):
        g.reader_zone = to.zone or app.extensions["zone"]
        said = fill(gettext(letter.message_id), letter.facts, in_words)
        mute_url = letterhead.base_url + mute_path(app, letter.recipient_id, topic) if topic in MUTABLE else ""
        words = {
            "said": said,
            "name": to.name,
            "facts": [(gettext(label), _shown(value)) for label, value in enclosure.facts] if enclosure else [],
            "lines": enclosure.lines if enclosure else (),
            "invitation": gettext(enclosure.invitation) if enclosure else "",
            "answer_url": letterhead.base_url + enclosure.path if enclosure and enclosure.path else "",
            "page_url": letterhead.base_url + (own_path(letter.address) or "/notices"),
            "choices_url": f"{letterhead.base_url}/notices/preferences",
            "mute_url": mute_url,
            "topic": gettext(NAMES[topic]),
            "organisation": letterhead.organisation,
            "language": to.language,
        }
        text = app.jinja_env.get_template(f"{_TEMPLATES}.txt").render(words)
        html = app.jinja_env.get_template(f"{_TEMPLATES}.html").render(words)
        return write_mail(
            sender=letterhead.sender,
            sender_name=letterhead.organisation,
            name=to.name,
            address=to.email,
            subject=said,
            message_id=mail_id(letter, letterhead.installation),
            sent_at=letter.posted_at.astimezone(g.reader_zone),
            text=text,
            html=html,
            language=to.language,
            mute_url=mute_url,
        )


def _shown(value: object) -> str:
    return in_words(value) if isinstance(value, (date, datetime)) else str(value)
