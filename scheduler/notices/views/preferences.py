"""What the reader wants to be told, how and when."""

from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.pages import say
from scheduler.core.web import database, now, requires, signed_in
from scheduler.notices.access import NoticePermission
from scheduler.notices.actions.choices import choose, unmute
from scheduler.notices.forms import NEVER, OWN, USUAL, PreferencesForm
from scheduler.notices.queries.choices import find_own_quiet, wishes_of
from scheduler.notices.queries.outbox import find_last_mail
from scheduler.notices.rules.sending import is_address
from scheduler.notices.terms.topics import EXPLAINED, MUTABLE, NAMES, Topic
from scheduler.notices.views.blueprint import blueprint


@blueprint.route("/notices/preferences", methods=["GET", "POST"])
@requires(NoticePermission.READ)
def preferences() -> tuple[str, int] | Response:
    """Show and keep what the reader wants to be told."""
    person_id = signed_in().person_id or 0
    form = PreferencesForm(data=_chosen(person_id))
    if form.holds:
        try:
            choose(database(), person_id, form.wishes(), form.quiet_wish(), now=now())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            say(_("Saved."))
            return redirect(url_for("notices.preferences"))
    return render_template(
        "notices/preferences.html",
        form=form,
        topics=[(topic, _(NAMES[topic]), _(EXPLAINED[topic]), topic in MUTABLE) for topic in Topic],
        email=signed_in().email,
        is_usable=is_address(signed_in().email),
        last=find_last_mail(database(), person_id),
        mail_is_on=current_app.extensions["mail_server"] is not None,
        usual=current_app.extensions["quiet_hours"],
    ), form.status


def _chosen(person_id: int) -> dict[str, Any]:
    usual = current_app.extensions["quiet_hours"]
    wishes = wishes_of(database(), [person_id], usual)[person_id]
    own = find_own_quiet(database(), person_id)
    ticked = {f"mail_{topic}": topic not in wishes.no_mail for topic in Topic}
    muted = {f"muted_{topic}": topic in wishes.muted for topic in MUTABLE}
    hours = wishes.quiet if own else usual
    return {
        **ticked,
        **muted,
        "quiet": USUAL if own is None else OWN if own.starts else NEVER,
        "starts": hours.starts if hours else None,
        "ends": hours.ends if hours else None,
    }


@blueprint.post("/notices/topics/<topic>/unmute")
@requires(NoticePermission.READ)
def unmute_topic(topic: str) -> Response:
    """Tell the reader of a topic again."""
    wanted = next((one for one in MUTABLE if one.value == topic), None)
    if wanted is not None:
        unmute(database(), signed_in().person_id or 0, wanted)
        say(_("You are told again: %(topic)s.", topic=_(NAMES[wanted])))
    return redirect(url_for("notices.inbox"))
