from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import config

SECRET = "s" * 32
ROOT = Path(__file__).resolve().parents[1]


def _load(**given: str) -> config.Settings:
    return config.load({"SECRET_KEY": SECRET, **given})


def test_only_the_secret_must_be_given() -> None:
    settings = _load()
    assert settings.database_url == f"sqlite:///{ROOT / 'instance' / 'scheduler.sqlite3'}"
    assert (settings.zone, settings.secure) == (ZoneInfo("Asia/Shanghai"), False)
    assert settings.hosts == ["127.0.0.1", "127.0.0.1", "localhost"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("TIME_ZONE", "Europe/Berlin", "Europe/Berlin"),
        ("SESSION_HOURS", " 8 ", 8),
        ("BEHIND_PROXY", "Yes", True),
        ("RUN_JOBS", "0", False),
        ("TRUSTED_HOSTS", "a.example, b.example,", ("a.example", "b.example")),
        ("BASE_URL", "https://training.example:8443/", "https://training.example:8443"),
        ("DATABASE_URL", "postgresql://u:p@db/x", "postgresql://u:p@db/x"),
        ("DATABASE_URL", "sqlite:////var/lib/x.sqlite3", "sqlite:////var/lib/x.sqlite3"),
        ("ORGANISATION", "", "干部教育培训"),
    ],
)
def test_a_setting_is_read_in_its_form(name: str, text: str, value: object) -> None:
    assert getattr(_load(**{name: text}), name.lower()) == value


@pytest.mark.parametrize(
    "given",
    [
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": " "},
        {"DATABASE_URL": "mysql://x"},
        {"DATABASE_URL": "sqlite://"},
        {"DATABASE_URL": "sqlite:///:memory:"},
        {"WEB_PROCESSES": "2"},
        {"WEB_PROCESSES": "0"},
        {"SESSION_HOURS": "-1"},
        {"MAX_UPLOAD_MIB": "many"},
        {"BEHIND_PROXY": "perhaps"},
        {"BASE_URL": "http://training.example"},
        {"BASE_URL": "http://localhost.evil.example"},
        {"BASE_URL": "https://training.example/path"},
        {"BASE_URL": "https://training.example?x"},
        {"BASE_URL": "http://["},
        {"BASE_URL": "ftp://training.example"},
        {"TIME_ZONE": "Mars/Olympus"},
        {"TIME_ZONE": "../etc/passwd"},
        {"PASSWORD_POLICY": "none"},
        {"TRUSTED_HOSTS": "*"},
        {"INSTALLATION_ID": "a\r\nb"},
        {"INSTALLATION_ID": "two words"},
        {"SETTINGS_FILE": "/no/such/file"},
        {"SMTP_SECURITY": "ssl"},
        {"SMTP_PORT": "70000"},
        {"SMTP_HOST": "a b"},
        {"MAIL_FROM": "", "SMTP_HOST": "mail.example"},
        {"MAIL_FROM": "a@b.example\nBcc: c@d.example", "SMTP_HOST": "mail.example"},
        {"SMTP_USER": "office"},
        {"SMTP_PASSWORD": "secret"},
        {
            "SMTP_PASSWORD": "x",
            "SMTP_USER": "x",
            "SMTP_SECURITY": "none",
            "SMTP_HOST": "m.example",
            "MAIL_FROM": "a@b.c",
        },
        {"QUIET_HOURS": "21:00"},
        {"QUIET_HOURS": "21:00-21:00"},
        {"QUIET_HOURS": "25:00-07:00"},
        {"KEEP_NOTICES_DAYS": "30"},
    ],
)
def test_what_is_unsafe_or_makes_no_sense_is_refused_by_name(given: dict[str, str]) -> None:
    with pytest.raises(config.UnsafeSettings, match="|".join(given)):
        _load(**given)


def test_without_a_secret_the_refusal_says_how_to_make_one() -> None:
    with pytest.raises(config.UnsafeSettings, match="SECRET_KEY is not set; generate one with: python3"):
        config.load({})


def test_several_processes_are_fine_on_postgresql_and_https_anywhere() -> None:
    settings = _load(WEB_PROCESSES="4", DATABASE_URL="postgresql://db/x", BASE_URL="https://training.example")
    assert (settings.web_processes, settings.secure) == (4, True)
    assert settings.hosts[0] == "training.example"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(
        f"# ours\n\nSECRET_KEY='{SECRET}'\nTIME_ZONE = Asia/Tokyo\nORGANISATION=\"局\"\nSESSION_HOURS=\n",
        encoding="utf-8",
    )
    settings = config.load({"SETTINGS_FILE": str(file), "TIME_ZONE": "Asia/Urumqi", "ORGANISATION": ""})
    assert settings.secret_key == SECRET
    assert (settings.time_zone, settings.organisation, settings.session_hours) == ("Asia/Urumqi", "局", 12)


def test_a_misspelt_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("TIMEZONE=Asia/Tokyo\n", encoding="utf-8")
    with pytest.raises(config.UnsafeSettings, match="TIMEZONE, which is no setting"):
        _load(SETTINGS_FILE=str(file))


def test_settings_can_be_shown_without_their_secrets() -> None:
    shown = repr(_load(DATABASE_URL="postgresql://u:hidden@db/x"))
    assert SECRET not in shown
    assert "hidden" not in shown


def test_mail_on_this_machine_may_be_plain_and_no_password_is_shown() -> None:
    server = {"SMTP_HOST": "127.0.0.1", "SMTP_USER": "u", "SMTP_PASSWORD": "hidden", "SMTP_SECURITY": "none"}
    settings = _load(**server, MAIL_FROM="training@city.example", QUIET_HOURS="none")
    assert "hidden" not in repr(settings)
    assert settings.quiet_hours == "none"


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("ORGANISATION", "甲局")
    assert config.load().organisation == "甲局"
