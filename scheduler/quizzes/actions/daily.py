"""A question a day: wanted or not, asked, answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from random import SystemRandom
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor, system_actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.notices.actions import Letter, post, post_all
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import DailyChoice, DailyQuestion, ItemVersion
from scheduler.quizzes.queries.bank import topics
from scheduler.quizzes.queries.daily import GROUP_NEWS, Wanting, askable, find_daily_choice, groups_saw, wanting
from scheduler.quizzes.rules.daily import choose, in_one_line, order_of
from scheduler.quizzes.rules.drawing import Drawable
from scheduler.quizzes.rules.grading import kept_answer
from scheduler.quizzes.terms.daily import GROUP_SENTENCES
from scheduler.quizzes.terms.papers import LATELY

PAGE = "/quizzes/daily"
_COME = lazy("The question of %(day)s is here.")


def opt_in(session: Session, actor: Actor, topic: str | None, *, today: date | None, now: datetime) -> None:
    """Give the actor a question a day from now on, of one topic or (None) any; opted in already: another topic.

    `today`: the day, if it is a working day; its question comes at once. Refuses a topic that no item has.
    """
    actor.require(QuizPermission.TAKE)
    if topic is not None and topic not in topics(session, kept=True):
        raise Refusal(lazy("The bank has no such topic any more."), field="topic")
    wanted = insert_into(session, DailyChoice).values(person_id=actor.person_id, since=now, topic=topic)
    session.execute(wanted.on_conflict_do_update(index_elements=["person_id"], set_={"topic": topic}))
    record(session, actor, "opt_in", "daily_question", actor.person_id, now=now, topic=topic)
    if today is not None:
        people = wanting(session, today, since=now - LATELY, person_id=actor.person_id)
        _ask(session, askable(session, now=now), people, today, now=now)


def opt_out(session: Session, actor: Actor, *, now: datetime) -> str | None:
    """Ask the actor no more; returns the topic that was chosen, for an undo. Refuses (Missing) who did not opt in."""
    chosen = find_daily_choice(session, actor)
    if chosen is None:
        raise Missing
    session.execute(delete(DailyChoice).where(DailyChoice.person_id == actor.person_id))
    record(session, actor, "opt_out", "daily_question", actor.person_id, now=now)
    return chosen.topic


def ask_everybody(session: Session, day: date, *, now: datetime) -> int:
    """Ask all who want it the question of `day` and tell them, and the groups; returns how many people.

    Repeatable: who was asked is not asked again. A constant number of statements. What is older than any draw looks
    back is forgotten.
    """
    session.execute(delete(DailyQuestion).where(DailyQuestion.asked_at < now - LATELY))
    pool = askable(session, now=now)
    asked = _ask(session, pool, wanting(session, day, since=now - LATELY), day, now=now)
    post(
        session,
        asked,
        kind="daily_question",
        subject=f"daily:{day}",
        slot=day.isoformat(),
        message_id=_COME,
        address=PAGE,
        now=now,
        day=day.isoformat(),
    )
    _ask_groups(session, pool, day, now=now)
    if asked:
        record(session, system_actor("ask_daily"), "ask", "daily_question", day, now=now, people=len(asked))
    return len(asked)


def _ask(
    session: Session, pool: Sequence[Drawable], people: Iterable[Wanting], day: date, *, now: datetime
) -> list[int]:
    """Draw a question for each of `people`; returns their ids. Where another process was faster, its draw stands."""
    if not pool:
        return []
    chance = SystemRandom()
    shuffled = chance.sample(pool, len(pool))
    of_topic: dict[str | None, list[Drawable]] = defaultdict(list)
    for item in shuffled:
        of_topic[item.topic].append(item)
    rows: list[dict[str, Any]] = []
    for each in people:
        item = choose(of_topic.get(each.topic, shuffled), each.seen, chance)
        rows.append({
            "person_id": each.person_id, "day": day, "item_version_id": item.version_id,
            "order": order_of(item, chance), "asked_at": now,
        })  # fmt: skip
    if rows:
        session.execute(insert_into(session, DailyQuestion).on_conflict_do_nothing(), rows)
    return [row["person_id"] for row in rows]


def _ask_groups(session: Session, pool: Sequence[Drawable], day: date, *, now: datetime) -> None:
    """Give the groups one question, without its key; the first of a day stands."""
    if not pool:
        return
    chance = SystemRandom()
    item = choose(chance.sample(pool, len(pool)), groups_saw(session, since=now - LATELY), chance)
    version = session.get_one(ItemVersion, item.version_id)
    facts = {"item": item.item_id, "question": in_one_line(version.stem, version.choices)}
    if version.stem_en:
        facts["question_en"] = in_one_line(version.stem_en, version.choices_en or version.choices)
    letter = Letter((), f"daily:{day}", day.isoformat(), PAGE, facts)
    post_all(session, [letter], kind=GROUP_NEWS, message_id=GROUP_SENTENCES[item.kind], now=now)


def answer_daily(session: Session, actor: Actor, day: date, sent: str, *, today: date, now: datetime) -> None:
    """Keep the actor's answer to the question of `day`, once; not audited: it concerns nobody but the reader.

    Refuses what is no answer, another day than `today`, and a second answer; with Missing where nothing was asked.
    """
    own = (DailyQuestion.person_id == actor.person_id) & (DailyQuestion.day == day)
    asked = session.execute(
        select(DailyQuestion.order, ItemVersion.kind)
        .join(ItemVersion, ItemVersion.id == DailyQuestion.item_version_id)
        .where(own)
    ).one_or_none()
    if asked is None:
        raise Missing
    if day != today:
        raise Refusal(lazy("The day of that question is over. What is right stands below."))
    answer = kept_answer(asked.kind, sent.strip(), asked.order)
    if not answer:
        raise Refusal(lazy("Choose or write an answer first."))
    kept = session.execute(
        update(DailyQuestion)
        .where(own, DailyQuestion.answer.is_(None))
        .values(answer=answer, answered_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", kept).rowcount != 1:
        raise Refusal(lazy("You have answered already: your first answer stands."))
