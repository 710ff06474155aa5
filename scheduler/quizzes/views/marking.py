"""Marking short answers, and looking at how the items did."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing, Refusal
from scheduler.core.web import database, now, requires, signed_in
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.marking import mark_answer
from scheduler.quizzes.actions.rulings import rule_item
from scheduler.quizzes.forms.sittings import MarkForm, RulingForm
from scheduler.quizzes.models import Sitting
from scheduler.quizzes.queries.attempts import sat_rows, to_mark
from scheduler.quizzes.queries.sittings import get_held, get_marked
from scheduler.quizzes.rules.statistics import item_figures, sitting_figures
from scheduler.quizzes.terms.bank import ItemKind
from scheduler.quizzes.views.blueprint import blueprint


@blueprint.get("/quizzes/sittings/<int:sitting_id>/marking")
@requires(QuizPermission.MARK)
def marking(sitting_id: int) -> tuple[str, int]:
    """Show the next short answers that the reader may mark; whose they are is not said."""
    sitting = get_marked(database(), signed_in(), sitting_id)
    return _queue(sitting, MarkForm(), None)


def _queue(sitting: Sitting, form: MarkForm, refused: tuple[int, int] | None) -> tuple[str, int]:
    rows, total = to_mark(database(), signed_in(), sitting)
    page = render_template("quizzes/marking.html", sitting=sitting, rows=rows, total=total, form=form, refused=refused)
    return page, form.status


@blueprint.post("/quizzes/sittings/<int:sitting_id>/marking/<int:attempt_id>/<int:position>")
@requires(QuizPermission.MARK)
def mark(sitting_id: int, attempt_id: int, position: int) -> tuple[str, int] | Response:
    """Give an answer its mark."""
    sitting = get_marked(database(), signed_in(), sitting_id)
    form = MarkForm()
    if form.holds:
        try:
            mark_answer(
                database(),
                signed_in(),
                sitting,
                attempt_id,
                position,
                score=form.score(),
                remark=form.remark.data or "",
                now=now(),
            )
        except Missing:
            raise
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Marked."), "ok")
            return redirect(url_for("quizzes.marking", sitting_id=sitting_id))
    return _queue(get_marked(database(), signed_in(), sitting_id), form, (attempt_id, position))


@blueprint.get("/quizzes/sittings/<int:sitting_id>/items")
@requires(QuizPermission.HOLD)
def item_health(sitting_id: int) -> str:
    """Show how the items of a sitting did, and the figures of the sitting."""
    sitting = get_held(database(), signed_in(), sitting_id)
    rows, versions = sat_rows(database(), sitting_id)
    figures = item_figures((row.attempt_id, row.item_version_id, row.answer, row.score, row.points) for row in rows)
    scores: dict[int, dict[int, float]] = {}
    most: dict[int, int] = {}
    for row in rows:
        scores.setdefault(row.attempt_id, {})[row.item_version_id] = row.score
        most[row.attempt_id] = most.get(row.attempt_id, 0) + row.points * 100
    shares = [sum(of_one.values()) / most[attempt] for attempt, of_one in scores.items() if most[attempt]]
    same = {frozenset(of_one) for of_one in scores.values()}
    matrix = [[of_one[item] for item in sorted(of_one)] for of_one in scores.values()] if len(same) == 1 else []
    return render_template(
        "quizzes/items.html",
        sitting=sitting,
        overall=sitting_figures(shares, matrix),
        figures=figures,
        versions=versions,
    )


@blueprint.route("/quizzes/sittings/<int:sitting_id>/items/<int:version_id>", methods=["GET", "POST"])
@requires(QuizPermission.HOLD)
def rule(sitting_id: int, version_id: int) -> tuple[str, int] | Response:
    """Void an item or change its key: first a dry run that names who flips, then, asked again, for good."""
    sitting = get_held(database(), signed_in(), sitting_id)
    _rows, versions = sat_rows(database(), sitting_id)
    version = versions.get(version_id)
    if version is None:
        raise Missing
    form, flips, tried = RulingForm(), None, ""
    if form.holds:
        typed = (form.key.data or "").strip()
        tried = f"{form.void.data:d} {typed}"
        dry_run = request.form.get("tried") != tried  # whoever changes it after the dry run sees another one first
        fills = version.kind is ItemKind.FILL
        try:
            flips = rule_item(
                database(),
                signed_in(),
                sitting,
                version_id,
                void=form.void.data,
                key="" if fills else typed,
                accepted=typed if fills else "",
                reason=form.reason.data or "",
                dry_run=dry_run,
                now=now(),
            )
        except Missing:
            raise
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            if not dry_run:
                flash(_("The sitting is graded anew."), "ok")
                return redirect(url_for("quizzes.item_health", sitting_id=sitting_id))
            sitting = get_held(database(), signed_in(), sitting_id)
            version = sat_rows(database(), sitting_id)[1][version_id]
    page = render_template("quizzes/ruling.html", sitting=sitting, form=form, version=version, flips=flips, tried=tried)
    return page, form.status
