"""Publishing a class, now and after later changes, and cancelling it: each asks first, showing what will happen."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda.queries import find_clashes
from scheduler.agenda.terms import ActivityPlan, Clash
from scheduler.classes import actions, queries
from scheduler.classes.access import ClassPermission
from scheduler.classes.forms import PublishForm, ReasonForm
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassStatus, SessionRow
from scheduler.classes.views.blueprint import blueprint, edge
from scheduler.core.errors import Refusal
from scheduler.core.periods import Span
from scheduler.core.text import whole_number
from scheduler.core.web import database, now, requires, signed_in, zone


@blueprint.route("/classes/<int:class_id>/publish", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def publish_class(class_id: int) -> tuple[str, int] | Response:
    """Show what people will see, what speaks against it and who will be told; then publish exactly that."""
    db, actor = database(), signed_in()
    published = queries.get_planned(db, actor, class_id)
    sessions = queries.sessions_of(db, class_id, with_drafts=True)
    drafts = [row for row in sessions if row.is_draft]
    form = PublishForm(version=published.version, shown=",".join(str(row.activity_id) for row in drafts))
    if form.holds:
        try:
            count = actions.publish_class(
                db,
                actor,
                class_id,
                version=form.seen_version,
                shown=[key for part in (form.shown.data or "").split(",") if (key := whole_number(part))],
                now=now(),
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Published: people see %(count)s more sessions now.", count=count), "ok")
            return redirect(url_for("classes.show_class", class_id=class_id))
    page = render_template(
        "classes/publish.html",
        form=form,
        published=published,
        first=published.status is ClassStatus.DRAFT,
        drafts=drafts,
        standing=[row for row in sessions if not row.is_draft],
        clashes=_clashes(published, drafts),
        told=queries.find_told(db, published),
    )
    return page, form.status


@blueprint.route("/classes/<int:class_id>/cancel", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def cancel_class(class_id: int) -> tuple[str, int] | Response:
    """Ask for the reason, then cancel a class with all that is still to come of it."""
    db, actor = database(), signed_in()
    cancelled = queries.get_planned(db, actor, class_id)
    form = ReasonForm(version=cancelled.version)
    if form.holds:
        try:
            version, reason = form.seen_version, form.reason.data or ""
            actions.cancel_class(db, actor, class_id, version=version, reason=reason, **edge())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("The class is cancelled."), "ok")
            return redirect(url_for("classes.show_class", class_id=class_id))
    told = queries.find_told(db, cancelled)
    return render_template("classes/cancel.html", form=form, cancelled=cancelled, told=told), form.status


def _clashes(of: StudyClass, drafts: list[SessionRow]) -> list[Clash]:
    lecturers = queries.lecturer_ids_of(database(), [row.activity_id for row in drafts])
    plans = [
        ActivityPlan(
            queries.activity_kind(row.teaching_mode),
            row.title,
            Span(row.starts_at, row.ends_at),
            of.audience_id,
            of.host_unit_id,
            row.venue_id,
            lecturers[row.activity_id],
        )
        for row in drafts
    ]
    ignoring = [row.activity_id for row in drafts]
    return find_clashes(database(), signed_in(), plans, zone=zone(), ignoring=ignoring)
