import logging
import sys

from flask import Flask, g

from scheduler.core.logs import LineFormatter, install


def _record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    exception = (type(error), error, None) if error else None
    record = logging.LogRecord("scheduler.x", logging.WARNING, __file__, 1, message, args, exception)
    record.created = 1772708400.5
    return record


def test_a_line_says_when_in_utc_how_grave_and_from_where() -> None:
    line = LineFormatter().format(_record("slot %s", 7))
    assert line == "2026-03-05T11:00:00.500Z WARNING - scheduler.x: slot 7"


def test_what_people_type_makes_no_line_of_its_own() -> None:
    line = LineFormatter().format(_record("title %s", "a\r\n2026-01-01T00:00:00Z INFO - fake\u2028x\x1b[31m"))
    assert len(line.splitlines()) == 1
    traced = LineFormatter().format(_record("failed", error=ValueError("a\n2026-01-01 forged")))
    assert all(line.startswith("  | ") for line in traced.splitlines()[1:])


def test_within_a_request_its_id_stands_in_the_line() -> None:
    with Flask(__name__).test_request_context():
        g.request_id = "00ff"
        assert " 00ff scheduler.x: " in LineFormatter().format(_record("x"))


def test_installing_writes_to_standard_error() -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), logging.getLogger("scheduler").level
    install()
    added = [handler for handler in root.handlers if handler not in before]
    for handler in added:
        root.removeHandler(handler)
    logging.getLogger("scheduler").setLevel(level)
    assert [getattr(handler, "stream", None) for handler in added] == [sys.stderr]
    assert isinstance(added[0].formatter, LineFormatter)
