"""How the database looks things up: by two-sided index ranges, so that the past and the size of the city cost nothing."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text

from scheduler.agenda.queries import agenda_rows, find_clashes
from scheduler.agenda.terms import Scope, ScopeKind
from scheduler.core.access import Role
from scheduler.core.periods import Span
from tests.agenda.city import ZONE, City, evening

if TYPE_CHECKING:
    from collections.abc import Callable

# SQLite says how it will look things up whatever the tables hold; PostgreSQL decides by what they hold.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WEEK = Span(evening().start, evening().start + timedelta(days=7))
BIG = ("activity", "attendance", "teaching", "membership")


def _steps(city: City, act: "Callable[[], object]") -> list[str]:
    seen: list[tuple[str, object]] = []
    engine = city.session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    steps: list[str] = []
    for statement, parameters in seen:
        explained = city.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]  # what the driver was given
        steps += [str(row[3]) for row in explained]
    return steps


def _walked_through(steps: list[str]) -> list[str]:
    """Return the steps that read a big table, or an index of one, from end to end."""
    big = "|".join(BIG)
    return [step for step in steps if re.search(rf"^SCAN (\w+ )?({big}|{big}_\d)\b", step) and "_rows" not in step]


def test_a_clash_check_reads_index_ranges_only(city: City) -> None:
    plans = [
        city.plan(venue=city.hall, lecturers=(city.chen, city.wu)),
        city.plan(evening(evening().start.date() + timedelta(days=1)), venue=city.hall),
    ]
    for count in (1, 2):
        steps = _steps(city, lambda count=count: find_clashes(city.session, city.admin, plans[:count], zone=ZONE))  # type: ignore[misc]  # bound now
        assert _walked_through(steps) == []
        ranges = [step for step in steps if "starts_at>? AND starts_at<?" in step]
        assert {step.split("INDEX ")[1].split(" ")[0] for step in ranges} >= {
            "ix_activity_venue_id_starts_at",
            "ix_teaching_lecturer_id_starts_at",
            "ix_attendance_person_id_starts_at",
        }


@pytest.mark.parametrize(
    "kind", [ScopeKind.PERSON, ScopeKind.VENUE, ScopeKind.LECTURER, ScopeKind.ORGANISATION, ScopeKind.CLASS]
)
def test_a_schedule_reads_index_ranges_only(city: City, kind: ScopeKind) -> None:
    me = city.actor("li", (Role.TRAINEE, city.bureau))
    keys = {ScopeKind.PERSON: me.person_id, ScopeKind.VENUE: city.hall.id, ScopeKind.LECTURER: city.chen.id}
    scope = Scope(kind, None if kind is ScopeKind.ORGANISATION else keys.get(kind, city.class_a.id))
    assert _walked_through(_steps(city, lambda: agenda_rows(city.session, me, scope, WEEK))) == []
    assert city.session.scalar(text("SELECT 1")) == 1
