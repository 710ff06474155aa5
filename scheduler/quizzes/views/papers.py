"""Papers: the list, a new one, changes."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.web import database, now, requires, signed_in
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.papers import create_paper, edit_paper
from scheduler.quizzes.forms.papers import PaperForm
from scheduler.quizzes.queries.bank import topics
from scheduler.quizzes.queries.papers import get_paper, items_of, list_papers, rules_of
from scheduler.quizzes.views.blueprint import blueprint


@blueprint.get("/quizzes/papers")
@requires(QuizPermission.BANK)
def papers() -> str:
    """Show every paper."""
    return render_template("quizzes/papers.html", papers=list_papers(database(), signed_in()))


@blueprint.route("/quizzes/papers/new", methods=["GET", "POST"])
@requires(QuizPermission.BANK)
def new_paper() -> tuple[str, int] | Response:
    """Make a paper."""
    form = PaperForm()
    form.offer(topics(database(), kept=True))
    if form.holds:
        try:
            create_paper(database(), signed_in(), form.value(), now=now())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("The paper is made. Hold it when you are ready."), "ok")
            return redirect(url_for("quizzes.papers"))
    return render_template("quizzes/paper_form.html", form=form, edited=None, chosen=[]), form.status


@blueprint.route("/quizzes/papers/<int:paper_id>/edit", methods=["GET", "POST"])
@requires(QuizPermission.BANK)
def change_paper(paper_id: int) -> tuple[str, int] | Response:
    """Change a paper for attempts to come."""
    edited = get_paper(database(), signed_in(), paper_id)
    rules, chosen = rules_of(database(), paper_id), items_of(database(), paper_id)
    form = PaperForm(
        data={
            "name": edited.name,
            "version": edited.version,
            "shuffle_questions": edited.shuffle_questions,
            "shuffle_choices": edited.shuffle_choices,
            "items": "\n".join(f"{version.item_id} {points}" for version, points in chosen),
            "rules": [
                {
                    "topic": rule.topic or "",
                    "kind": rule.kind.value if rule.kind else "",
                    "difficulty": rule.difficulty.value if rule.difficulty else "",
                    "count": rule.count,
                    "points": rule.points,
                }
                for rule in rules
            ],
        }
    )
    form.offer(topics(database(), kept=True))
    if form.holds:
        try:
            edit_paper(database(), signed_in(), paper_id, form.value(), version=form.seen_version, now=now())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("quizzes.papers"))
    return render_template("quizzes/paper_form.html", form=form, edited=edited, chosen=chosen), form.status
