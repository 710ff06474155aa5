"""The mentor: my own week, guidance recorded in a minute, and the lecture series that I follow."""

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from scheduler.lectures.models import Series
from scheduler.mentoring.models import GuidanceRecord
from scheduler.office.terms.burden import CONFIRMING, FILING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from tests.journeys.visitor import Visitor


def test_leaves_a_series_and_joins_it_again(come: "Callable[..., Visitor]", app: "Flask") -> None:
    with app.extensions["sessions"].read() as session:
        series_id = session.scalars(select(Series.id).order_by(Series.id)).first()
    mentor = come("mentor")
    leave, join = (f"form[action='/lectures/series/{series_id}/{act}'] button" for act in ("unsubscribe", "subscribe"))
    mentor.page.goto("/lectures")
    mentor.taps_on(leave)
    mentor.main(join).first.wait_for()
    mentor.taps_on(join)
    mentor.main(leave).first.wait_for()


def test_sees_the_own_week_and_month(come: "Callable[..., Visitor]") -> None:
    mentor = come("mentor")
    assert mentor.main("a[href^='/activities/']").count() > 0
    mentor.taps_on("a[href='/schedule']")
    mentor.taps_on("a[href*='view=month']")
    assert mentor.main("a[href^='/activities/']").count() > 0


def test_records_guidance_within_the_budget_and_the_mentee_confirms_by_the_code(
    come: "Callable[..., Visitor]", app: "Flask"
) -> None:
    mentor = come("mentor")
    mentor.taps_on("a[href$='/guidance']")
    assert mentor.main("form .must").count() <= FILING.fields
    mentor.fills(text="一起看了年终总结的提纲。")
    mentor.sends()
    mentor.main("form[action$='/link']").wait_for()
    assert mentor.taps <= FILING.taps
    mentor.taps_on("form[action$='/link'] button")
    path = mentor.main("#link").input_value().partition("/confirm/")[2]
    mentee = come()
    mentee.page.goto(f"/confirm/{path}")
    assert "一起看了年终总结的提纲。" in mentee.text()
    mentee.taps_on("form[method=post] button.primary")
    mentee.page.wait_for_function("() => !document.querySelector('main form')")
    assert mentee.taps <= CONFIRMING.taps
    with app.extensions["sessions"].read() as session:
        newest = session.scalars(select(GuidanceRecord).order_by(GuidanceRecord.id.desc()).limit(1)).one()
    assert newest.confirmation == "confirmed"


def test_what_is_typed_survives_a_closed_page(come: "Callable[..., Visitor]") -> None:
    mentor = come("mentor")
    mentor.taps_on("a[href$='/guidance']")
    address = mentor.page.url
    with mentor.page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.status == 204):
        mentor.main("[name=text]").press_sequentially("还没写完")
    mentor.page.goto("/")
    mentor.page.goto(address)
    assert mentor.main("[name=text]").input_value() == "还没写完"
    elsewhere = come("mentor")
    elsewhere.page.goto(address.partition("/mentoring")[1] + address.partition("/mentoring")[2])
    assert elsewhere.main("[name=text]").input_value() == "还没写完"


def test_a_draft_is_kept_without_script(come: "Callable[..., Visitor]") -> None:
    mentor = come("mentor", script=False)
    mentor.taps_on("a[href$='/guidance']")
    address = mentor.page.url
    mentor.fills(text="没有脚本也能存")
    mentor.taps_on("form button[formaction$='/draft']")
    mentor.page.goto(address)
    assert mentor.main("[name=text]").input_value() == "没有脚本也能存"


def test_a_planned_meeting_becomes_a_record(come: "Callable[..., Visitor]") -> None:
    mentor = come("mentor")
    mentor.page.goto("/mentoring")
    mentor.taps_on("a[href*='?activity=']")
    assert mentor.main("[name=minutes]").input_value() == "45"
    mentor.fills(text="按约定的时间修改了文稿。")
    mentor.sends()
    mentor.main("form[action$='/link']").wait_for()


def test_a_file_that_is_far_too_large_loses_nothing_typed(come: "Callable[..., Visitor]", tmp_path: "Path") -> None:
    large = tmp_path / "录像.pdf"
    large.write_bytes(b"%PDF-" + b"x" * 21 * 1024 * 1024)
    mentor = come("mentor")
    mentor.taps_on("a[href$='/guidance']")
    address = mentor.page.url
    mentor.fills(text="附件太大也不能丢字。")
    mentor.main("details.more summary").click()
    mentor.main("[name=files]").set_input_files(large)
    with mentor.page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 413):
        mentor.main("form#guidance .primary").click()
    mentor.page.goto(address)
    assert mentor.main("[name=text]").input_value() == "附件太大也不能丢字。"


def test_a_record_sent_without_a_line_is_filed_once_when_it_is_back(
    come: "Callable[..., Visitor]", app: "Flask"
) -> None:
    mentor = come("mentor")
    mentor.taps_on("a[href$='/guidance']")
    mentor.fills(text="在山里写的，回来才有信号。")
    mentor.page.context.set_offline(True)
    mentor.main("form#guidance .primary").click()
    mentor.main("[data-offline]:not(:empty)").wait_for()
    mentor.main("form#guidance .primary").click()
    mentor.page.context.set_offline(False)
    mentor.main("form[action$='/link']").wait_for()
    with app.extensions["sessions"].read() as session:
        same = GuidanceRecord.text == "在山里写的，回来才有信号。"
        assert session.scalar(select(func.count()).where(same)) == 1
