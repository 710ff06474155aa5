"""The page behind a confirmation link: one tap, no password. Opening it spends nothing."""

from flask import render_template
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.pages import language
from scheduler.core.web import database, now, public
from scheduler.mentoring import actions, queries
from scheduler.mentoring.forms.records import AnswerForm
from scheduler.mentoring.models import GuidanceRecord
from scheduler.mentoring.queries.links import find_link
from scheduler.mentoring.views.blueprint import blueprint
from scheduler.mentoring.views.records import answer_sent, answered_words
from scheduler.people.terms import LinkState
from scheduler.people.views.links import count_guess


@blueprint.get("/confirm/<token>")
@public("who holds the link confirms without a password")
def confirm(token: str) -> tuple[str, int]:
    """Show the record to whom it is about; a link that is spent explains itself."""
    return _page(token, AnswerForm())


@blueprint.post("/confirm/<token>")
@public("who holds the link confirms without a password")
def answer_link(token: str) -> tuple[str, int] | Response:
    """Take the holder's answer and thank for it."""
    form, answer = AnswerForm(), answer_sent()
    state, link = find_link(database(), token, now=now())
    if state is LinkState.OPEN and link is not None and form.holds:
        try:
            actions.answer_by_link(database(), link, answer, form.words.data or "", now=now())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            return render_template("mentoring/answered.html", said=answered_words(answer)), 200
    return _page(token, form)


def _page(token: str, form: AnswerForm) -> tuple[str, int]:
    db = database()
    state, link = find_link(db, token, now=now())
    if state is LinkState.UNKNOWN:
        count_guess()
    if link is None:
        return render_template("mentoring/link_spent.html", state=state), 410
    record = db.get_one(GuidanceRecord, link.record_id)
    areas = queries.areas_of(db, [record.id], language()).get(record.id, ())
    page = render_template("mentoring/confirm.html", form=form, record=record, link=link, token=token, areas=areas)
    return page, form.status
