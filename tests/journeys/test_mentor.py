"""The mentor: my own week, and the lecture series that I follow."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.lectures.models import Series

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.journeys.visitor import Visitor


def test_leaves_a_series_and_joins_it_again(come: "Callable[..., Visitor]", app: "Flask") -> None:
    with app.extensions["sessions"].read() as session:
        series_id = session.scalars(select(Series.id).order_by(Series.id)).first()
    mentor = come("mentor")
    leave, join = (f"form[action='/lectures/series/{series_id}/{act}'] button" for act in ("unsubscribe", "subscribe"))
    mentor.page.goto("/lectures")
    mentor.taps_on(leave)
    mentor.main(join).first.wait_for()
    mentor.taps_on(join)
    mentor.main(leave).first.wait_for()


def test_sees_the_own_week_and_month(come: "Callable[..., Visitor]") -> None:
    mentor = come("mentor")
    assert mentor.main("a[href^='/activities/']").count() > 0
    mentor.taps_on("a[href='/schedule']")
    mentor.taps_on("a[href*='view=month']")
    assert mentor.main("a[href^='/activities/']").count() > 0
