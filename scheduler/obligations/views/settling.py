"""Saying what is owed."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing, Refusal
from scheduler.core.forms import options
from scheduler.core.pages import say
from scheduler.core.web import database, now, requires, signed_in
from scheduler.obligations import actions, queries
from scheduler.obligations.access import ObligationPermission
from scheduler.obligations.forms import EndForm, ObligationForm, RevisionForm
from scheduler.obligations.models import Obligation
from scheduler.obligations.views.blueprint import blueprint, today
from scheduler.people.forms.words import choices
from scheduler.people.terms import UnitKind


@blueprint.route("/obligations/new", methods=["GET", "POST"])
@requires(ObligationPermission.SETTLE)
def settle() -> tuple[str, int] | Response:
    """Let something be owed."""
    db, actor = database(), signed_in()
    form = ObligationForm(starts_on=today().replace(month=1, day=1), per=1)
    units = queries.units_within(db, actor.scopes(ObligationPermission.SETTLE))
    form.unit.choices = options(units)
    form.level.choices = choices(UnitKind, ("", _("this unit itself")))
    if form.holds:
        try:
            made = actions.settle(db, actor, form.plan(), now=now())
        except Refusal as refusal:
            db.rollback()
            form.show(refusal)
        else:
            say(_("Saved."))
            return redirect(url_for("obligations.show_obligation", obligation_id=made.id))
    return render_template("obligations/form.html", form=form, one=None), form.status


@blueprint.post("/obligations/usual")
@requires(ObligationPermission.SETTLE)
def begin_usual() -> Response:
    """Begin with what is usually owed, for the topmost unit that the reader looks after."""
    db, actor = database(), signed_in()
    units = queries.units_within(db, actor.scopes(ObligationPermission.SETTLE))
    made = actions.begin_usual(db, actor, units[0][0], today(), now=now())
    say(ngettext("%(num)s obligation is in force from the beginning of this year.",
                 "%(num)s obligations are in force from the beginning of this year.", len(made)))  # fmt: skip
    return redirect(url_for("obligations.list_obligations"))


@blueprint.route("/obligations/<int:obligation_id>/revise", methods=["GET", "POST"])
@requires(ObligationPermission.SETTLE)
def revise(obligation_id: int) -> tuple[str, int] | Response:
    """Change what is owed from a period on."""
    db, actor = database(), signed_in()
    one = _settled(obligation_id)
    form = RevisionForm(obj=one, starts_on=today())
    if form.holds:
        try:
            made = actions.revise(db, actor, obligation_id, form.plan(one), version=form.seen_version, now=now())
        except Refusal as refusal:
            db.rollback()
            form.show(refusal)
        else:
            say(_("Saved."))
            return redirect(url_for("obligations.show_obligation", obligation_id=made.id, day=today().isoformat()))
    return render_template("obligations/form.html", form=form, one=one), form.status


@blueprint.route("/obligations/<int:obligation_id>/end", methods=["GET", "POST"])
@requires(ObligationPermission.SETTLE)
def end(obligation_id: int) -> tuple[str, int] | Response:
    """Let nothing be owed any more after a period."""
    db, actor = database(), signed_in()
    one = _settled(obligation_id)
    form = EndForm(obj=one, last_day=today())
    if form.holds and (last_day := form.last_day.data):
        try:
            actions.end(db, actor, obligation_id, last_day=last_day, version=form.seen_version, now=now())
        except Refusal as refusal:
            db.rollback()
            form.show(refusal)
        else:
            undo = (
                url_for("obligations.resume", obligation_id=obligation_id)
                if (one.ends_on or today()) > today()
                else None
            )
            say(_("It ends with that period; what was owed until then stays on record."), undo_url=undo)
            return redirect(url_for("obligations.list_obligations"))
    return render_template("obligations/end.html", form=form, one=one), form.status


@blueprint.post("/obligations/<int:obligation_id>/resume")
@requires(ObligationPermission.SETTLE)
def resume(obligation_id: int) -> Response:
    """Take back an end that is still to come."""
    db, actor = database(), signed_in()
    queries.get_obligation(db, actor, obligation_id)
    actions.resume(db, actor, obligation_id, today(), now=now())
    say(_("It goes on: no end is set any more."))
    return redirect(url_for("obligations.show_obligation", obligation_id=obligation_id))


def _settled(obligation_id: int) -> Obligation:
    one = queries.get_obligation(database(), signed_in(), obligation_id)
    if one.ends_on is not None or not signed_in().may(ObligationPermission.SETTLE, one.unit.path):
        raise Missing
    return one
