"""Sessions of a timetable: added, changed or moved, cancelled, restored."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.forms.planning import slot_of
from scheduler.agenda.queries.choices import lecturer_choices, venue_choices
from scheduler.agenda.terms import KEEP
from scheduler.classes import actions, queries
from scheduler.classes.access import ClassPermission
from scheduler.classes.forms import ReasonForm, SessionForm
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import SessionRow
from scheduler.classes.views.blueprint import blueprint, edge, installation_id
from scheduler.core.errors import Refusal
from scheduler.core.web import database, requires, signed_in, zone


@blueprint.route("/classes/<int:class_id>/sessions/new", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def add_session(class_id: int) -> tuple[str, int] | Response:
    """Add a session to the timetable; it begins where the last one left off."""
    owner = queries.get_planned(database(), signed_in(), class_id)
    last = next(reversed(queries.sessions_of(database(), class_id, with_drafts=True)), None)
    form = SessionForm(day=last.starts_at.astimezone(zone()).date() if last else owner.starts_on)
    done, refused = _attempt(
        form,
        lambda: actions.add_session(
            database(),
            signed_in(),
            class_id,
            form.value(),
            consent=form.consent(),
            installation_id=installation_id(),
            **edge(),
        ),
    )
    if done:
        flash(_("The session is in the timetable as a draft. Publish it when you are ready."), "ok")
        return redirect(url_for("classes.show_class", class_id=class_id))
    return _page(form, class_id, None, refused)


@blueprint.route("/classes/<int:class_id>/sessions/<int:session_id>", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def show_session(class_id: int, session_id: int) -> tuple[str, int] | Response:
    """Change a session, or move it with a reason; also where to cancel or restore it."""
    owner = queries.get_planned(database(), signed_in(), class_id)
    row = queries.get_session_row(database(), class_id, session_id)
    form = SessionForm(data=_facts(row))
    done, refused = _attempt(form, lambda: _save(form, owner, row))
    if done:
        flash(_("Saved."), "ok")
        return redirect(url_for("classes.show_class", class_id=class_id))
    return _page(form, class_id, row, refused)


@blueprint.get("/classes/sessions/of/<int:activity_id>")
@requires(ClassPermission.PLAN)
def session_of(activity_id: int) -> Response:
    """Go to the session that an activity of the agenda is."""
    class_id, session_id = queries.get_session_of(database(), activity_id)
    queries.get_planned(database(), signed_in(), class_id)
    return redirect(url_for("classes.show_session", class_id=class_id, session_id=session_id))


@blueprint.route("/classes/<int:class_id>/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def cancel_session(class_id: int, session_id: int) -> tuple[str, int] | Response:
    """Ask for the reason, then cancel a session (a draft is deleted)."""
    queries.get_planned(database(), signed_in(), class_id)
    row = queries.get_session_row(database(), class_id, session_id)
    form = ReasonForm(version=row.version)
    if form.holds:
        version, reason = form.seen_version, form.reason.data or ""
        try:
            actions.cancel_session(
                database(), signed_in(), class_id, session_id, version=version, reason=reason, now=edge()["now"]
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("The draft is deleted.") if row.is_draft else _("The session is cancelled."), "ok")
            return redirect(url_for("classes.show_class", class_id=class_id))
    return render_template("classes/session_cancel.html", form=form, row=row, class_id=class_id), form.status


@blueprint.route("/classes/<int:class_id>/sessions/<int:session_id>/restore", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def restore_session(class_id: int, session_id: int) -> tuple[str, int] | Response:
    """Take a cancellation back, if the time is still free or the clash is accepted."""
    queries.get_planned(database(), signed_in(), class_id)
    row = queries.get_session_row(database(), class_id, session_id)
    form = ReasonForm(version=row.version)
    done, refused = False, None
    if form.holds:
        done, refused = _tried(
            form,
            lambda: actions.restore_session(
                database(),
                signed_in(),
                class_id,
                session_id,
                version=form.seen_version,
                span=slot_of(request.form.get("slot")) or KEEP,
                consent=form.consent(),
                **edge(),
            ),
        )
    if done:
        flash(_("The session takes place after all."), "ok")
        return redirect(url_for("classes.show_class", class_id=class_id))
    page = render_template("classes/session_restore.html", form=form, row=row, class_id=class_id, refusal=refused)
    return page, form.status


def _save(form: SessionForm, owner: StudyClass, row: SessionRow) -> None:
    plan, version = form.value(), form.seen_version
    start, end = row.starts_at.astimezone(zone()), row.ends_at.astimezone(zone())
    if (plan.day, plan.starts, plan.ends) != (start.date(), start.time(), end.time()):
        moved = actions.move_session(
            database(),
            signed_in(),
            owner.id,
            row.id,
            plan,
            version=version,
            reason=form.reason.data or "",
            consent=form.consent(),
            **edge(),
        )
        version = moved.activity.version
    actions.edit_session(
        database(), signed_in(), owner.id, row.id, plan, version=version, consent=form.consent(), **edge()
    )


def _attempt(form: SessionForm, act: Callable[[], object]) -> tuple[bool, Refusal | None]:
    """Fill in the choices and, if something was sent, do it: whether it is done, else what was refused."""
    form.offer(lecturer_choices(database()), venue_choices(database()))
    if slot := request.values.get("slot"):
        form.take(slot, zone())
        form.confirmed.data = False
    return _tried(form, act) if form.holds else (False, None)


def _tried(form: SessionForm | ReasonForm, act: Callable[[], object]) -> tuple[bool, Refusal | None]:
    try:
        act()
    except Refusal as refusal:
        form.show(refusal)
        return False, refusal
    return True, None


def _page(form: SessionForm, class_id: int, row: SessionRow | None, refused: Refusal | None) -> tuple[str, int]:
    page = render_template(
        "classes/session.html",
        form=form,
        class_id=class_id,
        row=row,
        refusal=refused,
        may_override=signed_in().may(AgendaPermission.OVERRIDE),
    )
    return page, form.status


def _facts(row: SessionRow) -> dict[str, object]:
    start, end = row.starts_at.astimezone(zone()), row.ends_at.astimezone(zone())
    teaching = (*queries.lecturer_ids_of(database(), [row.activity_id])[row.activity_id], 0, 0)
    return {
        "topic": row.title,
        "day": start.date(),
        "part_of_day": row.part_of_day.value,
        "starts": start.time(),
        "ends": end.time(),
        "lecturer": teaching[0],
        "second": teaching[1],
        "venue": row.venue_id or 0,
        "teaching_mode": row.teaching_mode.value,
        "version": row.version,
    }
