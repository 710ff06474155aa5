"""Feeds: of 100 events, unchanged, of a year of 2,000, and how memory takes 20,000."""

from collections.abc import Iterator

from benchmarks.generators import ADMIN, HOLDER, Size, token
from benchmarks.meter import NOT_MODIFIED, Client, Figure, Job, measure, served
from benchmarks.stage import House, forget_peak, peak

USUAL, YEAR, HUGE = Size(), Size(1_000, 2_000), Size(1_000, 20_000)


def path(person_id: int) -> str:
    return f"/feeds/{token(person_id)}.ics"


def unchanged(client: Client, name: str, limit: float, person_id: int) -> Job:
    """Return the job of a program that has the feed already."""
    answer, _body = client.send(path(person_id))
    return Job(name, path(person_id), limit, {"If-None-Match": answer.headers["ETag"]}, NOT_MODIFIED)


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield the figures of feeds."""
    rounds = 3 if quick else 9
    with served(house.database(USUAL)) as client:
        client.send(path(HOLDER))
        warm = Job("feed of 100 events, warm", path(HOLDER), 1.5)
        yield from measure(client, [warm, unchanged(client, "feed of 100 events, 304", 0.8, HOLDER)], rounds)
        packed = Job("feed of 100 events, warm, gzip", path(HOLDER), 0, {"Accept-Encoding": "gzip"})
        yield from measure(client, [packed], rounds)
    with served(house.database(YEAR)) as client:
        client.send(path(ADMIN))
        jobs = [
            Job("organisation-year, 2,000 events, warm", path(ADMIN), 6, requests=16),
            unchanged(client, "organisation-year, 304", 0.8, ADMIN),
        ]
        year, nothing = measure(client, jobs, rounds)
        yield from (year, nothing)
        yield Figure("organisation-year: each event", year.value / YEAR.activities, 0.003)
    with served(house.database(HUGE)) as client:
        client.send(path(HOLDER))
        client.send(path(ADMIN))
        before = forget_peak(client.process_id)
        client.send(path(ADMIN))
        more = peak(client.process_id) - before
        yield Figure("20,000 events streamed, memory on top", more, 20, f"on {before:.0f} MiB", "MiB")
        job = Job("organisation-year, 20,000 events, warm", path(ADMIN), 60, requests=8)
        yield from measure(client, [job], 1 if quick else 3)
