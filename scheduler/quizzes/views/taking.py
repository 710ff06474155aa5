"""Taking a quiz: my sittings, the attempt, saving, handing in, looking at it afterwards."""

import re
import secrets
from datetime import UTC, datetime

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.pages import in_words, language
from scheduler.core.text import whole_number
from scheduler.core.web import database, grouped, now, requires, signed_in, writer
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.attempts import hand_in, note_refused, save_answers, start_attempt
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.actions.results import follow
from scheduler.quizzes.models import Attempt
from scheduler.quizzes.queries.attempts import get_own_attempt, questions_of, review
from scheduler.quizzes.queries.own import own_sittings, window_of
from scheduler.quizzes.queries.schedules import find_origin
from scheduler.quizzes.queries.sittings import get_due
from scheduler.quizzes.terms.attempts import Saved, Sent
from scheduler.quizzes.terms.bank import ItemKind
from scheduler.quizzes.views.blueprint import blueprint, item_kind

_KNOWN = re.compile(r"[qsm]-\d{1,3}|csrf_token|key|time_is_up|beacon")
_MILLISECONDS = 1000
_LATEST = 4_102_444_800  # the year 2100


@blueprint.get("/quizzes")
@requires(QuizPermission.TAKE)
def mine() -> str:
    """Show what the reader may take now, what comes, and what was taken."""
    found = own_sittings(database(), signed_in(), now=now())
    return render_template(
        "quizzes/mine.html",
        open_now=[one for one in found if one.opens <= now() < one.closes or one.open_attempt],
        coming=[one for one in reversed(found) if one.opens > now()],
        past=[one for one in found if one.closes <= now() and not one.open_attempt],
        at=_milliseconds(now()),
    )


@blueprint.get("/quizzes/sittings/<int:sitting_id>/start")
@requires(QuizPermission.TAKE)
def enter(sitting_id: int) -> str:
    """Say what is to come before the clock starts."""
    actor = signed_in()
    sitting = get_due(database(), actor, sitting_id)
    mine_here = next((one for one in own_sittings(database(), actor, now=now()) if one.id == sitting_id), None)
    window = window_of(database(), actor, sitting)
    return render_template(
        "quizzes/enter.html",
        sitting=sitting,
        opens=window.opens,
        closes=window.closes,
        origin=find_origin(database(), sitting.id),
        minutes=sitting.length_minutes + int(window.extra.total_seconds() // 60),
        made=mine_here.made if mine_here else 0,
        running=mine_here.open_attempt if mine_here else None,
        exempt=window.exempt,
        may_start=window.opens <= now() < window.closes and not window.exempt,
    )


@blueprint.post("/quizzes/sittings/<int:sitting_id>/start")
@requires(QuizPermission.TAKE)
@grouped
def start(sitting_id: int) -> AnyResponse:
    """Begin an attempt, or go on with the one that is running."""
    actor, at = signed_in(), now()
    try:
        attempt_id = writer().run(lambda session: start_attempt(session, actor, sitting_id, now=at))
    except Missing:
        raise
    except Refusal as refusal:
        facts = {name: in_words(fact) if isinstance(fact, datetime) else fact for name, fact in refusal.facts.items()}
        flash(_(refusal.message_id, **facts), "warn")
        return redirect(url_for("quizzes.enter", sitting_id=sitting_id))
    return redirect(url_for("quizzes.take", attempt_id=attempt_id))


@blueprint.get("/quizzes/attempts/<int:attempt_id>")
@requires(QuizPermission.TAKE)
def take(attempt_id: int) -> str | AnyResponse:
    """Show the questions of the reader's own attempt; of one that was handed in, what came of it."""
    attempt = get_own_attempt(database(), signed_in(), attempt_id)
    if attempt.ended_at is not None:
        return _looked_at(attempt_id)
    questions = questions_of(database(), attempt_id, language())
    return render_template(
        "quizzes/take.html",
        attempt=attempt,
        sitting=attempt.sitting,
        questions=questions,
        places=_places(len(questions)),
        headings={pair: _heading(*pair) for pair in {(one.kind, one.points) for one in questions}},
        key=secrets.token_hex(16),
        left=max(0, int((attempt.deadline - now()).total_seconds() * _MILLISECONDS)),
        until=_milliseconds(attempt.deadline),
        at=_milliseconds(now()),
        journal=_journal(attempt),
    )


def _places(count: int) -> list[str]:
    """Return "1 of 20" and so on: one look-up of the text for all."""
    place = _("%(number)s of %(all)s", number="{}", all=count)
    return [place.format(number) for number in range(1, count + 1)]


def _heading(kind: ItemKind, points: int) -> str:
    return f"{item_kind(kind)} · {ngettext('%(num)s point', '%(num)s points', points)}"


def _looked_at(attempt_id: int) -> str:
    looked = review(database(), signed_in(), attempt_id, language(), now=now())
    return render_template(
        "quizzes/review.html",
        looked=looked,
        attempt=looked.attempt,
        sitting=looked.attempt.sitting,
        at=_milliseconds(now()),
        journal=_journal(looked.attempt),
    )


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * _MILLISECONDS)


def _journal(attempt: Attempt) -> str:
    """Return under what a device keeps the answers to an attempt: no other attempt's, not even after a restored backup."""
    return f"quiz:{attempt.person_id}:{attempt.id}:{_milliseconds(attempt.started_at)}"


@blueprint.post("/quizzes/attempts/<int:attempt_id>/save")
@requires(QuizPermission.TAKE)
@grouped
def save(attempt_id: int) -> AnyResponse:
    """Keep answers; says of each what became of it once it is on disk."""
    actor, at = signed_in(), now()
    sent = _sent(attempt_id)
    try:
        verdicts = writer().run(lambda session: save_answers(session, actor, attempt_id, sent, now=at))
    except Refusal as refusal:
        _refused(attempt_id, str(refusal))
        raise
    if request.headers.get("X-Requested-With") != "save" and "beacon" not in request.form:
        kept = all(one.saved is Saved.SAVED for one in verdicts)
        flash(_("Saved.") if kept else _("Not all was saved: look at each question."), "ok" if kept else "bad")
        return redirect(url_for("quizzes.take", attempt_id=attempt_id))
    answers = [
        {"position": one.position, "saved": one.saved.value, "seq": one.seq, "answer": one.answer} for one in verdicts
    ]
    return jsonify(answers=answers)


@blueprint.post("/quizzes/attempts/<int:attempt_id>/hand-in")
@requires(QuizPermission.TAKE)
@grouped
def submit(attempt_id: int) -> AnyResponse:
    """Hand the attempt in; then it is graded, as far as it goes without a person."""
    actor, at = signed_in(), now()
    sent = _sent(attempt_id)
    key, by_itself = request.form.get("key", "")[:64], bool(request.form.get("time_is_up"))
    try:
        done = writer().run(
            lambda session: hand_in(session, actor, attempt_id, sent, key=key, by_itself=by_itself, now=at)
        )
    except Refusal as refusal:
        _refused(attempt_id, str(refusal))
        raise
    if done.early:
        flash(
            _("There is still time: more was granted, or your device's clock is ahead. Your answers are saved."), "warn"
        )
    elif done.torn:
        flash(_("Not all was saved: look at each question."), "bad")
    elif done.repeated:
        flash(_("This was handed in before."), "info")
    else:
        writer().run(lambda session: _grade(session, actor, done.sitting_id, attempt_id, at))
        if done.late:
            flash(_("Handed in as it was saved: the last changes came after the end."), "warn")
        else:
            flash(_("Handed in."), "ok")
    return redirect(url_for("quizzes.take", attempt_id=attempt_id))


def _grade(session: Session, actor: Actor, sitting_id: int, attempt_id: int, at: datetime) -> None:
    grade(session, [attempt_id], now=at)
    follow(session, sitting_id, [actor.person_id] if actor.person_id else [], now=at)


def _sent(attempt_id: int) -> list[Sent]:
    """Return the answers of the form, each with the moment at which it was made. Records and refuses anything else."""
    form: MultiDict[str, str] = request.form
    foreign = sorted(name for name in form if not _KNOWN.fullmatch(name))
    if foreign:
        _refused(attempt_id, f"fields: {', '.join(foreign)[:200]}")
        raise Refusal(lazy("Only answers can be sent here. Nothing was changed."))
    return [
        Sent(
            int(name[2:]),
            "".join(form.getlist(f"q-{name[2:]}")),
            whole_number(form[name]) or 0,
            _instant(form.get(f"m-{name[2:]}", "")),
        )
        for name in form
        if name.startswith("s-")
    ]


def _instant(milliseconds: str) -> datetime | None:
    """Return the instant that a browser writes as milliseconds since 1970; None for what it cannot mean."""
    if not (milliseconds.isdecimal() and len(milliseconds) < len(str(_LATEST)) + 4):
        return None
    return datetime.fromtimestamp(min(int(milliseconds) / _MILLISECONDS, _LATEST), UTC)


def _refused(attempt_id: int, what: str) -> None:
    actor, at = signed_in(), now()
    writer().run(lambda session: note_refused(session, actor, attempt_id, what, now=at))
