# ruff: noqa: INP001 - pages and their pictures are no package
"""Takes the guides' screenshots: `python -m docs.make_screenshots`, from the product's folder.

The demo city is loaded into a database of its own and served at an instant that stands still, so pictures change only
when pages do.
"""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from config import Settings
from scheduler import demo
from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.app import create_app
from scheduler.core import clock, migrating
from scheduler.lectures.models import Evening
from tests.harness import browser as browsers

WEDNESDAY = datetime(2026, 11, 18, 2, tzinfo=UTC)
PICTURES = Path(__file__).resolve().parent / "screenshots"
LARGEST = 120 * 1024
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
_PHONE, _DESK = (360, 740), (1280, 800)


def main() -> None:
    """Take all pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with served() as (address, password, evening_id), sync_playwright() as playwright:
        found = browsers.installed() or browsers.downloaded()
        browser = playwright.chromium.launch(executable_path=found, args=list(browsers.ARGUMENTS))
        for name, locale in LANGUAGES.items():
            take(browser, address, password, evening_id, name, locale)
        browser.close()
    heavy = [picture.name for picture in PICTURES.glob("*.png") if picture.stat().st_size > LARGEST]
    if heavy:
        msg = f"larger than {LARGEST} bytes: {', '.join(heavy)}"
        raise SystemExit(msg)


def take(browser: Browser, address: str, password: str, evening_id: int, name: str, locale: str) -> None:
    """Take the pictures of one language."""
    page = sign_in(browser, address, locale, "trainee", password)
    shoot(page, f"week.{name}", _PHONE)
    page.goto("/schedule")
    shoot(page, f"schedule.{name}", _DESK)
    page.goto("/subscriptions")
    page.locator("main form[action='/subscriptions/mine'] button").click()
    shoot(page, f"subscription.{name}", _PHONE)
    page.goto("/quizzes")
    page.locator("main a.primary").first.click()
    begin = page.locator("main form[action$='/start'] button")
    if begin.count():  # the second language goes on with the attempt
        begin.click()
    page.locator("main input[type=radio]").first.check()
    page.get_by_text({"zh": "全部已保存", "en": "All saved"}[name]).wait_for()
    shoot(page, f"quiz.{name}", _PHONE)
    page = sign_in(browser, address, locale, "mentor", password)
    page.goto("/mentoring")
    page.locator("main a.primary").first.click()
    shoot(page, f"guidance.{name}", _PHONE)
    page = sign_in(browser, address, locale, "admin", password)
    page.goto("/mentoring/months")
    shoot(page, f"month.{name}", _DESK)
    page.goto("/obligations")
    page.get_by_role("link", name={"zh": "每月指导", "en": "Guidance each month"}[name]).click()
    shoot(page, f"obligation.{name}", _DESK)
    page.goto("/quizzes/schedules")
    page.locator("main table th a").first.click()
    shoot(page, f"quizzes.{name}", _DESK)
    page.goto("/quizzes/sittings")
    page.locator("main table a[href$='/results']").first.click()
    shoot(page, f"rates.{name}", _DESK)
    page.goto("/office/")
    shoot(page, f"year.{name}", _DESK, from_=".year-rows > :nth-child(9)")
    page.goto("/office/imports")
    page.locator("[name=workbook]").set_input_files(PICTURES.parents[1] / "tests" / "data" / "year-plan-2026.xlsx")
    page.locator("main form button.primary").click()
    page.locator("main form[action$='/start']").wait_for()
    shoot(page, f"import.{name}", _DESK)
    page.goto(f"/lectures/evenings/of/{evening_id}")
    page.locator("[name=day]").fill("2026-11-20")
    page.locator("[name=starts]").fill("14:30")
    page.locator("[name=ends]").fill("17:00")
    page.locator("[name=reason]").fill("主讲人航班晚点")
    page.locator("main form button.primary").click()
    page.locator("[name=confirmed]").wait_for()
    shoot(page, f"clash.{name}", _DESK)
    page.goto("/export")
    shoot(page, f"export.{name}", _PHONE)


def sign_in(browser: Browser, address: str, locale: str, staff_no: str, password: str) -> Page:
    """Return the page of somebody who has just signed in."""
    page = browser.new_context(base_url=address, locale=locale, timezone_id="Asia/Shanghai").new_page()
    page.goto("/sign-in")
    page.fill("[name=staff_no]", staff_no)
    page.fill("[name=password]", password)
    page.locator("main form button").click()
    page.wait_for_url("**/")
    return page


def shoot(page: Page, name: str, size: tuple[int, int], *, from_: str = "body") -> None:
    """Take a picture of the open page, from the first element that `from_` selects downwards."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.locator(from_).first.evaluate("element => element.scrollIntoView({block: 'start', behavior: 'instant'})")
    page.screenshot(path=PICTURES / f"{name}.png")


@contextmanager
def served() -> Iterator[tuple[str, str, int]]:
    """Serve the demo city; yields its address, everybody's password, and an evening that is to come."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        settings = Settings("s" * 48, f"sqlite:///{folder}/demo.sqlite3", address, run_jobs=False)
        app = create_app(settings)
        edges = app.extensions["sessions"]
        migrating.upgrade(edges.engine)
        with edges.write() as session:
            demo.load(session, settings, WEDNESDAY)
        with edges.read() as session:
            coming = (
                select(Activity.id)
                .join(Evening, Evening.activity_id == Activity.id)
                .where(Activity.starts_at > WEDNESDAY, Activity.status == ActivityStatus.SCHEDULED)
                .order_by(Activity.starts_at)
            )
            evening_id = session.scalars(coming).first()
        inner = app.wsgi_app

        def held(environ: Any, start_response: Any) -> Any:
            with clock.fixed(WEDNESDAY):
                return inner(environ, start_response)

        app.wsgi_app = held  # type: ignore[method-assign]  # Flask's documented hook
        server = create_server(app, sockets=[door], threads=4, clear_untrusted_proxy_headers=True)
        threading.Thread(target=server.run, daemon=True).start()
        yield address, demo.demo_password(settings), evening_id
        server.close()
        edges.engine.dispose()


if __name__ == "__main__":
    main()
