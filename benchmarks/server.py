"""The product with two routes more: the plain page that is the unit R, and what this process has spent.

The clock stands at `generators.NOW`, so that the generated week is this week on whatever day it is measured.
"""

import json
import logging
import socket
import time
from typing import Any

from flask import Flask, current_app, render_template
from sqlalchemy import Engine, Integer, String, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from waitress.server import create_server

import config
from benchmarks.instant import AtOneInstant
from scheduler.app import create_app
from scheduler.core.web import database, grouped, public, requires
from scheduler.quizzes.access import QuizPermission

PAGE = """<!doctype html><html lang="en"><head><title>Reference</title></head><body><table>
{% for row in rows %}<tr><td><a href="/row/{{ row.id }}">{{ row.name }}</a></td><td>{{ row.unit }}</td>
<td>{{ row.note }}</td><td>{{ row.amount }}</td></tr>
{% endfor %}</table></body></html>"""
ROWS = 40
THREADS = 8
_ENDS = ("BEGIN", "COMMIT", "ROLLBACK")


class Base(DeclarativeBase):
    """Apart from the product's tables, so that the unit does not change with them."""


class Row(Base):
    """A row of the plain page."""

    __tablename__ = "benchmark_reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int] = mapped_column(Integer)


def reference() -> str:
    """Return the plain page: one ORM query of 40 rows, Jinja, about 8 KiB."""
    rows = database().scalars(select(Row).order_by(Row.id).limit(ROWS)).all()
    return render_template(current_app.extensions["benchmark_page"], rows=rows)


@requires(QuizPermission.TAKE)
@grouped
def nothing() -> str:
    """Do nothing, behind all that stands before a save: the sign-in, the form's token, the permission."""
    return "{}"


class Statements:
    """Counts the statements of an engine, the ends of transactions aside."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_ENDS):
            self.count += 1


def build(settings: config.Settings) -> Flask:
    """Return the product with the two routes, its reference table filled."""
    app = create_app(settings)
    app.extensions["benchmark_page"] = app.jinja_env.from_string(PAGE)
    engine = app.extensions["engine"]
    statements = Statements(engine)

    def spent() -> str:
        return json.dumps({"cpu": time.process_time(), "statements": statements.count})

    app.add_url_rule("/benchmark/reference", view_func=public("the benchmark's unit")(reference))
    app.add_url_rule("/benchmark/spent", view_func=public("the benchmark's meter")(spent))
    app.add_url_rule("/benchmark/nothing", methods=["POST"], view_func=nothing)
    Base.metadata.create_all(engine)
    with app.extensions["sessions"].write() as session:
        if session.get(Row, 1) is None:
            session.add_all(
                Row(
                    id=number,
                    name=f"Row number {number}",
                    unit=f"Unit {number % 7}",
                    note="plain text " * 9,
                    amount=number * 37,
                )
                for number in range(1, ROWS + 1)
            )
    return app


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    application = AtOneInstant(build(config.load()))
    door = socket.create_server(("127.0.0.1", 0))
    print(door.getsockname()[1], flush=True)
    server = create_server(application, sockets=[door], threads=THREADS, connection_limit=4000, asyncore_use_poll=True)
    server.run()
