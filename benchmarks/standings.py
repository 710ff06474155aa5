"""The month's standings of very many pairings with their records: the board by unit, against the best SQL by hand.

Both run in this process on the same database, in turn; the ratio is of elapsed time, so that the database's own work is
in it on PostgreSQL too.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.generators import NOW
from benchmarks.mentoring import days_back, guide, pair
from benchmarks.meter import Figure
from benchmarks.stage import House
from scheduler.core.access import system_actor
from scheduler.core.database import Sessions, make_engine, sessions
from scheduler.core.periods import Cadence, next_month, period_of
from scheduler.mentoring.actions import ensure_programmes
from scheduler.mentoring.queries import unit_standings
from scheduler.obligations import queries
from scheduler.obligations.actions import begin_usual
from scheduler.obligations.terms import Metric
from scheduler.people.models import Unit
from scheduler.people.terms import UnitKind

SYSTEM = system_actor("benchmark")
UNITS = 500
MONTH = date(2026, 11, 1)
MOST = 1.5
FLAT = 1.3
LINEAR = 1.3
_ROUNDS = 7
_PEOPLE = (
    "INSERT INTO person (id, staff_no, name, unit_id, post, grade, field, phone, email, version) "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
    "SELECT i, 'S' || i, 'N' || i, 2 + i % :units, '', '', '', '', '', 1 FROM n"
)
_BY_HAND = """
SELECT q.id, q.name, count(*), sum(CASE WHEN q.counted >= q.owed THEN 1 ELSE 0 END), 0, sum(q.owed),
       sum(CASE WHEN q.counted < q.owed THEN q.counted ELSE q.owed END)
FROM (SELECT u.id, u.name, coalesce(r.counted, 0) AS counted,
             CASE WHEN p.starts_on <= :first AND p.ends_on >= :last AND p.closed_on IS NULL AND z.pairing_id IS NULL
                  THEN g.duty ELSE -1 END AS owed
      FROM pairing p JOIN person m ON m.id = p.mentee_id JOIN unit u ON u.id = m.unit_id
           JOIN mentoring_programme g ON g.id = p.programme_id
           LEFT JOIN (SELECT pairing_id FROM pairing_pause WHERE starts_on < :end
                      AND (ends_on IS NULL OR ends_on > :first) GROUP BY pairing_id) z ON z.pairing_id = p.id
           LEFT JOIN (SELECT pairing_id, count(*) AS counted FROM guidance_record
                      WHERE day >= :first AND day < :end AND state = 'filed' AND confirmation <> 'disputed'
                      GROUP BY pairing_id) r ON r.pairing_id = p.id
           LEFT JOIN waiver w ON w.obligation_id = :duty AND w.subject_id = p.id AND w.period_start = :first
                              AND w.lifted_at IS NULL
      WHERE p.status NOT IN ('proposed', 'agreed') AND p.starts_on < :end AND p.ends_on >= :first
            AND (p.closed_on IS NULL OR p.closed_on >= :first) AND w.id IS NULL) q
GROUP BY q.id, q.name ORDER BY sum(q.owed) - sum(CASE WHEN q.counted < q.owed THEN q.counted ELSE q.owed END) DESC, q.name
"""
"""The same answer for this very data, in which all pairings are in force for the whole month and none is waived."""


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield the board's time over the best SQL by hand, and how it grows with pairings and with months of history."""
    sizes = [(10_000, 2), (10_000, 24)] if quick else [(10_000, 2), (10_000, 24), (100_000, 24), (1_000_000, 2)]
    taken: dict[tuple[int, int], float] = {}
    for pairings, months in sizes:
        engine = make_engine(house.database(None), pool_size=2)
        edges = sessions(engine)
        _fill(edges, pairings, months)
        with edges.read() as session:
            board, by_hand = _board(session), _by_hand(session)
            ratio, seconds = _compare(board, by_hand)
            taken[pairings, months] = seconds
            name = f"board of {pairings:,} pairings, {months} months"
            yield Figure(f"{name}, over SQL by hand", ratio, MOST, f"{seconds * 1000:9.1f} ms, 1 statement", "times")
            if pairings == sizes[0][0]:
                one_by_one, _seconds = _compare(lambda: unit_standings(session, ("/",), MONTH), by_hand)
                yield Figure(f"{name}, pairing by pairing", one_by_one, 0, "the month page", "times")
        engine.dispose()
    yield Figure("24 months of history over 2", taken[10_000, 24] / taken[10_000, 2], FLAT, "", "times")
    if not quick:
        for more, months in sizes[2:]:
            growth = taken[more, months] / taken[10_000, months] / (more / 10_000)
            yield Figure(f"each pairing of {more:,} over one of 10,000", growth, LINEAR, f"{months} months", "times")


def _fill(edges: Sessions, pairings: int, months: int) -> None:
    with edges.write() as session:
        session.add(Unit(id=1, code="CITY", name="全市", kind=UnitKind.CITY, path="/1/"))
        session.flush()
        session.add_all(
            Unit(
                id=2 + number,
                code=f"U{number}",
                name=f"单位{number}",
                kind=UnitKind.BUREAU,
                parent_id=1,
                path=f"/1/{2 + number}/",
            )
            for number in range(UNITS)
        )
        session.flush()
        programme = ensure_programmes(session, SYSTEM, ["导师帮带"], now=NOW)["导师帮带"]
        session.execute(text(_PEOPLE), {"n": 2 * pairings, "units": UNITS})
        pair(session, pairings, programme)
        guide(session, pairings, days_back(MONTH, months), missing=True)
        begin_usual(session, SYSTEM, 1, MONTH, now=NOW)
    with edges.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _board(session: Session) -> Callable[[], object]:
    found = queries.find_obligations(session, SYSTEM)
    obligation = next(one for one in found if one.metric is Metric.GUIDANCE)
    at = queries.Moment(period_of(Cadence.MONTH, MONTH), ZoneInfo("Asia/Shanghai"), NOW)
    return lambda: queries.unit_figures(session, queries.standings(obligation, at, ("/",)), skip=0, limit=UNITS)


def _by_hand(session: Session) -> Callable[[], object]:
    values = {"first": MONTH, "last": date(2026, 11, 30), "end": next_month(MONTH), "duty": 1}
    return lambda: session.execute(text(_BY_HAND), values).all()


def _compare(act: Callable[[], object], unit: Callable[[], object]) -> tuple[float, float]:
    """Return the median ratio of an act to the unit beside it, and the act's median seconds."""
    act(), unit()
    pairs = [(_seconds(act), _seconds(unit)) for _ in range(_ROUNDS)]
    return statistics.median(one / other for one, other in pairs), statistics.median(one for one, _other in pairs)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
