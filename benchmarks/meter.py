"""Measures the CPU of requests and acts, in units of the plain page measured in the same rounds."""

import gzip
import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.stage import line, process

CONNECTIONS = 8
OK, NOT_MODIFIED = 200, 304


@dataclass(frozen=True, slots=True)
class Job:
    """A request to measure, and its budget in R (0: none is set)."""

    name: str
    path: str
    limit: float
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = OK
    requests: int = 160


REFERENCE = Job("reference", "/benchmark/reference", 1.0)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one request or act took: CPU and wall seconds, statements, MiB on top of what was there."""

    cpu: float
    wall: float
    statements: float
    memory: float = 0


def taken(told: str) -> Spent:
    """Return what a process of acts told."""
    return Spent(**json.loads(told))


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value against its limit; `unit` is R unless it says otherwise. `note` holds what else was seen."""

    name: str
    value: float
    limit: float
    note: str = ""
    unit: str = "R"

    @property
    def holds(self) -> bool:
        return not self.limit or self.value <= self.limit

    def __str__(self) -> str:
        limit = f"limit {self.limit:8.2f}   x{self.value / self.limit:5.2f}" if self.limit else " " * 23
        return f"{'  ' if self.holds else '! '}{self.name:<46} {self.value:9.3f} {self.unit:<5} {limit}   {self.note}"


class Client:
    """Eight connections to a server, kept open."""

    def __init__(self, port: int, process_id: int) -> None:
        self.port, self.process_id = port, process_id
        self._connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=120) for _ in range(CONNECTIONS)]
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def send(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        connection: int = 0,
        method: str = "GET",
        body: str | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Return the answer of one request, and its body unpacked."""
        wire = self._connections[connection]
        try:
            wire.request(method, path, body, dict(headers or {}))
            answer = wire.getresponse()
        except http.client.RemoteDisconnected:  # a server may end a connection that it keeps open
            wire.request(method, path, body, dict(headers or {}))
            answer = wire.getresponse()
        content = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return answer, gzip.decompress(content) if packed else content

    def counters(self) -> tuple[float, int]:
        told = json.loads(self.send("/benchmark/spent")[1])
        return told["cpu"], told["statements"]

    def ask(self, job: Job) -> int:
        """Send the requests of `job`, the same number over each connection, and return how many these were."""
        share = max(1, job.requests // CONNECTIONS)

        def work(connection: int) -> None:
            for _ in range(share):
                answer, _body = self.send(job.path, job.headers, connection=connection)
                if answer.status != job.status:
                    msg = f"{job.name}: {job.path} answered {answer.status}, not {job.status}"
                    raise RuntimeError(msg)

        list(self._pool.map(work, range(CONNECTIONS)))
        return share * CONNECTIONS

    def spend(self, job: Job) -> Spent:
        """Return what one request of `job` takes, on average over its requests."""
        cpu, statements = self.counters()
        began = time.perf_counter()
        count = self.ask(job)
        wall = time.perf_counter() - began
        cpu_after, statements_after = self.counters()
        return Spent((cpu_after - cpu) / count, wall / count, (statements_after - statements) / count)

    def size(self, job: Job) -> int:
        return len(self.send(job.path, job.headers)[1])


@contextmanager
def served(url: str) -> Iterator[Client]:
    """Serve the product on the database at `url` in a process of its own and yield a client of it."""
    with process("benchmarks.server", url) as running:
        yield Client(int(line(running)), running.pid)


def measure(client: Client, jobs: list[Job], rounds: int) -> list[Figure]:
    """Measure `jobs`, each round beside the reference, and return the medians of the ratios."""
    for job in (REFERENCE, *jobs):
        client.spend(job)
    pairs: dict[str, list[tuple[Spent, Spent]]] = {job.name: [] for job in jobs}
    for _ in range(rounds):
        for job in jobs:
            unit = client.spend(REFERENCE)
            pairs[job.name].append((client.spend(job), unit))
    return [_figure(job, pairs[job.name], f"{client.size(job):>9,} B") for job in jobs]


def compare(client: Client, name: str, limit: float, act: Callable[[], Spent], rounds: int) -> Figure:
    """Measure an act done elsewhere than by the server, each time beside the server's plain page."""
    client.spend(REFERENCE)
    act()
    pairs = [(act(), client.spend(REFERENCE)) for _ in range(rounds)]
    seconds = statistics.median(spent.cpu for spent, _unit in pairs)
    return _figure(Job(name, "", limit), pairs, f"{seconds * 1000:9.1f} ms")


def _figure(job: Job, pairs: list[tuple[Spent, Spent]], more: str) -> Figure:
    ratio = statistics.median(spent.cpu / unit.cpu for spent, unit in pairs)
    wall = statistics.median(spent.wall / unit.wall for spent, unit in pairs)
    statements = statistics.median(spent.statements for spent, _unit in pairs)
    return Figure(job.name, ratio, job.limit, f"wall x{wall:6.2f}  {statements:6.1f} statements  {more}")
