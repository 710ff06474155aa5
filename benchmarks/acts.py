"""Acts without a browser, in a process of their own that says for each what it took.

It reads lines from its input: for an import the URL of an empty database, else anything; it answers with JSON.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

import config
from benchmarks.generators import ADMIN, CITY, CLASS, MEMBERS, NOW, ROOMS, token
from benchmarks.server import Statements
from benchmarks.stage import forget_peak, peak
from scheduler.agenda.terms import Consent
from scheduler.classes.actions import add_session, create_class, enrol_many, import_sessions
from scheduler.classes.terms import ClassPlan, PartOfDay, SessionPlan
from scheduler.core.access import Actor, system_actor
from scheduler.core.database import Sessions, make_engine, sessions
from scheduler.models import load_models
from scheduler.office.actions import import_year
from scheduler.people.queries.signed_in import find_signed_in

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = system_actor("benchmark")
AGREED = Consent(confirmed=True)
INSTALLATION = "benchmark"
LESSONS = 40
Act = Callable[[Sessions], None]


def main() -> None:
    """Answer line by line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("act", choices=("import", "session", "class"))
    parser.add_argument("--workbook", type=Path)
    options = parser.parse_args()
    load_models()
    process_id = Path("/proc/self").resolve().name
    print("ready", flush=True)
    engine = make_engine(config.load().database_url, pool_size=1)
    statements = Statements(engine)
    for number, said in enumerate(sys.stdin):
        if options.act == "import":
            engine = make_engine(said.strip(), pool_size=1)
            statements = Statements(engine)
        edges = sessions(engine)
        act = _act(options.act, number, options.workbook, edges)
        before, began, memory = statements.count, time.perf_counter(), forget_peak(int(process_id))
        cpu = time.process_time()
        act(edges)
        cpu = time.process_time() - cpu
        told = {"cpu": cpu, "wall": time.perf_counter() - began, "statements": statements.count - before}
        print(json.dumps(told | {"memory": peak(int(process_id)) - memory}), flush=True)


def _act(name: str, number: int, workbook: Path | None, edges: Sessions) -> Act:
    if name == "import":
        return lambda edges: _import(edges, workbook or Path())
    with edges.read() as session:
        found = find_signed_in(session, token(ADMIN), now=NOW)
    if found is None:
        raise RuntimeError
    actor = found.actor
    if name == "session":
        return lambda edges: _session(edges, actor, number)
    class_id = _class(edges, actor, number)
    return lambda edges: _lessons(edges, actor, class_id, number)


def _import(edges: Sessions, workbook: Path) -> None:
    data = workbook.read_bytes()
    with edges.write() as session:
        report = import_year(
            session, SYSTEM, data, good_rows=False, dry_run=False, installation_id=INSTALLATION, zone=ZONE, now=NOW
        )
    if not report.applied:
        raise RuntimeError([str(problem) for problem in report.errors[:5]])


def _lesson(day: date, room: int) -> SessionPlan:
    """Return a lesson at noon, when every room is free."""
    return SessionPlan(day, PartOfDay.MORNING, clock_time(11, 30), clock_time(12, 30), "政策解读", (room,), room)


def _session(edges: Sessions, actor: Actor, number: int) -> None:
    plan = _lesson(NOW.date() + timedelta(days=1 + number), 1 + number % ROOMS)
    with edges.write() as session:
        add_session(session, actor, CLASS, plan, consent=AGREED, installation_id=INSTALLATION, zone=ZONE, now=NOW)


def _first_day(number: int) -> date:
    return NOW.date() + timedelta(days=400 + LESSONS * number)


def _class(edges: Sessions, actor: Actor, number: int) -> int:
    """Make a class of fifty and return its id."""
    first = _first_day(number)
    plan = ClassPlan(f"N{number}", "新班", CITY, first, first + timedelta(days=LESSONS), 60)
    with edges.write() as session:
        made = create_class(session, actor, plan, now=NOW)
        enrol_many(session, actor, [(made.id, person) for person in MEMBERS], now=NOW)
        return made.id


def _lessons(edges: Sessions, actor: Actor, class_id: int, number: int) -> None:
    """Store a timetable of forty, which makes two thousand expected attendances."""
    first = _first_day(number)
    lessons = [(class_id, _lesson(first + timedelta(days=day), 1 + day)) for day in range(LESSONS)]
    with edges.write() as session:
        import_sessions(session, actor, lessons, consent=AGREED, installation_id=INSTALLATION, zone=ZONE, now=NOW)


if __name__ == "__main__":
    main()
