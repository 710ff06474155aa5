"""The edge of a request: its one transaction, who acts, which permission a route declares, which clock it sees."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter

from scheduler.core import clock
from scheduler.core.access import Actor, Permission
from scheduler.core.database import Sessions
from scheduler.core.errors import Missing
from scheduler.core.grouping import Writer
from scheduler.core.text import MOST_DIGITS, whole_number

_View = TypeVar("_View", bound=Callable[..., Any])
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR_STATUS = 400


def requires(permission: Permission) -> Callable[[_View], _View]:
    """Declare the permission of a route. Signed out: to the sign-in page. Without it: as if the page did not exist."""

    def declare(view: _View) -> _View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if actor is None:
                return _to_the_door()
            actor.require(permission)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the route table test
        return cast("_View", guarded)

    return declare


def public(reason: str) -> Callable[[_View], _View]:
    """Declare that a route is open to everybody, and why."""

    def declare(view: _View) -> _View:
        view.public = reason  # type: ignore[attr-defined]  # read by the route table test
        return view

    return declare


def personal(reason: str) -> Callable[[_View], _View]:
    """Declare that a route is open to whoever is signed in, with or without a role, for the own things; and why."""

    def declare(view: _View) -> _View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            return _to_the_door() if current_actor() is None else view(*args, **kwargs)

        guarded.personal = reason  # type: ignore[attr-defined]  # read by the route table test
        return cast("_View", guarded)

    return declare


def grouped(view: _View) -> _View:
    """Declare that a route writes through `writer()` alone: the session of its request only reads."""
    view.grouped = True  # type: ignore[attr-defined]  # read by database()
    return view


def writer() -> Writer:
    """Return what commits many small writes together."""
    return cast("Writer", current_app.extensions["writer"])


def _to_the_door() -> Any:
    """Send a signed-out reader to the sign-in page: a page can be come back to, a sent form cannot."""
    back = request.full_path.rstrip("?") if request.method in _SAFE else None
    return redirect(url_for("people.sign_in", next=back))


def own_path(text: str | None) -> str | None:
    """Return `text` if it is a path of this product, fit for a redirect; None for anything that leads elsewhere."""
    if not text or not text.startswith("/") or text[1:2] in {"/", "\\"} or not text.isprintable():
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc or "\\" in parts.path else text


def current_actor() -> Actor | None:
    """Return who is signed in, or None."""
    return cast("Actor | None", getattr(current_user, "actor", None))


def signed_in() -> Actor:
    """Return who is signed in; refuses with Missing where nobody is (a route without `requires`)."""
    actor = current_actor()
    if actor is None:
        raise Missing
    return actor


def now() -> datetime:
    """Return the instant of this request: read once, the same for all that happens in it."""
    if "now" not in g:
        g.now = clock.now()
    return cast("datetime", g.now)


def zone() -> ZoneInfo:
    """Return the organisation's zone."""
    return cast("ZoneInfo", current_app.extensions["zone"])


def reader_zone() -> ZoneInfo:
    """Return the zone in which the reader wants to see times: the own choice, else the organisation's."""
    if "reader_zone" not in g:  # asked for with every instant on a page
        actor = current_actor()
        g.reader_zone = (actor.zone if actor else None) or zone()
    return cast("ZoneInfo", g.reader_zone)


def number_asked(name: str) -> int | None:
    """Return the number that the address gives for `name`; None if it gives none, or one that no row can have."""
    return whole_number(request.args.get(name))


def sessions() -> Sessions:
    return cast("Sessions", current_app.extensions["sessions"])


def database() -> Session:
    """Return this request's session; its transaction ends with the request.

    Committed if the request is not a safe one and the answer is 2xx or 3xx, else rolled back. It has ended before
    the first byte of the answer leaves, so what streams must have been read.
    """
    if "database" not in g:
        view = current_app.view_functions.get(request.endpoint or "")
        writing = request.method not in _SAFE and not getattr(view, "grouped", False)
        g.database = sessions().open(writing=writing)
    return cast("Session", g.database)


def afterwards(act: Callable[[Session], object]) -> None:
    """Run `act` in a writing transaction of its own once this request's transaction has ended.

    For bookkeeping that a reading request causes (last seen, last fetched); if it fails the answer stands.
    """
    g.setdefault("afterwards", []).append(act)


def install(app: Flask) -> None:
    """Give `app` the transaction of each request, a request id, the security headers and numbers of bounded length."""
    app.url_map.converters["int"] = _Number
    app.before_request(_name_request)
    app.after_request(_headers)
    app.after_request(_end_transaction)
    app.teardown_request(_close)


class _Number(IntegerConverter):
    """A number in the path of an address; a longer one is no such page, for no database could look for it."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _end_transaction(response: Response) -> Response:
    session = cast("Session | None", g.pop("database", None))
    if session is not None:
        try:
            if response.status_code < FIRST_ERROR_STATUS and request.method not in _SAFE:
                session.commit()
        except Exception as error:  # noqa: BLE001 - whatever fails, the act has not happened, and the answer must say so
            response = current_app.make_response(current_app.handle_user_exception(error))
        finally:
            session.close()  # rolls back what was not committed
    for act in g.pop("afterwards", []):
        try:
            with sessions().write() as later:
                act(later)
        except Exception:
            current_app.logger.exception("bookkeeping after the request failed")
    return response


def _close(_error: BaseException | None) -> None:
    session = cast("Session | None", g.pop("database", None))  # opened again by the page of an error
    if session is not None:
        session.close()


_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Request-Id", g.get("request_id", ""))
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
