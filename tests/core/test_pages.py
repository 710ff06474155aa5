from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scheduler.core import pages

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no matter of the engine
EVENING = datetime(2026, 3, 5, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "cookie", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh_CN"),
        ("zh-TW", None, "zh_CN"),
        ("en-GB,en", None, "en"),
        ("fr-FR", None, "zh_CN"),
        ("", None, "zh_CN"),
        ("en-GB", "zh_CN", "zh_CN"),
        ("zh-CN", "en", "en"),
        ("en-GB", "nonsense", "en"),
    ],
)
def test_a_visitor_reads_what_was_chosen_else_what_the_browser_asks_else_chinese(
    app: "Flask", asked: str, cookie: str | None, language: str
) -> None:
    headers = {"Accept-Language": asked, **({"Cookie": f"language={cookie}"} if cookie else {})}
    with app.test_request_context(headers=headers):
        assert pages.language() == language


def test_commands_speak_english(app: "Flask") -> None:
    with app.app_context():
        assert pages.select_language() == "en"


@pytest.mark.parametrize(
    ("language", "day", "span", "night"),
    [
        ("zh-CN", "2026年3月5日（周四）", "2026年3月5日（周四） 19:00–21:00", "2026年3月6日（周五） 02:00"),
        ("en", "Thu 5 Mar 2026", "Thu 5 Mar 2026 19:00–21:00", "Fri 6 Mar 2026 02:00"),
    ],
)
def test_days_and_times_are_in_the_readers_words_and_zone(
    app: "Flask", language: str, day: str, span: str, night: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert pages.day_in_words(EVENING) == pages.day_in_words(date(2026, 3, 5)) == day
        assert pages.span_in_words(EVENING, EVENING + timedelta(hours=2)) == span
        assert pages.span_in_words(EVENING, EVENING + timedelta(hours=7)).endswith(night)
