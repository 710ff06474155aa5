"""Proposing pairings, agreeing, changing what they aim at, and the steps of their life."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.forms import options
from scheduler.core.pages import language
from scheduler.core.web import database, requires, signed_in
from scheduler.mentoring import actions, queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.forms.pairings import AimsForm, ProposeForm, StepForm, TermForm
from scheduler.mentoring.models import Pairing
from scheduler.mentoring.queries import Shown
from scheduler.mentoring.rules.life import may_take
from scheduler.mentoring.terms import Step
from scheduler.mentoring.views.blueprint import blueprint, edge, today

_TERM = timedelta(days=364)
"""A usual term: twelve months, first and last day included."""
_STEPS = (Step.ACTIVATE, Step.SUSPEND, Step.RESUME, Step.COMPLETE, Step.END)
_NOT_YOURS = lazy("One of the two must belong to the units that you look after.")


@blueprint.route("/mentoring/pairings/propose", methods=["GET", "POST"])
@requires(MentoringPermission.MANAGE)
def propose_pairing() -> tuple[str, int] | Response:
    """Propose a pairing; both sides are asked to agree."""
    db, actor = database(), signed_in()
    first = today().replace(day=1)
    form = ProposeForm(starts_on=first, ends_on=first + _TERM)
    form.programme.choices = options(queries.programme_choices(db, language()))
    if form.holds:
        people = queries.people_by_number(db, form.numbers())
        try:
            pairing = actions.propose(db, actor, form.plan(people, today()), **edge())
        except Missing:
            form.show(Refusal(_NOT_YOURS, field="mentee"))
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Proposed. Both are asked to agree."), "ok")
            return _to(pairing.id)
    people_known = queries.people_choices(db, actor, MentoringPermission.MANAGE)
    return render_template("mentoring/propose.html", form=form, people=people_known), form.status


@blueprint.post("/mentoring/pairings/<int:pairing_id>/agree")
@requires(MentoringPermission.READ)
def agree(pairing_id: int) -> Response:
    """Agree to a pairing as mentor or mentee."""
    actions.agree(database(), signed_in(), pairing_id, **edge())
    flash(_("You have agreed."), "ok")
    return _to(pairing_id)


@blueprint.route("/mentoring/pairings/<int:pairing_id>/edit", methods=["GET", "POST"])
@requires(MentoringPermission.MANAGE)
def edit_pairing(pairing_id: int) -> tuple[str, int] | Response:
    """Change sponsor, goals, development plan and last day."""
    db, shown = database(), _managed(pairing_id, Step.EDIT)
    pairing = shown.pairing
    form = AimsForm(
        version=pairing.version,
        sponsor=pairing.sponsor.staff_no if pairing.sponsor else "",
        ends_on=pairing.ends_on,
        goals=pairing.goals,
        development_plan=pairing.development_plan,
    )
    if form.holds:
        people = queries.people_by_number(db, form.numbers())
        sponsor = (form.sponsor.data or "").strip()
        try:
            actions.revise(
                db,
                signed_in(),
                pairing_id,
                version=form.seen_version,
                sponsor_id=people.get(sponsor, 0) if sponsor else None,
                goals=form.goals.data or "",
                development_plan=form.development_plan.data or "",
                ends_on=form.ends_on.data or pairing.ends_on,
                **edge(),
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return _to(pairing_id)
    return render_template("mentoring/edit.html", form=form, pairing=pairing), form.status


@blueprint.route("/mentoring/pairings/<int:pairing_id>/steps/<step>", methods=["GET", "POST"])
@requires(MentoringPermission.MANAGE)
def take_step(pairing_id: int, step: str) -> tuple[str, int] | Response:
    """Ask for what a step in a pairing's life needs, then take it."""
    if step not in _STEPS:
        raise Missing
    taken = Step(step)
    pairing = _managed(pairing_id, taken).pairing
    form = StepForm(taken, version=pairing.version, day=min(today(), pairing.ends_on))
    if taken is Step.END:
        form.end_reason.choices = options(queries.end_reasons(database(), pairing.programme_id, language()))
    if form.holds:
        try:
            _take(taken, pairing_id, form)
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Noted; both are told."), "ok")
            return _to(pairing_id)
    return render_template("mentoring/step.html", form=form, pairing=pairing, step=taken), form.status


@blueprint.route("/mentoring/pairings/<int:pairing_id>/next-term", methods=["GET", "POST"])
@requires(MentoringPermission.MANAGE)
def next_term(pairing_id: int) -> tuple[str, int] | Response:
    """Propose another term of the same two."""
    pairing = _managed(pairing_id, Step.NEXT_TERM).pairing
    first: date = pairing.last_day + timedelta(days=1)
    form = TermForm(starts_on=first, ends_on=first + _TERM)
    if form.holds:
        try:
            made = actions.next_term(
                database(),
                signed_in(),
                pairing_id,
                starts_on=form.starts_on.data or first,
                ends_on=form.ends_on.data or first,
                **edge(),
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Proposed. Both are asked to agree."), "ok")
            return _to(made.id)
    return render_template("mentoring/next_term.html", form=form, pairing=pairing), form.status


def _take(step: Step, pairing_id: int, form: StepForm) -> Pairing:
    db, actor, version = database(), signed_in(), form.seen_version
    reason = (form.reason.data or "") if "reason" in form else ""
    if step is Step.ACTIVATE:
        return actions.activate(db, actor, pairing_id, version=version, reason=reason, **edge())
    if step is Step.COMPLETE:
        return actions.complete(db, actor, pairing_id, version=version, **edge())
    day = form.day.data or today()
    if step is Step.SUSPEND:
        return actions.suspend(db, actor, pairing_id, version=version, day=day, reason=reason, **edge())
    if step is Step.RESUME:
        return actions.resume(db, actor, pairing_id, version=version, day=day, **edge())
    return actions.end_early(
        db,
        actor,
        pairing_id,
        version=version,
        day=day,
        reason_id=form.end_reason.data,
        reason=reason,
        **edge(),
    )


def _managed(pairing_id: int, step: Step) -> Shown:
    shown = queries.get_pairing(database(), signed_in(), pairing_id)
    if not shown.manages or not may_take(step, shown.pairing.status):
        raise Missing
    return shown


def _to(pairing_id: int) -> Response:
    return redirect(url_for("mentoring.show_pairing", pairing_id=pairing_id))
