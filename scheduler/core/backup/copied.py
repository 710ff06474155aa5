"""What copying a database out has seen."""

from dataclasses import dataclass

from alembic.migration import MigrationContext
from sqlalchemy import Connection

from scheduler.core.digests import TableDigest, digest_tables


@dataclass(frozen=True, slots=True)
class Copied:
    """The revision and the digests of the very state that was copied."""

    revision: str
    tables: dict[str, TableDigest]


def see(connection: Connection) -> Copied:
    """Return what `connection`'s transaction sees."""
    revision = MigrationContext.configure(connection).get_current_revision() or ""
    return Copied(revision, digest_tables(connection))
