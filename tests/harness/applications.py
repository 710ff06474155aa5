"""The application, made once for all tests with the same settings: each gets it with its own database."""

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from config import Settings

_made: "dict[Settings, Flask]" = {}


@contextmanager
def lent(settings: "Settings") -> "Iterator[Flask]":
    """Yield the product with these settings; whatever a test sets in its configuration is forgotten afterwards.

    Who adds routes or hooks makes an application of its own with create_app.
    """
    from scheduler.app import configure, create_app  # noqa: PLC0415 - who tests a rule need not wait for every page

    alike = replace(settings, database_url="sqlite://")
    app = _made.get(alike)
    if app is None:
        app = _made[alike] = create_app(settings)
    else:
        configure(app, settings)
    kept, served = dict(app.config), app.wsgi_app
    app.testing = True
    yield app
    app.extensions["writer"].close()
    app.extensions["engine"].dispose()
    app.config.clear()
    app.config.update(kept)
    app.wsgi_app = served  # type: ignore[method-assign]  # Flask's documented hook
