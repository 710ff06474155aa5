"""The form of a guidance record: filed, kept as a draft, corrected."""

import secrets
from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing, Refusal
from scheduler.core.forms import options
from scheduler.core.pages import language
from scheduler.core.periods import civil_date
from scheduler.core.web import database, now, number_asked, requires, signed_in
from scheduler.mentoring import actions, queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.forms.records import GuidanceForm
from scheduler.mentoring.models import Pairing
from scheduler.mentoring.queries.attachments import attachments_of
from scheduler.mentoring.rules.attachments import check_attachments
from scheduler.mentoring.rules.coverage import least_covered
from scheduler.mentoring.rules.duty import days_left
from scheduler.mentoring.terms.attachments import Beside
from scheduler.mentoring.views.blueprint import blueprint, edge, today


@blueprint.route("/mentoring/pairings/<int:pairing_id>/guidance", methods=["GET", "POST"])
@requires(MentoringPermission.READ)
def file_guidance(pairing_id: int) -> tuple[str, int] | Response:
    """Ask for a record of guidance, and file it."""
    form = GuidanceForm()
    wanted = [pairing_id, *(form.joint.data or ())]
    if form.holds and (
        filed := _tried(form, lambda **sent: actions.file_guidance(database(), signed_in(), wanted, **sent))
    ):
        return _filed(filed)
    pairing = _guided(pairing_id)
    covered = _covered(pairing)
    if request.method == "GET":
        _prefill(form, pairing, covered)
    return _page(form, pairing, covered, heading=_("Record guidance"))


@blueprint.post("/mentoring/pairings/<int:pairing_id>/draft")
@requires(MentoringPermission.READ)
def keep_draft(pairing_id: int) -> Response:
    """Keep what is typed, to go on later, also on another device."""
    form = GuidanceForm()
    actions.save_draft(database(), signed_in(), pairing_id, form.typed(), now=now())
    if request.headers.get("X-Requested-With") == "draft":
        return Response(status=204)
    flash(_("Your draft is kept. Nobody but you sees it."), "ok")
    return redirect(url_for("mentoring.mine"))


@blueprint.route("/mentoring/records/<int:record_id>/correct", methods=["GET", "POST"])
@requires(MentoringPermission.READ)
def correct_guidance(record_id: int) -> tuple[str, int] | Response:
    """Ask for what should have been recorded, and file it in the place of the record."""
    form = GuidanceForm()
    if form.holds and (
        filed := _tried(form, lambda **sent: actions.correct_guidance(database(), signed_in(), record_id, **sent))
    ):
        return _filed(filed)
    record, shown = queries.get_record(database(), signed_in(), record_id)
    if not shown.guides:
        raise Missing
    beside = attachments_of(database(), record_id)
    form.kept.choices = options((one.id, one.name) for one in beside)
    if request.method == "GET":
        form.kept.data = [one.id for one in beside]
        for name in ("day", "text", "minutes", "place", "next_step", "next_day"):
            form[name].data = getattr(record, name)
        form.mode.data = record.mode_id
        form.areas.data = queries.area_ids_of(database(), record.id)
        form.key.data = secrets.token_hex(16)
    return _page(form, shown.pairing, _covered(shown.pairing), heading=_("Correct the record"), corrects=record.id)


def _tried(form: GuidanceForm, act: Callable[..., actions.Filed]) -> actions.Filed | None:
    """File what was typed; None if it is refused, and then the form says why and keeps it."""
    try:
        beside = Beside(check_attachments(form.sent_files()), tuple(form.kept.data or ()))
        return act(given=form.value(today()), key=form.key.data or secrets.token_hex(16), beside=beside, **edge())
    except Missing:
        raise
    except Refusal as refusal:
        database().rollback()
        form.show(refusal)
        return None


def _filed(filed: actions.Filed) -> Response:
    if filed.repeated:
        flash(_("This was filed before; here it is."), "info")
    else:
        flash(_("Filed. Your mentee is asked to confirm it."), "ok")
    return redirect(url_for("mentoring.show_record", record_id=filed.record_ids[0]))


def _guided(pairing_id: int) -> Pairing:
    shown = queries.get_pairing(database(), signed_in(), pairing_id)
    if not shown.guides:
        raise Missing
    return shown.pairing


def _covered(pairing: Pairing) -> list[queries.Covered]:
    return queries.coverage(database(), pairing.id, pairing.programme_id, language())


def _prefill(form: GuidanceForm, pairing: Pairing, covered: list[queries.Covered]) -> None:
    """Fill in what can be known: the draft if there is one, a planned meeting's day, the usual, the least covered area."""
    form.key.data = secrets.token_hex(16)
    form.day.data = today()
    form.mode.data = queries.usual_mode(database(), pairing.id, pairing.programme_id)
    least = least_covered([(one.id, one.count) for one in covered])
    form.areas.data = [least] if least else []
    draft = queries.own_draft(database(), signed_in(), pairing.id)
    if draft is not None:
        for name, value in draft.fields.items():
            form[name].data = civil_date(value) if name in {"day", "next_day"} else value
    if (activity_id := number_asked("activity")) is not None:
        meeting = queries.find_meeting(database(), pairing, activity_id)
        if meeting is None:
            raise Missing
        form.activity.data = str(activity_id)
        form.day.data = meeting.starts_at.astimezone(edge()["zone"]).date()
        form.minutes.data = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
        form.text.data = form.text.data or meeting.description


def _page(
    form: GuidanceForm, pairing: Pairing, covered: list[queries.Covered], *, heading: str, corrects: int | None = None
) -> tuple[str, int]:
    db, day = database(), today()
    form.offer(
        queries.modes_of(db, pairing.programme_id, language()),
        [(one.id, one.name) for one in covered],
        [] if corrects else queries.joint_choices(db, signed_in(), pairing),
    )
    month: date = day.replace(day=1)
    page = render_template(
        "mentoring/guidance.html",
        form=form,
        pairing=pairing,
        heading=heading,
        corrects=corrects,
        standing=queries.standing_of(db, pairing.id, month),
        left=days_left(day),
        covered=covered,
        today=day,
    )
    return page, form.status
