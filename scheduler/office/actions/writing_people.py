"""Writing units, people and their roles: few statements, however many rows; one audit entry for the whole import."""

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.actions import sync_memberships
from scheduler.core.access import Role
from scheduler.core.database import update_rows
from scheduler.office.rules.planning import Plan
from scheduler.office.terms.sheets import SheetKey
from scheduler.office.terms.writing import Writing
from scheduler.people.actions import close_sign_ins
from scheduler.people.models import Account, Person, PersonPlace, RoleGrant, Unit, UnitPlacement

_CHUNK = 500
_FACTS = ("name", "gender", "born_on", "post", "grade", "field", "phone", "email", "joined_on")


def write_units(session: Session, writing: Writing, plan: Plan) -> None:
    """Add and change units; whoever moves keeps the history of the places, and paths below follow."""
    news, changes = plan.new.get(SheetKey.UNITS, []), plan.changed.get(SheetKey.UNITS, [])
    if not news and not changes:
        return
    if news:
        rows = [{"code": row.code, "name": row.name, "kind": row.kind, "path": "/new/"} for row in news]
        session.execute(insert(Unit), rows)
        codes = [row.code for row in news]
        for start in range(0, len(codes), _CHUNK):
            found = session.execute(select(Unit.code, Unit.id).where(Unit.code.in_(codes[start : start + _CHUNK])))
            writing.units |= dict(found.all())
    moved = [change for change in changes if change.after.parent_code != change.before.parent_code]
    if changes:
        values = [{"id": change.id, "name": change.after.name, "kind": change.after.kind} for change in changes]
        update_rows(session, Unit, values)
    parents = {code: row.parent_code for code, (_, row) in writing.known.units.items()}
    parents |= {row.code: row.parent_code for row in news}
    parents |= {change.after.code: change.after.parent_code for change in changes}
    _write_places(session, writing, parents)
    if moved:
        session.execute(
            update(UnitPlacement)
            .where(UnitPlacement.ended_at.is_(None), UnitPlacement.unit_id.in_([change.id for change in moved]))
            .values(ended_at=writing.now)
            .execution_options(synchronize_session=False)
        )
    placed = [row.code for row in news] + [change.after.code for change in moved]
    if placed:
        ids = writing.units
        session.execute(
            insert(UnitPlacement),
            [{"unit_id": ids[code], "parent_id": ids.get(parents[code]), "began_at": writing.now} for code in placed],
        )
    if moved:
        sync_memberships(session, writing.actor, now=writing.now)


def _write_places(session: Session, writing: Writing, parents: dict[str, str]) -> None:
    """Write parent and path of every unit whose place differs from what stands."""
    paths: dict[str, str] = {}

    def path_of(code: str) -> str:
        if code not in paths:
            parent = parents[code]
            paths[code] = f"{path_of(parent) if parent else '/'}{writing.units[code]}/"
        return paths[code]

    standing = dict(session.execute(select(Unit.id, Unit.path)).all())
    rows = [
        {"id": writing.units[code], "parent_id": writing.units.get(parent), "path": path_of(code)}
        for code, parent in parents.items()
        if standing[writing.units[code]] != path_of(code)
    ]
    update_rows(session, Unit, rows)


def write_people(session: Session, writing: Writing, plan: Plan) -> None:
    """Add and change people, then their roles. Nobody gets a password: doors are opened by links."""
    news, changes = plan.new.get(SheetKey.PEOPLE, []), plan.changed.get(SheetKey.PEOPLE, [])
    units = writing.units
    for start in range(0, len(news), 10 * _CHUNK):
        part = news[start : start + 10 * _CHUNK]
        rows = [
            {
                "staff_no": row.staff_no,
                "unit_id": units[row.unit_code],
                "name": row.name,
                "gender": row.gender,
                "born_on": row.born_on,
                "post": row.post,
                "grade": row.grade,
                "field": row.field,
                "phone": row.phone,
                "email": row.email,
                "joined_on": row.joined_on,
            }
            for row in part
        ]
        session.execute(insert(Person), rows)
    if news:
        writing.people |= dict(session.execute(select(Person.staff_no, Person.id)).all())
        joined = [{"person_id": writing.people[row.staff_no], "unit_id": None, "until": writing.now} for row in news]
        session.execute(insert(PersonPlace), joined)
    if changes:
        update_rows(
            session,
            Person,
            [
                {
                    "id": change.id,
                    "unit_id": units[change.after.unit_code],
                    **{name: getattr(change.after, name) for name in _FACTS},
                }
                for change in changes
            ],
        )
        moved = [change for change in changes if change.after.unit_code != change.before.unit_code]
        if moved:
            left = [
                {"person_id": change.id, "unit_id": units[change.before.unit_code], "until": writing.now}
                for change in moved
            ]
            session.execute(insert(PersonPlace), left)
            sync_memberships(session, writing.actor, now=writing.now)
    _write_roles(session, writing, plan)


def _write_roles(session: Session, writing: Writing, plan: Plan) -> None:
    begun: list[dict[str, object]] = []
    ended: list[tuple[int, Role, int]] = []
    for staff_no, wanted in plan.roles:
        person_id = writing.people[staff_no]
        held = writing.known.grants.get(person_id, frozenset())
        begun.extend(
            {"person_id": person_id, "role": role, "unit_id": writing.units[code], "began_at": writing.now}
            for role, code in sorted(wanted - held)
        )
        ended.extend((person_id, role, writing.units[code]) for role, code in held - wanted)
    for start in range(0, len(ended), _CHUNK // 5):
        which = (
            (RoleGrant.person_id == person_id) & (RoleGrant.role == role) & (RoleGrant.unit_id == unit_id)
            for person_id, role, unit_id in ended[start : start + _CHUNK // 5]
        )
        session.execute(
            update(RoleGrant)
            .where(RoleGrant.ended_at.is_(None), or_(*which))
            .values(ended_at=writing.now)
            .execution_options(synchronize_session=False)
        )
    if ended:
        lost = select(Account.id).where(Account.person_id.in_({person_id for person_id, *_ in ended}))
        close_sign_ins(session, writing.actor, session.scalars(lost).all(), now=writing.now, reason="role_revoked")
    if begun:
        session.execute(insert(RoleGrant), begun)
