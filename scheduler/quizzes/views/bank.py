"""The item bank: its list and exports, an item with its versions, adding, revising, retiring and restoring."""

from datetime import datetime

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from scheduler.core.errors import Refusal
from scheduler.core.pages import language, say
from scheduler.core.sheets import XLSX, download, sheet, sheet_asked
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions import bank as actions
from scheduler.quizzes.forms.bank import BankFilterForm, ItemForm, typed
from scheduler.quizzes.queries import bank as queries
from scheduler.quizzes.rules.bank.gift_writing import write_gift
from scheduler.quizzes.rules.bank.moodle import write_moodle
from scheduler.quizzes.rules.bank.sheets import write_sheet
from scheduler.quizzes.terms.bank import BankFilter, ItemText
from scheduler.quizzes.terms.reading import Format
from scheduler.quizzes.views.blueprint import blueprint

_WIDTHS = (12, 50)


@blueprint.get("/quizzes/bank")
@requires(QuizPermission.BANK)
def list_bank() -> str | Response:
    """Show the items that are asked for, as a page or as a sheet that can be imported again."""
    form = BankFilterForm(request.args)
    wanted = form.value()
    if sheet_asked():
        return _exported(Format.WORKBOOK, wanted)
    form.offer(queries.topics(database()))
    listed = queries.list_items(database(), signed_in(), wanted, page=number_asked("page") or 1)
    return render_template("quizzes/bank.html", form=form, listed=listed, filtered=wanted != BankFilter())


@blueprint.get("/quizzes/bank/export")
@requires(QuizPermission.BANK)
def export_bank() -> Response:
    """Download the items that the filter takes: as=xlsx, gift or moodle."""
    asked = request.args.get("as", "")
    form = Format(asked) if asked in {Format.GIFT, Format.MOODLE} else Format.WORKBOOK
    return _exported(form, BankFilterForm(request.args).value())


@blueprint.route("/quizzes/bank/new", methods=["GET", "POST"])
@requires(QuizPermission.BANK)
def add_item() -> tuple[str, int] | AnyResponse:
    """Write an item."""
    form = ItemForm()
    if form.holds:
        try:
            item = actions.add_item(database(), signed_in(), form.value(), now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            say(_("The item is in the bank."))
            return redirect(url_for("quizzes.show_item", item_id=item.id))
    topics = queries.topics(database())
    return render_template("quizzes/item_form.html", form=form, item_id=None, topics=topics), form.status


@blueprint.get("/quizzes/bank/<int:item_id>")
@requires(QuizPermission.BANK)
def show_item(item_id: int) -> str:
    """Show an item with its key and its versions."""
    shown = queries.get_item(database(), signed_in(), item_id)
    versions = [(one.row, one.by, queries.text_of(shown.item, one.row)) for one in shown.versions]
    return render_template("quizzes/item.html", item=shown.item, text=shown.text, versions=versions)


@blueprint.route("/quizzes/bank/<int:item_id>/edit", methods=["GET", "POST"])
@requires(QuizPermission.BANK)
def edit_item(item_id: int) -> tuple[str, int] | AnyResponse:
    """Revise an item; those who answered it keep the version that they saw."""
    shown = queries.get_item(database(), signed_in(), item_id)
    form = ItemForm(data={**typed(shown.text, english=language() == "en"), "version": shown.item.version})
    if form.holds:
        try:
            actions.revise_item(database(), signed_in(), item_id, form.value(), version=form.seen_version, now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            say(_("The item is saved."))
            return redirect(url_for("quizzes.show_item", item_id=item_id))
    topics = queries.topics(database())
    return render_template("quizzes/item_form.html", form=form, item_id=item_id, topics=topics), form.status


@blueprint.post("/quizzes/bank/<int:item_id>/retire")
@requires(QuizPermission.BANK)
def retire_item(item_id: int) -> AnyResponse:
    """Take an item out of use."""
    actions.retire_item(database(), signed_in(), item_id, now=now())
    say(_("The item is retired."), undo_url=url_for("quizzes.restore_item", item_id=item_id))
    return redirect(url_for("quizzes.show_item", item_id=item_id))


@blueprint.post("/quizzes/bank/<int:item_id>/restore")
@requires(QuizPermission.BANK)
def restore_item(item_id: int) -> AnyResponse:
    """Bring a retired item back."""
    actions.restore_item(database(), signed_in(), item_id, now=now())
    say(_("The item is in use again."), undo_url=url_for("quizzes.retire_item", item_id=item_id))
    return redirect(url_for("quizzes.show_item", item_id=item_id))


def _exported(form: Format, wanted: BankFilter) -> Response:
    texts = queries.item_texts(database(), signed_in(), wanted)
    name = f"{_('Item bank')} {_today(now()):%Y-%m-%d}"
    if form is Format.GIFT:
        return download(write_gift(texts).encode(), "text/plain; charset=utf-8", name, "items", "gift.txt")
    if form is Format.MOODLE:
        return download(write_moodle(texts).encode(), "application/xml", name, "items", "xml")
    return download(bank_sheet(texts), XLSX, name, "items", "xlsx")


def bank_sheet(texts: list[ItemText]) -> bytes:
    """Return items as a workbook in the reader's language, which can be imported again."""
    headings, rows = write_sheet(texts, english=language() == "en")
    return sheet(_("Item bank"), headings, rows, _WIDTHS)


def _today(instant: datetime) -> datetime:
    return instant.astimezone(zone())
