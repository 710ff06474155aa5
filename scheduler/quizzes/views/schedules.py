"""Schedules: the list, a new one, one with what is to come and what came, stopping and skipping."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from scheduler.agenda.queries.choices import unit_choices
from scheduler.agenda.terms import WEEKDAY_NAMES
from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import say
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.making import make_of
from scheduler.quizzes.actions.schedules import (
    change_schedule,
    create_schedule,
    resume_schedule,
    skip,
    stop_schedule,
    unskip,
)
from scheduler.quizzes.forms.schedules import ScheduleForm, filled
from scheduler.quizzes.models import QuizSchedule, ScheduledSitting
from scheduler.quizzes.queries.papers import paper_choices
from scheduler.quizzes.queries.schedules import coming, get_schedule, list_schedules, plan_of, slots_of, unit_names
from scheduler.quizzes.queries.sittings import audience_choices
from scheduler.quizzes.terms.schedules import NTH_NAMES, Beat, Coming, Rhythm
from scheduler.quizzes.views.blueprint import blueprint, edge

_SHOWN = 6
"""How many of what is to come the page shows."""
_PAST = timedelta(days=120)
"""How far back the page shows what came."""


@blueprint.app_template_filter("beat")
def beat_words(beat: Beat) -> str:
    """Return when a schedule strikes, in the reader's language."""
    weekday = _(WEEKDAY_NAMES[beat.weekday])
    if beat.rhythm is Rhythm.LESSON:
        return _("After each lesson")
    if beat.rhythm is Rhythm.WEEK:
        return _("Every %(weekday)s", weekday=weekday)
    if beat.rhythm is Rhythm.MONTH_DAY:
        return _("On day %(day)s of every month", day=beat.day)
    return _("On %(nth)s %(weekday)s of every month", nth=_(NTH_NAMES[beat.nth]), weekday=weekday)


@blueprint.get("/quizzes/schedules")
@requires(QuizPermission.HOLD)
def schedules() -> str:
    """Show the schedules of the units for which the reader holds sittings."""
    return render_template("quizzes/schedules.html", rows=list_schedules(database(), signed_in()))


@blueprint.route("/quizzes/schedules/new", methods=["GET", "POST"])
@requires(QuizPermission.HOLD)
def new_schedule() -> tuple[str, int] | Response:
    """Let a paper come again and again."""
    form = _offered(ScheduleForm(data={"first_day": now().astimezone(zone()).date()}))
    if form.holds:
        try:
            made = create_schedule(database(), signed_in(), form.value(), now=now())
            make_of(database(), made.id, **edge())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Scheduled. What is near stands in the calendars already."), "ok")
            return redirect(url_for("quizzes.show_schedule", schedule_id=made.id))
    return render_template("quizzes/schedule_form.html", form=form, edited=None), form.status


@blueprint.route("/quizzes/schedules/<int:schedule_id>/edit", methods=["GET", "POST"])
@requires(QuizPermission.HOLD)
def edit_schedule(schedule_id: int) -> tuple[str, int] | Response:
    """Change a schedule for what is not made yet."""
    edited = get_schedule(database(), signed_in(), schedule_id)
    form = _offered(ScheduleForm(data=filled(plan_of(edited), edited.version)))
    if form.holds:
        try:
            change_schedule(database(), signed_in(), schedule_id, form.value(), version=form.seen_version, now=now())
            make_of(database(), schedule_id, **edge())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Saved. What stood in the calendars before stays as it was."), "ok")
            return redirect(url_for("quizzes.show_schedule", schedule_id=schedule_id))
    return render_template("quizzes/schedule_form.html", form=form, edited=edited), form.status


def _offered(form: ScheduleForm) -> ScheduleForm:
    units = unit_choices(database(), signed_in().scopes(QuizPermission.HOLD))
    form.offer(paper_choices(database()), audience_choices(database(), signed_in()), units)
    return form


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something to come with what came of it so far."""

    one: Coming
    held_on: date
    slot: ScheduledSitting | None
    enters_on: date

    @property
    def why(self) -> str:
        """Why it could not be made, in the reader's language."""
        refusal = self.slot.refusal if self.slot else None
        if refusal is None:
            return ""
        said = refusal["message_id"]
        return _(said, **refusal["facts"])


@blueprint.get("/quizzes/schedules/<int:schedule_id>")
@requires(QuizPermission.HOLD)
def show_schedule(schedule_id: int) -> str:
    """Show a schedule, what is to come of it, and what came."""
    schedule = get_schedule(database(), signed_in(), schedule_id)
    today = now().astimezone(zone()).date()
    plan = plan_of(schedule)
    slots = slots_of(database(), schedule_id, since=today - _PAST)
    by_key = {(slot.day, slot.lesson_id): slot for slot in slots}
    to_come = [] if schedule.stopped_at else coming(database(), plan, zone=zone(), now=now(), most=_SHOWN)
    ahead = [
        Ahead(
            one,
            one.opens_at.astimezone(zone()).date(),
            by_key.pop((one.day, one.lesson_id), None),
            (one.opens_at - timedelta(days=plan.lead_days)).astimezone(zone()).date(),
        )
        for one in to_come
    ]
    return render_template(
        "quizzes/schedule.html",
        schedule=schedule,
        beat=plan.beat,
        ahead=ahead,
        past=[slot for slot in slots if (slot.day, slot.lesson_id) in by_key and slot.sitting is not None][::-1],
        due=dict(audience_choices(database(), signed_in())).get(schedule.audience_id or 0),
        units=unit_names(database(), schedule),
        at=now(),
    )


@blueprint.post("/quizzes/schedules/<int:schedule_id>/stop")
@requires(QuizPermission.HOLD)
def stop(schedule_id: int) -> Response:
    """Let it make no more sittings."""
    stop_schedule(database(), signed_in(), schedule_id, now=now())
    say(_("Stopped. What stands in the calendars stays."), undo_url=url_for("quizzes.resume", schedule_id=schedule_id))
    return redirect(url_for("quizzes.show_schedule", schedule_id=schedule_id))


@blueprint.post("/quizzes/schedules/<int:schedule_id>/resume")
@requires(QuizPermission.HOLD)
def resume(schedule_id: int) -> Response:
    """Let it make sittings again."""
    resume_schedule(database(), signed_in(), schedule_id, now=now())
    make_of(database(), schedule_id, **edge())
    say(_("It runs again."), undo_url=url_for("quizzes.stop", schedule_id=schedule_id))
    return redirect(url_for("quizzes.show_schedule", schedule_id=schedule_id))


@blueprint.post("/quizzes/schedules/<int:schedule_id>/skip/<int:number>")
@requires(QuizPermission.HOLD)
def skip_one(schedule_id: int, number: int) -> Response:
    """Make no sitting for one of what is to come, named by its day (20260305) or its lesson."""
    schedule, one = _one(database(), schedule_id, number)
    try:
        skip(database(), signed_in(), schedule.id, one, now=now())
    except Missing:
        raise
    except Refusal as refusal:
        database().rollback()
        flash(refusal.text, "warn")
    else:
        say(
            _("This one is left out."),
            undo_url=url_for("quizzes.unskip_one", schedule_id=schedule_id, number=number),
        )
    return redirect(url_for("quizzes.show_schedule", schedule_id=schedule_id))


@blueprint.post("/quizzes/schedules/<int:schedule_id>/unskip/<int:number>")
@requires(QuizPermission.HOLD)
def unskip_one(schedule_id: int, number: int) -> Response:
    """Take back that it is left out."""
    schedule, one = _one(database(), schedule_id, number)
    unskip(database(), signed_in(), schedule.id, one, now=now())
    make_of(database(), schedule_id, **edge())
    say(_("It is held again."), undo_url=url_for("quizzes.skip_one", schedule_id=schedule_id, number=number))
    return redirect(url_for("quizzes.show_schedule", schedule_id=schedule_id))


def _one(session: Session, schedule_id: int, number: int) -> tuple[QuizSchedule, Coming]:
    schedule = get_schedule(session, signed_in(), schedule_id)
    for one in coming(session, plan_of(schedule), zone=zone(), now=now()):
        if number in {one.lesson_id, None if one.lesson_id else int(f"{one.day:%Y%m%d}")}:
            return schedule, one
    raise Missing
