"""kill -9 in the midst of an import leaves nothing half-done, and nothing in the way of the next one."""

import multiprocessing
from typing import TYPE_CHECKING

import pytest

from scheduler.core.digests import digest_tables
from tests.faults.import_process import BEFORE_COMMIT, bring_in, stand_still_at
from tests.office.workbooks import real_year

if TYPE_CHECKING:
    from scheduler.core.database import Sessions
    from scheduler.core.digests import TableDigest

_start_method = multiprocessing.get_context("forkserver")
POINTS = (55, 74, 92, BEFORE_COMMIT)


def test_an_import_that_is_killed_has_not_happened(database: "Sessions", database_url: str) -> None:
    _start_method.set_forkserver_preload([stand_still_at.__module__])
    before, data = _digests(database), real_year()
    for point in POINTS:
        assert _killed_at(point, database_url, data) == point
        assert _digests(database) == before
    report = bring_in(database, data, lambda _per_cent: None)
    assert report.applied
    assert _digests(database) != before


def _killed_at(point: int, url: str, data: bytes) -> int:
    told, telling = _start_method.Pipe(duplex=False)
    process = _start_method.Process(target=stand_still_at, args=(url, data, point, telling))
    process.start()
    try:
        if not told.poll(timeout=60):
            pytest.fail(f"the import never came to {point} per cent")
        reached: int = told.recv()
    finally:
        process.kill()
        process.join()
        process.close()
        told.close()
        telling.close()
    return reached


def _digests(database: "Sessions") -> "dict[str, TableDigest]":
    with database.engine.connect() as connection:
        return digest_tables(connection)
