"""A trainee and the question of the day: answered with the keyboard alone, on a phone without script."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.quizzes.models import DailyQuestion
from tests.journeys.visitor import PHONE, Visitor

if TYPE_CHECKING:
    from flask import Flask


def test_a_trainee_answers_with_the_keyboard_alone_and_without_script(
    app: "Flask", come: Callable[..., Visitor]
) -> None:
    trainee = come("trainee", script=False)
    trainee.page.goto("/quizzes")
    trainee.taps_on("a[href='/quizzes/daily']")
    trainee.main("[name=answer]").first.focus()
    is_written = trainee.main("[name=answer]").first.get_attribute("type") not in {"radio", "checkbox"}
    trainee.page.keyboard.press("2" if is_written else "Space")
    with trainee.page.expect_navigation():  # the answer leads back to the same address
        trainee.page.keyboard.press("Enter")
    assert "下一题将于" in trainee.text()
    with app.extensions["sessions"].read() as session:
        kept = session.scalars(select(DailyQuestion).order_by(DailyQuestion.day.desc())).first()
    assert kept.answer


def test_who_stops_is_asked_no_more_and_may_undo_it(come: Callable[..., Visitor]) -> None:
    trainee = come("trainee")
    trainee.page.goto("/quizzes/daily")
    trainee.taps_on("summary")
    trainee.main("details[open] .stack").first.wait_for()
    assert trainee.hurdles(PHONE) == []
    trainee.taps_on("button[formaction$='/leave']")
    assert "已退订" in trainee.text()
    assert trainee.hurdles(PHONE) == []
    trainee.taps_on("form[action*='/join'] button")
    trainee.main("button[formaction$='/leave']").wait_for()
    mentor = come("mentor")
    mentor.page.goto("/quizzes/daily")
    mentor.sends()
    mentor.main("[name=answer]").first.wait_for()
    assert mentor.hurdles(PHONE) == []
