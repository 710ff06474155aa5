"""The lecturer: when and where do I teach."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.agenda.models import Activity, Teaching
from scheduler.people.models import Lecturer, Person
from tests.journeys.conftest import WEDNESDAY
from tests.journeys.test_trainee import SUNDAY_NIGHT, events

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.journeys.visitor import Visitor


def engagements(app: "Flask") -> list[Activity]:
    with app.extensions["sessions"].read() as session:
        return list(
            session.scalars(
                select(Activity)
                .join(Teaching, Teaching.activity_id == Activity.id)
                .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
                .join(Person, Person.id == Lecturer.person_id)
                .where(Person.staff_no == "lecturer", Activity.ends_at > WEDNESDAY, Activity.starts_at < SUNDAY_NIGHT)
            )
        )


def test_sees_this_weeks_engagements_and_subscribes_to_them(come: "Callable[..., Visitor]", app: "Flask") -> None:
    lecturer = come("lecturer")
    taught = engagements(app)
    assert taught
    assert [one.title for one in taught if one.title not in lecturer.text()] == []
    lecturer.page.goto("/subscriptions")
    lecturer.main("[name=scope]").select_option("mine:teaching")
    lecturer.taps_on("form[action='/subscriptions'] button[type=submit]")
    found = events(lecturer.main("input[readonly]").first.input_value())
    assert {one.uid for one in taught} <= found.keys()


def test_is_told_on_the_activity_that_it_is_theirs(come: "Callable[..., Visitor]", app: "Flask") -> None:
    lecturer = come("lecturer", language="en-GB")
    lecturer.page.goto(f"/activities/{engagements(app)[0].id}")
    assert "You teach here." in lecturer.text()
    assert lecturer.main("a[href$='/move']").count() == 0
