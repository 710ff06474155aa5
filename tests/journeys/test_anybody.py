"""What everybody may count on: one's language, the keyboard, a browser without scripts, paper."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.journeys.visitor import DESK

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

_A4 = (595, 842)
_LANDSCAPE = (842, 595)


def test_the_language_is_changed_once_and_kept(come: "Callable[..., Visitor]") -> None:
    visitor = come("trainee")
    visitor.page.goto("/schedule?view=list")
    visitor.page.locator("header details.menu summary").click()
    visitor.page.locator("header button[value=en]").click()
    visitor.page.wait_for_url("**/schedule?view=list")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    assert visitor.page.get_by_role("heading", level=1).inner_text() == "My schedule"
    again = come("trainee")
    assert again.page.locator("html").get_attribute("lang") == "en", "another device, the same reader"


def test_keys_are_enough(come: "Callable[..., Visitor]") -> None:
    visitor = come(width=DESK)
    page = visitor.page
    page.goto("/sign-in")
    page.keyboard.type("trainee")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(visitor.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null"), "the skip link leads past the menu"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        where = page.evaluate("document.activeElement.getAttribute('href')")
        if where == "/schedule":
            break
        seen.add(where)
    page.keyboard.press("Enter")
    page.wait_for_url("**/schedule")
    focus = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert focus is not None


def test_a_browser_without_scripts_does_it_all(come: "Callable[..., Visitor]") -> None:
    trainee = come("trainee", script=False)
    assert trainee.main("a[href^='/activities/']").count() > 0
    trainee.page.goto("/subscriptions")
    trainee.taps_on("form[action='/subscriptions/mine'] button")
    assert trainee.main("input[readonly]").first.input_value().endswith(".ics")
    trainee.page.goto("/schedule?scope=organisation")
    trainee.main("[name=kind]").select_option("lecture")
    trainee.taps_on("form.filters button[type=submit]")
    assert "kind=lecture" in trainee.page.url
    trainee.page.locator("header details.menu summary").click()
    trainee.page.locator("header form[action='/sign-out'] button").click()
    trainee.page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("path", ["/", "/schedule?view=month", "/schedule?view=list", "/export/print"])
def test_paper_is_a4_and_bears_no_menu(come: "Callable[..., Visitor]", path: str) -> None:
    visitor = come("trainee", width=DESK)
    visitor.page.goto(path)
    paper = visitor.page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper)
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} <= {_A4, _LANDSCAPE}
    assert boxes
    visitor.page.emulate_media(media="print")
    for part in ("nav.rail", "nav.tabbar", "header details.menu", ".doers"):
        assert [one for one in visitor.page.locator(part).all() if one.is_visible()] == [], part
    visitor.page.emulate_media(media="screen")
