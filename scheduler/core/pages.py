"""What every page needs: the reader's language and zone, dates in words, and refusals as pages."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any, cast

from babel import Locale
from flask import Flask, Response, current_app, flash, g, has_request_context, make_response, render_template, request
from flask_babel import Babel, Domain, get_locale, gettext
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from scheduler.core.database import is_bad_luck
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.core.web import current_actor, reader_zone

LANGUAGES = {"zh": "zh_CN", "en": "en"}
"""The two-letter codes that browsers send, and our catalogues."""
LANGUAGE_COOKIE = "language"
_LOCALES = {name: Locale.parse(name) for name in LANGUAGES.values()}


def install(app: Flask) -> None:
    """Give `app` languages, filters and the pages of refusals."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_CN"
    _Babel(app, locale_selector=lambda: _LOCALES[select_language()])  # type: ignore[no-untyped-call]  # the library has no types here
    app.jinja_env.globals.update(drawn_icon=_icons(app), static_path=app.static_url_path)
    app.jinja_env.filters.update(day=day_in_words, month_words=month_in_words, clock=clock_time, span=span_in_words)
    app.jinja_env.filters.update(qr_code=qr_code)
    app.context_processor(lambda: {"actor": current_actor(), "locale": language(), "site_name": _site_name()})
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(StaleDataError, lambda _error: _refused(Stale()))
    app.register_error_handler(DBAPIError, _gave_up)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(InternalServerError, _broken)
    app.register_error_handler(Exception, _broken)


def qr_code(address: str) -> Markup:
    """Draw `address` as an inline SVG for cameras; white stands behind it, whatever the colours of the page."""
    import segno  # noqa: PLC0415 - 4 MiB that a web process has no need of until a code is asked for

    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, light="white", omitsize=True)
    return Markup(drawn)  # noqa: S704 - segno draws it from an address that we made


def _icons(app: Flask) -> Callable[[str], Markup]:
    """Return what draws an icon by its name: a plain function, for a page asks for some forty."""
    address = f"{app.static_url_path}/icons.svg"

    @cache
    def drawn(name: str) -> Markup:
        form = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}" /></svg>')
        return form.format(address, name)

    return drawn


def select_language() -> str:
    """Return the reader's language: chosen for the account, else by cookie, else what the browser asks; else Chinese.

    Outside of a request it is English: that is what commands speak.
    """
    if not has_request_context():
        return "en"
    actor = current_actor()
    for choice in (actor.language if actor else None, request.cookies.get(LANGUAGE_COOKIE)):
        if choice is not None and choice in LANGUAGES.values():
            return choice
    # Matching full tags would answer English to a browser that says zh-CN, hence the two-letter codes.
    return LANGUAGES[request.accept_languages.best_match(list(LANGUAGES), default="zh") or "zh"]


def language() -> str:
    """Return the language of this answer: zh_CN or en."""
    try:
        return cast("str", g.language)  # asked for with every date on a page
    except AttributeError:
        locale = get_locale()
        g.language = "en" if locale is not None and locale.language == "en" else "zh_CN"
        return cast("str", g.language)


class _Texts(Domain):
    """The catalogues, of which the reader's is looked up once for each page, not once for each text."""

    def get_translations(self) -> Any:
        if not has_request_context():
            return super().get_translations()  # type: ignore[no-untyped-call]  # the library has no types here
        try:
            return g.catalogue
        except AttributeError:
            g.catalogue = super().get_translations()  # type: ignore[no-untyped-call]  # the library has no types here
            return g.catalogue


class _Babel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        return _Texts(domain=self.domain)  # type: ignore[no-untyped-call]  # the library has no types here


def say(text: str, tone: str = "ok", *, undo_url: str | None = None) -> None:
    """Tell the reader on the next page what was done (tone: ok, info, warn, bad), with a way to undo it by POST."""
    message: Any = {"text": text, "undo_url": undo_url} if undo_url else text
    flash(message, tone)


def _site_name() -> str:
    return cast("str", current_app.extensions["settings"].organisation)


_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _as_date(value: date | datetime) -> date:
    return value.astimezone(reader_zone()).date() if isinstance(value, datetime) else value


def day_in_words(value: date | datetime) -> str:
    """Return 2026年3月5日（周四） or Thu 5 Mar 2026."""
    return _in_words(_as_date(value), language())


@lru_cache(maxsize=2048)
def _in_words(day: date, spoken: str) -> str:
    if spoken == "en":
        return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS_ZH[day.weekday()]}）"


def month_in_words(month: date) -> str:
    """Return 2026年3月 or Mar 2026."""
    return f"{MONTHS_EN[month.month - 1]} {month.year}" if language() == "en" else f"{month.year}年{month.month}月"


def clock_time(value: datetime) -> str:
    """Return 19:00, in the reader's zone."""
    return f"{value.astimezone(reader_zone()):%H:%M}"


def in_words(value: date | datetime) -> str:
    """Return the day, of an instant the time too."""
    return f"{day_in_words(value)} {clock_time(value)}" if isinstance(value, datetime) else day_in_words(value)


def span_in_words(start: datetime, end: datetime) -> str:
    """Return the day and both times; the day once if both are on it."""
    if _as_date(start) == _as_date(end):
        return f"{day_in_words(start)} {clock_time(start)}–{clock_time(end)}"
    return f"{day_in_words(start)} {clock_time(start)} – {day_in_words(end)} {clock_time(end)}"


def _page(template: str, status: int, **facts: object) -> Response:
    response = make_response(render_template(template, request_id=g.get("request_id", ""), **facts), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(error: Refusal) -> Response:
    if isinstance(error, Missing):
        return _page("errors/404.html", 404)
    answer = _page("errors/refusal.html", error.status, message=error.text)
    if "retry_after" in error.facts:  # seconds
        answer.headers["Retry-After"] = str(error.facts["retry_after"])
    return answer


def _forged(_error: CSRFError) -> Response:
    return _page("errors/400.html", 400)


def _gave_up(error: DBAPIError) -> Response:
    if not is_bad_luck(error):
        return _broken(error)
    said = gettext("Many people were saving at this moment, and this did not get its turn. Please send it once more.")
    answer = _page("errors/refusal.html", 503, message=said)
    answer.headers["Retry-After"] = "1"
    return answer


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - redirects are answers, not errors
        return cast("Response", error.get_response())
    if status in {404, 413}:
        return _page(f"errors/{status}.html", status)
    return _page("errors/refusal.html", status, message=gettext("The request makes no sense here."))


def _foreign_host(_error: SecurityError) -> Response:
    # plain text: addresses cannot be built for a host that is not ours
    return Response("This site does not answer to that host name: see TRUSTED_HOSTS.\n", 400, mimetype="text/plain")


def _broken(error: Exception) -> Response:
    """Answer 500, even where the database or the catalogue is what failed: the page asks nothing of them."""
    if not isinstance(error, InternalServerError):  # Flask has logged what stands behind that one
        current_app.logger.error("request %s failed", g.get("request_id", ""), exc_info=error)
    template = current_app.jinja_env.get_template("errors/500.html")
    response = Response(template.render(site_name=_site_name(), request_id=g.get("request_id", "")), 500)
    response.headers["Cache-Control"] = "no-store"
    return response
