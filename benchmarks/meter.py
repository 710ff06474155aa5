"""Starts the server and measures the CPU of requests, in units of the plain page measured in the same rounds."""

import gzip
import http.client
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 8
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Job:
    """A request to measure, and the budget of it in R."""

    name: str
    path: str
    limit: float
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    requests: int = 160


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: medians over the rounds."""

    name: str
    ratio: float
    limit: float
    size: int

    def __str__(self) -> str:
        return f"{self.name:<44} {self.ratio:7.2f} R   limit {self.limit:6.2f}   x{self.ratio / self.limit:5.2f}   {self.size:>8} B"


@contextmanager
def served(environ: Mapping[str, str]) -> Iterator[int]:
    """Serve the product in a process of its own on loopback and yield the port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server"], cwd=ROOT, env=dict(environ), stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            msg = "the server has no output"
            raise RuntimeError(msg)
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(timeout=20)


class Client:
    """Eight connections to the server, kept open."""

    def __init__(self, port: int) -> None:
        self._connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(CONNECTIONS)]
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, connection: int = 0) -> tuple[int, bytes]:
        """Return status and body of one request, unpacked."""
        wire = self._connections[connection]
        wire.request("GET", path, headers=dict(headers or {}))
        answer = wire.getresponse()
        body = answer.read()
        return answer.status, gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body

    def cpu(self) -> float:
        return float(self.get("/benchmark/cpu")[1])

    def spend(self, job: Job) -> float:
        """Return the CPU seconds of the server for one request of `job`, on average over its requests."""
        share = job.requests // CONNECTIONS

        def work(connection: int) -> None:
            for _ in range(share):
                status, _body = self.get(job.path, job.headers, connection=connection)
                if status != job.status:
                    msg = f"{job.name}: {job.path} answered {status}, not {job.status}"
                    raise RuntimeError(msg)

        before = self.cpu()
        list(self._pool.map(work, range(CONNECTIONS)))
        return (self.cpu() - before) / (share * CONNECTIONS)


REFERENCE = Job("reference", "/benchmark/reference", 1.0)


def measure(port: int, jobs: list[Job], rounds: int = 5) -> list[Figure]:
    """Measure `jobs`, each round beside the reference, and return medians of the ratios."""
    client = Client(port)
    for job in (REFERENCE, *jobs):
        client.spend(job)
    ratios: dict[str, list[float]] = {job.name: [] for job in jobs}
    for _ in range(rounds):
        for job in jobs:
            unit = client.spend(REFERENCE)
            ratios[job.name].append(client.spend(job) / unit)
    return [
        Figure(job.name, statistics.median(ratios[job.name]), job.limit, len(client.get(job.path, job.headers)[1]))
        for job in jobs
    ]


def unit(port: int, rounds: int = 7) -> float:
    """Return R in CPU seconds."""
    client = Client(port)
    client.spend(REFERENCE)
    return statistics.median(client.spend(REFERENCE) for _ in range(rounds))
