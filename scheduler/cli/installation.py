"""Commands that set an installation up: its database, its first admin, its demo city, a person's password."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from scheduler.agenda.actions import load_known_years
from scheduler.cli.edge import as_json, commander, edge, engine, password_from_stdin, sessions, settings, tell
from scheduler.core import clock
from scheduler.core.database import make_room
from scheduler.core.errors import Refusal, lazy
from scheduler.people.actions import create_first_admin, set_password
from scheduler.people.models import Person
from scheduler.people.terms import PasswordPolicy

person = AppGroup("person", help="Persons and their doors.")


class NoSuchPerson(Refusal):
    """No person has that number."""


@click.command()
@click.option("--admin", metavar="STAFF_NO", help="Make this person an admin of everything.")
@click.option("--password-stdin", is_flag=True, help="Read the admin's password from standard input.")
@as_json
@edge
def init(admin: str | None, *, password_stdin: bool, as_json: bool) -> None:
    """Bring the database to this version, load known public holidays; with --admin, make the first admin. Repeatable."""
    from scheduler.core import migrating  # noqa: PLC0415 - Alembic and all dialects: a tenth of a web process's memory

    password = password_from_stdin(asked=password_stdin) if admin else ""
    make_room(engine())
    migrating.upgrade(engine())
    with sessions().write() as session:
        load_known_years(session, commander(), zone=settings().zone, now=clock.now())
        if admin:
            create_first_admin(session, commander(), admin, password, policy=_policy(), now=clock.now())
    done = f"The database is ready; {admin} is admin." if admin else "The database is ready."
    tell(done, {"ready": True, "admin": admin}, as_json=as_json)


@person.command("password")
@click.argument("staff_no")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@edge
def person_password(staff_no: str, *, password_stdin: bool) -> None:
    """Give the person with STAFF_NO a password, and end all of that person's sign-ins."""
    password = password_from_stdin(asked=password_stdin)
    with sessions().write() as session:
        person_id = session.scalar(select(Person.id).where(Person.staff_no == staff_no))
        if person_id is None:
            raise NoSuchPerson(lazy("Nobody has the staff number %(staff_no)s."), staff_no=staff_no)
        set_password(session, commander(), person_id, password, policy=_policy(), now=clock.now())
    tell(f"{staff_no} has a new password.", {}, as_json=False)


def _policy() -> PasswordPolicy:
    return PasswordPolicy(settings().password_policy)
