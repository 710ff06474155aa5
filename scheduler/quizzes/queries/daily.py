"""A question a day: what may be asked, whom, and what each person may see of the own questions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.notices.models import News
from scheduler.people.models import Person, RoleGrant
from scheduler.quizzes.models import (
    Attempt,
    DailyChoice,
    DailyQuestion,
    Grant,
    ItemVersion,
    PaperItem,
    Question,
    Ruling,
    Sitting,
)
from scheduler.quizzes.queries.attempts import as_seen, in_language
from scheduler.quizzes.queries.papers import drawables
from scheduler.quizzes.rules.daily import turns
from scheduler.quizzes.rules.drawing import Drawable
from scheduler.quizzes.rules.grading import Key, score_of, shown_answer
from scheduler.quizzes.terms.daily import GROUP_SENTENCES, SHOWN, DailyKey, DailyShown
from scheduler.quizzes.terms.sittings import Concession, PartialCredit, Release

GROUP_NEWS = "daily_group"
"""The kind of news by which groups get a question; its facts name the item."""


def find_daily_choice(session: Session, actor: Actor) -> DailyChoice | None:
    """Return what the actor chose; None: no question a day."""
    return session.get(DailyChoice, actor.person_id or 0)


def unreleased_items(session: Session, *, now: datetime, among: Collection[int] | None = None) -> set[int]:
    """Return the items (ids; of the whole bank, or of `among`) whose keys nobody may be told; one statement.

    A fixed paper names them, or an attempt asked them, at a sitting that somebody may still sit, whose results wait for
    their release, or whose keys are never released; see own.shows_keys.
    """
    deferred = exists().where(
        Grant.sitting_id == Sitting.id, Grant.concession == Concession.DEFERRED, Grant.withdrawn_at.is_(None)
    )
    sittings = (
        select(Sitting.id, Sitting.paper_id)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(
            Activity.status == ActivityStatus.SCHEDULED,
            or_(
                Sitting.closed_at.is_(None),
                Sitting.closed_at > now,
                Sitting.explanations.is_(False),
                (Sitting.release == Release.BY_HAND) & or_(Sitting.released_at.is_(None), Sitting.released_at > now),
                Sitting.settled_at.is_(None) & deferred,
            ),
        )
        .cte("unreleased")
    )
    named = select(PaperItem.item_id).where(PaperItem.paper_id.in_(select(sittings.c.paper_id)))
    # item by item: an exam of thousands has a row for each question of each attempt, and the first that is found will do
    in_attempt = exists().where(
        Question.item_version_id == ItemVersion.id,
        Attempt.id == Question.attempt_id,
        Attempt.sitting_id.in_(select(sittings.c.id)),
    )
    asked = select(ItemVersion.item_id).where(in_attempt)
    if among is not None:
        named, asked = named.where(PaperItem.item_id.in_(among)), asked.where(ItemVersion.item_id.in_(among))
    return set(session.scalars(named.union(asked)))


def askable(session: Session, *, now: datetime) -> list[Drawable]:
    """Return what a question a day may be; three statements.

    Kept items that machines can grade, in their newest versions, whose keys may be told and were never ruled upon.
    """
    held = unreleased_items(session, now=now)
    doubted = set(session.scalars(select(Ruling.item_version_id).distinct()))
    return [
        item
        for item in drawables(session)
        if item.kind in GROUP_SENTENCES and item.item_id not in held and item.version_id not in doubted
    ]


@dataclass(frozen=True, slots=True)
class Wanting:
    """Somebody who wants a question and has none today; `seen` are the items (ids) asked lately, by `turns`."""

    person_id: int
    topic: str | None
    seen: dict[int, int]


def wanting(session: Session, day: date, *, since: datetime, person_id: int | None = None) -> list[Wanting]:
    """Return who wants a question and has none on `day`, by person: all, or that one; one statement, a row each.

    Who has left or holds no role any more could not open it, and is passed over.
    """
    in_attempts = (
        select(Attempt.person_id, ItemVersion.item_id, Attempt.started_at.label("at"))
        .join(DailyChoice, DailyChoice.person_id == Attempt.person_id)
        .join(Question, Question.attempt_id == Attempt.id)
        .join(ItemVersion, ItemVersion.id == Question.item_version_id)
        .where(Attempt.started_at >= since)
    )
    on_days = (
        select(DailyQuestion.person_id, ItemVersion.item_id, DailyQuestion.asked_at.label("at"))
        .join(DailyChoice, DailyChoice.person_id == DailyQuestion.person_id)
        .join(ItemVersion, ItemVersion.id == DailyQuestion.item_version_id)
        .where(DailyQuestion.asked_at >= since)
    )
    if person_id is not None:
        in_attempts = in_attempts.where(Attempt.person_id == person_id)
        on_days = on_days.where(DailyQuestion.person_id == person_id)
    # joined in the database, in the order in which they were asked: a row for each item would cost ten times as much
    asked = union_all(in_attempts, on_days).order_by("person_id", "at").subquery("asked")
    joined = func.aggregate_strings(asked.c.item_id.cast(String), ",").label("items")
    seen = select(asked.c.person_id, joined).group_by(asked.c.person_id).subquery("seen")
    has_one = exists().where(DailyQuestion.person_id == DailyChoice.person_id, DailyQuestion.day == day)
    has_role = exists().where(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None))
    rows = (
        select(DailyChoice.person_id, DailyChoice.topic, seen.c["items"])
        .join(Person, Person.id == DailyChoice.person_id)
        .outerjoin(seen, seen.c.person_id == DailyChoice.person_id)
        .where(Person.left_at.is_(None), has_role, ~has_one)
        .order_by(DailyChoice.person_id)
    )
    if person_id is not None:
        rows = rows.where(DailyChoice.person_id == person_id)
    return [
        Wanting(who, topic, turns(map(int, items.split(","))) if items else {})
        for who, topic, items in session.execute(rows)
    ]


def groups_saw(session: Session, *, since: datetime) -> dict[int, int]:
    """Return the items (ids) that groups were told since an instant, by `turns`; one statement."""
    told = select(News.facts).where(News.kind == GROUP_NEWS, News.posted_at >= since).order_by(News.posted_at)
    return turns(facts["item"] for facts in session.scalars(told))


def own_questions(
    session: Session, actor: Actor, language: str, *, today: date, now: datetime
) -> tuple[DailyShown | None, list[DailyShown]]:
    """Return the actor's question of today, and those of earlier days, the newest first; at most two statements.

    A key is shown once the question was answered or its day is over, unless a sitting asks the item and its keys are
    not released: an earlier question stays away as long, today's keeps the answer and is silent about the key.
    """
    rows = session.execute(
        select(DailyQuestion, ItemVersion)
        .join(ItemVersion, ItemVersion.id == DailyQuestion.item_version_id)
        .where(DailyQuestion.person_id == actor.person_id, DailyQuestion.day <= today)
        .order_by(DailyQuestion.day.desc())
        .limit(SHOWN + 1)
    ).all()
    items = {version.item_id for _asked, version in rows}
    held = unreleased_items(session, now=now, among=items) if items else set()
    present, earlier = None, []
    for asked, version in rows:
        is_silent = version.item_id in held
        if asked.day == today:
            present = _shown(asked, version, language, told=asked.answer is not None and not is_silent)
        elif not is_silent:
            earlier.append(_shown(asked, version, language, told=True))
    return present, earlier[:SHOWN]


def find_open_question(session: Session, person_id: int, day: date, language: str) -> DailyShown | None:
    """Return a person's question of `day` while it waits for its answer and is wanted, without the key; one statement."""
    row = session.execute(
        select(DailyQuestion, ItemVersion)
        .join(ItemVersion, ItemVersion.id == DailyQuestion.item_version_id)
        .join(DailyChoice, DailyChoice.person_id == DailyQuestion.person_id)
        .where(DailyQuestion.person_id == person_id, DailyQuestion.day == day, DailyQuestion.answer.is_(None))
    ).one_or_none()
    return _shown(*row, language, told=False) if row else None


def _shown(asked: DailyQuestion, version: ItemVersion, language: str, *, told: bool) -> DailyShown:
    return DailyShown(
        asked.day,
        version.kind,
        in_language(language, version.stem, version.stem_en),
        as_seen(asked.order, in_language(language, version.choices, version.choices_en)),
        shown_answer(asked.answer or "", asked.order),
        asked.answered_at,
        _key(asked, version, language) if told else None,
    )


def _key(asked: DailyQuestion, version: ItemVersion, language: str) -> DailyKey:
    key = Key(version.kind, version.key, tuple(version.accepted))
    return DailyKey(
        None if asked.answer is None else bool(score_of(key, asked.answer, 1, PartialCredit.NONE)),
        shown_answer(version.key, asked.order),
        key.accepted,
        in_language(language, version.explanation, version.explanation_en),
    )
