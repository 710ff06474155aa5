"""Composition: settings in, the whole product out."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import get_translations
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from scheduler import cli, navigation
from scheduler.core import pages, web
from scheduler.core.database import make_engine, sessions
from scheduler.core.grouping import Writer
from scheduler.models import load_models
from scheduler.notices.rules.quiet import read_quiet
from scheduler.notices.terms.mail import MailSecurity, MailServer
from scheduler.people.views import load_signed_in

_ROOT = Path(__file__).resolve().parents[1]
SLICES_WITH_PAGES = (
    "people",
    "notices",
    "agenda",
    "classes",
    "lectures",
    "mentoring",
    "quizzes",
    "feeds",
    "obligations",
    "home",
    "office",
    "jobs",
)


def create_app(settings: Settings) -> Flask:
    """Return the product, ready to serve; the database must have been migrated (`flask --app wsgi init`)."""
    load_models()
    app = Flask(
        "scheduler",
        root_path=str(_ROOT / "scheduler"),
        template_folder=str(_ROOT / "templates"),
        static_folder="static",
    )
    configure(app, settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    web.install(app)
    # The mail program that mutes by one click (RFC 8058) has no session; the signed link alone says whom and what.
    CSRFProtect(app).exempt("scheduler.notices.views.muting.mute_by_link_now")
    LoginManager(app).user_loader(load_signed_in)
    pages.install(app)
    for name in SLICES_WITH_PAGES:
        app.register_blueprint(import_module(f"scheduler.{name}.views").blueprint)
    navigation.install(app)
    cli.install(app)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # Flask's documented hook
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Give `app` all that follows from the settings, its database among it."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_mib * 1024 * 1024,
        TRUSTED_HOSTS=settings.hosts,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(_ROOT / "scheduler" / "translations"),
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
    )
    engine = make_engine(settings.database_url)
    edges = sessions(engine)
    app.extensions.update(settings=settings, zone=settings.zone, engine=engine, sessions=edges, writer=Writer(edges))
    app.extensions.update(mail_server=mail_server(settings), quiet_hours=read_quiet(settings.quiet_hours))


def mail_server(settings: Settings) -> MailServer | None:
    """Return where mail is handed in; None: mail is off."""
    if not settings.smtp_host:
        return None
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.mail_from,
        settings.smtp_user,
        settings.smtp_password,
        MailSecurity(settings.smtp_security),
        urlsplit(settings.base_url).hostname or "localhost",
    )


def warm(app: Flask) -> None:
    """Load what every worker would load with its first requests, for workers that are forked from this process."""
    configure_mappers()
    for name in app.jinja_env.list_templates(filter_func=lambda name: not name.endswith(".docx")):
        app.jinja_env.get_template(name)
    for tag in pages.LANGUAGES:
        with app.test_request_context(headers={"Accept-Language": tag}):
            get_translations()
