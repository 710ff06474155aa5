"""People who want a question a day, and items that it may be."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from scheduler.core.access import Role
from scheduler.people.models import Person, RoleGrant
from scheduler.quizzes.models import DailyChoice, DailyQuestion, Item, ItemVersion
from scheduler.quizzes.terms.bank import Difficulty, ItemKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.cast import Cast

TODAY = date(2026, 3, 5)
"""A Thursday."""
NOW = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
"""07:30 of that day in Shanghai."""


def items(session: "Session", count: int, *, topic: str = "公文", kind: ItemKind = ItemKind.TRUE_FALSE) -> list[int]:
    """Write so many items and return their ids."""
    made = [
        Item(kind=kind, topic=topic, difficulty=Difficulty.EASY, digest=f"{topic}{kind}{number}")
        for number in range(count)
    ]
    session.add_all(made)
    session.flush()
    session.add_all(
        ItemVersion(item_id=item.id, number=1, kind=kind, stem=f"{topic}{kind}{item.id}。", key="T", made_at=NOW)
        for item in made
    )
    session.flush()
    return [item.id for item in made]


def crowd(session: "Session", cast: "Cast", count: int, *, begin: int = 0) -> list[int]:
    """Let so many more people of the section A1 want a question; returns their ids."""
    people = [
        Person(staff_no=f"daily-{number}", name="众", unit_id=cast.units["A1"])
        for number in range(begin, begin + count)
    ]
    session.add_all(people)
    session.flush()
    ids = [person.id for person in people]
    role = {"role": Role.TRAINEE, "unit_id": cast.units["A1"], "began_at": NOW}
    session.add_all(RoleGrant(person_id=person_id, **role) for person_id in ids)
    session.add_all(DailyChoice(person_id=person_id, since=NOW) for person_id in ids)
    session.flush()
    return ids


def asked(session: "Session", person_id: int, day: date = TODAY) -> int | None:
    """Return the item that a person was asked on a day."""
    return session.scalar(
        select(ItemVersion.item_id)
        .join(DailyQuestion, DailyQuestion.item_version_id == ItemVersion.id)
        .where(DailyQuestion.person_id == person_id, DailyQuestion.day == day)
    )


def saw(session: "Session", person_id: int, item_id: int, day: date, at: datetime) -> None:
    """Let a person have been asked an item on a day."""
    version = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == item_id)).one()
    session.add(DailyQuestion(person_id=person_id, day=day, item_version_id=version, order="", asked_at=at))
    session.flush()


def leave(session: "Session", *person_ids: int) -> None:
    """Let people have left."""
    session.execute(update(Person).where(Person.id.in_(person_ids)).values(left_at=NOW))
