from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from scheduler.agenda.actions import cancel_activity
from scheduler.agenda.models import Activity
from scheduler.agenda.queries import agenda_rows, find_venues, get_activity, in_scope, visible_to
from scheduler.agenda.terms import ActivityStatus, Scope, ScopeKind
from scheduler.core.access import Role, system_actor
from scheduler.core.errors import Missing
from scheduler.core.periods import Span, day_span
from tests.agenda.city import NOW, SYSTEM, THURSDAY, ZONE, City, at, evening

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

WEEK = day_span(THURSDAY, ZONE, days=7)

# who sees which: a = class A, hosted by the bureau; b = class B, hosted by the other; o = open series of the city;
# da, db, do = drafts of the same; c = cancelled, class A
SEEN = {
    ("outsider",): "",
    ("li", Role.TRAINEE, "bureau"): "a o c",
    ("sun", Role.TRAINEE, "other"): "b o",
    ("zhao", Role.TRAINEE, "other"): "a b o c",  # in both classes
    ("chen", Role.LECTURER, "other"): "b o",  # teaches class B
    ("outsider", Role.MENTOR, "other"): "o",
    ("leader", Role.LEADER, "bureau"): "a o c",  # hosted by the bureau
    ("leader", Role.LEADER, "section"): "a o c",  # attended by its people
    ("leader", Role.LEADER, "other"): "a b o c",  # zhao attends class A
    ("leader", Role.LEADER, "root"): "a b o c",
    ("officer", Role.UNIT_OFFICER, "bureau"): "a da o c",
    ("officer", Role.UNIT_OFFICER, "section"): "a o c",
    ("officer", Role.UNIT_OFFICER, "other"): "a b db o c",
    ("admin", Role.ADMIN, "root"): "a da b db o do c",
}


@pytest.fixture
def planned(city: City) -> dict[str, Activity]:
    hosts = {"a": (city.bureau, city.class_a), "b": (city.other, city.class_b), "o": (city.root, city.series)}
    found = {}
    for number, (name, (host, audience)) in enumerate(hosts.items()):
        lecturers = (city.chen,) if name == "b" else ()
        hour = 8 + 2 * number
        first, second = at(f"{hour:02}:00", f"{hour:02}:30"), at(f"{hour:02}:30", f"{hour:02}:45")
        found[name] = city.book(first, host=host, audience=audience, lecturers=lecturers)
        found[f"d{name}"] = city.book(second, host=host, audience=audience, status=ActivityStatus.DRAFT)
    gone = city.book(evening())
    found["c"] = cancel_activity(city.session, SYSTEM, gone.id, version=1, reason="雨", now=NOW)
    return found


@pytest.mark.parametrize(("who", "names"), SEEN.items(), ids=str)
def test_who_sees_what(city: City, planned: dict[str, Activity], who: tuple[str, ...], names: str) -> None:
    name, *grant = who
    actor = city.actor(name, *([(Role(grant[0]), getattr(city, grant[1]))] if grant else []))
    seen = set(city.session.scalars(select(Activity.id).where(visible_to(actor))))
    assert {key for key, activity in planned.items() if activity.id in seen} == set(names.split())
    for key, activity in planned.items():
        if key in names.split():
            assert get_activity(city.session, actor, activity.id).title
        else:
            with pytest.raises(Missing):
                get_activity(city.session, actor, activity.id)


def test_the_product_itself_sees_all(city: City, planned: dict[str, Activity]) -> None:
    everything = city.session.scalars(select(Activity.id).where(visible_to(system_actor("job")))).all()
    assert len(everything) == len(planned)


def test_each_calendar_holds_its_own(city: City, planned: dict[str, Activity]) -> None:
    planned["a"].venue_id = city.hall.id
    planned["a"].revised_at = NOW
    city.session.flush()
    expected = {
        Scope(ScopeKind.ORGANISATION): "a da b db o do c",
        Scope(ScopeKind.CLASS, city.class_a.id): "a da c",
        Scope(ScopeKind.SERIES, city.series.id): "o do",
        Scope(ScopeKind.PERSON, city.people["zhao"].id): "a da b db c",
        Scope(ScopeKind.PERSON, city.people["chen"].id): "b",
        Scope(ScopeKind.LECTURER, city.chen.id): "b",
        Scope(ScopeKind.LECTURER, city.wu.id): "",
        Scope(ScopeKind.VENUE, city.hall.id): "a",
        Scope(ScopeKind.UNIT, city.bureau.id): "a da c",
        Scope(ScopeKind.UNIT, city.section.id): "a da c",
        Scope(ScopeKind.UNIT, city.other.id): "a da b db o do c",  # sun attends the series, zhao class A
        Scope(ScopeKind.UNIT, city.root.id): "a da b db o do c",
        Scope(ScopeKind.VENUE): "",
    }
    for scope, names in expected.items():
        for span in (None, WEEK):
            found = set(city.session.scalars(select(Activity.id).where(in_scope(scope, span))))
            assert {key for key, activity in planned.items() if activity.id in found} == set(names.split()), scope
        elsewhere = day_span(THURSDAY.replace(day=20), ZONE)
        assert not city.session.scalars(select(Activity.id).where(in_scope(scope, elsewhere))).all()


def test_rows_carry_all_that_a_list_shows(city: City) -> None:
    activity = city.book(venue=city.hall, lecturers=(city.wu, city.chen))
    city.book(at("08:00", "09:00"), status=ActivityStatus.DRAFT)
    me = city.actor("li", (Role.TRAINEE, city.bureau))
    (row,) = agenda_rows(city.session, me, Scope(ScopeKind.PERSON, me.person_id), WEEK)
    assert (row.id, row.uid, row.title, row.span) == (activity.id, activity.uid, "数字治理", evening())
    assert (row.venue_name, row.lecturers, row.audience_name) == ("大礼堂", "陈、吴", "甲班")
    (mine,) = agenda_rows(
        city.session,
        city.actor("chen", (Role.LECTURER, city.other)),
        Scope(ScopeKind.PERSON, city.people["chen"].id),
        WEEK,
    )
    assert mine.id == activity.id
    cancel_activity(city.session, SYSTEM, activity.id, version=1, reason="雨", now=NOW)
    assert not agenda_rows(city.session, me, Scope(ScopeKind.PERSON, me.person_id), WEEK, with_cancelled=False)
    outsider = city.actor("outsider")
    assert not agenda_rows(city.session, outsider, Scope(ScopeKind.PERSON, outsider.person_id), WEEK)


def test_what_reaches_into_the_span_belongs_to_it(city: City) -> None:
    night = city.book(Span(evening().start, evening().start.replace(hour=23)))
    around = Scope(ScopeKind.PERSON, city.people["li"].id)
    inside = Span(night.ends_at.replace(minute=0, hour=22), night.ends_at)
    assert [row.id for row in agenda_rows(city.session, SYSTEM, around, inside)] == [night.id]
    after = Span(night.ends_at, night.ends_at.replace(minute=30))
    assert agenda_rows(city.session, SYSTEM, around, after) == []


def _count(session: "Session", act: "Callable[[], object]") -> int:
    seen = []
    engine = session.get_bind()

    def note(*_given: object) -> None:
        seen.append(1)

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_lists_take_the_same_statements_for_one_row_and_for_three(city: City) -> None:
    me = city.actor("li", (Role.TRAINEE, city.bureau))
    scopes = [
        Scope(ScopeKind.PERSON, me.person_id),
        Scope(ScopeKind.ORGANISATION),
        Scope(ScopeKind.UNIT, city.bureau.id),
        Scope(ScopeKind.VENUE, city.hall.id),
    ]
    for hour, expected in ((8, 1), (10, 2), (12, 3)):
        city.book(at(f"{hour:02}:00", f"{hour:02}:45"), venue=city.hall, lecturers=(city.wu, city.chen))
        for scope in scopes:
            assert len(agenda_rows(city.session, me, scope, WEEK)) == expected
            assert _count(city.session, lambda scope=scope: agenda_rows(city.session, me, scope, WEEK)) == 1  # type: ignore[misc]  # bound now
        assert _count(city.session, lambda: find_venues(city.session)) == 2
