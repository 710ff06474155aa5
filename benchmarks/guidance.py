"""A guidance record as its mentor files it: the form, the post, the page that tells how the month stands."""

import statistics
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text

from benchmarks.browser import Browser, together
from benchmarks.generators import NOW, Size, organisation, sign_in
from benchmarks.mentoring import days_back, guide, pair
from benchmarks.meter import REFERENCE, Client, Figure, served
from benchmarks.stage import House
from scheduler.core.access import system_actor
from scheduler.core.database import make_engine, sessions
from scheduler.mentoring.actions import ensure_programmes
from scheduler.mentoring.models import ContentArea, GuidanceMode

SIZE = Size(5_000, 1_000)
PAIRINGS, MONTHS = 2_000, 25
FEW, MANY = 1_000, 100_000
"""Records that the organisation has already: of half the pairings one each, or two a month for 25 months of each."""
MOST, STATEMENTS, FLAT = 6.0, 8, 1.3
EACH = 40
"""Mentors of a round; each files one record."""
TODAY = date(2026, 11, 18)


@dataclass(frozen=True)
class Lists:
    """What the form offers: a content area and a way of guidance (ids)."""

    area: int
    mode: int


class Mentor(Browser):
    """A mentor with one pairing, which has the mentor's own number."""

    def __init__(self, client: Client, person_id: int, lists: Lists) -> None:
        super().__init__(client, person_id)
        self._at = f"/mentoring/pairings/{person_id}/guidance"
        self._said = {
            "key": f"benchmark-{person_id}",
            "day": TODAY.isoformat(),
            "mode": str(lists.mode),
            "areas": str(lists.area),
            "text": "一起修改了会议通知，讲了公文格式和常见错误。",
        }

    def form(self) -> None:
        self.get(self._at)

    def file(self) -> None:
        if "/mentoring/records/" not in self.post(self._at, **self._said):
            msg = "the record was not filed"
            raise RuntimeError(msg)

    def month(self) -> None:
        self.get("/mentoring")


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield what one record takes, in an organisation with few records and in one with many."""
    rounds = 3 if quick else 9
    fewer = yield from _filing(house, FEW, rounds)
    more = yield from _filing(house, MANY, rounds)
    yield Figure(f"a guidance record: {MANY:,} records over {FEW:,}", more / fewer, FLAT, "", "times")


def _filing(house: House, records: int, rounds: int) -> Generator[Figure, None, float]:
    """Yield the figures and return the first of them."""
    url = house.database(None)
    lists = _fill(url, records)
    people = iter(range(1, PAIRINGS))
    with served(url) as client:
        _round(client, [Mentor(client, next(people), lists) for _ in range(EACH)])
        taken = [_round(client, [Mentor(client, next(people), lists) for _ in range(EACH)]) for _ in range(rounds)]
    parts = {name: statistics.median(one[name] for one, _statements in taken) for name in _STEPS}
    whole = statistics.median(sum(one.values()) for one, _statements in taken)
    said = ", ".join(f"{name} {cost:.1f}" for name, cost in parts.items())
    yield Figure(f"a guidance record, {records:,} before it", whole, MOST, said)
    posted = statistics.median(statements for _one, statements in taken)
    yield Figure("its post", posted, STATEMENTS, "one commit", "stmts")
    return whole


_STEPS: dict[str, Callable[[Mentor], object]] = {"form": Mentor.form, "post": Mentor.file, "month": Mentor.month}


def _round(client: Client, mentors: list[Mentor]) -> tuple[dict[str, float], float]:
    """Return what each step takes (R) beside the plain page, and the statements of the post."""
    together(mentors, Mentor.month)
    unit = client.spend(REFERENCE).cpu
    spent, statements = {}, 0.0
    for name, act in _STEPS.items():
        cpu, sent = client.counters()
        together(mentors, act)
        cpu_after, sent_after = client.counters()
        spent[name] = (cpu_after - cpu) / len(mentors) / unit
        if name == "post":
            statements = (sent_after - sent) / len(mentors)
    return spent, statements


def _fill(url: str, records: int) -> Lists:
    engine = make_engine(url, pool_size=1)
    edges = sessions(engine)
    organisation(edges, SIZE)
    with edges.write() as session:
        programme = ensure_programmes(session, system_actor("benchmark"), ["导师帮带"], now=NOW)["导师帮带"]
        pair(session, PAIRINGS, programme)
        months = days_back(date(2026, 10, 1), MONTHS)
        if records == MANY:
            guide(session, PAIRINGS, months, missing=False)
        else:
            guide(session, records, iter([next(months)]), missing=False)
        sign_in(session, range(1, PAIRINGS))
        area, mode = (session.scalar(select(func.min(model.id))) or 0 for model in (ContentArea, GuidanceMode))
    with edges.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return Lists(area, mode)
