"""Who may see a pairing, said once as an SQL condition."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, Select, bindparam, false, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from scheduler.agenda.queries import unit_ids_within
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.mentoring.access import MentoringPermission, may_read_words
from scheduler.mentoring.models import GuidanceRecord, Pairing
from scheduler.people.models import Person, Unit


def visible_to(actor: Actor, permission: MentoringPermission = MentoringPermission.OVERSEE) -> ColumnElement[bool]:
    """Return the condition on Pairing that holds for what `actor` may see.

    The own pairings, as mentor, mentee or sponsor, and those of which one side belongs to a unit over which the
    actor holds `permission`.
    """
    if actor.system:
        return true()
    if not actor.may(MentoringPermission.READ):
        return false()
    return or_(is_own(actor), is_within(actor.scopes(permission)))


def is_own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Pairing: the actor is its mentor, mentee or sponsor."""
    return false() if actor.person_id is None else belongs_to(actor.person_id)


def belongs_to(person: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Return `is_own` for a person (an id, or a place for one)."""
    return or_(Pairing.mentor_id == person, Pairing.mentee_id == person, Pairing.sponsor_id == person)


def is_within(paths: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition on Pairing: mentor or mentee belongs to one of the units at and below `paths`."""
    if not paths:
        return false()
    people = select(Person.id).where(Person.unit_id.in_(unit_ids_within(paths)))
    return or_(Pairing.mentor_id.in_(people), Pairing.mentee_id.in_(people))


@dataclass(frozen=True, slots=True)
class Shown:
    """A pairing with the paths of the units of both sides, and what the reader is to it."""

    pairing: Pairing
    mentor_path: str
    mentee_path: str
    guides: bool
    """The reader is the mentor."""
    is_guided: bool
    """The reader is the mentee."""
    manages: bool
    reads_words: bool


def get_pairing(session: Session, actor: Actor, pairing_id: int) -> Shown:
    """Return a pairing with its people, programme and end reason loaded; refuses with Missing if not visible."""
    return _shown(session, actor, pairing_id, by_record=False)


def get_pairing_of(session: Session, actor: Actor, record_id: int) -> Shown:
    """Return the pairing of a record, as `get_pairing` does."""
    return _shown(session, actor, record_id, by_record=True)


@lru_cache(maxsize=256)
def _statement(paths: tuple[str, ...] | None, *, by_record: bool) -> Select[Pairing, str, str]:
    """Build the statement once for each kind of reader; `paths` are the units overseen, None: sees everything."""
    key = bindparam("key", type_=Integer())
    record = select(GuidanceRecord.pairing_id).where(GuidanceRecord.id == key).scalar_subquery()
    seen = true() if paths is None else or_(belongs_to(bindparam("reader_id", type_=Integer())), is_within(paths))
    mentor_unit, mentee_unit = aliased(Unit), aliased(Unit)
    mentor, mentee = aliased(Person), aliased(Person)
    return (
        select(Pairing, mentor_unit.path, mentee_unit.path)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(mentor_unit, mentor_unit.id == mentor.unit_id)
        .join(mentee, mentee.id == Pairing.mentee_id)
        .join(mentee_unit, mentee_unit.id == mentee.unit_id)
        .where(Pairing.id == (record if by_record else key), seen)
        .options(
            joinedload(Pairing.mentor, innerjoin=True).joinedload(Person.unit, innerjoin=True),
            joinedload(Pairing.mentee, innerjoin=True).joinedload(Person.unit, innerjoin=True),
            joinedload(Pairing.sponsor),
            joinedload(Pairing.programme, innerjoin=True),
            joinedload(Pairing.end_reason),
        )
    )


def _shown(session: Session, actor: Actor, key: int, *, by_record: bool) -> Shown:
    if not (actor.system or actor.may(MentoringPermission.READ)):
        raise Missing
    overseen = None if actor.system else tuple(actor.scopes(MentoringPermission.OVERSEE))
    statement = _statement(overseen, by_record=by_record)
    row = session.execute(statement, {"key": key, "reader_id": actor.person_id}).one_or_none()
    if row is None:
        raise Missing
    pairing, mentor_path, mentee_path = row
    paths = (mentor_path, mentee_path)
    return Shown(
        pairing,
        mentor_path,
        mentee_path,
        guides=actor.person_id == pairing.mentor_id,
        is_guided=actor.person_id == pairing.mentee_id,
        manages=any(actor.may(MentoringPermission.MANAGE, path) for path in paths),
        reads_words=may_read_words(actor, pairing.programme.words_for, (pairing.mentor_id, pairing.mentee_id), paths),
    )
