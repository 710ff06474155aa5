"""The page of one record, and what the two do with it: withdraw, answer, hand over a link."""

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import language
from scheduler.core.sheets import download
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.mentoring import actions, queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.actions.answering import LINK_LIFE
from scheduler.mentoring.forms.records import AnswerForm
from scheduler.mentoring.queries.attachments import attachments_of, get_attachment
from scheduler.mentoring.rules.duty import is_late
from scheduler.mentoring.terms import Confirmation, RecordState
from scheduler.mentoring.views.blueprint import blueprint


@blueprint.get("/mentoring/records/<int:record_id>")
@requires(MentoringPermission.READ)
def show_record(record_id: int) -> str:
    """Show a record: to the pair with its words, to others as far as the programme's rule goes."""
    return _page(record_id, AnswerForm())


@blueprint.get("/mentoring/records/<int:record_id>/files/<key>")
@requires(MentoringPermission.READ)
def download_attachment(record_id: int, key: str) -> FlaskResponse:
    """Hand out a file beside a record to those who may read its words; never shown in the page itself."""
    file = get_attachment(database(), signed_in(), record_id, key)
    name, _dot, ending = file.name.rpartition(".")
    response = download(file.body, file.media_type, name, "file", ending)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@blueprint.post("/mentoring/records/<int:record_id>/withdraw")
@requires(MentoringPermission.READ)
def withdraw_guidance(record_id: int) -> Response:
    """Take a record back that is not confirmed."""
    actions.withdraw_guidance(database(), signed_in(), record_id, now=now())
    flash(_("The record is withdrawn. It counts no more; it stays to be seen."), "ok")
    return redirect(url_for("mentoring.show_record", record_id=record_id))


@blueprint.post("/mentoring/records/<int:record_id>/answer")
@requires(MentoringPermission.READ)
def answer_guidance(record_id: int) -> Response | tuple[str, int]:
    """Confirm or dispute a record as its mentee: the button that was pressed says which."""
    form, answer = AnswerForm(), answer_sent()
    if form.holds:
        try:
            actions.answer_guidance(database(), signed_in(), record_id, answer, form.words.data or "", now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(answered_words(answer), "ok")
            return redirect(url_for("mentoring.mine"))
    return _page(record_id, form), form.status


@blueprint.post("/mentoring/records/<int:record_id>/link")
@requires(MentoringPermission.READ)
def make_link(record_id: int) -> str:
    """Show the mentor a code that the mentee scans to confirm, this once."""
    token = actions.make_confirmation_link(database(), signed_in(), record_id, now=now())
    record, shown = queries.get_record(database(), signed_in(), record_id)
    address = current_app.extensions["settings"].base_url.rstrip("/") + url_for("mentoring.confirm", token=token)
    return render_template(
        "mentoring/link_made.html",
        record=record,
        pairing=shown.pairing,
        address=address,
        expires_at=now() + LINK_LIFE,
    )


def answer_sent() -> Confirmation:
    """Return the answer that the pressed button stands for; anything but a dispute confirms."""
    return Confirmation.DISPUTED if request.form.get("answer") == Confirmation.DISPUTED else Confirmation.CONFIRMED


def answered_words(answer: Confirmation) -> str:
    """Return what the mentee is told afterwards."""
    if answer is Confirmation.CONFIRMED:
        return _("Confirmed. Thank you.")
    return _("Your mentor is told what is not right. The record does not count until it is corrected.")


def _page(record_id: int, form: AnswerForm) -> str:
    db, actor = database(), signed_in()
    record, shown = queries.get_record(db, actor, record_id)
    filed = record.state is RecordState.FILED
    confirmed = record.confirmation is Confirmation.CONFIRMED
    return render_template(
        "mentoring/record.html",
        record=record,
        shown=shown,
        pairing=shown.pairing,
        mode=record.mode.name(language()),
        areas=queries.areas_of(db, [record.id], language()).get(record.id, ()),
        is_late=is_late(
            record.day, record.first_filed_at.astimezone(zone()).date(), shown.pairing.programme.grace_days
        ),
        successor=queries.correction_of(db, record.id) if record.state is RecordState.REPLACED else None,
        files=attachments_of(db, record.id) if shown.reads_words else [],
        form=form,
        may_answer=shown.is_guided and filed and not confirmed,
        may_withdraw=shown.guides and filed and not confirmed,
        may_correct=shown.guides and filed,
        may_link=shown.guides and filed and not confirmed,
    )
