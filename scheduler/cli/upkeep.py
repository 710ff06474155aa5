"""Commands that keep an installation well: jobs, backups, the audit record."""

import signal
from datetime import timedelta
from pathlib import Path
from threading import Event

import click
from flask.cli import AppGroup

from scheduler.audit.actions import record
from scheduler.audit.queries import verify
from scheduler.cli.edge import application, as_json, commander, edge, engine, file_path, sessions, settings, stop, tell
from scheduler.core import backup as backups
from scheduler.core import clock
from scheduler.core.database import make_room
from scheduler.jobs.tasks.clockwork import run_forever
from scheduler.jobs.tasks.deliveries import deliveries
from scheduler.jobs.tasks.runner import Runner
from scheduler.jobs.tasks.works import works

jobs = AppGroup("jobs", help="What runs by itself.")
audit = AppGroup("audit", help="The append-only record of who did what.")


@jobs.command("run")
@click.option("--forever", is_flag=True, help="Go on until told to stop (SIGTERM, Ctrl+C).")
@as_json
@edge
def jobs_run(*, forever: bool, as_json: bool) -> None:
    """Run all jobs that are due; any number of processes may do so at the same time."""
    kept = timedelta(days=settings().keep_notices_days)
    recurring = works(settings().zone, settings().installation_id, kept_notices=kept)
    runner = Runner(sessions(), (*recurring, *deliveries(application())), settings().zone)
    if forever:
        ended = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        run_forever(runner, ended)
        return
    report = runner.run_due()
    facts: dict[str, object] = {"done": report.done, "failed": report.failed}
    tell(f"{report.done} done, {report.failed} failed", facts, as_json=as_json)
    if report.failed:
        raise SystemExit(1)


@click.command()
@click.argument("target", type=file_path)
@as_json
@edge
def backup(target: Path, *, as_json: bool) -> None:
    """Back the whole database up into the new file TARGET; its digests go to TARGET.json. People may go on working."""
    now = clock.now()
    manifest = backups.back_up(engine(), target, now=now)
    rows = sum(table.rows for table in manifest.tables.values())
    with sessions().write() as session:
        record(
            session, commander(), "back_up", "database", "whole", now=now, file_digest=manifest.file_digest, rows=rows
        )
    facts: dict[str, object] = {"file": target, "rows": rows, "file_digest": manifest.file_digest}
    tell(f"{target}: {rows} rows in {len(manifest.tables)} tables", facts, as_json=as_json)


@click.command()
@click.argument("source", type=file_path)
@click.option("--yes", is_flag=True, help="Replace what the database holds.")
@as_json
@edge
def restore(source: Path, *, yes: bool, as_json: bool) -> None:
    """Make the database what it was when SOURCE was made, and check the digests. Stop the web processes first."""
    make_room(engine())
    manifest = backups.restore(engine(), source, over_rows=yes)
    rows = sum(table.rows for table in manifest.tables.values())
    facts: dict[str, object] = {"made_at": manifest.made_at, "rows": rows, "revision": manifest.revision}
    tell(f"Restored {rows} rows as of {manifest.made_at}; all digests are equal.", facts, as_json=as_json)


@audit.command("verify")
@as_json
@edge
def audit_verify(*, as_json: bool) -> None:
    """Check the whole audit record; the first entry that was changed, dropped or slipped in is named."""
    with sessions().read() as session:
        verdict = verify(session)
    facts: dict[str, object] = {"entries": verdict.entries, "broken_at": verdict.broken_at}
    if verdict.broken_at is None:
        tell(f"{verdict.entries} entries, all in order", facts, as_json=as_json)
        return
    if as_json:
        tell("", facts, as_json=True)
    stop(f"The audit record is broken at entry {verdict.broken_at}.")
