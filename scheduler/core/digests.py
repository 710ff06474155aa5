"""A digest of all that a database holds, the same for the same rows in whatever order they are kept."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, LargeBinary, inspect

_BITS = 256
_MANY, _FEW = 2000, 8


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows a table holds, and the digest of them all."""

    rows: int
    digest: str


def digest_tables(connection: Connection) -> dict[str, TableDigest]:
    """Return the digest of every table, by name, as `connection`'s transaction sees them.

    Comparable between databases of the same engine. Each row is hashed by itself and the hashes are added up, so
    neither the order of rows nor where they lie on disk matters, and any amount of rows needs little memory.
    """
    preparer = connection.dialect.identifier_preparer
    digests = {}
    for table in sorted(inspect(connection).get_table_names()):
        found = inspect(connection).get_columns(table)
        columns = sorted(column["name"] for column in found)
        at_once = _FEW if any(isinstance(column["type"], LargeBinary) for column in found) else _MANY
        listed = ", ".join(preparer.quote(column) for column in columns)
        rows = connection.execution_options(yield_per=at_once).exec_driver_sql(
            f"SELECT {listed} FROM {preparer.quote(table)}"  # noqa: S608 - names of our own tables, quoted
        )
        count, total = 0, 0
        for row in rows:
            count += 1
            total += int.from_bytes(hashlib.sha256(_canonical(tuple(row)).encode()).digest())
        digests[table] = TableDigest(count, f"{total % 2**_BITS:064x}")
    return digests


def _canonical(row: tuple[Any, ...]) -> str:
    return json.dumps(row, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
