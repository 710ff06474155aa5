"""An evening: its topic, lecturer, time and place; cancelling and restoring. Each near or far."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.forms.planning import slot_of, take_slot
from scheduler.agenda.queries.choices import lecturer_choices, venue_choices
from scheduler.agenda.terms import KEEP
from scheduler.core.errors import Refusal
from scheduler.core.web import database, requires, signed_in, zone
from scheduler.lectures import actions, queries
from scheduler.lectures.access import LecturePermission
from scheduler.lectures.actions.evenings import open_evening
from scheduler.lectures.forms import CancelForm, EveningForm
from scheduler.lectures.terms import EveningRow, Reach
from scheduler.lectures.views.blueprint import blueprint, edge


@blueprint.route("/lectures/evenings/<int:evening_id>", methods=["GET", "POST"])
@requires(LecturePermission.PLAN)
def edit_evening(evening_id: int) -> tuple[str, int] | Response:
    """Change an evening, alone or with those that follow."""
    db, actor = database(), signed_in()
    series_id = open_evening(db, actor, evening_id).series_id
    row = queries.get_evening_row(db, evening_id)
    form = EveningForm(data=_facts(row))
    form.offer(lecturer_choices(db), venue_choices(db))
    if slot := request.form.get("slot"):
        take_slot(form, slot, zone())
        form.confirmed.data = False
    refused: Refusal | None = None
    if form.holds:
        try:
            count = actions.change_evenings(
                db,
                actor,
                evening_id,
                form.value(),
                Reach(form.reach.data),
                version=form.seen_version,
                reason=form.reason.data or "",
                consent=form.consent(),
                **edge(),
            )
        except Refusal as refusal:
            refused = refusal
            form.show(refusal)
        else:
            flash(ngettext("%(num)s evening is changed.", "%(num)s evenings are changed.", count), "ok")
            return redirect(url_for("lectures.show_series", series_id=series_id))
    page = render_template(
        "lectures/evening.html",
        form=form,
        row=row,
        refusal=refused,
        may_override=actor.may(AgendaPermission.OVERRIDE),
    )
    return page, form.status


@blueprint.get("/lectures/evenings/of/<int:activity_id>")
@requires(LecturePermission.PLAN)
def evening_of(activity_id: int) -> Response:
    """Go to the evening that an activity of the agenda is."""
    evening_id = queries.get_evening_of(database(), activity_id)
    open_evening(database(), signed_in(), evening_id)
    return redirect(url_for("lectures.edit_evening", evening_id=evening_id))


@blueprint.route("/lectures/evenings/<int:evening_id>/cancel", methods=["GET", "POST"])
@requires(LecturePermission.PLAN)
def cancel_evening(evening_id: int) -> tuple[str, int] | Response:
    """Ask for the reason, then cancel an evening, alone or with those that follow."""
    db, actor = database(), signed_in()
    series_id = open_evening(db, actor, evening_id).series_id
    row = queries.get_evening_row(db, evening_id)
    form = CancelForm(version=row.version)
    if form.holds:
        try:
            count = actions.cancel_evenings(
                db,
                actor,
                evening_id,
                Reach(form.reach.data),
                version=form.seen_version,
                reason=form.reason.data or "",
                now=edge()["now"],
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(ngettext("%(num)s evening is cancelled.", "%(num)s evenings are cancelled.", count), "ok")
            return redirect(url_for("lectures.show_series", series_id=series_id))
    return render_template("lectures/evening_cancel.html", form=form, row=row), form.status


@blueprint.route("/lectures/evenings/<int:evening_id>/restore", methods=["GET", "POST"])
@requires(LecturePermission.PLAN)
def restore_evening(evening_id: int) -> tuple[str, int] | Response:
    """Take a cancellation back, alone or with those that follow, if the time is free or the clash is accepted."""
    db, actor = database(), signed_in()
    series_id = open_evening(db, actor, evening_id).series_id
    row = queries.get_evening_row(db, evening_id)
    form = CancelForm(version=row.version)
    refused: Refusal | None = None
    if form.holds:
        try:
            version = form.seen_version
            count = actions.restore_evenings(
                db,
                actor,
                evening_id,
                Reach(form.reach.data),
                version=version,
                span=slot_of(request.form.get("slot")) or KEEP,
                consent=form.consent(),
                **edge(),
            )
        except Refusal as refusal:
            refused = refusal
            form.show(refusal)
        else:
            flash(
                ngettext("%(num)s evening takes place after all.", "%(num)s evenings take place after all.", count),
                "ok",
            )
            return redirect(url_for("lectures.show_series", series_id=series_id))
    page = render_template("lectures/evening_restore.html", form=form, row=row, refusal=refused)
    return page, form.status


def _facts(row: EveningRow) -> dict[str, object]:
    start, end = row.starts_at.astimezone(zone()), row.ends_at.astimezone(zone())
    teaching = (*queries.lecturer_ids_of(database(), [row.activity_id])[row.activity_id], 0, 0)
    return {
        "title": row.title,
        "day": start.date(),
        "starts": start.time(),
        "ends": end.time(),
        "lecturer": teaching[0],
        "second": teaching[1],
        "venue": row.venue_id or 0,
        "version": row.version,
    }
