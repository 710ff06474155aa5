"""The product's settings: one frozen object, read from the environment and an optional file."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SHORTEST_SECRET = 32
_LAST_PORT = 65535
_SHORTEST_KEPT = 31
"""Days; a notice of this month must still be known, or it would be posted again."""
_ROOT = Path(__file__).resolve().parent
_SQLITE = "sqlite:///"


class UnsafeSettings(ValueError):
    """The settings are missing, malformed or unsafe together; the sentence names the one to mend."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. docs/settings.md says the same for people, and a test compares them."""

    secret_key: str = field(repr=False)
    """SECRET_KEY: signs cookies; at least 32 characters, never in code."""
    database_url: str = field(default="sqlite:///instance/scheduler.sqlite3", repr=False)
    """DATABASE_URL: sqlite:///FILE (one web process; relative to the product's folder) or postgresql://USER@HOST/NAME."""
    base_url: str = "http://127.0.0.1:8000"
    """BASE_URL: how people reach the product; used for links in mail and calendars."""
    time_zone: str = "Asia/Shanghai"
    """TIME_ZONE: the organisation's zone."""
    organisation: str = "干部教育培训"
    """ORGANISATION: the name in the page header and in calendars."""
    installation_id: str = "scheduler.local"
    """INSTALLATION_ID: the right side of calendar UIDs; never change it once calendars are out."""
    trusted_hosts: tuple[str, ...] = ()
    """TRUSTED_HOSTS: host names that requests may bear, comma separated; empty: the host of BASE_URL and loopback."""
    max_upload_mib: int = 20
    """MAX_UPLOAD_MIB: the largest request body."""
    password_policy: Literal["asvs", "mlps3"] = "asvs"  # noqa: S105 - the name of a policy
    """PASSWORD_POLICY: asvs (length and known-bad list) or mlps3 (complexity, rotation, history)."""
    session_hours: int = 12
    """SESSION_HOURS: how long a sign-in lasts."""
    web_processes: int = 1
    """WEB_PROCESSES: how many web processes share the database; more than one needs PostgreSQL."""
    behind_proxy: bool = False
    """BEHIND_PROXY: trust one reverse proxy's X-Forwarded headers."""
    run_jobs: bool = True
    """RUN_JOBS: wake the jobs inside the web process."""
    smtp_host: str = ""
    """SMTP_HOST: the server that takes mail; empty: no mail is sent."""
    smtp_port: int = 587
    """SMTP_PORT: 587 for starttls, 465 for tls, 25 for none."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """SMTP_SECURITY: starttls, tls, or none (a server on this machine or in a closed network, without password)."""
    smtp_user: str = ""
    """SMTP_USER: the name for the mail server; empty: none is needed."""
    smtp_password: str = field(default="", repr=False)
    """SMTP_PASSWORD: the password for the mail server."""
    mail_from: str = ""
    """MAIL_FROM: the address that sends; needed where SMTP_HOST is set."""
    quiet_hours: str = "21:00-07:30"
    """QUIET_HOURS: when mail waits, by the reader's clock; none: never. People may choose their own."""
    keep_notices_days: int = 365
    """KEEP_NOTICES_DAYS: after how many days a notice leaves the inbox for good, read or not; at least 31."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def secure(self) -> bool:
        """Whether people reach the product by https, so that cookies must not travel without it."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def hosts(self) -> list[str]:
        """The host names that requests may bear."""
        return list(self.trusted_hosts) or [urlsplit(self.base_url).hostname or "", "127.0.0.1", "localhost"]


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from `environ` (default: the process's), over the file that SETTINGS_FILE names.

    A setting that is empty counts as not given. Refuses with UnsafeSettings: a missing or short SECRET_KEY, a value
    of the wrong form, an unknown name in the file, an unknown zone or database, several processes on SQLite, plain
    http to any host but this machine.
    """
    names = [setting.name.upper() for setting in fields(Settings)]
    environ = os.environ if environ is None else environ
    given = {name: environ[name].strip() for name in names if environ.get(name, "").strip()}
    if path := environ.get("SETTINGS_FILE"):
        written = _read_file(Path(path))
        if unknown := sorted(written.keys() - set(names)):
            msg = f"SETTINGS_FILE {path} names {unknown[0]}, which is no setting"
            raise UnsafeSettings(msg)
        given = {name: value for name, value in written.items() if value} | given
    values: dict[str, object] = {name.lower(): _parse(name.lower(), text) for name, text in given.items()}
    if "secret_key" not in values:
        msg = "SECRET_KEY is not set; generate one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        raise UnsafeSettings(msg)
    settings = Settings(**values)  # type: ignore[arg-type]  # each value was parsed by its field's form just above
    _refuse_unsafe(settings)
    settings = replace(settings, base_url=settings.base_url.rstrip("/"))
    file = settings.database_url.removeprefix(_SQLITE)
    if file != settings.database_url:
        # from wherever the product is started, it is the same file
        settings = replace(settings, database_url=f"{_SQLITE}{_ROOT / file}")
    return settings


def _read_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        msg = f"SETTINGS_FILE {path} cannot be read: {error.strerror}"
        raise UnsafeSettings(msg) from error
    pairs = (line.partition("=") for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _parse(name: str, text: str) -> object:
    default = Settings.__dataclass_fields__[name].default
    if isinstance(default, bool):
        if text.lower() not in _WORDS:
            msg = f"{name.upper()} must be yes or no, not {text!r}"
            raise UnsafeSettings(msg)
        return _WORDS[text.lower()]
    if isinstance(default, int):
        if not text.isdecimal() or int(text) < 1:
            msg = f"{name.upper()} must be a whole number above 0, not {text!r}"
            raise UnsafeSettings(msg)
        return int(text)
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _are_hours(text: str) -> bool:
    clock = r"(?:[01]\d|2[0-3]):[0-5]\d"
    found = re.fullmatch(rf"({clock})-({clock})", text)
    return text == "none" or (found is not None and found[1] != found[2])


def _refuse_unsafe(settings: Settings) -> None:
    problems = {
        f"SECRET_KEY must have at least {_SHORTEST_SECRET} characters": len(settings.secret_key) < _SHORTEST_SECRET,
        "DATABASE_URL must be sqlite:///FILE or begin with postgresql://": not re.match(
            r"sqlite:///(?!:memory:).|postgresql(\+psycopg)?://", settings.database_url
        ),
        "WEB_PROCESSES above 1 needs PostgreSQL: set DATABASE_URL to postgresql://...": settings.web_processes > 1
        and settings.database_url.startswith("sqlite"),
        "BASE_URL must be http:// or https:// with a host and no path": not re.fullmatch(
            r"https?://(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d{1,5})?/?", settings.base_url
        ),
        "BASE_URL must be https:// unless it names this machine (127.0.0.1, localhost)": not re.match(
            r"https:|http://(127\.0\.0\.1|localhost|\[::1\])([:/]|$)", settings.base_url
        ),
        "INSTALLATION_ID must be letters, digits, points and hyphens": not re.fullmatch(
            r"[A-Za-z0-9][A-Za-z0-9.-]*", settings.installation_id
        ),
        "PASSWORD_POLICY must be asvs or mlps3": settings.password_policy not in {"asvs", "mlps3"},
        "SMTP_SECURITY must be starttls, tls or none": settings.smtp_security not in {"starttls", "tls", "none"},
        "SMTP_PORT must be at most 65535": settings.smtp_port > _LAST_PORT,
        "MAIL_FROM must be a mail address where SMTP_HOST is set": bool(settings.smtp_host)
        and not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", settings.mail_from),
        "SMTP_HOST must be the name of a host": not re.fullmatch(r"[\w.:-]*", settings.smtp_host),
        "SMTP_USER and SMTP_PASSWORD go together": bool(settings.smtp_user) != bool(settings.smtp_password),
        "SMTP_SECURITY none would send SMTP_PASSWORD readably: use starttls or tls": settings.smtp_security == "none"
        and bool(settings.smtp_password)
        and settings.smtp_host not in {"127.0.0.1", "::1", "localhost"},
        "QUIET_HOURS must be like 21:00-07:30, or none": not _are_hours(settings.quiet_hours),
        "KEEP_NOTICES_DAYS must be at least 31": settings.keep_notices_days < _SHORTEST_KEPT,
        "TRUSTED_HOSTS must not be *: name the hosts": "*" in settings.trusted_hosts,
    }
    for sentence, wrong in problems.items():
        if wrong:
            raise UnsafeSettings(sentence)
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        msg = f"TIME_ZONE {settings.time_zone!r} is not a known zone"
        raise UnsafeSettings(msg) from error
