"""The month: how each pairing stands, and the lock that makes the figures final."""

from collections import Counter
from datetime import date, timedelta

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import month_in_words
from scheduler.core.periods import civil_date, next_month
from scheduler.core.sheets import sheet_answer, sheet_asked
from scheduler.core.text import whole_number
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.mentoring import actions, queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.forms.pairings import ReopenForm
from scheduler.mentoring.queries.months import get_lock, locks_of, overseen_units
from scheduler.mentoring.terms import Standing
from scheduler.mentoring.views.blueprint import blueprint, edge, month_asked, pairing_status, today

SIZE = 50
"""Rows on a page of the month."""


@blueprint.get("/mentoring/months")
@requires(MentoringPermission.OVERSEE)
def show_month() -> str | FlaskResponse:
    """Show how the pairings of a unit and all below stand in a month: who owes, who has all, what came late."""
    db, actor = database(), signed_in()
    month = month_asked(request.args.get("month", ""))
    units = overseen_units(db, actor)
    if not units:
        raise Missing
    asked = number_asked("unit")
    chosen = next((unit for unit in units if unit[0] == asked), units[0])
    standings = queries.unit_standings(db, (chosen[2],), month)
    late = queries.late_records(db, (chosen[2],), month, zone())
    if sheet_asked():
        return _as_sheet(month, standings, late)
    locks = [lock for lock in locks_of(db, month) if _concerns(lock.unit.path, chosen[2])]
    only_open = request.args.get("show") == "open"
    shown = [one for one in standings if one.outstanding] if only_open else standings
    pages = max(1, -(-len(shown) // SIZE))
    number = min(max(number_asked("page") or 1, 1), pages)
    holding = next((lock for lock in locks if lock.reopened_at is None and chosen[2].startswith(lock.unit.path)), None)
    return render_template(
        "mentoring/month.html",
        month=month,
        previous=_before(month),
        following=next_month(month) if next_month(month) <= today() else None,
        units=units,
        unit=chosen,
        tally=_tally(standings),
        owing=[one for one in standings if one.owes],
        rows=shown[(number - 1) * SIZE : number * SIZE],
        total=len(shown),
        number=number,
        pages=pages,
        only_open=only_open,
        late=late,
        locks=locks,
        holding=holding,
        may_unlock=holding is not None and actor.may(MentoringPermission.LOCK, holding.unit.path),
        may_nudge=holding is None
        and any(one.outstanding for one in standings)
        and actor.may(MentoringPermission.MANAGE, chosen[2]),
        may_lock=holding is None and next_month(month) <= today() and actor.may(MentoringPermission.LOCK, chosen[2]),
    )


@blueprint.post("/mentoring/months/lock")
@requires(MentoringPermission.LOCK)
def lock_month() -> Response:
    """Lock a month for a unit and all below."""
    month = civil_date(request.form.get("month", ""))
    unit_id = whole_number(request.form.get("unit"))
    if month is None or unit_id is None:
        raise Missing
    actions.lock_month(database(), signed_in(), unit_id, month, **edge())
    flash(_("%(month)s is locked: nothing of it is filed or changed any more.", month=month_in_words(month)), "ok")
    return redirect(url_for("mentoring.show_month", month=month.replace(day=1).isoformat(), unit=unit_id))


@blueprint.post("/mentoring/months/nudge")
@requires(MentoringPermission.MANAGE)
def nudge() -> Response:
    """Remind the mentors who still owe guidance of a month."""
    month = civil_date(request.form.get("month", ""))
    unit_id = whole_number(request.form.get("unit"))
    if month is None or unit_id is None:
        raise Missing
    done = actions.nudge(database(), signed_in(), unit_id, month, **edge())
    flash(ngettext("%(num)s mentor is reminded.", "%(num)s mentors are reminded.", done.told), "ok")
    if done.spared:
        flash(
            ngettext(
                "%(num)s mentor was reminded this week already and is left in peace.",
                "%(num)s mentors were reminded this week already and are left in peace.",
                done.spared,
            ),
            "info",
        )
    return redirect(url_for("mentoring.show_month", month=month.replace(day=1).isoformat(), unit=unit_id))


@blueprint.route("/mentoring/months/locks/<int:lock_id>/reopen", methods=["GET", "POST"])
@requires(MentoringPermission.LOCK)
def reopen_month(lock_id: int) -> tuple[str, int] | Response:
    """Ask why, then open a locked month again."""
    lock, form = get_lock(database(), signed_in(), lock_id), ReopenForm()
    if form.holds:
        try:
            actions.reopen_month(database(), signed_in(), lock_id, form.reason.data or "", now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("%(month)s is open again.", month=month_in_words(lock.month)), "ok")
            return redirect(url_for("mentoring.show_month", month=lock.month.isoformat(), unit=lock.unit_id))
    return render_template("mentoring/reopen.html", form=form, lock=lock), form.status


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _concerns(locked: str, asked: str) -> bool:
    return asked.startswith(locked) or locked.startswith(asked)


def _tally(standings: list[Standing]) -> dict[str, int]:
    """Count the pairings that owe something by how they stand: none, some, all."""
    found = Counter(
        "all" if not one.outstanding else "some" if one.counted else "none" for one in standings if one.owes
    )
    return {"none": found["none"], "some": found["some"], "all": found["all"], "free": len(standings) - found.total()}


def _as_sheet(month: date, standings: list[Standing], late: dict[int, int]) -> FlaskResponse:
    headings = [
        _("Unit"),
        _("Mentee"),
        _("Mentor"),
        _("Status"),
        _("Days in force"),
        _("Owed"),
        _("Counted"),
        _("Outstanding"),
        _("Filed late"),
        _("Not confirmed"),
        _("Waived because"),
    ]
    cells = (
        (
            one.unit,
            one.mentee,
            one.mentor,
            pairing_status(one.status),
            one.days_in_force,
            one.owed,
            one.counted,
            one.outstanding,
            late.get(one.pairing_id, 0),
            one.unconfirmed,
            one.waived_for,
        )
        for one in standings
    )
    return sheet_answer(_("Guidance in %(month)s", month=month_in_words(month)), headings, cells)
