"""The list of pairings, and the page of one."""

from flask import Response, render_template, request
from flask_babel import gettext as _

from scheduler.core.pages import language
from scheduler.core.sheets import MOST_ROWS, sheet_answer, sheet_asked
from scheduler.core.text import whole_number
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.mentoring import queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.forms.pairings import PairingFilterForm
from scheduler.mentoring.queries import PairingFilter
from scheduler.mentoring.queries.progress import attainments_of
from scheduler.mentoring.queries.records import MOST
from scheduler.mentoring.rules.attainment import may_be_assessed
from scheduler.mentoring.rules.coverage import draw_coverage
from scheduler.mentoring.rules.duty import days_left
from scheduler.mentoring.rules.life import open_steps
from scheduler.mentoring.terms import PairingRow, PairingStatus, Step
from scheduler.mentoring.views.blueprint import blueprint, pairing_status, today


@blueprint.get("/mentoring/pairings")
@requires(MentoringPermission.READ)
def list_pairings() -> str | Response:
    """Show the pairings that the reader may see: by words, status and programme, a page at a time or as a sheet."""
    db, actor, form = database(), signed_in(), PairingFilterForm(request.args)
    form.offer(queries.programme_choices(db, language()))
    status = form.state.data or ""
    wanted = PairingFilter(
        text=(form.q.data or "").strip()[:80],
        status=PairingStatus(status) if status in set(PairingStatus) else None,
        programme_id=whole_number(form.programme.data),
    )
    if sheet_asked():
        return _as_sheet(queries.find_pairings(db, actor, wanted, today=today(), size=MOST_ROWS).rows)
    listed = queries.find_pairings(db, actor, wanted, today=today(), page=number_asked("page") or 1)
    return render_template("mentoring/list.html", form=form, listed=listed, filtered=wanted != PairingFilter())


def _as_sheet(rows: list[PairingRow]) -> Response:
    headings = [
        _("Mentor"),
        _("Staff number"),
        _("Mentor's unit"),
        _("Mentee"),
        _("Staff number"),
        _("Mentee's unit"),
        _("Mentoring programme"),
        _("Term"),
        _("First day"),
        _("Last day"),
        _("Status"),
        _("Guidance this month"),
    ]
    cells = (
        (
            row.mentor,
            row.mentor_no,
            row.mentor_unit,
            row.mentee,
            row.mentee_no,
            row.mentee_unit,
            row.programme(language()),
            row.term,
            row.starts_on,
            row.ends_on,
            pairing_status(row.status),
            row.counted,
        )
        for row in rows
    )
    return sheet_answer(_("Pairings"), headings, cells)


@blueprint.get("/mentoring/pairings/<int:pairing_id>")
@requires(MentoringPermission.READ)
def show_pairing(pairing_id: int) -> str:
    """Show a pairing: how it stands, goals, coverage of content areas, records, history, and what can be done."""
    db, actor = database(), signed_in()
    shown = queries.get_pairing(db, actor, pairing_id)
    pairing = shown.pairing
    covered = queries.coverage(db, pairing.id, pairing.programme_id, language())
    steps = set(open_steps(pairing.status)) - {Step.AGREE}
    asked = (shown.guides and not pairing.mentor_agreed_at) or (shown.is_guided and not pairing.mentee_agreed_at)
    return render_template(
        "mentoring/pairing.html",
        shown=shown,
        pairing=pairing,
        programme=pairing.programme.name(language()),
        standing=queries.standing_of(db, pairing.id, today().replace(day=1)),
        left=days_left(today()),
        covered=covered,
        meetings=queries.meetings_of(db, pairing.id, now=now()) if shown.guides else [],
        picture=draw_coverage(
            [(one.id, one.name) for one in covered],
            queries.covered_days(db, pairing.id),
            pairing.starts_on,
            pairing.last_day,
            today(),
        ),
        records=queries.records_of(db, shown, zone(), language=language()),
        most=MOST,
        events=queries.history_of(db, pairing.id),
        assessments=attainments_of(db, pairing.id) if shown.manages or shown.guides or shown.is_guided else [],
        may_assess=may_be_assessed(pairing.status, pairing.last_day, today())
        and not (shown.guides or shown.is_guided)
        and actor.may(MentoringPermission.MANAGE, shown.mentee_path),
        steps=steps if shown.manages else set(),
        asks_to_agree=asked and pairing.status is PairingStatus.PROPOSED,
    )
