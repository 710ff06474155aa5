import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from scheduler.agenda import actions
from scheduler.agenda.terms import ActivityKind, ActivityPlan, AudienceKind, MembershipSource
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.core.periods import local_span
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from sqlalchemy import Engine

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = system_actor("tests")
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)  # Wednesday 10:00 in Shanghai
WEDNESDAY = date(2026, 11, 18)
HOME_STATEMENTS = 5


@pytest.fixture(autouse=True)
def _wednesday() -> "Iterator[None]":
    with clock.fixed(NOW):
        yield


def hold(
    cast: Cast,
    title: str,
    day: date,
    *,
    who: tuple[Persona, ...] = (Persona.TRAINEE,),
    code: str = "C1",
    taught: bool = False,
) -> int:
    """Hold an activity on `day` 9:00-11:00 for an audience of its own; returns its id."""
    with cast.database.write() as session:
        audience = actions.create_audience(
            session, SYSTEM, AudienceKind.PEOPLE, f"{code}-{title}", title, cast.units["CITY"], now=NOW
        )
        people = [cast.people[persona] for persona in who]
        actions.enrol(session, SYSTEM, audience.id, people, source=MembershipSource.NAMED, now=NOW)
        plan = ActivityPlan(
            ActivityKind.MEETING,
            title,
            local_span(day, time(9), time(11), ZONE),
            audience.id,
            cast.units["CITY"],
            lecturer_ids=(cast.lecturer_id,) if taught else (),
        )
        (activity,) = actions.create_activities(
            session, SYSTEM, [plan], installation_id="test.example", zone=ZONE, now=NOW
        )
        return activity.id


def see(client: "FlaskClient", path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def test_home_shows_my_week_and_nothing_of_others(client: "FlaskClient", cast: Cast) -> None:
    hold(cast, "Mine", WEDNESDAY)
    hold(cast, "Next week", WEDNESDAY + timedelta(days=7))
    hold(cast, "A stranger's", WEDNESDAY, who=(Persona.STRANGER,))
    page = see(cast.sign_in(client, Persona.TRAINEE), "/")
    assert "Mine" in page
    assert "Next week" not in page
    assert "A stranger&#39;s" not in page


def test_the_lecturer_sees_the_own_engagement(client: "FlaskClient", cast: Cast) -> None:
    hold(cast, "Taught", WEDNESDAY, taught=True)
    assert "Taught" in see(cast.sign_in(client, Persona.LECTURER), "/")


def test_an_empty_week_says_what_comes_next(client: "FlaskClient", cast: Cast) -> None:
    hold(cast, "Later", date(2026, 12, 10))
    signed_in = cast.sign_in(client, Persona.TRAINEE)
    assert "Next: Later, Thu 10 Dec 2026 09:00" in see(signed_in, "/")
    assert "下一项：Later，2026年12月10日（周四） 09:00" in see(signed_in, "/", "zh-CN")


def test_a_move_is_marked_and_told(client: "FlaskClient", cast: Cast) -> None:
    number = hold(cast, "Movable", WEDNESDAY)
    with cast.database.write() as session:
        actions.move_activity(
            session,
            SYSTEM,
            number,
            version=1,
            span=local_span(WEDNESDAY + timedelta(days=1), time(14), time(16), ZONE),
            reason="hall is repaired",
            zone=ZONE,
            now=NOW + timedelta(minutes=1),
        )
    page = see(cast.sign_in(client, Persona.TRAINEE), "/")
    assert "Moved" in page
    assert "14:00" in page


@pytest.mark.parametrize("view", ["week", "month", "list", "nonsense", ""])
def test_each_view_shows_the_day_and_links_to_its_neighbours(client: "FlaskClient", cast: Cast, view: str) -> None:
    hold(cast, "Shown", date(2026, 12, 16))
    page = see(cast.sign_in(client, Persona.TRAINEE), f"/schedule?view={view}&day=2026-12-16")
    assert "Shown" in page
    assert 'rel="prev"' in page
    assert 'rel="next"' in page


def test_an_unreadable_day_means_today(client: "FlaskClient", cast: Cast) -> None:
    hold(cast, "Today's", WEDNESDAY)
    assert "Today&#39;s" in see(cast.sign_in(client, Persona.TRAINEE), "/schedule?day=yesterday")


def test_the_kind_filters_and_stays_in_the_address(client: "FlaskClient", cast: Cast) -> None:
    hold(cast, "Only meeting", WEDNESDAY)
    signed_in = cast.sign_in(client, Persona.TRAINEE)
    assert "Only meeting" in see(signed_in, "/schedule?kind=meeting")
    page = see(signed_in, "/schedule?kind=lecture")
    assert "Only meeting" not in page
    assert re.search(r'href="/schedule\?[^"]*kind=lecture[^"]*"', page)


def test_a_calendar_of_others_holds_what_the_reader_may_see(client: "FlaskClient", cast: Cast) -> None:
    hold(cast, "Of the trainee", WEDNESDAY)
    hold(cast, "Of the stranger", WEDNESDAY, who=(Persona.STRANGER,))
    page = see(cast.sign_in(client, Persona.OFFICER), "/schedule?scope=unit:A")
    assert "Of the trainee" in page
    assert "Of the stranger" not in page
    assert "Of the trainee" in see(client, f"/schedule?scope=person:{Persona.TRAINEE}")


@pytest.mark.parametrize("scope", [f"person:{Persona.STRANGER}", "person:nobody", "class:none", "venue:", "nonsense"])
def test_a_calendar_that_is_not_there_or_not_for_me_is_missing(client: "FlaskClient", cast: Cast, scope: str) -> None:
    assert cast.sign_in(client, Persona.TRAINEE).get(f"/schedule?scope={scope}").status_code == 404


def test_holidays_are_named_on_their_days(client: "FlaskClient", cast: Cast) -> None:
    with cast.database.write() as session:
        actions.load_known_years(session, SYSTEM, zone=ZONE, now=NOW)
    page = see(cast.sign_in(client, Persona.TRAINEE), "/schedule?view=month&day=2026-10-01")
    assert "National Day" in page


def test_home_costs_the_same_statements_for_one_and_for_many(
    engine: "Engine", client: "FlaskClient", cast: Cast
) -> None:
    signed_in = cast.sign_in(client, Persona.TRAINEE)
    counts = []
    for number in range(4):
        hold(cast, f"Meeting {number}", WEDNESDAY + timedelta(days=number), code=f"N{number}")
        counts.append(statements_of(signed_in, "/"))
    assert len(set(counts)) == 1
    assert counts[0] <= HOME_STATEMENTS
    assert statements_of(signed_in, "/schedule?view=month") <= HOME_STATEMENTS + 3
    assert engine.dialect.name in {"sqlite", "postgresql"}


def statements_of(client: "FlaskClient", path: str) -> int:
    seen: list[str] = []
    engine = client.application.extensions["engine"]

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
