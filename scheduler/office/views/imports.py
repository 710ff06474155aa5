"""Pages of imports: upload, dry run, report, import or discard."""

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from scheduler.core.errors import Refusal, lazy
from scheduler.core.pages import language
from scheduler.core.web import afterwards, database, now, number_asked, requires, sessions, signed_in, zone
from scheduler.office.access import OfficePermission
from scheduler.office.actions import discard_import, resume_import, start_import, upload_workbook
from scheduler.office.forms.uploads import UploadForm
from scheduler.office.models import YearImport
from scheduler.office.queries.uploads import get_upload, recent_uploads
from scheduler.office.rules.sheets import problem_sheet, template_workbook
from scheduler.office.rules.uploads import is_interrupted
from scheduler.office.tasks import begin_import
from scheduler.office.terms import ImportState, Severity
from scheduler.office.terms.report import ImportReport, Problem
from scheduler.office.terms.sheets import SHEET
from scheduler.office.views.blueprint import blueprint

_PAGE = 50
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKING = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.IMPORTING)


@blueprint.route("/imports", methods=["GET", "POST"])
@requires(OfficePermission.IMPORT)
def imports() -> AnyResponse | tuple[str, int]:
    """Upload a workbook, and see what became of earlier ones."""
    form = UploadForm()
    if form.holds:
        file = form.workbook.data
        try:
            row = upload_workbook(database(), signed_in(), file.filename or "", file.read(), now=now())
        except Refusal as refusal:
            refusal.field = "workbook"
            form.show(refusal)
        else:
            _work_on(row)
            return redirect(url_for("office.show_import", import_id=row.id))
    rows = recent_uploads(database(), signed_in())
    return render_template("office/imports.html", form=form, rows=rows), form.status


@blueprint.get("/imports/template.xlsx")
@requires(OfficePermission.IMPORT)
def import_template() -> Response:
    """Download the empty workbook with headings, drop-downs, notes and examples."""
    return _sheet(template_workbook(), "year-template.xlsx")


@blueprint.get("/imports/<int:import_id>")
@requires(OfficePermission.IMPORT)
def show_import(import_id: int) -> str:
    """Say how far an import is, what was found, and what can be done with it."""
    row = get_upload(database(), signed_in(), import_id)
    report = ImportReport.from_json(row.report)
    chosen = _filtered(report.problems)
    page = min(number_asked("page") or 1, max(1, -(-len(chosen) // _PAGE)))
    return render_template(
        "office/import.html",
        row=row,
        report=report,
        sheets=[(SHEET[key].titles[0], counts) for key, counts in report.sheets.items()],
        errors=row.report.get("error_count", 0),
        total=len(chosen),
        page_number=page,
        pages=max(1, -(-len(chosen) // _PAGE)),
        problems=[_shown(problem) for problem in chosen[(page - 1) * _PAGE : page * _PAGE]],
        titles=sorted({problem.sheet for problem in report.problems if problem.sheet}),
        failed=_failure(row),
        working=row.state in _WORKING,
        interrupted=is_interrupted(row.state, row.leased_until, now()) and not _is_fresh(row),
    )


@blueprint.post("/imports/<int:import_id>/start")
@requires(OfficePermission.IMPORT)
def start(import_id: int) -> AnyResponse:
    """Import the workbook, or its good rows."""
    row = start_import(database(), signed_in(), import_id, good_rows=request.form.get("rows") == "good", now=now())
    _work_on(row)
    return redirect(url_for("office.show_import", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/resume")
@requires(OfficePermission.IMPORT)
def resume(import_id: int) -> AnyResponse:
    """Do an interrupted step again."""
    _work_on(resume_import(database(), signed_in(), import_id, now=now()))
    return redirect(url_for("office.show_import", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/discard")
@requires(OfficePermission.IMPORT)
def discard(import_id: int) -> AnyResponse:
    """Drop the workbook; nothing of it is imported."""
    discard_import(database(), signed_in(), import_id, now=now())
    flash(gettext("The workbook was discarded; nothing of it was imported."), "ok")
    return redirect(url_for("office.imports"))


@blueprint.get("/imports/<int:import_id>/problems.xlsx")
@requires(OfficePermission.IMPORT)
def problems(import_id: int) -> Response:
    """Download the problems as a sheet, to hand them to whoever mends the workbook."""
    row = get_upload(database(), signed_in(), import_id)
    chosen = _filtered(ImportReport.from_json(row.report).problems)
    headings = (
        gettext("Sheet"),
        gettext("Row"),
        gettext("Column"),
        gettext("Severity"),
        gettext("Problem"),
        gettext("Found"),
    )
    lines = [
        (problem.sheet, problem.row, problem.column, _severity(problem), _said(problem), problem.value)
        for problem in chosen
    ]
    return _sheet(problem_sheet(headings, lines), f"problems-{import_id}.xlsx")


def _work_on(row: YearImport) -> None:
    """Start the work once this request's transaction has committed, so that the worker finds the row."""
    everything, import_id, here, where = sessions(), row.id, current_app.extensions["settings"].installation_id, zone()

    def begin(_session: Session) -> None:
        begin_import(everything, import_id, installation_id=here, zone=where)

    afterwards(begin)


def _is_fresh(row: YearImport) -> bool:
    """Tell whether the worker may simply not have begun yet."""
    return row.progress == 0 and row.leased_until is None and (now() - row.uploaded_at).total_seconds() < _GRACE


_GRACE = 10


def _filtered(found: Sequence[Problem]) -> list[Problem]:
    sheet, severity = request.args.get("sheet", ""), request.args.get("severity", "")
    return [
        problem
        for problem in found
        if (not sheet or problem.sheet == sheet) and (not severity or problem.severity == severity)
    ]


def _said(problem: Problem) -> str:
    facts = dict(problem.facts)
    if language() == "en" and "name_en" in facts:
        facts["name"] = facts["name_en"]
    return gettext(problem.message_id, **facts)


_SEVERITIES = {
    Severity.ERROR: lazy("Error"),
    Severity.WARNING: lazy("Check"),
    Severity.LEFT: lazy("No longer in the workbook"),
}


def _severity(problem: Problem) -> str:
    return gettext(_SEVERITIES[problem.severity])


def _shown(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "message": _said(problem),
        "value": problem.value,
        "address": problem.address,
        "severity": {Severity.ERROR: "bad", Severity.WARNING: "warn"}.get(problem.severity, "info"),
    }


def _failure(row: YearImport) -> str:
    failed = row.report.get("failed")
    if failed is None:
        return ""
    message_id: str = failed["message_id"]
    if not message_id:
        return gettext("Something went wrong on our side. Nothing was imported.")
    return gettext(message_id, **failed["facts"])


def _sheet(data: bytes, name: str) -> Response:
    response = make_response(data)
    response.headers["Content-Type"] = _SHEETS
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
