"""A quiz under bad stars: time runs out, clocks are wrong, the line drops, somebody else signs in, an answer is refused."""

import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scheduler.quizzes.models import Attempt
from scheduler.quizzes.terms.attempts import AttemptState
from tests.journeys.conftest import WEDNESDAY, Hands
from tests.journeys.quiz_taking import (
    HANDED_IN,
    SAVED,
    UNSAVED,
    answer,
    attempt_on,
    begin,
    hands_in,
    shown,
    state,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from playwright.sync_api import Page, Request

    from tests.journeys.visitor import Visitor

LENGTH = timedelta(minutes=30)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TOO_LATE, SIGNED_OUT, NOT_ALL = "最后的改动", "您已退出登录", "未被接受"


def kept(page: "Page") -> list[str]:
    """Return the names of the journals that the device keeps."""
    names: list[str] = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('quiz:'))")
    return names


def begin_out_of_time(visitor: "Visitor", at: datetime = WEDNESDAY) -> "Page":
    """Begin the quiz in a browser whose clock says `at`, and passes by what the test tells it alone."""
    visitor.page.clock.install(time=at - SECOND)
    visitor.page.clock.pause_at(at)
    return begin(visitor)


def saves(page: "Page") -> list["Request"]:
    """Return the list to which each save that is sent from now on is added."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/save") else None)
    return sent


def ended(app: "Flask", page: "Page") -> Attempt:
    with app.extensions["sessions"].read() as session:
        attempt: Attempt = session.get_one(Attempt, attempt_on(page))
        return attempt


@pytest.mark.parametrize("wrong", [timedelta(0), DAY, -DAY], ids=["right", "ahead", "behind"])
def test_the_answer_of_the_last_second_counts_when_time_is_up(
    come: "Callable[..., Visitor]", app: "Flask", hands: Hands, wrong: timedelta
) -> None:
    trainee = come("trainee")
    page = begin_out_of_time(trainee, WEDNESDAY + wrong)
    page.clock.fast_forward(LENGTH // SECOND * 1000 - 600)
    answer(page, 1, 1)
    given = shown(page, 1)
    state(page, UNSAVED)
    hands.at = WEDNESDAY + LENGTH + timedelta(milliseconds=400)
    page.clock.run_for(1000)
    expect(page.locator("body")).to_contain_text(HANDED_IN)
    assert stored(app.extensions["sessions"], page)[1][0] == given
    assert ended(app, page).ended_at == WEDNESDAY + LENGTH
    assert kept(page) == []


@pytest.mark.parametrize(("late", "counts"), [(59, True), (61, False)])
def test_what_was_made_in_time_waits_for_the_line_past_the_end(
    come: "Callable[..., Visitor]", app: "Flask", hands: Hands, late: int, *, counts: bool
) -> None:
    trainee = come("trainee")
    page = begin_out_of_time(trainee)
    page.clock.fast_forward(LENGTH // SECOND * 1000 - 5000)
    page.context.set_offline(True)
    answer(page, 1, 1)
    given = shown(page, 1)
    page.clock.run_for(6000)
    state(page, "恢复后将自动交卷")
    expect(page.locator(".asked")).to_have_attribute("inert", "")
    hands.at = WEDNESDAY + LENGTH + timedelta(seconds=late)
    page.context.set_offline(False)
    expect(page.locator("main")).to_contain_text(HANDED_IN if counts else TOO_LATE)
    assert stored(app.extensions["sessions"], page)[1][0] == (given if counts else "")
    assert ended(app, page).ended_at == WEDNESDAY + LENGTH


def test_a_review_forgets_the_journal_of_its_attempt_and_what_is_long_over(come: "Callable[..., Visitor]") -> None:
    page = begin(come("trainee"))
    others = {"quiz:1:990:5": WEDNESDAY + LENGTH, "quiz:1:991:5": WEDNESDAY - timedelta(seconds=61), "draft": WEDNESDAY}
    for name, until in others.items():
        words = json.dumps({"until": until.timestamp() * 1000, "answers": {}})
        page.evaluate("([name, words]) => localStorage.setItem(name, words)", [name, words])
    page.context.set_offline(True)
    answer(page, 1, 0)
    state(page, UNSAVED)
    assert len(kept(page)) == 3
    page.context.set_offline(False)
    state(page, SAVED)
    other = page.context.new_page()
    other.goto(page.url)
    other.context.set_offline(True)
    answer(other, 2, 0)  # stays unsaved in that tab
    hands_in(page)
    state(page, "恢复后将自动交卷")
    assert len(kept(page)) == 2
    other.evaluate("navigator.sendBeacon = () => false")  # as one that crashes: nothing follows once the line is back
    other.close()
    page.context.set_offline(False)
    expect(page.locator("main")).to_contain_text(HANDED_IN)
    assert kept(page) == ["quiz:1:990:5"]
    assert page.evaluate("'draft' in localStorage")


def test_who_signs_in_next_sees_nothing_and_takes_nothing_away(come: "Callable[..., Visitor]", app: "Flask") -> None:
    first = come("trainee")
    page = begin(first)
    theirs = page.url
    page.route("**/save", lambda route: route.abort())
    answer(page, 1, 1)
    given = shown(page, 1)
    state(page, UNSAVED)
    (journal,) = kept(page)
    page.context.clear_cookies()
    first.signs_in("admin")  # who is of the same section
    page = begin(first)
    assert page.url != theirs
    state(page, SAVED)
    assert page.locator("form#quiz :checked").count() == 0
    assert kept(page) == [journal]
    assert page.goto(theirs).status == 404  # type: ignore[union-attr]  # an answer comes
    page.context.clear_cookies()
    first.signs_in("trainee")
    page.unroute("**/save")
    page.goto(theirs)
    assert shown(page, 1) == given
    state(page, SAVED)
    assert stored(app.extensions["sessions"], page)[1][0] == given
    assert kept(page) == []


def test_signed_out_in_the_middle_and_in_again_in_another_tab(come: "Callable[..., Visitor]", app: "Flask") -> None:
    trainee = come("trainee")
    page = begin(trainee)
    answer(page, 1, 0)
    state(page, SAVED)
    door = trainee.page = page.context.new_page()
    door.goto("/account")
    door.locator("form[action$='/sign-out']").first.evaluate("(form) => form.submit()")
    door.wait_for_url("**/sign-in*")
    answer(page, 1, 1)
    answer(page, 2, 1)
    given = [shown(page, 1), shown(page, 2)]
    state(page, SIGNED_OUT)
    trainee.signs_in("admin")  # is not who is expected here
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, SIGNED_OUT)
    door.context.clear_cookies()
    trainee.signs_in("trainee")
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, SAVED)
    assert stored(app.extensions["sessions"], page)[1][:2] == given
    hands_in(page)
    expect(page.locator("main")).to_contain_text(HANDED_IN)


def test_a_refused_answer_is_told_and_not_sent_again_until_it_changes(
    come: "Callable[..., Visitor]", app: "Flask"
) -> None:
    page = begin_out_of_time(come("trainee"))
    page.locator("[name=q-1]").first.evaluate("(field) => { field.value = 'Z'; }")  # as no browser would by itself
    answer(page, 1, 0)
    answer(page, 2, 1)
    sent = saves(page)
    page.clock.run_for(1300)
    state(page, NOT_ALL)
    expect(page.locator("#question-1 [data-said]")).to_contain_text("服务器未接受这一答案")
    assert stored(app.extensions["sessions"], page)[1][:2] == ["", shown(page, 2)]
    assert len(kept(page)) == 1
    page.clock.run_for(120_000)
    assert len(sent) == 3  # both together, then each alone
    answer(page, 1, 1)
    page.clock.run_for(1300)
    state(page, SAVED)
    expect(page.locator("#question-1 [data-said]")).to_have_text("")
    assert stored(app.extensions["sessions"], page)[1][:2] == [shown(page, 1), shown(page, 2)]


def test_a_refused_answer_does_not_keep_the_others_from_being_handed_in(
    come: "Callable[..., Visitor]", app: "Flask"
) -> None:
    page = begin(come("trainee"))
    answer(page, 1, 1)
    state(page, SAVED)
    saved = shown(page, 1)
    page.locator("[name=q-1]").first.evaluate("(field) => { field.value = 'Z'; }")
    answer(page, 1, 0)
    answer(page, 2, 0)
    given = shown(page, 2)
    state(page, NOT_ALL)
    hands_in(page)
    expect(page.locator("main")).to_contain_text(HANDED_IN)
    found, answers = stored(app.extensions["sessions"], page)
    assert (found is AttemptState.IN_PROGRESS, answers[:2]) == (False, [saved, given])


def test_without_a_line_the_pauses_grow_and_the_line_ends_them(come: "Callable[..., Visitor]", app: "Flask") -> None:
    page = begin_out_of_time(come("trainee"))
    sent = saves(page)
    page.context.set_offline(True)
    answer(page, 1, 0)
    page.clock.run_for(1300)
    for number, pause in enumerate((2, 4, 8, 16, 30, 30), start=1):
        expect(page.locator("[data-state]")).to_have_text(re.compile(UNSAVED))
        assert len(sent) == number
        page.clock.run_for(pause * 1000 - 400)
        answer(page, 1, number % 2)  # what is changed meanwhile goes with the next
        assert len(sent) == number
        with page.expect_request("**/save"):
            page.clock.run_for(500)
    state(page, UNSAVED)
    page.context.set_offline(False)
    state(page, SAVED)
    assert stored(app.extensions["sessions"], page) == (AttemptState.IN_PROGRESS, [shown(page, 1), "", "", "", ""])


def test_who_hands_in_is_told_what_has_no_answer(come: "Callable[..., Visitor]", app: "Flask") -> None:
    trainee = come("trainee")
    page = begin(trainee)
    for position in (1, 3):
        answer(page, position, 0)
    button = page.locator("form#quiz button.primary")
    button.click()
    gaps = page.locator("[data-gaps]")
    expect(gaps).to_contain_text("尚未作答：第 2, 4, 5 题")
    page.evaluate("scrollTo(0, 0)")  # where the bars cover no part of a box
    assert trainee.hurdles(360) == []
    gaps.get_by_role("link", name="4").click()
    expect(page.locator("#question-4")).to_be_in_viewport()
    answer(page, 4, 0)
    button.click()  # somebody went on: asked once more
    expect(gaps).to_contain_text("尚未作答：第 2, 5 题")
    assert stored(app.extensions["sessions"], page)[0] is AttemptState.IN_PROGRESS
    button.click()
    expect(page.locator("main")).to_contain_text(HANDED_IN)
    assert ended(app, page).ended_at == WEDNESDAY


def test_who_goes_on_while_handing_in_waits_for_the_line_has_not_handed_in(
    come: "Callable[..., Visitor]", app: "Flask"
) -> None:
    page = begin_out_of_time(come("trainee"))
    for position in range(1, 6):
        answer(page, position, 0)
    page.clock.run_for(1300)
    state(page, SAVED)
    page.context.set_offline(True)
    hands_in(page)
    state(page, "恢复后将自动交卷")
    answer(page, 1, 1)
    state(page, UNSAVED)
    page.context.set_offline(False)
    page.clock.run_for(60_000)
    state(page, SAVED)
    page.clock.run_for(60_000)
    state(page, SAVED)
    found, answers = stored(app.extensions["sessions"], page)
    assert (found, answers[0]) == (AttemptState.IN_PROGRESS, shown(page, 1))
    hands_in(page)
    page.clock.run_for(1000)
    expect(page.locator("main")).to_contain_text(HANDED_IN)


def test_a_second_press_changes_nothing(come: "Callable[..., Visitor]", app: "Flask") -> None:
    page = begin(come("trainee"))
    for position in range(1, 6):
        answer(page, position, 0)
    with page.expect_navigation():
        page.locator("form#quiz button.primary").dblclick()
    expect(page.locator("main")).to_contain_text(HANDED_IN)
    expect(page.locator("main")).not_to_contain_text("此前已交卷")
    assert ended(app, page).ended_at == WEDNESDAY


def test_a_device_that_slept_learns_what_time_it_is(come: "Callable[..., Visitor]", hands: Hands) -> None:
    page = begin(come("trainee"))
    expect(page.locator("[data-clock]")).to_have_text(re.compile("^(30:00|29:5.)$"))
    hands.at = WEDNESDAY + timedelta(minutes=10)
    # asleep, the device's day goes on, and what measures the time on the page does not
    page.evaluate("(() => { const slept = Date.now() + 600000; Date.now = () => slept; })()")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-clock]")).to_have_text(re.compile("^(20:00|19:5.)$"))
