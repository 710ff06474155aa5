"""Bots of group chats: the list, one of them, a test message."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.web import database, now, number_asked, requires, signed_in
from scheduler.notices.models import GroupBot
from scheduler.notices.rules.bots import HOSTS, masked
from scheduler.notices.tasks.webhook import tell_bot
from scheduler.notices.terms.bots import BOT_NAMES, STRAND_NAMES, Line
from scheduler.office.access import OfficePermission
from scheduler.office.actions import bots as actions
from scheduler.office.forms.bots import BotForm
from scheduler.office.queries.bots import get_bot, list_bots, unit_choices
from scheduler.office.views.blueprint import blueprint


@blueprint.get("/bots")
@requires(OfficePermission.BOTS)
def bots() -> str:
    """Show the bots of the groups in the reader's units."""
    number = number_asked("page") or 1
    rows, pages, total = list_bots(database(), signed_in(), page=number)
    if number > pages:
        number = pages
        rows, pages, total = list_bots(database(), signed_in(), page=number)
    shown = [(bot, unit, waiting, _(BOT_NAMES[bot.kind]), _carried(bot)) for bot, unit, waiting in rows]
    return render_template("office/bots.html", rows=shown, number=number, pages=pages, total=total)


def _carried(bot: GroupBot) -> str:
    return " · ".join(_(name) for strand, name in STRAND_NAMES.items() if strand in bot.strands)


@blueprint.route("/bots/add", methods=["GET", "POST"])
@requires(OfficePermission.BOTS)
def new_bot() -> tuple[str, int] | Response:
    """Add a bot."""
    form = _offer(BotForm())
    if form.holds:
        try:
            bot = actions.add_bot(database(), signed_in(), form.plan(), now=now())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Saved. Send a test message now, to see whether the group gets it."), "ok")
            return redirect(url_for("office.change_bot", bot_id=bot.id))
    return render_template("office/bot.html", form=form, bot=None, hosts=_hosts()), form.status


@blueprint.route("/bots/<int:bot_id>", methods=["GET", "POST"])
@requires(OfficePermission.BOTS)
def change_bot(bot_id: int) -> tuple[str, int] | Response:
    """Show and change a bot; its keys are not shown."""
    bot = get_bot(database(), signed_in(), bot_id)
    kept = {"name": bot.name, "kind": bot.kind.value, "unit": bot.unit_id, "strands": bot.strands}
    kept |= {"language": bot.language, "enabled": bot.enabled_since is not None, "version": bot.version}
    form = _offer(BotForm(data=kept))
    if form.holds:
        try:
            actions.edit_bot(database(), signed_in(), bot_id, form.plan(), version=form.seen_version, now=now())
        except Refusal as refusal:
            database().rollback()
            bot = get_bot(database(), signed_in(), bot_id)
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("office.bots"))
    page = render_template("office/bot.html", form=form, bot=bot, address=masked(bot.url), hosts=_hosts())
    return page, form.status


@blueprint.route("/bots/<int:bot_id>/delete", methods=["GET", "POST"])
@requires(OfficePermission.BOTS)
def delete_bot(bot_id: int) -> str | Response:
    """Ask whether a bot shall be deleted, and delete it."""
    if request.method == "GET":
        return render_template("office/bot_delete.html", bot=get_bot(database(), signed_in(), bot_id))
    actions.delete_bot(database(), signed_in(), bot_id, now=now())
    flash(_("Deleted. The group is told nothing any more."), "ok")
    return redirect(url_for("office.bots"))


@blueprint.post("/bots/<int:bot_id>/test")
@requires(OfficePermission.BOTS)
def test_bot(bot_id: int) -> Response:
    """Send a test message and say what the service answered."""
    bot = get_bot(database(), signed_in(), bot_id)
    door, spoken = bot.door, bot.language
    database().rollback()  # nobody shall wait for this request while it waits for another's answer
    settings = current_app.extensions["settings"]
    with current_app.app_context(), force_locale(spoken):  # a context of its own, for the reader reads another
        line = Line(_("This is a test message; nothing has changed."), settings.base_url)
    answer = tell_bot(door, settings.organisation, [line], now=now())
    actions.note_test(database(), signed_in(), bot_id, answer, now=now())
    if answer.taken:
        flash(_("The service took the message. Look into the group."), "ok")
    else:
        flash(_("The service did not take the message. It said: %(said)s", said=answer.said), "bad")
    return redirect(url_for("office.change_bot", bot_id=bot_id))


def _offer(form: BotForm) -> BotForm:
    form.unit.choices = unit_choices(database(), signed_in())
    return form


def _hosts() -> list[tuple[str, str]]:
    return [(_(BOT_NAMES[kind]), host) for kind, host in HOSTS.items()]
