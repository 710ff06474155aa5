"""Who leaves the staff: roles and sign-ins end, and places in what is to come become free, pairings end."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda.queries import coming_audiences, count_coming_lessons
from scheduler.classes.actions import end_enrolments
from scheduler.core.pages import say
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.mentoring.actions import end_pairings
from scheduler.mentoring.queries import pairings_to_end
from scheduler.office.views.blueprint import blueprint
from scheduler.people import queries
from scheduler.people.access import PeoplePermission
from scheduler.people.actions import note_departure


@blueprint.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
@requires(PeoplePermission.MANAGE)
def depart(person_id: int) -> str | Response:
    """Ask, then note that a person has left."""
    person, _unit = queries.get_person(database(), signed_in(), person_id, PeoplePermission.MANAGE)
    if request.method == "GET":
        return render_template(
            "office/departure.html",
            person=person,
            enrolled=coming_audiences(database(), person_id, now=now()),
            pairings=pairings_to_end(database(), person_id),
            teaches=count_coming_lessons(database(), person_id, now=now()),
        )
    note_departure(database(), signed_in(), person_id, now=now())
    end_enrolments(database(), signed_in(), person_id, now=now())
    end_pairings(database(), signed_in(), person_id, zone=zone(), now=now())
    say(
        _("%(name)s has left; roles, sign-ins, enrolments and pairings have ended.", name=person.name),
        undo_url=url_for("people.come_back", person_id=person_id),
    )
    return redirect(url_for("people.show_person", person_id=person_id))
