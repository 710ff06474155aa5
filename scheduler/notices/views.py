"""The inbox."""

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing
from scheduler.core.pages import clock_time, day_in_words
from scheduler.core.web import database, now, number_asked, own_path, requires, signed_in
from scheduler.notices import queries
from scheduler.notices.access import NoticePermission
from scheduler.notices.actions import mark_read
from scheduler.notices.models import Notice
from scheduler.notices.rules import fill

blueprint = Blueprint("notices", __name__)
SIZE = 30


@blueprint.app_template_filter("notice_text")
def notice_text(notice: Notice) -> str:
    """Return the sentence of a notice in the reader's language, its instants in the reader's zone."""
    return fill(gettext(notice.message_id), notice.facts, _in_words)


def _in_words(value: datetime | date) -> str:
    return f"{day_in_words(value)} {clock_time(value)}" if isinstance(value, datetime) else day_in_words(value)


@blueprint.get("/notices")
@requires(NoticePermission.READ)
def inbox() -> str:
    """Show the notices to the reader, the newest first."""
    actor, total = signed_in(), queries.count(database(), signed_in())
    pages = max(1, -(-total // SIZE))
    number = min(number_asked("page") or 1, pages)
    return render_template(
        "notices/inbox.html",
        rows=queries.recent(database(), actor, limit=SIZE, skip=(number - 1) * SIZE),
        unread=queries.unread_count(database(), actor),
        number=number,
        pages=pages,
        total=total,
    )


@blueprint.post("/notices/<int:notice_id>/open")
@requires(NoticePermission.READ)
def open_notice(notice_id: int) -> Response:
    """Mark a notice as read and go to the page that it is about."""
    notice = database().get(Notice, notice_id)
    if notice is None or notice.recipient_id != signed_in().person_id:
        raise Missing
    mark_read(database(), signed_in(), notice_id, now=now())
    return redirect(own_path(notice.address) or url_for("notices.inbox"))


@blueprint.post("/notices/read")
@requires(NoticePermission.READ)
def read_all() -> Response:
    """Mark all notices as read."""
    marked = mark_read(database(), signed_in(), now=now())
    flash(ngettext("%(num)s notice is marked as read.", "%(num)s notices are marked as read.", marked), "ok")
    return redirect(url_for("notices.inbox"))
