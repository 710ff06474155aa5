"""The trainee takes a quiz on a phone: saved as it goes, without a line, in two tabs, without scripts."""

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import Error, expect

from scheduler.quizzes.terms.attempts import AttemptState
from tests.journeys.quiz_taking import (
    HANDED_IN,
    SAVED,
    SAVED_FORM,
    UNSAVED,
    answer,
    begin,
    hands_in,
    shown,
    state,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from playwright.sync_api import Route

    from tests.journeys.visitor import Visitor

LOOK, KEEP_MINE = "未全部保存", "保留我的"


def test_saves_as_it_goes_and_hands_in(come: "Callable[..., Visitor]", app: "Flask") -> None:
    trainee = come("trainee")
    page = begin(trainee)
    for position in range(1, 5):
        answer(page, position, position % 2)
    state(page, UNSAVED)
    state(page, SAVED)
    given = [shown(page, position) for position in range(1, 6)]
    assert all(given[:4])
    assert stored(app.extensions["sessions"], page) == (AttemptState.IN_PROGRESS, given)
    page.reload()
    state(page, SAVED)
    assert [shown(page, position) for position in range(1, 6)] == given
    assert trainee.too_wide() == []
    answer(page, 5, 0)  # and hands in before it is saved
    given[4] = shown(page, 5)
    trainee.sends()
    expect(page.locator("body")).to_contain_text(HANDED_IN)
    state_now, answers = stored(app.extensions["sessions"], page)
    assert state_now is not AttemptState.IN_PROGRESS
    assert answers == given
    page.goto("/quizzes")
    assert "已交卷" in trainee.text()


def test_without_a_line_nothing_is_lost(come: "Callable[..., Visitor]", app: "Flask") -> None:
    page = begin(come("trainee"))
    line = page.context
    answer(page, 1, 0)
    state(page, SAVED)
    line.set_offline(True)
    answer(page, 2, 1)
    state(page, UNSAVED)
    expect(page.locator("#question-2")).to_have_class(re.compile("unsaved"))
    line.set_offline(False)
    state(page, SAVED)
    expect(page.locator("#question-2")).not_to_have_class(re.compile("unsaved"))
    line.set_offline(True)
    answer(page, 1, 1)
    state(page, UNSAVED)
    given, address = [shown(page, 1), shown(page, 2)], page.url
    with suppress(Error):  # there is no line to load it by
        page.reload()
    line.set_offline(False)
    page.goto(address)
    assert [shown(page, 1), shown(page, 2)] == given
    state(page, SAVED)
    assert stored(app.extensions["sessions"], page)[1][:2] == given


def test_a_reply_that_is_lost_is_no_other_tab(come: "Callable[..., Visitor]", app: "Flask") -> None:
    page = begin(come("trainee"))
    lost = []

    def loses_the_reply(route: "Route") -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/save", loses_the_reply, times=1)
    with page.expect_event("requestfailed"):
        answer(page, 1, 0)
    assert lost
    state(page, UNSAVED)
    answer(page, 1, 1)
    state(page, SAVED)
    assert stored(app.extensions["sessions"], page)[1][0] == shown(page, 1)


def test_a_second_tab_is_told_and_chooses(come: "Callable[..., Visitor]", app: "Flask") -> None:
    page = begin(come("trainee"))
    other = page.context.new_page()
    other.goto(page.url)
    answer(other, 1, 0)
    state(other, SAVED)
    answer(page, 1, 1)
    said = page.locator("#question-1 [data-said]")
    expect(said).to_contain_text(shown(other, 1))
    state(page, UNSAVED)
    assert stored(app.extensions["sessions"], page)[1][0] == shown(other, 1)
    hands_in(page)  # who does so now has not seen it
    expect(page.locator("body")).to_contain_text(LOOK)
    expect(said).to_contain_text(shown(other, 1))
    assert stored(app.extensions["sessions"], page)[0] is AttemptState.IN_PROGRESS
    said.get_by_role("button", name=KEEP_MINE).click()
    state(page, SAVED)
    assert stored(app.extensions["sessions"], page)[1][0] == shown(page, 1)
    assert shown(page, 1) != shown(other, 1)
    other.reload()
    assert shown(other, 1) == shown(page, 1)


def test_takes_it_without_scripts(come: "Callable[..., Visitor]", app: "Flask") -> None:
    trainee = come("trainee", script=False)
    page = begin(trainee)
    for position in range(1, 6):
        answer(page, position, 1)
    given = [shown(page, position) for position in range(1, 6)]
    page.locator("button[formaction$='/save']").click()
    expect(page.locator("body")).to_contain_text(SAVED_FORM)
    assert stored(app.extensions["sessions"], page) == (AttemptState.IN_PROGRESS, given)
    assert [shown(page, position) for position in range(1, 6)] == given
    trainee.sends()
    expect(page.locator("body")).to_contain_text(HANDED_IN)
    assert stored(app.extensions["sessions"], page)[0] is not AttemptState.IN_PROGRESS
