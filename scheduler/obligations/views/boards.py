"""How what is owed stands: all of it, one obligation, one subject down to the rows."""

from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing
from scheduler.core.pages import language
from scheduler.core.periods import Period, period_of
from scheduler.core.sheets import sheet_answer, sheet_asked
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.obligations import queries
from scheduler.obligations.access import ObligationPermission
from scheduler.obligations.forms import WaiverForm, WhatIfForm
from scheduler.obligations.models import Obligation
from scheduler.obligations.queries import Moment
from scheduler.obligations.rules import state_of
from scheduler.obligations.terms import MEASURES, Proof, Standing, State, Subject
from scheduler.obligations.views.blueprint import blueprint, moment_of, period_words, state_words, today

SIZE = 50
"""Rows on a page."""


@blueprint.get("/obligations")
@requires(ObligationPermission.READ)
def list_obligations() -> str:
    """Show all that is owed with how it stands in the present period."""
    db, actor = database(), signed_in()
    found = queries.find_obligations(db, actor)
    moments = {one.id: Moment(period_of(one.cadence, today()), zone(), now()) for one in found}
    present = [one for one in found if one.starts_on <= today() and (one.ends_on is None or one.ends_on > today())]
    others = [one for one in found if one not in present]
    scopes = actor.scopes(ObligationPermission.READ)
    figures = queries.all_figures(db, {one.id: queries.standings(one, moments[one.id], scopes) for one in present})
    number, pages = _page_of(len(others))
    return render_template(
        "obligations/list.html",
        present=[(one, moments[one.id].period, figures[one.id]) for one in present if figures[one.id].subjects],
        others=others[(number - 1) * SIZE : number * SIZE],
        number=number,
        pages=pages,
        total=len(others),
        may_settle=actor.may(ObligationPermission.SETTLE),
    )


@blueprint.get("/obligations/<int:obligation_id>")
@requires(ObligationPermission.READ)
def show_obligation(obligation_id: int) -> str | FlaskResponse | Response:
    """Show how the subjects of an obligation stand in a period, by unit or one by one; with another number, if asked."""
    db, actor = database(), signed_in()
    obligation = queries.get_obligation(db, actor, obligation_id)
    at = moment_of(obligation)
    if (elsewhere := _other_row(obligation, at)) is not None:
        return elsewhere
    form = WhatIfForm(request.args)
    what_if = form.number.data if form.validate() else None
    unit_id = number_asked("unit")
    scopes = actor.scopes(ObligationPermission.READ)
    rows = queries.standings(obligation, at, scopes, number=what_if, unit_id=unit_id)
    behind = request.args.get("show") == "behind"
    if sheet_asked():
        return _as_sheet(obligation, at, queries.single_standings(db, obligation, rows, behind=behind))
    figures = queries.all_figures(db, {0: rows})[0]
    of_pairings = MEASURES[obligation.metric].subject is Subject.PAIRING
    by_unit = of_pairings and not behind and unit_id is None
    total = queries.count_units(db, rows) if by_unit else figures.behind if behind else figures.subjects
    settles = actor.may(ObligationPermission.SETTLE, obligation.unit.path)
    number, pages = _page_of(total)
    skip = (number - 1) * SIZE
    return render_template(
        "obligations/board.html",
        one=obligation,
        period=at.period,
        **_neighbours(obligation, at),
        left=at.period.days_left(today()),
        figures=figures,
        by_unit=by_unit,
        units=queries.unit_figures(db, rows, skip=skip, limit=SIZE) if by_unit else [],
        rows=[]
        if by_unit
        else _with_state(queries.single_standings(db, obligation, rows, behind=behind, skip=skip, limit=SIZE), at),
        behind=behind,
        unit_id=unit_id,
        of_pairings=of_pairings,
        what_if=what_if,
        form=form,
        number=number,
        pages=pages,
        total=total,
        may_settle=settles and obligation.ends_on is None,
        may_resume=settles and _ends_later(obligation),
    )


@blueprint.get("/obligations/<int:obligation_id>/subjects/<int:subject_id>")
@requires(ObligationPermission.READ)
def show_subject(obligation_id: int, subject_id: int) -> str | FlaskResponse | Response:
    """Show the rows behind the figure of one subject: what counts, what does not and why."""
    db, actor = database(), signed_in()
    obligation = queries.get_obligation(db, actor, obligation_id)
    at = moment_of(obligation)
    if (elsewhere := _other_row(obligation, at, subject_id)) is not None:
        return elsewhere
    rows = queries.standings(obligation, at, actor.scopes(ObligationPermission.READ))
    standing = queries.one_standing(db, obligation, rows, subject_id)
    if standing is None:
        raise Missing
    if sheet_asked():
        return _proofs_as_sheet(obligation, at, standing, queries.proofs_of(db, obligation, at, subject_id))
    proofs = queries.proofs_of(db, obligation, at, subject_id, most=queries.MOST)
    counting, barred = [one for one in proofs if not one.barred], [one for one in proofs if one.barred]
    cut = len(proofs) == queries.MOST
    waivable = queries.standings(obligation, at, actor.scopes(ObligationPermission.WAIVE))
    return render_template(
        "obligations/subject.html",
        one=obligation,
        period=at.period,
        **_neighbours(obligation, at),
        standing=standing,
        state=_state(standing, at),
        counting=counting,
        barred=barred,
        counts=queries.count_proofs(db, obligation, at, subject_id) if cut else (len(counting), len(barred)),
        waivers=queries.waivers_of(db, obligation.id, subject_id, at.period),
        may_waive=actor.may(ObligationPermission.WAIVE)
        and queries.one_standing(db, obligation, waivable, subject_id) is not None,
        form=WaiverForm(),
    )


def _page_of(total: int) -> tuple[int, int]:
    """Return the number of the page asked for, and of how many."""
    pages = max(1, -(-total // SIZE))
    return min(max(number_asked("page") or 1, 1), pages), pages


def _ends_later(obligation: Obligation) -> bool:
    return (
        obligation.ends_on is not None
        and obligation.ends_on > today()
        and not queries.is_replaced(database(), obligation)
    )


def _neighbours(obligation: Obligation, at: Moment) -> dict[str, Period | None]:
    """Return the periods before and after, as far as something was owed in them and they have begun."""
    before, after = at.period.before, at.period.after
    goes_on = obligation.ends_on is None or after.first < obligation.ends_on
    follows = after.first <= today() and (goes_on or queries.standing_in(database(), obligation, after) is not None)
    precedes = before.first >= obligation.starts_on or obligation.replaces_id is not None
    return {"previous": before if precedes else None, "following": after if follows else None}


_KEPT = ("show", "unit", "number", "as")
"""What the way to another row keeps of what was asked."""


def _other_row(obligation: Obligation, at: Moment, subject_id: int | None = None) -> Response | None:
    """Return the way to the row that was in force in the period asked for; None if it is this one."""
    standing = queries.standing_in(database(), obligation, at.period)
    if standing == obligation.id:
        return None
    if standing is None:
        raise Missing
    asked: dict[str, Any] = {name: request.args[name] for name in _KEPT if name in request.args}
    asked["day"] = at.period.first.isoformat()
    if subject_id is None:
        return redirect(url_for("obligations.show_obligation", obligation_id=standing, **asked))
    return redirect(url_for("obligations.show_subject", obligation_id=standing, subject_id=subject_id, **asked))


def _state(one: Standing, at: Moment) -> State:
    return state_of(one.required, one.counted, at.period, at.today, waived=one.waiver_id is not None)


def _with_state(rows: list[Standing], at: Moment) -> list[tuple[Standing, State]]:
    return [(one, _state(one, at)) for one in rows]


def _as_sheet(obligation: Obligation, at: Moment, rows: list[Standing]) -> FlaskResponse:
    headings = [_("Whose duty"), _("Unit"), _("Required"), _("Done"), _("Outstanding"), _("State"), _("Waived because")]
    cells = (
        (one.name, one.unit, one.required, one.counted, one.outstanding, state_words(state), one.waived_for)
        for one, state in _with_state(rows, at)
    )
    return sheet_answer(f"{obligation.name('zh_CN')} {period_words(at.period)}", headings, cells)


def _proofs_as_sheet(obligation: Obligation, at: Moment, standing: Standing, proofs: list[Proof]) -> FlaskResponse:
    headings = [_("Day"), _("What it is"), _("What counts"), _("What does not count, and why"), _("Address")]
    name, base = obligation.name(language()), current_app.extensions["settings"].base_url.rstrip("/")
    cells = (
        (
            one.day.isoformat(),
            one.label or name,
            "" if one.barred else one.amount,
            _(one.barred) if one.barred else "",
            base + one.address,
        )
        for one in proofs
    )
    return sheet_answer(f"{standing.name} {name} {period_words(at.period)}", headings, cells)
