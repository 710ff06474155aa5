"""Quizzes: the flow of one of 20 questions, durable saves, a burst of starts, a hall of examinees, rates of units.

Saves and starts run against a server over HTTP, signed in and with the form's token, as a browser sends them. Latency is
of this machine and said beside the figure; the figures with limits are ratios within the run, save the burst's.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, not_, select, text, update
from sqlalchemy.orm import Session

from benchmarks.browser import Browser, elapsed, together
from benchmarks.generators import NOW, Size, token
from benchmarks.meter import REFERENCE, Client, Figure, served
from benchmarks.stage import House
from scheduler.core.access import system_actor
from scheduler.core.database import Sessions, make_engine, sessions
from scheduler.core.periods import Span
from scheduler.people.models import Account, Person, SignIn, Unit
from scheduler.people.queries import digest
from scheduler.people.terms import UnitKind
from scheduler.quizzes.actions.bank import import_items
from scheduler.quizzes.actions.papers import create_paper
from scheduler.quizzes.actions.results import follow
from scheduler.quizzes.actions.sittings import plan_sitting
from scheduler.quizzes.models import Attempt, Candidate, Question, Sitting, UnitResult
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.bank import Difficulty, ItemKind, ItemText
from scheduler.quizzes.terms.papers import DrawRule, PaperPlan
from scheduler.quizzes.terms.results import Outcome
from scheduler.quizzes.terms.sittings import SittingPlan, SittingRules

SYSTEM = system_actor("benchmark")
ZONE = ZoneInfo("Asia/Shanghai")
SIZE = Size(1_200, 10_000)
QUESTIONS, BANK = 20, 200
FLOW, SAVE, BYTES, ROWS = 12.0, 2.0, 1536, 22
SHARE = {"sqlite": 0.35, "postgresql": 0.20}
BURST, BURST_SECONDS, BURST_P95 = 600, 60, 500.0
RATES = 1.5
_CLIENTS = 32
_SIGN_OUT = 10_000


@dataclass(frozen=True)
class Hall:
    """A sitting that is open for these people (ids)."""

    sitting_id: int
    people: list[int]


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield the figures of quizzes."""
    url = house.database(SIZE)
    engine = make_engine(url)
    hall = _open_hall(sessions(engine))
    servers = 2 if house.engine == "postgresql" else 1
    with ExitStack() as stack:
        clients = [stack.enter_context(served(url)) for _ in range(servers)]
        people = iter(hall.people)
        yield from _flow(clients[0], sessions(engine), hall, [next(people) for _ in range(80)])
        saving = [next(people) for _ in range(_CLIENTS)]
        yield _durable(clients, hall, saving, SHARE[house.engine], 300 if quick else 1500)
        count = BURST // 6 if quick else BURST
        yield _burst(clients, hall, [next(people) for _ in range(count)], BURST_SECONDS * count / BURST)
        yield _crowd(clients, sessions(engine), hall, hall.people[:1000], 10 if quick else 30)
    engine.dispose()
    for units, attempts in ((10, 10**4), (100, 10**4)) if quick else ((10, 10**4), (100, 10**5), (1000, 10**6)):
        yield from _rates(house, units, attempts)


# --- the hall ---------------------------------------------------------------------------------------------------------


def _open_hall(edges: Sessions) -> Hall:
    with edges.write() as session:
        session.execute(
            insert(Account),
            [
                {"id": _SIGN_OUT + row, "person_id": row}
                for row in session.scalars(
                    select(Person.id).where(~select(Account.id).where(Account.person_id == Person.id).exists())
                )
            ],
        )
        accounts = session.execute(select(Account.id, Account.person_id)).all()
        signed = set(session.scalars(select(SignIn.account_id)))
        session.execute(
            insert(SignIn),
            [
                {
                    "token_digest": digest(token(row.person_id)),
                    "account_id": row.id,
                    "began_at": NOW,
                    "seen_at": NOW,
                    "expires_at": NOW + timedelta(hours=12),
                    "address": "",
                    "client": "",
                }
                for row in accounts
                if row.id not in signed
            ],
        )
        people = sorted(row.person_id for row in accounts)
        import_items(session, SYSTEM, [_item(number) for number in range(BANK)], now=NOW)
        plan = PaperPlan("paper", rules=(DrawRule(QUESTIONS, 5),))
        paper = create_paper(session, SYSTEM, plan, now=NOW)
        top = session.scalars(select(Unit.id).where(Unit.kind == UnitKind.CITY)).one()
        span = Span(NOW - timedelta(minutes=5), NOW + timedelta(hours=3))
        sitting = _hold(session, paper.id, span, top, people)
        return Hall(sitting.id, people)


def _hold(session: Session, paper_id: int, span: Span, host: int, people: list[int]) -> Sitting:
    from scheduler.agenda.terms import Consent  # noqa: PLC0415 - only here

    plan = SittingPlan(
        "exam", paper_id, span, host, person_ids=tuple(people), rules=SittingRules(length_minutes=120, attempts=20)
    )
    consent = Consent(confirmed=True)
    earlier = NOW - timedelta(days=1)
    return plan_sitting(
        session, SYSTEM, plan, consent=consent, installation_id="benchmark.local", zone=ZONE, now=earlier
    )


def _item(number: int) -> ItemText:
    choices = tuple(f"choice {letter} of item {number}" for letter in "ABCD")
    stem = f"Item {number}: which of these holds? " + "words " * 12
    return ItemText(ItemKind.SINGLE, stem, choices, "ABCD"[number % 4], topic="t", difficulty=Difficulty.EASY)


# --- an examinee ------------------------------------------------------------------------------------------------------


class Examinee(Browser):
    """Who sits the quiz."""

    seq = 0

    def begin(self, hall: Hall) -> str:
        self.at = self.post(f"/quizzes/sittings/{hall.sitting_id}/start")
        return self.at

    def save(self) -> None:
        self.post(f"{self.at}/save", **{"s-1": str(self.seq), "q-1": "AB"[self.seq % 2]})
        self.seq += 1


# --- figures ----------------------------------------------------------------------------------------------------------


def _flow(client: Client, edges: Sessions, hall: Hall, people: list[int]) -> Iterator[Figure]:
    unit = statistics.median(client.spend(REFERENCE).cpu for _ in range(5))
    before = _weight(edges)
    browsers = [Examinee(client, person) for person in people]
    steps: dict[str, Callable[[Examinee], object]] = {
        "start": lambda browser: browser.begin(hall),
        "open": lambda browser: browser.get(browser.at),
        "save": lambda browser: browser.save(),
        "hand in and grade": lambda browser: browser.post(f"{browser.at}/hand-in", key="k"),
    }
    spent = {}
    for name, act in steps.items():
        cpu, _statements = client.counters()
        together(browsers, act)
        spent[name] = (client.counters()[0] - cpu) / len(browsers) / unit
    parts = ", ".join(f"{name} {cost:.1f}" for name, cost in spent.items())
    yield Figure("quiz of 20: start, open, a save, hand in", sum(spent.values()), FLOW, parts)
    yield Figure("an autosave", spent["save"], SAVE)
    rows, size = (after - first for after, first in zip(_weight(edges), before, strict=True))
    yield Figure("rows of an attempt, audit included", rows / len(people), ROWS, unit="rows")
    yield Figure("bytes of an attempt, indexes and audit included", size / len(people), BYTES, unit="B")


def _weight(edges: Sessions) -> tuple[int, int]:
    with edges.read() as session:
        entries = session.scalar(text("SELECT count(*) FROM audit_entry")) or 0
        counts = [session.scalar(select(func.count()).select_from(model)) or 0 for model in (Attempt, Question)]
        postgresql = session.get_bind().dialect.name == "postgresql"
        size = (
            "pg_database_size(current_database())"
            if postgresql
            else "page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        return entries + sum(counts), session.scalar(text(f"SELECT {size}")) or 0


def _durable(clients: list[Client], hall: Hall, people: list[int], limit: float, count: int) -> Figure:
    """Durable saves a second, as a share of what an endpoint that does nothing behind the same middleware answers."""
    browsers = [Examinee(clients[number % len(clients)], person) for number, person in enumerate(people)]
    for browser in browsers:
        browser.begin(hall)

    def rate(act: Callable[[Examinee], object]) -> float:
        left = iter(range(count))
        lock = threading.Lock()
        mine = iter(browsers)

        def work() -> None:
            with lock:
                browser = next(mine)
            while True:
                with lock:
                    if next(left, None) is None:
                        return
                act(browser)

        return count / elapsed(work, len(browsers))

    def save(browser: Examinee) -> None:
        browser.save()

    def nothing(browser: Examinee) -> None:
        browser.post("/benchmark/nothing")

    rate(nothing)
    rounds = [(rate(save), rate(nothing)) for _ in range(3)]
    saves = statistics.median(one for one, _other in rounds)
    share = statistics.median(one / other for one, other in rounds)
    name = f"saves over no-ops, {len(clients)} process{'es' if len(clients) > 1 else ''} (at least {limit})"
    return Figure(name, limit / share, 1.0, f"share {share:.2f}, {saves:.0f} durable saves a second", "x")


def _burst(clients: list[Client], hall: Hall, people: list[int], seconds: float) -> Figure:
    """So many start within so many seconds, each at its moment: how long the start takes."""
    waits, pause = _at_moments(
        [Examinee(clients[number % len(clients)], person) for number, person in enumerate(people)],
        seconds,
        lambda browser: browser.begin(hall),
    )
    note = f"{len(people)} in {seconds:.0f} s, median {statistics.median(waits):.0f} ms, none lost, behind by {pause:.0f} ms"
    return Figure("p95 of a start in the burst", _percentile(waits, 0.95), BURST_P95, note, "ms")


def _at_moments(
    browsers: list[Examinee], seconds: float, act: Callable[[Examinee], object]
) -> tuple[list[float], float]:
    began = time.perf_counter()
    moments = iter([(began + seconds * place / len(browsers), browser) for place, browser in enumerate(browsers)])
    lock = threading.Lock()
    waits: list[float] = []
    late: list[float] = []

    def work() -> None:
        while True:
            with lock:
                moment, browser = next(moments, (0.0, None))
            if browser is None:
                return
            time.sleep(max(0.0, moment - time.perf_counter()))
            late.append(max(0.0, time.perf_counter() - moment))
            act(browser)
            waits.append((time.perf_counter() - moment) * 1000)

    elapsed(work, _CLIENTS)
    return waits, max(late) * 1000


def _crowd(clients: list[Client], edges: Sessions, hall: Hall, people: list[int], seconds: int) -> Figure:
    """Everybody saves every ten seconds: no error, and p99."""
    browsers = [Examinee(clients[number % len(clients)], person) for number, person in enumerate(people)]
    with edges.read() as session:
        running = {
            row.person_id: row.id
            for row in session.execute(
                select(Attempt.person_id, Attempt.id).where(Attempt.state == AttemptState.IN_PROGRESS)
            )
        }
        seqs = dict(session.execute(select(Question.attempt_id, Question.seq).where(Question.position == 1)).all())
    for browser, person in zip(browsers, people, strict=True):
        if person in running:
            browser.at, browser.seq = f"/quizzes/attempts/{running[person]}", seqs[running[person]]
        else:
            browser.begin(hall)
    crowd = (browsers * (seconds // 10))[: len(browsers) * seconds // 10]
    waits, _late = _at_moments(crowd, seconds, lambda browser: browser.save())
    note = f"{len(people)} examinees, {len(crowd)} saves, median {statistics.median(waits):.0f} ms, no error"
    return Figure("p99 of a save, one each 10 s", _percentile(waits, 0.99), 0, note, "ms")


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


_BY_HAND = """
SELECT judged_unit_id,
       sum(CASE WHEN outcome = 'passed' THEN 1 ELSE 0 END), sum(CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END),
       sum(CASE WHEN outcome = 'absent' THEN 1 ELSE 0 END), sum(CASE WHEN outcome = 'exempt' THEN 1 ELSE 0 END),
       sum(CASE WHEN outcome = 'deferred' THEN 1 ELSE 0 END), sum(CASE WHEN outcome = 'pending' THEN 1 ELSE 0 END)
FROM (
  SELECT c.judged_unit_id,
         CASE WHEN g.exempt = 1 THEN 'exempt' WHEN a.passed = 1 THEN 'passed' WHEN a.waiting = 1 THEN 'pending'
              WHEN a.graded = 1 THEN 'failed' WHEN g.deferred = 1 THEN 'deferred' ELSE 'absent' END AS outcome
  FROM quiz_candidate c
  LEFT JOIN (
    SELECT person_id, max(CASE WHEN state = 'graded' AND passed THEN 1 ELSE 0 END) AS passed,
           max(CASE WHEN state = 'graded' THEN 1 ELSE 0 END) AS graded,
           max(CASE WHEN state IN ('in_progress', 'overdue', 'submitted') THEN 1 ELSE 0 END) AS waiting
    FROM quiz_attempt WHERE sitting_id = :sitting GROUP BY person_id
  ) a ON a.person_id = c.person_id
  LEFT JOIN (
    SELECT person_id, max(CASE WHEN concession = 'exempt' THEN 1 ELSE 0 END) AS exempt,
           max(CASE WHEN concession = 'deferred' THEN 1 ELSE 0 END) AS deferred
    FROM quiz_grant WHERE sitting_id = :sitting AND withdrawn_at IS NULL GROUP BY person_id
  ) g ON g.person_id = c.person_id
  WHERE c.sitting_id = :sitting
) one GROUP BY judged_unit_id
"""
"""The six numbers of each unit, from what they follow from; it writes nothing."""


def _rates(house: House, units: int, attempts: int) -> Iterator[Figure]:
    """All units of a sitting counted anew after one attempt in a hundred flipped, against one SELECT over the rows."""
    engine = make_engine(house.database(None))
    edges = sessions(engine)
    with edges.write() as session:
        sitting_id = _judged(session, units, attempts)
    with edges.write() as session:
        first = _timed(lambda: follow(session, sitting_id, None, now=NOW)) / _timed(
            lambda: _by_hand(session, sitting_id)
        )
    flips = update(Attempt).where(Attempt.id % 100 == 0).values(passed=not_(Attempt.passed))
    pairs = []
    for _round in range(3 if attempts > 10**5 else 7):
        with edges.write() as session:
            session.execute(flips.execution_options(synchronize_session=False))
            by_hand = _timed(lambda: _by_hand(session, sitting_id))
            pairs.append((_timed(lambda: follow(session, sitting_id, None, now=NOW)) / by_hand, by_hand))
            session.rollback()
    engine.dispose()
    ratio = statistics.median(pair[0] for pair in pairs)
    milliseconds = statistics.median(pair[1] for pair in pairs) * 1000
    note = f"over SQL by hand, {milliseconds:.0f} ms; {first:.1f} where every row is new"
    yield Figure(f"rates of {units} units recounted, {attempts:,} attempts", ratio, RATES, note, "x")


def _by_hand(session: Session, sitting_id: int) -> None:
    session.execute(text(_BY_HAND), {"sitting": sitting_id}).all()


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _judged(session: Session, units: int, attempts: int) -> int:
    paths = [
        {"id": 1, "code": "C", "name": "city", "kind": UnitKind.CITY, "parent_id": None, "path": "/1/", "version": 1}
    ]
    paths += [
        {
            "id": n,
            "code": f"U{n}",
            "name": f"unit {n}",
            "kind": UnitKind.BUREAU,
            "parent_id": 1,
            "path": f"/1/{n}/",
            "version": 1,
        }
        for n in range(2, units + 2)
    ]
    session.execute(insert(Unit), paths)
    _fill(session, Person, attempts, lambda n: {
        "id": n, "staff_no": f"S{n}", "name": "n", "unit_id": 2 + n % units, "post": "", "grade": "", "field": "",
        "phone": "", "email": "", "version": 1,
    })  # fmt: skip
    item = import_items(session, SYSTEM, [_item(1)], now=NOW)[0]
    paper = create_paper(session, SYSTEM, PaperPlan("paper", items=((item, 5),)), now=NOW)
    span = Span(NOW - timedelta(days=2), NOW - timedelta(days=2, hours=-1))
    sitting = _hold(session, paper.id, span, 1, [1])
    sitting.closed_at = NOW - timedelta(days=1)
    session.flush()
    at = sitting.closed_at - timedelta(hours=1)
    _fill(session, Attempt, attempts, lambda n: {
        "id": n, "sitting_id": sitting.id, "person_id": n, "number": 1, "state": AttemptState.GRADED, "started_at": at,
        "deadline": at, "heard_at": at, "ended_at": at, "score": 500, "out_of": 5, "passed": n % 5 > 0, "version": 1,
    })  # fmt: skip
    _fill(session, Candidate, attempts, lambda n: {
        "sitting_id": sitting.id, "person_id": n, "unit_id": 2 + n % units, "judged_unit_id": 2 + n % units,
        "outcome": Outcome.ABSENT,
    })  # fmt: skip
    session.execute(
        insert(UnitResult),
        [{"sitting_id": sitting.id, "unit_id": n, **{one.value: 0 for one in Outcome}} for n in range(2, units + 2)],
    )
    return sitting.id


def _fill(session: Session, model: type[object], count: int, row: Callable[[int], dict[str, object]]) -> None:
    for first in range(1, count + 1, 5000):
        session.execute(insert(model), [row(n) for n in range(first, min(first + 5000, count + 1))])
