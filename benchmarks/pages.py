"""My week and my month: 40 activities, signed in; and how they grow with the organisation and with the activities."""

from collections.abc import Iterator

from benchmarks.generators import FEW, FEWER, ME, MINE, NOW, Size
from benchmarks.meter import Client, Figure, Job, measure, served
from benchmarks.stage import House, cookie

SMALL, LARGE = Size(1_000, 10_000), Size(100_000, 100_000)
MOST = 3.0
FLAT = 1.3
ITEM = 0.05


def signed_in(client: Client, person_id: int) -> dict[str, str]:
    """Return the headers of a browser that has seen a page before, with the cookie that it was given."""
    headers = {"Cookie": cookie(person_id), "Accept-Language": "zh-CN,zh;q=0.9", "User-Agent": "benchmark"}
    answer, _body = client.send("/", headers)
    given = answer.headers.get("Set-Cookie")
    return headers | {"Cookie": given.partition(";")[0]} if given else headers


def jobs(client: Client) -> list[Job]:
    """Return the pages of the one with 40 activities."""
    headers = signed_in(client, ME)
    month = f"/schedule?view=month&day={NOW.date()}"
    return [
        Job("my week (first page)", "/", MOST, headers),
        Job("my week (schedule)", "/schedule?view=week", MOST, headers),
        Job("my month", month, MOST, headers),
    ]


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield the figures of the pages, then of their growth."""
    rounds = 3 if quick else 9
    with served(house.database(SMALL)) as small:
        figures = measure(small, jobs(small), rounds)
        yield from figures
        few = Job("my week with 10", "/", MOST, signed_in(small, FEW))
        many, fewer = measure(small, [jobs(small)[0], few], rounds)
        yield Figure("my week: each activity more", (many.value - fewer.value) / (MINE - FEWER), ITEM)
    if quick:
        return
    with served(house.database(LARGE)) as large:
        for before, after in zip(figures, measure(large, jobs(large), rounds), strict=True):
            yield Figure(f"{before.name}: 10^5 people over 10^3", after.value / before.value, FLAT, after.note, "times")
