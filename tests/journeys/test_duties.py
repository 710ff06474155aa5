"""The office person who answers for what is owed: a figure down to its rows, another number, a waiver, the ledger."""

import io
from typing import TYPE_CHECKING

import openpyxl
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.obligations.models import Obligation, Waiver
from scheduler.obligations.terms import Metric

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.journeys.visitor import Visitor

REASON = "援疆一年，本月不作要求"


def guidance(app: "Flask") -> int:
    with app.extensions["sessions"].read() as session:
        found = select(Obligation.id).where(Obligation.metric == Metric.GUIDANCE, Obligation.ends_on.is_(None))
        return int(session.scalars(found).one())


def at_the_guidance(come: "Callable[..., Visitor]", app: "Flask", width: int = 360) -> "Visitor":
    office = come("admin", width=width)
    office.page.goto("/obligations")
    office.taps_on(f"a[href='/obligations/{guidance(app)}']")
    return office


def test_opens_a_figure_down_to_its_rows(come: "Callable[..., Visitor]", app: "Flask") -> None:
    office = at_the_guidance(come, app)
    office.taps_on("tbody th a")  # a unit
    office.taps_on("tbody th a")  # a pairing of it
    assert "←" in office.main("h1").inner_text()
    office.taps_on("a[rel=prev]")  # nothing is done yet this month; the month before
    office.main("a[href^='/mentoring/records/']").first.wait_for()
    office.taps_on("a[href^='/mentoring/records/']")
    assert "/mentoring/records/" in office.page.url
    assert office.taps == 5


def test_tries_three_a_month_and_nothing_is_changed(come: "Callable[..., Visitor]", app: "Flask") -> None:
    office = at_the_guidance(come, app)
    owed = office.main(".tile").first.inner_text()
    office.fills(number="3")
    office.taps_on("form[role=search] button")
    assert "试算" in office.text()
    assert office.main(".tile").first.inner_text() != owed
    office.main(".note a").first.click()
    assert office.main(".tile").first.inner_text() == owed
    with app.extensions["sessions"].read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.verb == "revise")).all() == []


def test_waives_one_with_a_reason_and_takes_it_back(come: "Callable[..., Visitor]", app: "Flask") -> None:
    office = at_the_guidance(come, app)
    office.taps_on("a[href*='show=behind']")
    office.taps_on("tbody th a")
    office.fills(reason=REASON)
    office.taps_on("form[action*='/waive'] button")
    office.main("form[action*='/lift']").first.wait_for()
    assert REASON in office.text()
    with app.extensions["sessions"].read() as session:
        assert session.scalars(select(Waiver.reason).where(Waiver.lifted_at.is_(None))).all() == [REASON]
    office.taps_on("form[action*='/lift'] button")
    office.main("form[action*='/waive']").first.wait_for()
    with app.extensions["sessions"].read() as session:
        waiver = session.scalars(select(Waiver).where(Waiver.reason == REASON)).one()
        assert waiver.lifted_by
    assert REASON in office.text(), "what was waived and taken back stays on record"


def test_takes_the_ledger_along_and_prints_it(come: "Callable[..., Visitor]", app: "Flask") -> None:
    office = at_the_guidance(come, app, width=1280)
    with office.page.expect_download() as told:
        office.taps_on("a[href*='as=xlsx']")
    book = openpyxl.load_workbook(io.BytesIO(told.value.path().read_bytes()))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][0] == "责任主体"
    assert len(rows) > 1
    office.page.emulate_media(media="print")
    assert office.main("nav.no-print").first.is_hidden()
    assert office.main("table").first.is_visible()
    assert len(office.page.pdf(format="A4")) > 1000
    office.page.emulate_media(media="screen")
    office.taps_on("tbody th a")
    office.taps_on("tbody th a")
    with office.page.expect_download() as told:
        office.taps_on("a[href*='as=xlsx']")
    assert told.value.suggested_filename.endswith(".xlsx")
