"""The demo's units, people, lecturers and venues."""

import random
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Venue
from scheduler.core.access import Actor, Role
from scheduler.demo import words
from scheduler.people.actions import add_people, add_units, grant_roles
from scheduler.people.models import Lecturer, Person, Unit
from scheduler.people.terms import Gender, LecturerKind, NewUnit, PersonFacts

_SEED = 20260101
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids by code or staff number; `trainees` and `mentors` are ids in a fixed order, the personas first."""

    units: dict[str, int]
    people: dict[str, int]
    trainees: list[int]
    mentors: list[int]
    lecturers: list[int]
    """The lecturer who can sign in is the first."""
    venues: dict[str, int]


def gather_cast(session: Session, actor: Actor, *, now: datetime) -> Cast:
    """Make everybody and every place; names are drawn with a fixed seed."""
    dice = random.Random(_SEED)  # noqa: S311 - invented people, no secrets
    units = _units(session, actor, now=now)
    news = _people(dice, units)
    people = {person.staff_no: person.id for person in add_people(session, actor, news, now=now)}
    mentors, trainees, grants = [people["mentor"]], [people["trainee"]], []
    for (facts, unit_id), role in zip(news, _roles(), strict=True):
        person_id = people[facts.staff_no]
        if role is not None:
            grants.append((person_id, role, unit_id))
        if role is Role.MENTOR and person_id != mentors[0]:
            mentors.append(person_id)
        if role is Role.TRAINEE and person_id != trainees[0]:
            trainees.append(person_id)
    grants += [(people[one.staff_no], one.grant, units[one.at]) for one in words.PERSONAS if one.grant]
    grant_roles(session, actor, grants, now=now)
    lecturers = _lecturers(session, dice, people["lecturer"])
    return Cast(units, people, trainees, mentors, lecturers, _venues(session))


def _units(session: Session, actor: Actor, *, now: datetime) -> dict[str, int]:
    for level in range(_LEVELS):
        known = dict(session.execute(select(Unit.code, Unit.id)).all())
        ready = [
            NewUnit(code, name, kind, known.get(parent))
            for code, name, kind, parent in words.UNITS
            if code not in known and (parent in known or not parent) and _level(code) == level
        ]
        add_units(session, actor, ready, now=now)
    return dict(session.execute(select(Unit.code, Unit.id)).all())


def _level(code: str) -> int:
    return 0 if code == "CITY" else len(code.replace("-", "")) // 2 + 1


def _people(dice: random.Random, units: dict[str, int]) -> list[tuple[PersonFacts, int]]:
    news = []
    for one in words.PERSONAS:
        facts = PersonFacts(one.staff_no, one.name, one.gender, date(1985, 3, 1), one.post, "乡科级正职", "党建党务")
        news.append((facts, units[one.unit]))
    homes = [code for code, *_ in words.UNITS if _level(code) == _LEVELS - 1]
    for number in range(len(news) + 1, words.PEOPLE + 1):
        name = dice.choice(words.SURNAMES) + "".join(dice.sample(words.GIVEN, dice.choice((1, 2))))
        post, grade = dice.choice(words.POSTS)
        facts = PersonFacts(
            f"D{number:04d}",
            name,
            dice.choice((Gender.FEMALE, Gender.MALE)),
            date(dice.randint(1970, 1999), dice.randint(1, 12), 1),
            post,
            grade,
            dice.choice(words.FIELDS),
        )
        news.append((facts, units[homes[number % len(homes)]]))
    return news


def _roles() -> list[Role | None]:
    """Return the role of each in the order of `_people`: personas have theirs elsewhere, every sixth is a mentor."""
    rest = range(len(words.PERSONAS) + 1, words.PEOPLE + 1)
    return [None for _ in words.PERSONAS] + [Role.TRAINEE if number % 6 else Role.MENTOR for number in rest]


def _lecturers(session: Session, dice: random.Random, own_lecturer: int) -> list[int]:
    person = session.get_one(Person, own_lecturer)
    rows = [
        Lecturer(
            code="XL01",
            name=person.name,
            organisation="新区发展改革局",
            kind=LecturerKind.INTERNAL,
            field="工业信息",
            availability="工作日",
            person_id=person.id,
        )
    ]
    for number in range(2, words.LECTURERS + 1):
        organisation, kind = words.ORGANISATIONS[number % len(words.ORGANISATIONS)]
        name = dice.choice(words.SURNAMES) + "".join(dice.sample(words.GIVEN, 2))
        rows.append(
            Lecturer(
                code=f"XL{number:02d}", name=name, organisation=organisation, kind=kind, field=dice.choice(words.FIELDS)
            )
        )
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def _venues(session: Session) -> dict[str, int]:
    rows = [
        Venue(code=code, name=name, kind=kind, capacity=capacity, address=address)
        for code, name, kind, capacity, address in words.VENUES
    ]
    session.add_all(rows)
    session.flush()
    return {row.code: row.id for row in rows}
