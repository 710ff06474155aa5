"""What copying a database out has seen."""

from dataclasses import dataclass

from sqlalchemy import Connection

from scheduler.core.digests import TableDigest, digest_tables
from scheduler.core.schema import revision_of


@dataclass(frozen=True, slots=True)
class Copied:
    """The revision and the digests of the very state that was copied."""

    revision: str
    tables: dict[str, TableDigest]


def see(connection: Connection) -> Copied:
    """Return what `connection`'s transaction sees."""
    return Copied(revision_of(connection), digest_tables(connection))
