"""What is mine: as mentor each mentee's standing and one tap to the form, as mentee the records to answer."""

from flask import render_template

from scheduler.core.pages import language
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.mentoring import queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.queries.hints import hints_for
from scheduler.mentoring.rules.duty import days_left
from scheduler.mentoring.views.blueprint import blueprint, today


@blueprint.get("/mentoring")
@requires(MentoringPermission.READ)
def mine() -> str:
    """Show the reader's own mentees, what waits for the reader's answer, and the reader's mentor."""
    db, actor = database(), signed_in()
    standings = queries.own_standings(db, actor, today())
    guided = [one for one in standings if one.mentor_id == actor.person_id]
    return render_template(
        "mentoring/mine.html",
        guided=guided,
        learning=[one for one in standings if one.mentee_id == actor.person_id],
        sponsored=[one for one in standings if actor.person_id not in {one.mentor_id, one.mentee_id}],
        hints=hints_for(db, actor, zone(), language()) if guided else {},
        areas=queries.next_areas(db, actor, language()) if guided else {},
        meetings=queries.own_meetings(db, actor, now=now()) if guided else [],
        waiting=queries.to_answer(db, actor, today(), language()),
        asked=queries.own_proposals(db, actor),
        left=days_left(today()),
    )
