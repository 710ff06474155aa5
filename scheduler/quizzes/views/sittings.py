"""Sittings as those who hold them see them: the list, a new one, the live board, grants, release."""

from contextlib import suppress

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda.queries.choices import unit_choices, venue_choices
from scheduler.agenda.terms import DoubleBooking, NeedsConfirmation
from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import say
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.attempts import call_off
from scheduler.quizzes.actions.grants import grant, withdraw_grant
from scheduler.quizzes.actions.results import follow
from scheduler.quizzes.actions.sittings import cancel_sitting, change_rules, move_sitting, plan_sitting, release_results
from scheduler.quizzes.forms.sittings import GrantForm, MoveForm, ReasonForm, RulesForm, SittingForm
from scheduler.quizzes.models import Sitting
from scheduler.quizzes.queries.grants import due_choices, grants_of
from scheduler.quizzes.queries.live import live_board
from scheduler.quizzes.queries.papers import paper_choices
from scheduler.quizzes.queries.schedules import find_origin
from scheduler.quizzes.queries.sittings import (
    SIZE,
    audience_choices,
    find_of_activity,
    get_due,
    get_held,
    list_sittings,
)
from scheduler.quizzes.terms.attempts import Doing
from scheduler.quizzes.terms.sittings import Concession, SittingRules
from scheduler.quizzes.views.blueprint import blueprint, edge


@blueprint.get("/quizzes/sittings")
@requires(QuizPermission.MARK)
def sittings() -> str:
    """Show the sittings that the reader holds or marks, newest first."""
    number = max(1, number_asked("page") or 1)
    rows, total = list_sittings(database(), signed_in(), page=number)
    return render_template(
        "quizzes/sittings.html", rows=rows, number=number, pages=max(1, -(-total // SIZE)), total=total, at=now()
    )


@blueprint.route("/quizzes/sittings/new", methods=["GET", "POST"])
@requires(QuizPermission.HOLD)
def new_sitting() -> tuple[str, int] | Response:
    """Hold a paper."""
    form, refused = SittingForm(), None
    units = unit_choices(database(), signed_in().scopes(QuizPermission.HOLD))
    form.offer(paper_choices(database()), audience_choices(database(), signed_in()), units, venue_choices(database()))
    if form.holds:
        try:
            made = plan_sitting(database(), signed_in(), form.value(zone()), consent=form.consent(), **edge())
        except (DoubleBooking, NeedsConfirmation) as refusal:
            database().rollback()
            form.show(refusal)
            refused = refusal
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("The sitting stands in the calendars of all who are due."), "ok")
            return redirect(url_for("quizzes.show_sitting", sitting_id=made.id))
    return render_template("quizzes/sitting_form.html", form=form, refused=refused, edited=None), form.status


@blueprint.get("/quizzes/activities/<int:activity_id>")
@requires(QuizPermission.TAKE)
def sitting_of(activity_id: int) -> Response:
    """Lead from a calendar to the sitting: those who hold it to its board, those who are due to its door."""
    actor = signed_in()
    sitting_id = find_of_activity(database(), actor, activity_id)
    if sitting_id is None:
        raise Missing
    if actor.may(QuizPermission.HOLD):
        with suppress(Missing):
            return redirect(url_for("quizzes.show_sitting", sitting_id=get_held(database(), actor, sitting_id).id))
    return redirect(url_for("quizzes.enter", sitting_id=get_due(database(), actor, sitting_id).id))


@blueprint.route("/quizzes/sittings/<int:sitting_id>/move", methods=["GET", "POST"])
@requires(QuizPermission.HOLD)
def move(sitting_id: int) -> tuple[str, int] | Response:
    """Ask for another time, and move a sitting that has not opened."""
    sitting = get_held(database(), signed_in(), sitting_id)
    starts, ends = (each.astimezone(zone()) for each in (sitting.activity.starts_at, sitting.activity.ends_at))
    form = MoveForm(
        data={"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "version": sitting.activity.version}
    )
    refused = None
    if form.holds:
        try:
            move_sitting(
                database(),
                signed_in(),
                sitting_id,
                form.span(zone()),
                version=form.seen_version,
                reason=form.reason.data or "",
                consent=form.consent(),
                zone=zone(),
                now=now(),
            )
        except Missing:
            raise
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
            refused = refusal
        else:
            flash(_("Moved; whoever is due is told."), "ok")
            return redirect(url_for("quizzes.show_sitting", sitting_id=sitting_id))
    title = get_held(database(), signed_in(), sitting_id).activity.title
    page = render_template("quizzes/move.html", sitting_id=sitting_id, title=title, form=form, refused=refused)
    return page, form.status


@blueprint.route("/quizzes/sittings/<int:sitting_id>/rules", methods=["GET", "POST"])
@requires(QuizPermission.HOLD)
def edit_rules(sitting_id: int) -> tuple[str, int] | Response:
    """Change the rules of a sitting that has not opened."""
    edited = get_held(database(), signed_in(), sitting_id)
    form = RulesForm(data={name: getattr(edited, name) for name in (*SittingRules.__dataclass_fields__, "version")})
    form.offer_rules()
    if form.holds:
        try:
            change_rules(database(), signed_in(), sitting_id, form.rules(), version=form.seen_version, now=now())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("quizzes.show_sitting", sitting_id=sitting_id))
    return render_template("quizzes/sitting_form.html", form=form, refused=None, edited=edited), form.status


@blueprint.get("/quizzes/sittings/<int:sitting_id>")
@requires(QuizPermission.HOLD)
def show_sitting(sitting_id: int) -> str:
    """Show a sitting: its rules, who is at work, what was granted."""
    sitting = get_held(database(), signed_in(), sitting_id)
    return _page(sitting, _grant_form(sitting))


def _grant_form(sitting: Sitting) -> GrantForm:
    form = GrantForm()
    form.offer(due_choices(database(), sitting), unit_choices(database(), signed_in().scopes(QuizPermission.HOLD)))
    return form


def _page(sitting: Sitting, form: GrantForm) -> str:
    board, counts = live_board(database(), sitting, now=now())
    wanted = request.args.get("show", "")
    shown = [row for row in board if not wanted or row.state == wanted]
    pages = max(1, -(-len(shown) // SIZE))
    number = min(max(1, number_asked("page") or 1), pages)
    return render_template(
        "quizzes/sitting.html",
        sitting=sitting,
        activity=sitting.activity,
        board=shown[(number - 1) * SIZE : number * SIZE],
        number=number,
        pages=pages,
        total=len(shown),
        counts={each.value: counts[each] for each in Doing},
        due=len(board),
        wanted=wanted,
        grants=grants_of(database(), sitting.id),
        origin=find_origin(database(), sitting.id),
        form=form,
        reason=ReasonForm(),
        at=now(),
        is_open=sitting.activity.starts_at <= now() and sitting.closed_at is None,
    )


@blueprint.post("/quizzes/sittings/<int:sitting_id>/grants")
@requires(QuizPermission.HOLD)
def add_grant(sitting_id: int) -> tuple[str, int] | Response:
    """Grant something to somebody."""
    sitting = get_held(database(), signed_in(), sitting_id)
    form = _grant_form(sitting)
    if form.holds:
        try:
            made = grant(
                database(),
                signed_in(),
                sitting_id,
                form.kind(),
                person_id=form.person.data or None,
                unit_id=form.unit.data or None,
                minutes=form.minutes.data if form.kind() is Concession.MORE_TIME else None,
                reason=form.reason.data or "",
                now=now(),
            )
        except Missing:
            raise
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            follow(database(), sitting_id, [made.person_id] if made.person_id else None, now=now())
            undo = url_for("quizzes.drop_grant", sitting_id=sitting_id, grant_id=made.id)
            say(_("Granted; who is at work has the time at once."), undo_url=undo)
            return redirect(url_for("quizzes.show_sitting", sitting_id=sitting_id))
    return _page(get_held(database(), signed_in(), sitting_id), form), 422


@blueprint.post("/quizzes/sittings/<int:sitting_id>/grants/<int:grant_id>/withdraw")
@requires(QuizPermission.HOLD)
def drop_grant(sitting_id: int, grant_id: int) -> Response:
    """Take a grant back."""
    dropped = withdraw_grant(database(), signed_in(), sitting_id, grant_id, now=now())
    follow(database(), sitting_id, [dropped.person_id] if dropped.person_id else None, now=now())
    flash(_("Taken back."), "ok")
    return redirect(url_for("quizzes.show_sitting", sitting_id=sitting_id))


@blueprint.post("/quizzes/sittings/<int:sitting_id>/release")
@requires(QuizPermission.HOLD)
def release(sitting_id: int) -> Response:
    """Let those who sat see their results."""
    release_results(database(), signed_in(), sitting_id, now=now())
    flash(_("Everybody who sat can see the own result now."), "ok")
    return redirect(url_for("quizzes.show_sitting", sitting_id=sitting_id))


@blueprint.post("/quizzes/sittings/<int:sitting_id>/cancel")
@requires(QuizPermission.HOLD)
def cancel(sitting_id: int) -> Response:
    """Cancel a sitting that has not opened."""
    form = ReasonForm()
    cancel_sitting(
        database(), signed_in(), sitting_id, version=form.seen_version, reason=form.reason.data or "", now=now()
    )
    flash(_("Cancelled; whoever was due is told."), "ok")
    return redirect(url_for("quizzes.show_sitting", sitting_id=sitting_id))


@blueprint.post("/quizzes/sittings/<int:sitting_id>/attempts/<int:attempt_id>/call-off")
@requires(QuizPermission.HOLD)
def call_attempt_off(sitting_id: int, attempt_id: int) -> Response:
    """Call an attempt off: its person may begin another."""
    sitting = get_held(database(), signed_in(), sitting_id)
    form = ReasonForm()
    called = call_off(database(), signed_in(), sitting, attempt_id, form.reason.data or "", now=now())
    follow(database(), sitting_id, [called.person_id], now=now())
    flash(_("Called off. Another attempt may begin."), "ok")
    return redirect(url_for("quizzes.show_sitting", sitting_id=sitting_id))
