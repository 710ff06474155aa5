"""A signed-in browser of one person, and many of them at once."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer

from benchmarks.meter import CONNECTIONS, Client
from benchmarks.stage import SECRET, cookie

_TOKEN = "benchmark"  # noqa: S105 - signed by the benchmark's own secret


class Browser:
    """A signed-in browser of one person, on a connection of its own; it sends forms with their token."""

    def __init__(self, client: Client, person_id: int) -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
        self._headers = {
            "Cookie": cookie(person_id, csrf_token=_TOKEN),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Requested-With": "save",
        }
        self._signed = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(_TOKEN)

    def get(self, path: str) -> bytes:
        self._wire.request("GET", path, headers=self._headers)
        answer = self._wire.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            msg = f"{path} answered {answer.status}"
            raise RuntimeError(msg)
        return body

    def post(self, path: str, **fields: str) -> str:
        """Post a form; return where it leads, or "" for an answer in place."""
        self._wire.request("POST", path, urlencode({"csrf_token": self._signed, **fields}), self._headers)
        answer = self._wire.getresponse()
        answer.read()
        if answer.status not in {http.client.OK, http.client.FOUND}:
            msg = f"{path} answered {answer.status}"
            raise RuntimeError(msg)
        return answer.headers.get("Location") or ""


Who = TypeVar("Who", bound=Browser)


def together(browsers: Sequence[Who], act: Callable[[Who], object]) -> float:
    """Let eight of them act at a time, each once; return the seconds that it took."""
    left = iter(browsers)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                browser = next(left, None)
            if browser is None:
                return
            act(browser)

    return elapsed(work, CONNECTIONS)


def elapsed(work: Callable[[], None], workers: int) -> float:
    """Let `workers` threads do the same work and return the seconds that it took; the first error is raised."""
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(workers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if failures:
        raise failures[0]
    return took
