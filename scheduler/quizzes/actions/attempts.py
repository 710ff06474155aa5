"""Attempts begun, saved, handed in, swept up. Each is a unit that may be run again without harm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor, system_actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.quizzes.models import Attempt, ItemVersion, Paper, Question, Sitting
from scheduler.quizzes.queries.own import window_of
from scheduler.quizzes.queries.papers import drawable_items, drawables, items_seen, rules_of
from scheduler.quizzes.queries.sittings import get_due
from scheduler.quizzes.rules.drawing import Drawn, arrange, pick
from scheduler.quizzes.rules.grading import kept_answer, shown_answer, without_controls
from scheduler.quizzes.rules.timing import believes_time_is_up, deadline_of, earliest_deadline
from scheduler.quizzes.terms.attempts import GRACE, OPEN, TRANSITIONS, AttemptState, Saved, Sent, Verdict
from scheduler.quizzes.terms.bank import ItemKind
from scheduler.quizzes.terms.papers import LATELY

_AT_ONCE = 200
"""How many overdue attempts one sweep takes up."""


def start_attempt(session: Session, actor: Actor, sitting_id: int, *, now: datetime) -> int:
    """Begin an attempt for who is due and return its id; of one that is running already, that one's.

    What is drawn is stored and never drawn again. Refuses before the opening, after the close, once all attempts
    are made, and who is exempt.
    """
    sitting = get_due(session, actor, sitting_id)
    person_id = actor.person_id
    if person_id is None:
        raise Missing
    so_far = session.execute(
        select(
            func.count().label("made"),
            func.count().filter(Attempt.state != AttemptState.ABANDONED).label("counted"),
            func.max(Attempt.id).filter(Attempt.state.in_(OPEN)).label("running"),
        ).where(Attempt.sitting_id == sitting_id, Attempt.person_id == person_id)
    ).one()
    running: int | None = so_far.running
    if running is not None:
        return running
    window = window_of(session, actor, sitting)
    if now < window.opens:
        raise Refusal(lazy("The quiz opens for you at %(opens)s."), opens=window.opens)
    if now >= window.closes:
        raise Refusal(lazy("The quiz is closed."))
    if window.exempt:
        raise Refusal(lazy("You are exempt from this quiz."))
    if so_far.counted >= sitting.attempts:
        raise Refusal(lazy("You have made all the attempts that this quiz allows."))
    drawn = draw(session, sitting.paper, person_id, now=now)
    deadline = deadline_of(now, sitting.length_minutes, window.extra, window.closes)
    attempt_id: int | None = session.scalar(
        insert_into(session, Attempt)
        .values(
            sitting_id=sitting_id,
            person_id=person_id,
            number=so_far.made + 1,
            state=AttemptState.IN_PROGRESS,
            started_at=now,
            deadline=deadline,
            heard_at=now,
            out_of=sum(each.points for each in drawn),
        )
        .on_conflict_do_nothing()
        .returning(Attempt.id)
    )
    if attempt_id is None:  # a second tab was faster
        faster = _running(session, sitting_id, person_id)
        if faster is None:
            raise Missing
        return faster
    session.connection().execute(
        insert(Question),
        [
            {
                "attempt_id": attempt_id,
                "position": place,
                "item_version_id": each.version_id,
                "points": each.points,
                "order": each.order,
                "answer": "",
                "seq": 0,
            }
            for place, each in enumerate(drawn, start=1)
        ],
    )
    record(session, actor, "start", "attempt", attempt_id, now=now, sitting_id=sitting_id, deadline=deadline)
    return attempt_id


def draw(session: Session, paper: Paper, person_id: int, *, now: datetime) -> list[Drawn]:
    """Draw the questions of one attempt of a person at `paper`, away from what the person was asked lately.

    Refuses with TooFewItems where the bank has shrunk.
    """
    chance = SystemRandom()
    if rules := rules_of(session, paper.id):
        seen = items_seen(session, person_id, since=now - LATELY)
        items = pick(rules, drawables(session, rules), chance, seen=seen)
    else:
        items = drawable_items(session, paper.id)
    return arrange(items, chance, shuffle_questions=paper.shuffle_questions, shuffle_choices=paper.shuffle_choices)


def _running(session: Session, sitting_id: int, person_id: int) -> int | None:
    return session.scalar(
        select(Attempt.id).where(
            Attempt.sitting_id == sitting_id, Attempt.person_id == person_id, Attempt.state.in_(OPEN)
        )
    )


def save_answers(
    session: Session,
    actor: Actor,
    attempt_id: int,
    sent: Sequence[Sent],
    *,
    now: datetime,
) -> list[Verdict]:
    """Keep answers of the actor's own attempt and say of each what became of it, with the server's copy as it is now.

    The deadline is asked in the statement that lets them in, of each answer by the moment at which it was made (see
    rules.timing.earliest_deadline). An answer based on another version than the server's is stale and overwrites nothing,
    unless it says the same. Refuses with Missing an attempt of somebody else, and questions that it does not have.
    """
    own = (Attempt.id == attempt_id) & (Attempt.person_id == actor.person_id)
    reaching = [earliest_deadline(now, each.made_at) for each in sent]
    deadline = session.scalar(
        update(Attempt)
        .where(own, Attempt.state.in_(OPEN), Attempt.deadline >= min(reaching, default=now))
        .values(heard_at=now)
        .returning(Attempt.deadline)
        .execution_options(synchronize_session=False)
    )
    if not sent and session.scalar(select(Attempt.id).where(own)) is None:
        raise Missing
    there = _copies(session, own, [each.position for each in sent])
    if len(there) != len({each.position for each in sent}):
        raise Missing
    return [
        _keep(session, attempt_id, each, there[each.position], in_time=deadline is not None and deadline >= earliest)
        for each, earliest in zip(sent, reaching, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Copy:
    kind: ItemKind
    order: str
    answer: str
    seq: int


def _copies(session: Session, own: ColumnElement[bool], positions: Sequence[int]) -> dict[int, _Copy]:
    rows = session.execute(
        select(Question.position, ItemVersion.kind, Question.order, Question.answer, Question.seq)
        .join(Attempt, Attempt.id == Question.attempt_id)
        .join(ItemVersion, ItemVersion.id == Question.item_version_id)
        .where(own, Question.position.in_(positions))
    )
    return {row.position: _Copy(row.kind, row.order, row.answer, row.seq) for row in rows}


def _keep(session: Session, attempt_id: int, sent: Sent, there: _Copy, *, in_time: bool) -> Verdict:
    answer = kept_answer(there.kind, sent.answer, there.order)
    copy = shown_answer(there.answer, there.order)
    if answer is None:
        raise Refusal(lazy("This is no answer to question %(number)s."), number=sent.position)
    if not in_time:
        return Verdict(sent.position, Saved.CLOSED, there.seq, copy)
    if answer == there.answer:
        return Verdict(sent.position, Saved.SAVED, there.seq, copy)
    if sent.seq != there.seq:
        return Verdict(sent.position, Saved.STALE, there.seq, copy)
    session.execute(
        update(Question)
        .where(Question.attempt_id == attempt_id, Question.position == sent.position)
        .values(answer=answer, seq=there.seq + 1)
        .execution_options(synchronize_session=False)
    )
    return Verdict(sent.position, Saved.SAVED, there.seq + 1, shown_answer(answer, there.order))


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What came of handing in: what became of the answers that came with it; `early`: the browser's clock was wrong.

    `torn`: another tab has saved other answers, of which this one did not know; nothing was handed in.
    """

    sitting_id: int
    verdicts: list[Verdict]
    late: bool = False
    """Answers that came with it were made after the end, and are not what the server holds."""
    early: bool = False
    torn: bool = False
    repeated: bool = False


def hand_in(
    session: Session,
    actor: Actor,
    attempt_id: int,
    sent: Sequence[Sent],
    *,
    key: str,
    by_itself: bool = False,
    now: datetime,
) -> HandedIn:
    """Hand in the actor's own attempt, with the answers that come with it; a repeat changes nothing.

    `by_itself`: the browser says that time is up; believed only within 2 s of the deadline, else the answers are kept
    and the attempt goes on. So it does while there is time and an answer is stale: its person has not seen what would
    be handed in. What arrives too late is not kept, and what was saved before counts.
    """
    own = (Attempt.id == attempt_id) & (Attempt.person_id == actor.person_id)
    attempt = session.scalars(_anew(select(Attempt).where(own).with_for_update())).one_or_none()
    if attempt is None:
        raise Missing
    if attempt.ended_at is not None:
        return HandedIn(attempt.sitting_id, [], repeated=True)
    verdicts = save_answers(session, actor, attempt_id, sent, now=now) if sent else []
    if by_itself and not believes_time_is_up(now, attempt.deadline):
        return HandedIn(attempt.sitting_id, verdicts, early=True)
    if not by_itself and now < attempt.deadline and any(one.saved is Saved.STALE for one in verdicts):
        return HandedIn(attempt.sitting_id, verdicts, torn=True)
    _end(session, actor, attempt, min(now, attempt.deadline), key=key, now=now)
    refused = [one for one, each in zip(verdicts, sent, strict=True) if one.answer != without_controls(each.answer)]
    return HandedIn(attempt.sitting_id, verdicts, late=any(one.saved is Saved.CLOSED for one in refused))


def _anew(statement: Select[Attempt]) -> Select[Attempt]:
    """Read what is there now: the state may have been changed past the session."""
    return statement.execution_options(populate_existing=True)


def _end(
    session: Session, actor: Actor, attempt: Attempt, ended: datetime, *, key: str | None = None, now: datetime
) -> None:
    attempt.state, attempt.ended_at, attempt.submit_key = AttemptState.SUBMITTED, ended, key
    session.flush()
    record(session, actor, "hand_in", "attempt", attempt.id, now=now, ended_at=ended)


def sweep(session: Session, *, now: datetime) -> list[int]:
    """Hand in what has run out: attempts whose deadline is 60 s over, as of their deadline. Returns their ids.

    Those whose deadline has passed but lately are marked overdue: a slow line may still bring what was made in time.
    """
    sweeper = system_actor("sweep_attempts")
    late = session.scalars(
        update(Attempt)
        .where(Attempt.state == AttemptState.IN_PROGRESS, Attempt.deadline < now)
        .values(state=AttemptState.OVERDUE)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    )
    for attempt_id in sorted(late):
        record(session, sweeper, "overdue", "attempt", attempt_id, now=now)
    found = (
        select(Attempt)
        .where(Attempt.state == AttemptState.OVERDUE, Attempt.deadline < now - GRACE)
        .order_by(Attempt.deadline)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    over = session.scalars(_anew(found)).all()
    for attempt in over:
        _end(session, sweeper, attempt, attempt.deadline, now=now)
    return [attempt.id for attempt in over]


def note_refused(session: Session, actor: Actor, attempt_id: int, what: str, *, now: datetime) -> None:
    """Record that something was sent for an attempt that nobody may send; nothing else is changed."""
    record(session, actor, "refused", "attempt", attempt_id, now=now, what=what)


def call_off(
    session: Session, actor: Actor, sitting: Sitting, attempt_id: int, reason: str, *, now: datetime
) -> Attempt:
    """Call an attempt off, with a reason: it counts as not sat, and its person may begin another one."""
    reason = reason.strip()
    if not reason:
        raise Refusal(lazy("Say why."), field="reason")
    attempt = session.scalars(
        select(Attempt).where(Attempt.id == attempt_id, Attempt.sitting_id == sitting.id).with_for_update()
    ).one_or_none()
    if attempt is None or AttemptState.ABANDONED not in TRANSITIONS[attempt.state]:
        raise Missing
    attempt.state, attempt.ended_at = AttemptState.ABANDONED, attempt.ended_at or now
    attempt.score = attempt.passed = None
    session.flush()
    record(session, actor, "call_off", "attempt", attempt.id, now=now, reason=reason)
    return attempt
