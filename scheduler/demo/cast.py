"""The demo's units, people, lecturers and venues."""

import random
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.actions import create_lecturers, create_venues
from scheduler.agenda.terms import VenueFacts
from scheduler.core.access import Actor, Role
from scheduler.demo import words
from scheduler.people.actions import add_people, add_units, grant_roles
from scheduler.people.models import Unit
from scheduler.people.terms import Gender, LecturerFacts, LecturerKind, NewUnit, PersonFacts

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
    lecturers = _lecturers(session, actor, dice, now=now)
    return Cast(units, people, trainees, mentors, lecturers, _venues(session, actor, now=now))


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


def _lecturers(session: Session, actor: Actor, dice: random.Random, *, now: datetime) -> list[int]:
    own = next(one for one in words.PERSONAS if one.staff_no == "lecturer")
    news = [
        LecturerFacts(
            "XL01", own.name, LecturerKind.INTERNAL, "新区发展改革局", "工业信息", "工作日", staff_no=own.staff_no
        )
    ]
    for number in range(2, words.LECTURERS + 1):
        organisation, kind = words.ORGANISATIONS[number % len(words.ORGANISATIONS)]
        name = dice.choice(words.SURNAMES) + "".join(dice.sample(words.GIVEN, 2))
        news.append(LecturerFacts(f"XL{number:02d}", name, kind, organisation, dice.choice(words.FIELDS)))
    return [lecturer.id for lecturer in create_lecturers(session, actor, news, now=now)]


def _venues(session: Session, actor: Actor, *, now: datetime) -> dict[str, int]:
    news = [VenueFacts(code, name, kind, capacity, address) for code, name, kind, capacity, address in words.VENUES]
    return {venue.code: venue.id for venue in create_venues(session, actor, news, now=now)}
