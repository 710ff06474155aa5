"""The blueprint of notices, and what their templates share."""

from flask import Blueprint
from flask_babel import gettext

from scheduler.core.pages import in_words
from scheduler.notices.models import Notice
from scheduler.notices.rules.words import fill
from scheduler.notices.terms.topics import MUTABLE, NAMES, topic_of

blueprint = Blueprint("notices", __name__)


@blueprint.app_template_filter("notice_text")
def notice_text(notice: Notice) -> str:
    """Return the sentence of a notice in the reader's language, its instants in the reader's zone."""
    return fill(gettext(notice.message_id), notice.facts, in_words)


@blueprint.app_template_filter("muted_by")
def muted_by(notice: Notice) -> str:
    """Return the name of the topic that muting a notice mutes; empty if it must be told."""
    topic = topic_of(notice.kind)
    return gettext(NAMES[topic]) if topic in MUTABLE else ""
