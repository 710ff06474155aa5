import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from scheduler.core.access import Role
from scheduler.people.models import Account, Person, RoleGrant
from scheduler.people.rules.hashing import is_password
from tests.cast import Persona, bring_on

if TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

    from scheduler.core.database import Sessions

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "correct horse battery staple"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what they call is tested on both


def _run(app: "Flask", *words: str | Path, typed: str = "") -> "Result":
    return app.test_cli_runner().invoke(args=[str(word) for word in words], input=typed)


def _refusal(result: "Result") -> str:
    """Return the one line of a refused command."""
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def test_init_migrates_and_may_be_repeated(app: "Flask") -> None:
    assert _run(app, "init").exit_code == 0
    assert json.loads(_run(app, "init", "--json").stdout) == {"ready": True, "admin": None}


def test_init_makes_the_first_admin(app: "Flask", database: "Sessions") -> None:
    result = _run(app, "init", "--admin", "A001", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (result.exit_code, result.stdout) == (0, "The database is ready; A001 is admin.\n")
    with database.read() as session:
        assert session.scalars(select(RoleGrant.role)).all() == [Role.ADMIN]
        assert is_password(PASSWORD, session.scalars(select(Account.password_hash)).one())


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("--admin", "A001"), "", "Say --password-stdin"),
        (("--admin", "A001", "--password-stdin"), "", "No password came"),
        (("--admin", "A001", "--password-stdin"), "123\n", "password"),
    ],
)
def test_an_admin_without_a_proper_password_is_not_made(
    app: "Flask", database: "Sessions", words: tuple[str, ...], typed: str, told: str
) -> None:
    assert told in _refusal(_run(app, "init", *words, typed=typed))
    with database.read() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_new_password_opens_the_door(app: "Flask", database: "Sessions") -> None:
    bring_on(database)
    assert _run(app, "person", "password", Persona.TRAINEE, "--password-stdin", typed=PASSWORD).exit_code == 0
    with database.read() as session:
        kept = session.scalar(select(Account.password_hash).join(Person).where(Person.staff_no == Persona.TRAINEE))
    assert is_password(PASSWORD, kept)
    told = _refusal(_run(app, "person", "password", "nobody", "--password-stdin", typed=PASSWORD))
    assert told == "Nobody has the staff number nobody."


def test_jobs_run_what_is_due(app: "Flask") -> None:
    first, second = _run(app, "jobs", "run", "--json"), _run(app, "jobs", "run")
    assert json.loads(first.stdout)["failed"] == 0
    assert json.loads(first.stdout)["done"] > 0
    assert second.stdout == "0 done, 0 failed\n"


def test_a_job_that_fails_fails_the_command(app: "Flask", database: "Sessions") -> None:
    with database.write() as session:
        session.execute(text("DROP TABLE membership"))
    result = _run(app, "jobs", "run", "--json")
    assert (result.exit_code, json.loads(result.stdout)["failed"]) == (1, 1)


def test_jobs_run_forever_until_told_to_stop(settings_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", "--forever"]
    with subprocess.Popen(command, cwd=ROOT, env=settings_environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        for line in process.stderr:
            if "woken" in line:
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_a_backup_and_back_again(app: "Flask", database: "Sessions", tmp_path: Path) -> None:
    bring_on(database)
    made = _run(app, "backup", tmp_path / "b", "--json")
    assert (made.exit_code, json.loads(made.stdout)["file"]) == (0, str(tmp_path / "b"))
    with database.write() as session:
        session.execute(text("UPDATE person SET name = 'changed'"))
    assert "not empty" in _refusal(_run(app, "restore", tmp_path / "b"))
    assert "all digests are equal" in _run(app, "restore", tmp_path / "b", "--yes").stdout
    with database.read() as session:
        assert "changed" not in session.scalars(select(Person.name)).all()
    assert "there already" in _refusal(_run(app, "backup", tmp_path / "b"))
    assert "no backup" in _refusal(_run(app, "restore", tmp_path / "missing"))


def test_the_audit_record_is_verified(app: "Flask", database: "Sessions", tmp_path: Path) -> None:
    for name in ("1", "2", "3"):
        _run(app, "backup", tmp_path / name)
    assert _run(app, "audit", "verify").stdout == "3 entries, all in order\n"
    with database.write() as session:
        session.execute(text("DROP TRIGGER audit_entry_no_delete"))
        session.execute(text("DELETE FROM audit_entry WHERE id = 2"))
    assert _refusal(_run(app, "audit", "verify")) == "The audit record is broken at entry 2."
    told = _run(app, "audit", "verify", "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (1, {"entries": 1, "broken_at": 2})


def test_a_calendar_is_written(app: "Flask", database: "Sessions", tmp_path: Path) -> None:
    bring_on(database)
    file = tmp_path / "out.ics"
    result = _run(app, "export-calendar", "--scope", "unit:A", "--from", "2026-01-01", "--to", "2026-01-31", "-o", file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert _run(app, "export-calendar", "--scope", "organisation", "--form", "series", "-o", file).exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--scope", "unit:NONE"), "There is no calendar unit:NONE."),
        (("--scope", "nonsense"), "There is no calendar nonsense."),
        (("--scope", "organisation", "--from", "5.3.2026"), "5.3.2026 is not a date; write 2026-03-05."),
        (
            ("--scope", "organisation", "--from", "2026-03-05", "--to", "2026-03-04"),
            "The last day is before the first.",
        ),
    ],
)
def test_a_calendar_that_makes_no_sense_is_not_written(
    app: "Flask", tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    assert _refusal(_run(app, "export-calendar", *words, "-o", tmp_path / "x.ics")) == told
    assert not (tmp_path / "x.ics").exists()


def test_a_place_that_cannot_be_written_is_told_in_a_line(app: "Flask", tmp_path: Path) -> None:
    told = _refusal(_run(app, "export-calendar", "--scope", "organisation", "-o", tmp_path / "no" / "x.ics"))
    assert "No such file or directory" in told


def test_a_database_without_tables_is_told_in_a_line(app: "Flask", database: "Sessions") -> None:
    with database.write() as session:
        session.execute(text("DROP TABLE job_slot"))
    assert _refusal(_run(app, "jobs", "run")).startswith("The database refuses: no such table: job_slot")


@pytest.fixture
def settings_environment(database_url: str) -> dict[str, str]:
    return {**os.environ, "SECRET_KEY": "k" * 48, "DATABASE_URL": database_url}


def test_unsafe_settings_stop_the_start_with_a_sentence(settings_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "init"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**settings_environment, "WEB_PROCESSES": "2"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == "WEB_PROCESSES above 1 needs PostgreSQL: set DATABASE_URL to postgresql://...\n"


def test_a_web_server_wakes_the_jobs(settings_environment: dict[str, str]) -> None:
    program = "import wsgi; print(wsgi.timer.get_jobs()[0].trigger); wsgi.timer.shutdown()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=settings_environment, check=True, capture_output=True, text=True
    )
    assert re.fullmatch(r"interval\[0:00:20\]\n", done.stdout)


def test_the_year_comes_in_by_command(app: "Flask", tmp_path: Path) -> None:
    year = ROOT / "tests" / "data" / "year-plan-2026.xlsx"
    tried = _run(app, "import-year", year, "--dry-run", "--json")
    assert (tried.exit_code, json.loads(tried.stdout)["applied"]) == (0, False)
    made = _run(app, "import-year", year)
    assert (made.exit_code, made.stdout.splitlines()[-1]) == (0, "Imported.")
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    assert _refusal(_run(app, "import-year", tmp_path / "x.xlsx"))


def test_the_demo_is_for_an_empty_database(app: "Flask", database: "Sessions") -> None:
    bring_on(database)
    assert "not empty" in _refusal(_run(app, "demo"))
    told = _run(app, "demo", "--if-empty", "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"people": []})
