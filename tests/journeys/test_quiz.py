"""Taking a quiz on a phone: nothing that was typed is lost, and nobody is told "saved" who is not."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from scheduler.people.models import Person
from scheduler.quizzes.models import Attempt, Question
from scheduler.quizzes.terms.attempts import AttemptState

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from playwright.sync_api import Locator, Page

    from tests.journeys.visitor import Visitor

SAVED, UNSAVED = "全部已保存", "尚未保存"


def begin(page: "Page") -> None:
    page.goto("/quizzes")
    page.locator("main a.primary").first.click()
    page.locator("main form[action$='/start'] button").click()
    expect(page.locator("[data-state]")).to_have_text(SAVED)


def boxes(page: "Page", number: int) -> "Locator":
    """Return what can be ticked at a question."""
    return page.locator(f"#question-{number} input:not([type=hidden])")


def kept(app: "Flask") -> dict[int, str]:
    """Return what the server holds of the trainee's running or newest attempt, by position."""
    with app.extensions["sessions"].read() as session:
        newest = (
            select(Attempt.id)
            .join(Person, Person.id == Attempt.person_id)
            .where(Person.staff_no == "trainee")
            .order_by(Attempt.id.desc())
            .limit(1)
        )
        rows = session.scalars(select(Question).where(Question.attempt_id == session.scalar(newest)))
        return {row.position: row.answer for row in rows if row.answer}


def test_what_is_answered_survives_the_line_a_reload_and_a_second_tab(
    app: "Flask", come: "Callable[..., Visitor]"
) -> None:
    page = come("trainee").page
    begin(page)
    state = page.locator("[data-state]")
    sizes = {number: boxes(page, number).count() for number in range(1, 6)}
    chosen = next(number for number, size in sizes.items() if size > 2)
    another = next(number for number in sizes if number != chosen)
    boxes(page, chosen).nth(1).check()
    expect(state).to_have_text(SAVED)
    page.reload()
    expect(boxes(page, chosen).nth(1)).to_be_checked()
    assert set(kept(app)) == {chosen}

    page.context.set_offline(True)
    boxes(page, another).nth(0).check()
    expect(state).to_contain_text(UNSAVED)
    expect(page.locator(f"#question-{another}")).to_have_class("card unsaved")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(state).to_have_text(SAVED)
    assert set(kept(app)) == {chosen, another}

    other = page.context.new_page()
    other.goto(page.url)
    boxes(other, chosen).nth(0).check()
    expect(other.locator("[data-state]")).to_have_text(SAVED)
    theirs = kept(app)[chosen]
    boxes(page, chosen).nth(2).check()
    said = page.locator(f"#question-{chosen} [data-said]")
    expect(said).to_contain_text("另一标签页")
    assert kept(app)[chosen] == theirs
    said.get_by_role("button", name="保留我的").click()
    expect(state).to_have_text(SAVED)
    assert kept(app)[chosen] != theirs

    page.get_by_role("button", name="交卷").click()
    expect(page.locator("main")).to_contain_text("您的答案已妥善保存")
    assert page.evaluate("Object.values(localStorage).filter((value) => value !== '{}').length") == 0


def test_what_was_not_sent_survives_a_reload(app: "Flask", come: "Callable[..., Visitor]") -> None:
    page = come("trainee").page
    page.add_init_script("navigator.sendBeacon = () => false")  # as if the device were switched off
    begin(page)
    page.route("**/save", lambda route: route.abort())
    page.locator("#question-3 input:not([type=hidden])").nth(0).check()
    expect(page.locator("[data-state]")).to_contain_text(UNSAVED)
    page.reload()
    expect(page.locator("#question-3 input:not([type=hidden])").nth(0)).to_be_checked()
    expect(page.locator("[data-state]")).to_contain_text(UNSAVED)
    assert kept(app) == {}
    page.unroute("**/save")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-state]")).to_have_text(SAVED)
    assert set(kept(app)) == {3}


def test_it_works_without_script(app: "Flask", come: "Callable[..., Visitor]") -> None:
    page = come("trainee", script=False).page
    page.goto("/quizzes")
    page.locator("main a.primary").first.click()
    page.locator("main form[action$='/start'] button").click()
    page.locator("#question-1 input[type=radio], #question-1 input[type=checkbox]").first.check()
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator(".notices")).to_contain_text("已保存")
    assert set(kept(app)) == {1}
    page.locator("#question-2 input[type=radio], #question-2 input[type=checkbox]").first.check()
    page.get_by_role("button", name="交卷").click()
    assert set(kept(app)) == {1, 2}
    with app.extensions["sessions"].read() as session:
        states = session.scalars(select(Attempt.state).order_by(Attempt.id.desc()).limit(1)).all()
    assert states == [AttemptState.GRADED]
