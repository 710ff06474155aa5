from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

import config
from scheduler.app import create_app
from scheduler.audit.actions import record
from scheduler.core import clock, migrating
from scheduler.core.access import system_actor
from scheduler.jobs.models import JobSlot
from scheduler.notices.models import Notice

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 11, tzinfo=UTC)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # asks no database
def test_a_living_process_says_so_even_without_its_database(client: "FlaskClient", database: "Sessions") -> None:
    migrating.downgrade(database.engine)
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json) == (200, {"live": True})


def test_ready_means_migrated(client: "FlaskClient", database: "Sessions") -> None:
    assert (client.get("/health/ready").status_code, client.get("/health/ready").json) == (200, {"ready": True})
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert client.get("/health/ready").status_code == 503


def test_not_ready_while_the_database_is_away() -> None:
    settings = config.Settings(secret_key="k" * 48, database_url="postgresql://nobody@127.0.0.1:1/x", run_jobs=False)
    app = create_app(settings)
    answer = app.test_client().get("/health/ready")
    app.extensions["engine"].dispose()
    assert (answer.status_code, answer.json) == (503, {"ready": False})


def test_the_status_of_an_idle_product(client: "FlaskClient") -> None:
    assert client.get("/health/status").json == {
        "overdue_slots": 0,
        "oldest_overdue": None,
        "notices": 0,
        "oldest_unread_notice": None,
        "oldest_unsent_message": None,
        "unsent_for_seconds": 0,
        "last_backup": None,
    }


def test_the_status_tells_counts_and_instants_and_nothing_of_anybody(
    client: "FlaskClient", database: "Sessions"
) -> None:
    hour = timedelta(hours=1)
    with database.write() as session:
        for job, hours, done in (("a", 5, NOW), ("a", 3, None), ("b", 2, None), ("b", -1, None)):
            session.add(JobSlot(job=job, due_at=NOW - hours * hour, done_at=done))
        for recipient, read in ((1, NOW), (2, None)):
            session.add(
                Notice(
                    kind="k",
                    subject="secret subject",
                    recipient_id=recipient,
                    slot="",
                    message_id="m",
                    facts={},
                    address="/",
                    posted_at=NOW - recipient * hour,
                    read_at=read,
                )
            )
        record(session, system_actor("command"), "back_up", "database", "whole", now=NOW - 4 * hour)
    with clock.fixed(NOW):
        answer = client.get("/health/status")
    assert answer.json == {
        "overdue_slots": 2,
        "oldest_overdue": "2026-03-05T08:00:00+00:00",
        "notices": 2,
        "oldest_unread_notice": "2026-03-05T09:00:00+00:00",
        "oldest_unsent_message": "2026-03-05T09:00:00+00:00",
        "unsent_for_seconds": 7200,
        "last_backup": "2026-03-05T07:00:00+00:00",
    }
    assert "secret" not in answer.text


def test_mail_that_waits_for_the_morning_is_not_late(client: "FlaskClient", database: "Sessions") -> None:
    with database.write() as session:
        for recipient, failures in ((1, 0), (2, 1)):
            session.add(
                Notice(
                    kind="k",
                    subject="s",
                    recipient_id=recipient,
                    slot="",
                    message_id="m",
                    facts={},
                    address="/",
                    posted_at=NOW - timedelta(hours=3 - recipient),
                    mail_due_at=NOW + timedelta(hours=1),
                    mail_failures=failures,
                )
            )
    with clock.fixed(NOW):
        state = client.get("/health/status").json
        assert state is not None
        assert state["oldest_unsent_message"] == "2026-03-05T10:00:00+00:00", "what was refused is late, though"
