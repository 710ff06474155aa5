"""The inbox."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing
from scheduler.core.pages import say
from scheduler.core.web import database, now, number_asked, own_path, requires, signed_in
from scheduler.notices import queries
from scheduler.notices.access import NoticePermission
from scheduler.notices.actions import mark_read
from scheduler.notices.actions.choices import mute
from scheduler.notices.models import Notice
from scheduler.notices.terms.topics import NAMES, topic_of
from scheduler.notices.views.blueprint import blueprint

SIZE = 30


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


@blueprint.post("/notices/<int:notice_id>/mute")
@requires(NoticePermission.READ)
def mute_topic(notice_id: int) -> Response:
    """Tell the reader no more of what a notice is about."""
    notice = database().get(Notice, notice_id)
    if notice is None or notice.recipient_id != signed_in().person_id:
        raise Missing
    topic = topic_of(notice.kind)
    mute(database(), notice.recipient_id, topic, now=now())
    said = _("Muted from now on: %(topic)s.", topic=_(NAMES[topic]))
    say(said, undo_url=url_for("notices.unmute_topic", topic=topic.value))
    return redirect(url_for("notices.inbox"))
