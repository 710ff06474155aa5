"""Who may open the pages of people."""

from typing import TYPE_CHECKING, Any

from scheduler.core import clock
from scheduler.core.access import Role
from scheduler.people.models import Person, RoleGrant, SignIn
from tests.cast import EPOCH, Cast, Persona
from tests.permissions.table import (
    ADMIN,
    EVERYBODY,
    MISSING_ID,
    NOBODY,
    OFFICERS,
    READERS,
    Relation,
    Row,
    Things,
    about,
    get,
    post,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PUBLIC = {
    "people.sign_in": "the door itself",
    "people.choose_language": "a stranger reads a language too",
    "people.use_link": "the holder of a link has no password yet",
}


def stage(session: "Session", cast: Cast) -> Things:
    """Give everybody a second sign-in, and put a person with roles that may be revoked into either unit."""
    now = clock.now()
    things: dict[str, int | str] = {}
    for persona, account_id in cast.accounts.items():
        row = SignIn(token_digest=persona.value, account_id=account_id, began_at=now, seen_at=now, expires_at=now)
        session.add(row)
        session.flush()
        things[f"sign_in {persona}"] = row.id
    for relation, unit in ((Relation.SAME, "A1"), (Relation.OTHER, "B")):
        person = Person(staff_no=f"P-{unit}", name="何人", unit_id=cast.units[unit])
        session.add(person)
        session.flush()
        things[f"person {relation}"] = person.id
        for role in (Role.LECTURER, Role.MENTOR):
            grant = RoleGrant(person_id=person.id, role=role, unit_id=person.unit_id, began_at=EPOCH)
            session.add(grant)
            session.flush()
            things[f"grant {relation} {role}"] = grant.id
    return things


def _person(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    own = cast.people[persona] if relation is Relation.OWN else MISSING_ID
    return {"person_id": things.get(f"person {relation}", own)}


def _unit(cast: Cast, _things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    code = {Relation.SAME: "A1", Relation.OTHER: "B"}.get(relation)
    return {"unit_id": cast.units[code] if code else MISSING_ID}


def _grant(_cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    role = Role.LECTURER if persona is Persona.ADMIN else Role.MENTOR  # each of those allowed revokes another one
    return {
        "person_id": things.get(f"person {relation}", MISSING_ID),
        "grant_id": things.get(f"grant {relation} {role}", MISSING_ID),
    }


def _sign_in(_cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    whose = {
        Relation.OWN: persona,
        Relation.SAME: Persona.TRAINEE if persona is Persona.FELLOW else Persona.FELLOW,
        Relation.OTHER: Persona.CHARLIE if persona is Persona.STRANGER else Persona.STRANGER,
    }.get(relation)
    return {"sign_in_id": things.get(f"sign_in {whose}", MISSING_ID)}


def _lecturer(cast: Cast, _things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"lecturer_id": MISSING_ID if relation is Relation.MISSING else cast.lecturer_id}


ROWS: tuple[Row, ...] = (
    get("people.own_account", EVERYBODY),
    post("people.own_account", EVERYBODY),
    get("people.change_password", EVERYBODY),
    post("people.change_password", EVERYBODY, answer=422),
    post("people.sign_out", EVERYBODY),
    post("people.sign_out_everywhere", EVERYBODY),
    about("people.end_sign_in", "POST", _sign_in, 302, own=EVERYBODY, same=NOBODY, other=NOBODY),
    get("people.list_units", READERS),
    about("people.show_unit", "GET", _unit, 200, same=READERS, other=ADMIN),
    get("people.add_unit", ADMIN),
    post("people.add_unit", ADMIN, answer=422),
    about("people.rename_unit", "GET", _unit, 200, same=ADMIN, other=ADMIN),
    about("people.rename_unit", "POST", _unit, 422, same=ADMIN, other=ADMIN),
    about("people.move_unit", "GET", _unit, 200, same=ADMIN, other=ADMIN),
    about("people.move_unit", "POST", _unit, 302, same=ADMIN, other=ADMIN),
    get("people.list_people", READERS),
    about("people.show_person", "GET", _person, 200, own=EVERYBODY, same=READERS, other=ADMIN),
    get("people.add_person", OFFICERS),
    post("people.add_person", OFFICERS, answer=422),
    about("people.edit_person", "GET", _person, 200, own=OFFICERS, same=OFFICERS, other=ADMIN),
    about("people.edit_person", "POST", _person, 422, own=OFFICERS, same=OFFICERS, other=ADMIN),
    about("people.transfer_person", "GET", _person, 200, own=OFFICERS, same=OFFICERS, other=ADMIN),
    about("people.transfer_person", "POST", _person, 302, own=OFFICERS, same=OFFICERS, other=ADMIN),
    about("office.depart", "GET", _person, 200, same=OFFICERS, other=ADMIN),
    about("office.depart", "POST", _person, 302, same=OFFICERS, other=ADMIN),
    about("people.come_back", "POST", _person, 302, same=OFFICERS, other=ADMIN),
    about("people.grant_role", "GET", _person, 200, own=OFFICERS, same=OFFICERS, other=ADMIN),
    about("people.grant_role", "POST", _person, 302, own=OFFICERS, same=OFFICERS, other=ADMIN),
    about("people.revoke_role", "POST", _grant, 302, same=OFFICERS, other=ADMIN),
    about("people.make_link", "POST", _person, 200, same=OFFICERS, other=ADMIN),
    about("people.disable_account", "POST", _person, 302, same=OFFICERS, other=ADMIN),
    about("people.enable_account", "POST", _person, 302, same=OFFICERS, other=ADMIN),
    get("people.list_lecturers", READERS),
    about("people.show_lecturer", "GET", _lecturer, 200, same=READERS, other=READERS),
)
