"""Whoever has no role, and whoever is not known at all."""

from typing import TYPE_CHECKING

from tests.journeys.pages import PAGES
from tests.journeys.test_every_page import addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from playwright.sync_api import Page

    from tests.journeys.visitor import Visitor

OWN = {
    "people.own_account",
    "people.change_password",
    "people.sign_in",
    "people.use_link",
    "mentoring.confirm",
    "notices.mute_by_link",
}
"""One's own account, the door, and what a link opens to whoever holds it."""
MADE_BY_HAND = {
    "feeds.ask_to_revoke",
    "office.change_bot",
    "office.delete_bot",
    "office.show_import",
    "classes.restore_session",
    "quizzes.show_item_file",
}
"""Pages about things that the demo city does not hold."""


def _shut(app: "Flask") -> dict[str, str]:
    return addresses(app, PAGES.keys() - OWN - MADE_BY_HAND)


def test_somebody_without_a_role_finds_only_the_own_account(come: "Callable[..., Visitor]", app: "Flask") -> None:
    outsider = come("outsider")
    assert outsider.page.url.endswith("/account")
    answers = {endpoint: outsider.page.request.get(path).status for endpoint, path in _shut(app).items()}
    assert {endpoint: status for endpoint, status in answers.items() if status != 404} == {}
    assert outsider.page.locator("nav.rail a, nav.tabbar a").count() == 0


def test_a_stranger_is_led_to_the_door_and_back(page: "Page", app: "Flask") -> None:
    for path in _shut(app).values():
        answer = page.request.get(path, max_redirects=0)
        assert (answer.status, answer.headers["location"].partition("?")[0]) == (302, "/sign-in"), path


def test_after_signing_in_one_is_where_one_wanted_to_go(come: "Callable[..., Visitor]") -> None:
    visitor = come()
    visitor.page.goto("/schedule?view=month&day=2026-12-01")
    visitor.fills(staff_no="trainee", password=visitor.password)
    visitor.sends()
    visitor.page.wait_for_url("**/schedule?view=month&day=2026-12-01")
