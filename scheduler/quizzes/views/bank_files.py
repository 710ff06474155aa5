"""Files of items: upload, dry run, report, import or discard."""

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from scheduler.core.errors import Refusal
from scheduler.core.pages import say
from scheduler.core.sheets import XLSX, download
from scheduler.core.web import database, now, number_asked, requires, signed_in
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.bank_files import discard_file, import_file, upload_items
from scheduler.quizzes.forms.bank import ItemFileForm
from scheduler.quizzes.queries.bank import get_file, recent_files
from scheduler.quizzes.rules.bank.examples import EXAMPLES
from scheduler.quizzes.terms.reading import FORMAT_NAMES, BankReport, Finding, Format, Place, Severity
from scheduler.quizzes.views.bank import bank_sheet
from scheduler.quizzes.views.blueprint import blueprint

_PAGE = 50


@blueprint.route("/quizzes/bank/import", methods=["GET", "POST"])
@requires(QuizPermission.BANK)
def import_bank() -> tuple[str, int] | AnyResponse:
    """Upload a file of items, and see what became of earlier ones."""
    form = ItemFileForm()
    if form.holds:
        file = form.file.data
        try:
            row = upload_items(database(), signed_in(), file.filename or "", file.read(), now=now())
        except Refusal as refusal:
            refusal.field = "file"
            form.show(refusal)
        else:
            return redirect(url_for("quizzes.show_item_file", file_id=row.id))
    files = [(one.row, one.by, BankReport.from_json(one.row.report)) for one in recent_files(database(), signed_in())]
    return render_template("quizzes/bank_import.html", form=form, files=files), form.status


@blueprint.get("/quizzes/bank/import/template.xlsx")
@requires(QuizPermission.BANK)
def bank_template() -> Response:
    """Download a workbook with the headings and an item of each type to write over."""
    return download(bank_sheet(list(EXAMPLES)), XLSX, _("Template of the item bank"), "item-template", "xlsx")


@blueprint.get("/quizzes/bank/import/<int:file_id>")
@requires(QuizPermission.BANK)
def show_item_file(file_id: int) -> str:
    """Say what an import would change, or has changed, and what is wrong in the file."""
    row = get_file(database(), signed_in(), file_id)
    report = BankReport.from_json(row.report)
    pages = max(1, -(-len(report.findings) // _PAGE))
    page = min(number_asked("page") or 1, pages)
    return render_template(
        "quizzes/bank_file.html",
        row=row,
        report=report,
        form=_(FORMAT_NAMES[report.format]),
        waits=row.imported_at is None and not report.discarded,
        number=page,
        pages=pages,
        findings=[_shown(one, report.format) for one in report.findings[(page - 1) * _PAGE : page * _PAGE]],
    )


@blueprint.post("/quizzes/bank/import/<int:file_id>/start")
@requires(QuizPermission.BANK)
def start_item_file(file_id: int) -> AnyResponse:
    """Bring the good items in."""
    report = import_file(database(), signed_in(), file_id, now=now())
    say(ngettext("%(num)s item is new in the bank.", "%(num)s items are new in the bank.", report.new))
    return redirect(url_for("quizzes.show_item_file", file_id=file_id))


@blueprint.post("/quizzes/bank/import/<int:file_id>/discard")
@requires(QuizPermission.BANK)
def discard_item_file(file_id: int) -> AnyResponse:
    """Drop the file; nothing of it comes into the bank."""
    discard_file(database(), signed_in(), file_id, now=now())
    say(_("The file was discarded; nothing of it was imported."))
    return redirect(url_for("quizzes.import_bank"))


def _shown(finding: Finding, form: Format) -> dict[str, Any]:
    return {
        "place": _place(finding.place, form),
        "column": finding.place.column,
        "message": _(finding.message_id, **finding.facts),
        "value": finding.value,
        "bad": finding.severity is Severity.ERROR,
        "address": url_for("quizzes.show_item", item_id=finding.item_id) if finding.item_id else "",
    }


def _place(place: Place, form: Format) -> str:
    if not place.row:
        return place.source or _("The whole file")
    if form is Format.WORKBOOK:
        return _("Sheet %(sheet)s, row %(row)s", sheet=place.source, row=place.row)
    line = _("Line %(line)s", line=place.row)
    return _("%(file)s, line %(line)s", file=place.source, line=place.row) if place.source else line
