"""The roster of a class: who attends, places by unit, enrolling and removing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.classes import actions, queries
from scheduler.classes.access import ClassPermission
from scheduler.classes.forms import RosterForm
from scheduler.classes.terms import Engaged, QuotaExceeded
from scheduler.classes.views.blueprint import blueprint, edge
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal
from scheduler.core.text import whole_number
from scheduler.core.web import database, requires, signed_in


@blueprint.route("/classes/<int:class_id>/roster", methods=["GET", "POST"])
@requires(ClassPermission.ENROL)
def edit_roster(class_id: int) -> tuple[str, int] | Response:
    """Enrol people by staff number; what goes beyond a quota or clashes is asked about first."""
    db, actor = database(), signed_in()
    owner = queries.get_class(db, actor, class_id)
    form = RosterForm()
    refusal: Refusal | None = None
    if form.holds and (people := _people(form, actor)):
        try:
            added = actions.enrol_people(db, actor, class_id, people, consent=form.consent(), **edge())
        except Refusal as refused:
            refusal = refused
            form.show(refused)
        else:
            flash(ngettext("%(num)s person is enrolled.", "%(num)s people are enrolled.", added), "ok")
            return redirect(url_for("classes.edit_roster", class_id=class_id))
    page = render_template(
        "classes/roster.html",
        form=form,
        owner=owner,
        beyond=refusal.lines if isinstance(refusal, QuotaExceeded) else (),
        engaged=refusal.overlaps if isinstance(refusal, Engaged) else (),
        proposals=refusal.proposals if isinstance(refusal, Engaged) else (),
        may_exceed=actor.may(ClassPermission.PLAN, owner.host_unit.path),
        roster=queries.roster_of(db, owner.audience_id, actor.scopes(ClassPermission.ROSTER)),
        quotas=queries.quotas_of(db, class_id, owner.audience_id),
    )
    return page, form.status


@blueprint.post("/classes/<int:class_id>/roster/remove")
@requires(ClassPermission.ENROL)
def remove_person(class_id: int) -> Response:
    """Take a person off the roster; can be undone by enrolling again."""
    person_id = whole_number(request.form.get("person")) or 0
    actions.remove_people(database(), signed_in(), class_id, [person_id], **edge())
    undo = url_for("classes.put_back", class_id=class_id, person_id=person_id)
    flash({"text": _("Removed; the place is free again."), "undo_url": undo}, "ok")  # type: ignore[arg-type]  # the layout shows it
    return redirect(url_for("classes.edit_roster", class_id=class_id))


@blueprint.post("/classes/<int:class_id>/roster/<int:person_id>")
@requires(ClassPermission.ENROL)
def put_back(class_id: int, person_id: int) -> Response:
    """Undo a removal."""
    queries.get_class(database(), signed_in(), class_id)
    actions.enrol_people(database(), signed_in(), class_id, [person_id], consent=RosterForm.as_before(), **edge())
    flash(_("Back on the roster."), "ok")
    return redirect(url_for("classes.edit_roster", class_id=class_id))


def _people(form: RosterForm, actor: Actor) -> list[int]:
    """Return the ids of all people named, or none and the form's errors say which line is wrong."""
    numbers = form.numbers()
    found = queries.find_people(database(), actor.scopes(ClassPermission.ENROL), [number for _line, number in numbers])
    unknown = [
        _("Line %(line)s: nobody of your units has the staff number %(number)s.", line=line, number=number)
        for line, number in numbers
        if number not in found
    ]
    if unknown:
        form.staff_nos.errors = [*form.staff_nos.errors, *unknown[:20]]
        return []
    return [found[number].id for _line, number in numbers]
