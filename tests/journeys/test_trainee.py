"""The trainee: what is on for me, and in my own calendar."""

import gzip
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
import vobject
from sqlalchemy import select

from scheduler.agenda.models import Activity, Attendance
from scheduler.lectures.models import Evening
from scheduler.office.terms.burden import EXPORTING, SUBSCRIBING, THIS_WEEK
from scheduler.people.models import Person
from tests.journeys.conftest import WEDNESDAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.journeys.visitor import Visitor

SUNDAY_NIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)


def coming(app: "Flask", until: datetime = SUNDAY_NIGHT) -> list[Activity]:
    """Return what the trainee is expected at from now until then."""
    with app.extensions["sessions"].read() as session:
        return list(
            session.scalars(
                select(Activity)
                .join(Attendance, Attendance.activity_id == Activity.id)
                .join(Person, Person.id == Attendance.person_id)
                .where(Person.staff_no == "trainee", Activity.ends_at > WEDNESDAY, Activity.starts_at < until)
                .order_by(Activity.starts_at)
            )
        )


def fetch(address: str) -> bytes:
    """Fetch as a calendar program does: no cookies, gzip."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "User-Agent": "iOS/18 dataaccessd"})  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the own server on loopback
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        body = answer.read()
        return gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body


def events(address: str) -> dict[str, Any]:
    """Return the events of a feed by uid; two parsers that share no code must agree on which there are."""
    body = fetch(address)
    found = {str(event["UID"]): event for event in icalendar.Calendar.from_ical(body).events}
    others = {event.uid.value for event in vobject.readOne(body.decode()).contents["vevent"]}
    assert set(found) == others
    return found


def test_sees_this_week_at_once(come: "Callable[..., Visitor]", app: "Flask") -> None:
    trainee = come("trainee")
    shown = trainee.text()
    expected = coming(app)
    assert expected, "the demo leaves nobody's week empty"
    assert [one.title for one in expected if one.title not in shown] == []
    assert trainee.taps == THIS_WEEK.taps
    assert trainee.page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_subscribes_and_the_calendar_follows_a_move(
    come: "Callable[..., Visitor]", app: "Flask", language: str
) -> None:
    trainee = come("trainee", language=language)
    trainee.taps_on("a[href='/subscriptions']")
    trainee.taps_on("form[action='/subscriptions/mine'] button")
    assert trainee.taps == SUBSCRIBING.taps
    address = trainee.main("input[readonly]").first.input_value()
    assert address.endswith(".ics")
    before = events(address)
    evening = next(one for one in coming(app) if _is_evening(app, one.id))
    assert before[evening.uid].start == evening.starts_at

    admin = come("admin")
    later = evening.starts_at.astimezone(app.extensions["zone"]) + timedelta(minutes=30)
    admin.page.goto(f"/activities/{evening.id}")
    admin.taps_on(f"a[href='/lectures/evenings/of/{evening.id}']")
    admin.fills(starts=f"{later:%H:%M}", ends=f"{later + timedelta(hours=2):%H:%M}", reason="主讲人航班晚点")
    admin.sends()
    admin.page.wait_for_url("**/lectures/series/*")
    admin.page.goto(f"/activities/{evening.id}")
    assert "主讲人航班晚点" in admin.text()

    moved = events(address)[evening.uid]
    assert moved.start == evening.starts_at + timedelta(minutes=30)
    assert int(moved["SEQUENCE"]) == int(before[evening.uid]["SEQUENCE"]) + 1
    assert str(moved["SUMMARY"]).startswith("[Moved]" if language == "en-GB" else "【改期】")
    trainee.page.goto("/")
    assert f"{later:%H:%M}" in trainee.text()
    assert "主讲人航班晚点" in trainee.text()


def _is_evening(app: "Flask", activity_id: int) -> bool:
    with app.extensions["sessions"].read() as session:
        return session.scalar(select(Evening.id).where(Evening.activity_id == activity_id)) is not None


def test_takes_a_calendar_away(come: "Callable[..., Visitor]", app: "Flask") -> None:
    trainee = come("trainee")
    trainee.taps_on("a[href='/schedule']")
    trainee.taps_on("a[href^='/export']")
    with trainee.page.expect_download() as download:
        trainee.taps_on("button.primary")
    assert trainee.taps == EXPORTING.taps
    found = {str(event["UID"]) for event in icalendar.Calendar.from_ical(download.value.path().read_bytes()).events}
    assert {one.uid for one in coming(app)} <= found
