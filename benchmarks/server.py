"""The product with two routes more: the plain page that is the unit R, and the CPU that this process has used."""

import logging
import socket
import time

from flask import Flask, current_app, render_template
from sqlalchemy import Integer, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from waitress.server import create_server

import config
from scheduler.app import create_app
from scheduler.core.web import database, public

PAGE = """<!doctype html><html lang="en"><head><title>Reference</title></head><body><table>
{% for row in rows %}<tr><td><a href="/row/{{ row.id }}">{{ row.name }}</a></td><td>{{ row.unit }}</td>
<td>{{ row.note }}</td><td>{{ row.amount }}</td></tr>
{% endfor %}</table></body></html>"""
ROWS = 40


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


def cpu() -> str:
    """Return the CPU seconds that this process has used."""
    return repr(time.process_time())


def build(settings: config.Settings) -> Flask:
    """Return the product with the two routes, its reference table filled."""
    app = create_app(settings)
    app.extensions["benchmark_page"] = app.jinja_env.from_string(PAGE)
    app.add_url_rule("/benchmark/reference", view_func=public("the benchmark's unit")(reference))
    app.add_url_rule("/benchmark/cpu", view_func=public("the benchmark's meter")(cpu))
    engine = app.extensions["engine"]
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
    application = build(config.load())
    door = socket.create_server(("127.0.0.1", 0))
    print(door.getsockname()[1], flush=True)
    server = create_server(application, sockets=[door], threads=8)
    server.run()
