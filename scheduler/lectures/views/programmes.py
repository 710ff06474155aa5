"""An evening school: its rule, the turns of its series, and what waits for a decision."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda.access import AgendaPermission
from scheduler.core.errors import Missing, Refusal
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.lectures import actions, queries
from scheduler.lectures.access import LecturePermission
from scheduler.lectures.forms import HolidayForm
from scheduler.lectures.terms import HolidayChoice, Trouble
from scheduler.lectures.views.blueprint import blueprint, edge, installation_id, usual_pattern


@blueprint.get("/lectures/programmes/<int:programme_id>")
@requires(LecturePermission.READ)
def show_programme(programme_id: int) -> str:
    """Show an evening school: the alternation of its strands over the year, holidays, and warnings."""
    db, actor = database(), signed_in()
    shown = queries.get_programme(db, actor, programme_id)
    plans = queries.plans_for(db, actor, shown.host_unit_id)
    states = queries.slot_states(db, shown)
    today = now().astimezone(zone()).date()
    coming = [state for state in states if state.slot.day >= today]
    waiting = [state for state in coming if state.waits]
    return render_template(
        "lectures/programme.html",
        shown=shown,
        plans=plans,
        strands=queries.strands_of(db, programme_id),
        states=states,
        today=today,
        waiting=waiting,
        proposals=queries.move_proposals(db, actor, shown, waiting, **edge()) if plans else {},
        decided=[state for state in states if state.decision],
        eves=[state for state in coming if state.trouble is Trouble.EVE],
        missing=[state for state in coming if not state.evening and not state.decision and not state.trouble],
    )


@blueprint.route("/lectures/programmes/<int:programme_id>/holidays/<day>", methods=["GET", "POST"])
@requires(LecturePermission.PLAN)
def decide_holiday(programme_id: int, day: str) -> tuple[str, int] | Response:
    """Decide about an evening that a public holiday takes: skip, move or keep, with a reason."""
    db, actor = database(), signed_in()
    programme = queries.get_planned(db, actor, programme_id)
    state = next((one for one in queries.slot_states(db, programme) if one.slot.day.isoformat() == day), None)
    if state is None or state.trouble is not Trouble.OFF:
        raise Missing
    form = HolidayForm()
    refused: Refusal | None = None
    if form.holds:
        choice = HolidayChoice(form.choice.data)
        try:
            actions.decide_holiday(
                db,
                actor,
                programme_id,
                state.slot.day,
                choice,
                moved_to=form.moved_to.data,
                reason=form.reason.data or "",
                pattern=usual_pattern(),
                consent=form.consent(),
                installation_id=installation_id(),
                **edge(),
            )
        except Refusal as refusal:
            refused = refusal
            form.show(refusal)
        else:
            flash(_("Decided."), "ok")
            return redirect(url_for("lectures.show_programme", programme_id=programme_id))
    page = render_template(
        "lectures/holiday.html",
        form=form,
        programme_id=programme_id,
        name=programme.name,
        state=state,
        proposals=queries.move_proposals(db, actor, programme, [state], count=6, **edge())[state.slot.day],
        refusal=refused,
        may_override=actor.may(AgendaPermission.OVERRIDE),
    )
    return page, form.status
