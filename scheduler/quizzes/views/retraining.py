"""The board of retraining orders, and one order: its facts, the times to choose from, confirming and withdrawing."""

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.forms import options
from scheduler.core.pages import say, span_in_words
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.arranging import venue_for
from scheduler.quizzes.actions.retraining import confirm_order as confirm
from scheduler.quizzes.actions.retraining import withdraw_order as withdraw
from scheduler.quizzes.forms.results import ConfirmForm, OrderFilter, WithdrawForm
from scheduler.quizzes.models import RetrainingOrder
from scheduler.quizzes.queries import retraining as queries
from scheduler.quizzes.terms.results import OrderState
from scheduler.quizzes.views.blueprint import blueprint, installation_id

_SECOND = "withdraw"
"""What tells the fields of the second form of a page from those of the first."""


@blueprint.get("/quizzes/retraining")
@requires(QuizPermission.RESULTS)
def list_orders() -> str:
    """Show the retraining orders of the reader's units by state, and what a person has to decide."""
    db, actor = database(), signed_in()
    form, number = OrderFilter(request.args), max(1, number_asked("page") or 1)
    rows, total = queries.list_orders(db, actor, state=form.chosen, page=number)
    return render_template(
        "quizzes/orders.html",
        orders=rows,
        number=number,
        pages=max(1, -(-total // queries.SIZE)),
        total=total,
        state=form.chosen,
        form=form,
        to_decide=queries.find_to_decide(db, actor) if actor.may(QuizPermission.RETRAIN) else [],
    )


@blueprint.get("/quizzes/retraining/<int:order_id>")
@requires(QuizPermission.RESULTS)
def show_order(order_id: int) -> str:
    """Show one order: why, who, when it could be, what came of it."""
    order = queries.get_order(database(), signed_in(), order_id, QuizPermission.RESULTS)
    return _page(order, None, None)


@blueprint.post("/quizzes/retraining/<int:order_id>/confirm")
@requires(QuizPermission.RETRAIN)
def confirm_order(order_id: int) -> tuple[str, int] | Response:
    """Let the class and the next sitting be made, at one of the proposed times."""
    db, actor = database(), signed_in()
    order = queries.get_order(db, actor, order_id, QuizPermission.RETRAIN)
    form = ConfirmForm()
    form.slot.choices = _choices(order)
    if form.holds:
        try:
            confirm(
                db,
                actor,
                order_id,
                version=form.seen_version,
                starts_at=datetime.fromisoformat(form.slot.data),
                installation_id=installation_id(),
                zone=zone(),
                now=now(),
            )
        except Refusal as refusal:
            db.rollback()
            form.show(refusal)
        else:
            say(_("Confirmed: the class and its test are in everybody's calendar."))
            return redirect(url_for("quizzes.show_order", order_id=order_id))
    order = queries.get_order(db, actor, order_id, QuizPermission.RETRAIN)
    return _page(order, form, None), form.status


@blueprint.post("/quizzes/retraining/<int:order_id>/withdraw")
@requires(QuizPermission.RETRAIN)
def withdraw_order(order_id: int) -> tuple[str, int] | Response:
    """Call a retraining off, with a reason."""
    db, actor = database(), signed_in()
    order = queries.get_order(db, actor, order_id, QuizPermission.RETRAIN)
    form = WithdrawForm(prefix=_SECOND)
    if form.holds:
        try:
            withdraw(db, actor, order_id, version=form.seen_version, reason=form.reason.data or "", now=now())
        except Refusal as refusal:
            db.rollback()
            form.show(refusal)
        else:
            say(_("Withdrawn."))
            return redirect(url_for("quizzes.show_order", order_id=order_id))
    order = queries.get_order(db, actor, order_id, QuizPermission.RETRAIN)
    return _page(order, None, form), form.status


def _choices(order: RetrainingOrder) -> list[Any]:
    """Return the proposed times: the instant that a time begins at, and its words."""
    db = database()
    sitting = queries.judged_sitting(db, order)
    trainees = queries.trainees_of(db, order, sitting)
    venue_id = venue_for(db, sitting, len(trainees))
    times = queries.find_times(db, sitting, trainees, venue_id, zone=zone(), now=now())
    return options((block.start.isoformat(), span_in_words(block.start, block.end)) for block in times)


def _page(order: RetrainingOrder, confirming: ConfirmForm | None, withdrawing: WithdrawForm | None) -> str:
    db, actor = database(), signed_in()
    sitting = queries.judged_sitting(db, order)
    may_decide = actor.may(QuizPermission.RETRAIN, order.unit.path)
    proposed = order.state is OrderState.PROPOSED
    if confirming is None and proposed and may_decide:
        confirming = ConfirmForm(formdata=None, version=order.version)
        confirming.slot.choices = _choices(order)
        confirming.slot.data = confirming.slot.choices[0].value if confirming.slot.choices else None
    if withdrawing is None and may_decide and order.state in {OrderState.PROPOSED, OrderState.CONFIRMED}:
        withdrawing = WithdrawForm(formdata=None, prefix=_SECOND, version=order.version)
    return render_template(
        "quizzes/order.html",
        order=order,
        sitting=sitting,
        rounds=queries.rounds_of(db, actor, order),
        trainees=len(queries.trainees_of(db, order, sitting)) if proposed else None,
        confirming=confirming if proposed else None,
        withdrawing=withdrawing,
    )
