"""Memory of the web processes: what they take, and that it does not grow. Linux only (it reads /proc).

Two workers need PostgreSQL; on SQLite the product is one process.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import feeds
from benchmarks.generators import FEW, HOLDER, ME, Size
from benchmarks.meter import Client, Figure, Job
from benchmarks.pages import signed_in
from benchmarks.stage import ROOT, House, environment, memory

WORKERS = 2
LIMIT = 160
GROWTH = 4
"""MiB over the requests: the noise of an allocator, not a leak."""
REQUESTS = 10_000


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield what the processes take together after they are warm, and how that grows."""
    requests = REQUESTS // 10 if quick else REQUESTS
    several = house.engine == "postgresql"
    with _product(house.database(Size()), several=several) as (process_id, port):
        client = Client(port, process_id)
        jobs = [
            Job("week", "/", 0, signed_in(client, ME), requests=200),
            Job("month", "/schedule?view=month", 0, signed_in(client, FEW), requests=200),
            Job("feed", feeds.path(HOLDER), 0, requests=100),
        ]
        _ask(client, jobs, 2_000)
        before = _together(process_id)
        processes = len(_family(process_id))
        yield Figure(
            f"memory of {WORKERS if several else 1} workers, proportional",
            before,
            LIMIT,
            f"{processes} processes",
            "MiB",
        )
        _ask(client, jobs, requests)
        after = _together(process_id)
        yield Figure(f"growth over {requests:,} requests", after - before, GROWTH, f"to {after:.0f} MiB", "MiB")


def _ask(client: Client, jobs: list[Job], requests: int) -> None:
    sent = 0
    while sent < requests:
        for job in jobs:
            client.ask(job)
            sent += job.requests


@contextmanager
def _product(url: str, *, several: bool) -> Iterator[tuple[int, int]]:
    """Serve the product itself, as an installation would, and yield process id and port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "waitress",
        f"--listen=127.0.0.1:{port}",
        "--threads=8",
        "benchmarks.product:application",
    ]
    if several:
        command = [sys.executable, "-m", "gunicorn", "--preload", f"--workers={WORKERS}", "--threads=4"]
        command += [f"--bind=127.0.0.1:{port}", "--log-level=error", "benchmarks.product:application"]
    more = {"WEB_PROCESSES": str(WORKERS if several else 1)}
    running = subprocess.Popen(command, cwd=ROOT, env=environment(url) | more)  # noqa: S603 - a command of ours
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield running.pid, port
    finally:
        running.terminate()
        running.wait(timeout=20)


def _family(process_id: int) -> list[int]:
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [process_id, *map(int, children)]


def _together(process_id: int) -> float:
    return sum(memory(each) for each in _family(process_id))
