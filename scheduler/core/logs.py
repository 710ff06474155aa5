"""Logs: one line for each event, in UTC, with the request's id; nothing that people type can make a line of its own."""

import logging
import sys
from datetime import UTC, datetime

from flask import g, has_request_context

_ESCAPED = str.maketrans(
    {"\r": "\\r", "\n": "\\n", "\x1b": "\\e", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\x85"}
)


class LineFormatter(logging.Formatter):
    """Time in UTC, level, request id, logger and message; of a traceback each line begins with a bar."""

    def format(self, record: logging.LogRecord) -> str:
        instant = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        request_id = g.get("request_id", "-") if has_request_context() else "-"
        message = record.getMessage().translate(_ESCAPED)
        lines = [f"{instant}Z {record.levelname} {request_id} {record.name}: {message}"]
        if record.exc_info:
            lines += [f"  | {line}" for line in self.formatException(record.exc_info).splitlines()]
        return "\n".join(lines)


def install() -> None:
    """Write the log of this process to standard error; to be called once, before the application is made."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("scheduler").setLevel(logging.INFO)
