"""One session with its clash check however much is booked, and a class of 50 people and 40 sessions."""

from collections.abc import Iterator

from benchmarks.generators import Size
from benchmarks.meter import Figure, Spent, compare, served, taken
from benchmarks.stage import House, line, process

BOOKINGS = (10_000, 100_000, 1_000_000)
USUAL = Size()
FLAT = 1.3
REPEATED = 12


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield the figures of planning, by the acts themselves with their commits."""
    yield _a_class(house, 3 if quick else 9)
    figures = [_one_session(house, count, 3 if quick else 9) for count in (BOOKINGS[:1] if quick else BOOKINGS)]
    yield from figures
    if len(figures) > 1:
        yield Figure("one session: most bookings over fewest", figures[-1].value / figures[0].value, FLAT, "", "times")


def _a_class(house: House, rounds: int) -> Figure:
    url = house.database(USUAL)
    with served(url) as client, process("benchmarks.acts", url, "class") as running:
        line(running)
        return compare(client, "a class of 50 x 40 sessions", 25, lambda: taken(line(running, "go")), rounds)


def _one_session(house: House, bookings: int, rounds: int) -> Figure:
    url = house.database(Size(activities=bookings))
    with served(url) as client, process("benchmarks.acts", url, "session") as running:
        line(running)

        def several() -> Spent:
            spent = [taken(line(running, "go")) for _ in range(REPEATED)]
            return sorted(spent, key=lambda each: each.cpu)[REPEATED // 2]

        return compare(client, f"one session, {bookings:,} bookings", 2.5, several, rounds)
