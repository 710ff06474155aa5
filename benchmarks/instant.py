"""The clock of the generated data, apart from the meter and its server, so that a product served alone loads neither."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from benchmarks.generators import NOW
from scheduler.core import clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class AtOneInstant:
    """Hold the clock for whatever a request does."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with clock.fixed(NOW):
            return self.app(environ, start_response)
