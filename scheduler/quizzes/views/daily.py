"""A question a day: today's, those of before, wanted or not."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda.queries.workdays import WorkCalendar, work_calendar
from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import language, say
from scheduler.core.periods import civil_date
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.daily import answer_daily, opt_in, opt_out
from scheduler.quizzes.forms.daily import DailyForm
from scheduler.quizzes.queries.bank import topics
from scheduler.quizzes.queries.daily import find_daily_choice, own_questions
from scheduler.quizzes.rules.daily import LONGEST_BREAK, next_asking
from scheduler.quizzes.terms.daily import ASK_AT
from scheduler.quizzes.views.blueprint import blueprint


def _today() -> date:
    return now().astimezone(zone()).date()


def _calendar() -> WorkCalendar:
    return work_calendar(database(), _today(), _today() + LONGEST_BREAK)


@blueprint.get("/quizzes/daily")
@requires(QuizPermission.TAKE)
def daily() -> str:
    """Show the reader's question of today, or when the next comes, or what this is; and the last ones."""
    chosen = find_daily_choice(database(), signed_in())
    present, earlier = own_questions(database(), signed_in(), language(), today=_today(), now=now())
    form = DailyForm(topic=chosen.topic or "" if chosen else "")
    form.offer(topics(database(), kept=True))
    return render_template(
        "quizzes/daily.html",
        chosen=chosen,
        present=present,
        earlier=earlier,
        form=form,
        asks_at=f"{ASK_AT:%H:%M}",
        comes=next_asking(now(), zone(), _calendar().is_workday, has_one=present is not None),
    )


@blueprint.post("/quizzes/daily")
@requires(QuizPermission.TAKE)
def answer_question() -> Response:
    """Keep the answer to today's question; what is right is shown at once."""
    day = civil_date(request.form.get("day", ""))
    if day is None:
        raise Missing
    sent = "".join(request.form.getlist("answer"))
    try:
        answer_daily(database(), signed_in(), day, sent, today=_today(), now=now())
    except Missing:
        raise
    except Refusal as refusal:
        database().rollback()
        flash(refusal.text, "warn")
    return redirect(url_for("quizzes.daily"))


@blueprint.post("/quizzes/daily/join")
@requires(QuizPermission.TAKE)
def join_daily() -> Response:
    """Give the reader a question a day, or another topic; the address may name the topic, for an undo."""
    was_in = find_daily_choice(database(), signed_in()) is not None
    topic = request.values.get("topic") or None
    today = _today() if _calendar().is_workday(_today()) else None
    try:
        opt_in(database(), signed_in(), topic, today=today, now=now())
    except Refusal as refusal:
        database().rollback()
        flash(refusal.text, "warn")
    else:
        flash(_("Saved.") if was_in else _("From now on you get a question each working day."), "ok")
    return redirect(url_for("quizzes.daily"))


@blueprint.post("/quizzes/daily/leave")
@requires(QuizPermission.TAKE)
def leave_daily() -> Response:
    """Ask the reader no more."""
    topic = opt_out(database(), signed_in(), now=now())
    say(_("You get no more questions."), undo_url=url_for("quizzes.join_daily", topic=topic))
    return redirect(url_for("quizzes.daily"))
