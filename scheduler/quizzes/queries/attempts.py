"""Attempts as their person, and those who mark, see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.quizzes.models import Attempt, ItemVersion, Mark, Question, Ruling, Sitting
from scheduler.quizzes.queries.own import is_released, shows_keys
from scheduler.quizzes.rules.grading import shown_answer
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.bank import LETTERS, ItemKind

_Text = TypeVar("_Text", str, list[str])


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is asked: nothing in here tells what is right. `choices` are (letter, text) as this person sees them."""

    position: int
    kind: ItemKind
    stem: str
    choices: tuple[tuple[str, str], ...]
    points: int
    answer: str
    seq: int


def get_own_attempt(session: Session, actor: Actor, attempt_id: int) -> Attempt:
    """Return the actor's own attempt with sitting, paper and activity loaded; refuses with Missing."""
    found = session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.person_id == actor.person_id)
        .options(
            joinedload(Attempt.sitting, innerjoin=True).joinedload(Sitting.activity, innerjoin=True),
            joinedload(Attempt.sitting, innerjoin=True).joinedload(Sitting.paper, innerjoin=True),
        )
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def questions_of(session: Session, attempt_id: int, language: str) -> list[Asked]:
    """Return the questions of an attempt in order, in `language` where the item has it; no key is read."""
    rows = session.execute(
        select(
            Question.position,
            ItemVersion.kind,
            ItemVersion.stem,
            ItemVersion.stem_en,
            ItemVersion.choices,
            ItemVersion.choices_en,
            Question.points,
            Question.order,
            Question.answer,
            Question.seq,
        )
        .join(ItemVersion, ItemVersion.id == Question.item_version_id)
        .where(Question.attempt_id == attempt_id)
        .order_by(Question.position)
    )
    return [
        Asked(
            row.position,
            row.kind,
            in_language(language, row.stem, row.stem_en),
            as_seen(row.order, in_language(language, row.choices, row.choices_en)),
            row.points,
            shown_answer(row.answer, row.order),
            row.seq,
        )
        for row in rows
    ]


def in_language(language: str, chinese: _Text, english: _Text) -> _Text:
    """Return what an item says in `language`, where it has it."""
    return english if language == "en" and english else chinese


def as_seen(order: str, choices: list[str]) -> tuple[tuple[str, str], ...]:
    """Return the choices as (letter, text) in the order in which a person sees them."""
    return tuple((LETTERS[place], choices[LETTERS.index(letter)]) for place, letter in enumerate(order))


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A question as it is looked at afterwards; `key` and `explanation` are None until they are released."""

    asked: Asked
    score: int | None
    key: str | None
    accepted: tuple[str, ...]
    explanation: str | None
    void: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """An attempt as its person sees it afterwards; without the score until that is released."""

    attempt: Attempt
    released: bool
    keys: bool
    questions: list[Reviewed]


def review(session: Session, actor: Actor, attempt_id: int, language: str, *, now: datetime) -> Review:
    """Return what the actor may see of the own attempt that was handed in. Refuses with Missing while it is open."""
    attempt = get_own_attempt(session, actor, attempt_id)
    if attempt.ended_at is None:
        raise Missing
    sitting = attempt.sitting
    released, keys = is_released(sitting, now), shows_keys(session, sitting, now)
    if not released:
        return Review(attempt, released=False, keys=False, questions=[])
    asked = questions_of(session, attempt_id, language)
    rows = {
        row.position: row
        for row in session.execute(
            select(
                Question.position,
                Question.item_version_id,
                Question.score,
                Question.order,
                ItemVersion.kind,
                ItemVersion.key,
                ItemVersion.accepted,
                ItemVersion.explanation,
                ItemVersion.explanation_en,
            )
            .join(ItemVersion, ItemVersion.id == Question.item_version_id)
            .where(Question.attempt_id == attempt_id)
        )
    }
    ruled = {
        ruling.item_version_id: ruling
        for ruling in session.scalars(select(Ruling).where(Ruling.sitting_id == sitting.id).order_by(Ruling.id))
    }
    remarks: dict[int, list[str]] = {}
    for mark in session.scalars(select(Mark).where(Mark.attempt_id == attempt_id, Mark.remark != "")):
        remarks.setdefault(mark.position, []).append(mark.remark)
    questions = []
    for each in asked:
        row, ruling = rows[each.position], ruled.get(rows[each.position].item_version_id)
        key = ruling.key if ruling and not ruling.void else row.key
        accepted = tuple(ruling.accepted.split("|")) if ruling and ruling.accepted else tuple(row.accepted)
        questions.append(
            Reviewed(
                each,
                row.score,
                shown_answer(key, row.order) if keys else None,
                accepted if keys else (),
                in_language(language, row.explanation, row.explanation_en) if keys else None,
                ruling is not None and ruling.void,
                tuple(remarks.get(each.position, ())),
            )
        )
    return Review(attempt, released=True, keys=keys, questions=questions)


@dataclass(frozen=True, slots=True)
class ToMark:
    """A short answer that waits for a mark; whose it is is not said."""

    attempt_id: int
    position: int
    stem: str
    guidance: str
    """What the item's explanation says of marking it."""
    answer: str
    points: int
    marks: int


def to_mark(session: Session, actor: Actor, sitting: Sitting, *, limit: int = 20) -> tuple[list[ToMark], int]:
    """Return the next short answers that `actor` may mark, those of one question together, and how many there are.

    Not the own, not those that the actor has marked, and none that has all its marks.
    """
    own = exists().where(
        Mark.attempt_id == Question.attempt_id, Mark.position == Question.position, Mark.marker_id == actor.person_id
    )
    given = (
        select(func.count())
        .where(Mark.attempt_id == Question.attempt_id, Mark.position == Question.position)
        .correlate(Question)
        .scalar_subquery()
    )
    waiting = (
        select(
            Question.attempt_id,
            Question.position,
            ItemVersion.stem,
            ItemVersion.explanation,
            Question.answer,
            Question.points,
            given.label("marks"),
        )
        .join(Attempt, Attempt.id == Question.attempt_id)
        .join(ItemVersion, ItemVersion.id == Question.item_version_id)
        .where(
            Attempt.sitting_id == sitting.id,
            Attempt.state == AttemptState.SUBMITTED,
            Attempt.person_id != (actor.person_id or 0),
            ItemVersion.kind == ItemKind.SHORT,
            Question.score.is_(None),
            ~own,
        )
    )
    total = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    rows = session.execute(waiting.order_by(Question.item_version_id, Question.attempt_id).limit(limit))
    return [ToMark(*row) for row in rows], total


def people_of(session: Session, attempt_ids: Collection[int]) -> dict[int, list[int]]:
    """Return whose these attempts are, by sitting."""
    found: dict[int, list[int]] = {}
    rows = session.execute(select(Attempt.sitting_id, Attempt.person_id).where(Attempt.id.in_(attempt_ids)))
    for row in rows:
        found.setdefault(row.sitting_id, []).append(row.person_id)
    return found


@dataclass(frozen=True, slots=True)
class SatRow:
    """What one person answered to one question of a sitting, for the statistics."""

    attempt_id: int
    item_version_id: int
    answer: str
    score: int
    points: int


def sat_rows(session: Session, sitting_id: int) -> tuple[list[SatRow], Mapping[int, ItemVersion]]:
    """Return every graded answer of each person's first attempt at a sitting, and the items by version id.

    An attempt that was called off is none.
    """
    earlier = aliased(Attempt)
    first = ~exists().where(
        earlier.sitting_id == Attempt.sitting_id,
        earlier.person_id == Attempt.person_id,
        earlier.number < Attempt.number,
        earlier.state != AttemptState.ABANDONED,
    )
    rows = session.execute(
        select(Question.attempt_id, Question.item_version_id, Question.answer, Question.score, Question.points)
        .join(Attempt, Attempt.id == Question.attempt_id)
        .where(
            Attempt.sitting_id == sitting_id,
            Attempt.state == AttemptState.GRADED,
            first,
            Question.score.is_not(None),
        )
        .order_by(Question.attempt_id, Question.position)
    ).all()
    versions = session.scalars(
        select(ItemVersion).where(
            ItemVersion.id.in_(
                select(Question.item_version_id)
                .join(Attempt, Attempt.id == Question.attempt_id)
                .where(Attempt.sitting_id == sitting_id)
            )
        )
    )
    return [SatRow(*row[:3], row.score or 0, row.points) for row in rows], {one.id: one for one in versions}
