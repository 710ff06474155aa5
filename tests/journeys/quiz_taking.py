"""What people do with a quiz in a browser, and what the server holds of it."""

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from scheduler.quizzes.models import Attempt, Question
from scheduler.quizzes.rules.grading import shown_answer
from scheduler.quizzes.terms.attempts import AttemptState

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from scheduler.core.database import Sessions
    from tests.journeys.visitor import Visitor

SAVED, UNSAVED, SAVED_FORM = "全部已保存", "尚未保存", "已保存。"
HANDED_IN = "已交卷。"


def begin(visitor: "Visitor") -> "Page":
    """Begin the quiz that is open now."""
    visitor.page.goto("/quizzes")
    visitor.taps_on("a[href$='/start']")
    visitor.sends()
    visitor.page.wait_for_url("**/quizzes/attempts/*")
    return visitor.page


def answer(page: "Page", position: int, choice: int) -> None:
    """Give the first or the second answer that there is to a question."""
    fields = page.locator(f"[name=q-{position}]")
    if fields.first.get_attribute("type") in {"radio", "checkbox"}:
        for box in page.locator(f"[type=checkbox][name=q-{position}]:checked").all():
            box.uncheck()
        fields.nth(choice).check()
    else:
        fields.fill(f"答{choice}")


def shown(page: "Page", position: int) -> str:
    """Return the answer that the page shows."""
    fields = page.locator(f"[name=q-{position}]")
    if fields.first.get_attribute("type") in {"radio", "checkbox"}:
        return "".join(str(box.get_attribute("value")) for box in fields.all() if box.is_checked())
    return fields.input_value()


def attempt_on(page: "Page") -> int:
    """Return the id of the attempt that is open."""
    found = re.search(r"/attempts/(\d+)", page.url)
    assert found, page.url
    return int(found[1])


def stored(sessions: "Sessions", page: "Page") -> tuple[AttemptState, list[str]]:
    """Return the state of the attempt on the page, and the answers that the server holds, as this person sees them."""
    attempt_id = attempt_on(page)
    with sessions.read() as session:
        questions = session.scalars(
            select(Question).where(Question.attempt_id == attempt_id).order_by(Question.position)
        )
        return session.get_one(Attempt, attempt_id).state, [shown_answer(one.answer, one.order) for one in questions]


def state(page: "Page", words: str) -> None:
    """Wait until the bar over the questions says this."""
    expect(page.locator("[data-state]")).to_contain_text(words)


def hands_in(page: "Page") -> None:
    """Hand in for good, whatever has no answer."""
    button = page.locator("form#quiz button.primary")
    button.click()
    if page.locator("[data-gaps]").inner_text():
        button.click()
