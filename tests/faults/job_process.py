"""One process of many that share the jobs; killed without warning by test_jobs_killed.py."""

import secrets
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.core import clock
from scheduler.core.database import make_engine, sessions
from scheduler.jobs.tasks.clockwork import run_forever
from scheduler.jobs.tasks.runner import Runner, Work
from scheduler.jobs.terms import CatchUp, Every, Job
from scheduler.models import load_models
from scheduler.notices.models import Notice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

load_models()  # once, in the server that the processes are forked from
TICK = Job("tick", Every(timedelta(minutes=1)), CatchUp.ALL)
LATEST = Job("latest", Every(timedelta(minutes=1)), CatchUp.LATEST)


def effect(session: "Session", due_at: datetime, now: datetime) -> None:
    """Write two rows that are one effect; named apart, so that a second run would be seen and not refused."""
    for half in (1, 2):
        threading.Event().wait(0.01)  # work takes its time: kills shall fall into the midst of it
        session.add(
            Notice(
                kind="tick",
                subject=f"half {half}",
                recipient_id=1,
                slot=secrets.token_hex(8),
                message_id="m",
                facts={"due": due_at.isoformat()},
                address="/",
                posted_at=now,
            )
        )
        session.flush()


def run_until_killed(url: str, now: datetime) -> None:
    """Run what is due, again and again."""
    runner = Runner(
        sessions(make_engine(url, pool_size=2)),
        [Work(TICK, effect), Work(LATEST, lambda *_: None)],
        ZoneInfo("Asia/Shanghai"),
        lease=timedelta(milliseconds=300),
    )
    with clock.fixed(now):
        run_forever(runner, threading.Event(), pulse=timedelta(milliseconds=20))
