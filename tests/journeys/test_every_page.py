"""Every page, as the admin sees it, or whom it is for: nobody is kept out, nothing goes sideways, no word is another language's."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scheduler.agenda.terms import ActivityStatus
from scheduler.demo.words import PERSONAS
from tests.journeys.conftest import WEDNESDAY
from tests.journeys.pages import NO_PAGES, PAGES, READERS, session_of
from tests.journeys.visitor import DESK, PHONE, Visitor
from tests.office.workbooks import YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from flask import Flask

SLICES = sorted({endpoint.partition(".")[0] for endpoint in PAGES})
BANK = Path(__file__).parents[1] / "data" / "item-bank.xlsx"
_GONE = 410
_NAMES = {
    "Add Account",
    "Aiken",
    "Android",
    "Chrome",
    "Ctrl",
    "English",
    "Excel",
    "WPS",
    "Word",
    "docx",
    "Linux",
    "Moodle",
    "Outlook",
    "ics",
    "txt",
    "zip",
    "xml",
    "xls",
    "xlsx",
}
"""Words that are the same in Chinese: names of products and of kinds of files."""


def test_the_list_holds_every_page(app: "Flask") -> None:
    found = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert sorted(found ^ (PAGES.keys() | NO_PAGES.keys())) == []


@pytest.mark.parametrize(
    ("slice_name", "instant"),
    # the work on an upload has a clock of its own, so the server's may not stand still
    [(name, None if name == "office" else WEDNESDAY) for name in SLICES],
    indirect=["instant"],
    ids=SLICES,
)
def test_every_page_is_open_to_everybody(app: "Flask", come: "Callable[..., Visitor]", slice_name: str) -> None:
    _prepare(app, admin := come("admin"), slice_name)
    found = []
    endpoints = {endpoint for endpoint in PAGES if endpoint.partition(".")[0] == slice_name}
    readers = sorted({READERS.get(endpoint, "admin") for endpoint in endpoints} - {"admin"})
    seen = {"admin": admin, **{reader: come(reader) for reader in readers}}
    seen_in_english = {reader: come(reader, language="en-GB") for reader in seen}
    for endpoint, address in addresses(app, endpoints).items():
        reader = READERS.get(endpoint, "admin")
        chinese, english = seen[reader], seen_in_english[reader]
        answer = chinese.page.goto(address)
        assert answer is not None
        assert answer.ok or answer.status == _GONE, f"{endpoint} {address}: {answer.status}"
        found += [f"{endpoint}: {hurdle}" for hurdle in [*chinese.too_wide(), *chinese.hurdles(PHONE)]]
        found += [f"{endpoint}: not Chinese: {word}" for word in _latin_words(chinese.text())]
        english.page.goto(address)
        found += [f"{endpoint} in English: {too_wide}" for too_wide in english.too_wide()]
        found += [f"{endpoint}: unfinished: {word}" for word in re.findall(r"%\(\w+\)s|\bNone\b", english.text())]
    found += [f"{slice_name}: {hurdle}" for hurdle in admin.hurdles(DESK)]  # the frame of a wide screen, once
    assert not found, "\n".join(found)


def addresses(app: "Flask", endpoints: "Collection[str]") -> dict[str, str]:
    """Return an address that exists for each of the pages."""
    found = {}
    with app.extensions["sessions"].read() as session, app.test_request_context():
        for endpoint in sorted(endpoints):
            parts = PAGES[endpoint](session)
            assert None not in parts.values(), f"the demo has nothing for {endpoint}"
            found[endpoint] = app.url_for(endpoint, **parts)
    return found


def _prepare(app: "Flask", admin: Visitor, slice_name: str) -> None:
    """Bring about what the demo has not: a subscription, a workbook that was tried out, a session that is off."""
    if slice_name == "feeds":
        admin.page.goto("/subscriptions")
        admin.taps_on("form[action='/subscriptions/mine'] button")
    elif slice_name == "office":
        admin.uploads(YEAR)
        admin.page.goto("/office/bots/add")
        admin.fills(name="财政局群", url="https://10.0.0.1/0")
        admin.main("[name=strands]").first.check()
        admin.sends()
    elif slice_name == "quizzes":
        admin.page.goto("/quizzes/bank/import")
        admin.main("input[type=file]").set_input_files(BANK)
        admin.sends()
    elif slice_name == "classes":
        with app.extensions["sessions"].read() as session, app.test_request_context():
            parts = session_of(ActivityStatus.SCHEDULED)(session)
            address = app.url_for("classes.cancel_session", **parts)
        admin.page.goto(address)
        admin.fills(reason="授课人生病")
        admin.taps_on("form[method=post] button[type=submit]")


def _latin_words(text: str) -> set[str]:
    """Return words of a Chinese page that a reader would take for English."""
    known = _NAMES | {one.staff_no for one in PERSONAS}
    text = re.sub(r"\{\w+\}|\S+\.xlsx", "", text)  # places to fill in; names of files
    return set(re.findall(r"\b[A-Z]?[a-z]{3,}(?: [a-z]+)*\b", text)) - known
