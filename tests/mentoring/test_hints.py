"""Hints against ritual: what raises one and what does not, and that only the author sees it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from scheduler.core import clock
from scheduler.mentoring.rules.hints import advise, are_alike
from scheduler.mentoring.terms.hints import Hint, Past
from tests.cast import Persona
from tests.mentoring.conftest import NOW, TODAY, House

if TYPE_CHECKING:
    from flask.testing import FlaskClient

REPORT = "一起修改了关于营商环境的调研报告，讨论了第二部分的结构和数据来源。"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (REPORT, REPORT, True),
        (REPORT, REPORT.replace("，", ", ").replace("。", "."), True),
        (REPORT, REPORT.replace("第二部分", "第三部分"), True),
        (REPORT, "再次" + REPORT, True),
        (REPORT, "一起修改了关于营商环境的工作总结，核对了附件和引用的文件。", False),
        (REPORT, "旁听项目评审会，会后逐条讨论了专家意见。", False),
        ("公文写作指导", "公文写作指导", True),
        ("公文写作指导", "公文格式指导", False),
        ("谈话", "谈心", False),
        ("Reviewed the draft of the notice.", "Reviewed the draft of the letter.", False),
        ("Reviewed the draft of the notice.", "reviewed the draft of the NOTICE", True),
    ],
)
def test_which_texts_read_alike(one: str, other: str, alike: bool) -> None:  # noqa: FBT001 - a table's column
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


def _past(day: date, text: str, *, filed: date | None = None, areas: tuple[int, ...] = (1,), meeting: str = "") -> Past:
    return Past(day, filed or day, text, areas, meeting or None)


def _hints(*records: Past) -> set[Hint]:
    return {one.hint for one in advise(records)}


def test_only_the_latest_record_raises_a_hint() -> None:
    old = [_past(date(2026, 9, day), "例行谈话，了解近期工作情况。", areas=(2, 3)) for day in (20, 10)]
    assert _hints(*old) == {Hint.ALIKE}
    assert _hints(_past(date(2026, 10, 8), REPORT), *old) == set()
    assert _hints() == set()


def test_one_joint_session_is_not_two_alike() -> None:
    both = [_past(date(2026, 9, 10), REPORT, meeting="m") for _each in range(2)]
    assert _hints(*both) == set()


@pytest.mark.parametrize(
    ("days", "filed", "burst"),
    [
        ((28, 6), date(2026, 10, 31), True),
        ((28, 6), date(2026, 10, 30), True),
        ((28, 6), date(2026, 11, 4), True),  # in the days of grace
        ((28, 6), date(2026, 10, 29), False),
        ((20, 6), date(2026, 10, 21), False),
        ((28, 28), date(2026, 10, 31), False),
    ],
)
def test_what_is_a_burst(days: tuple[int, int], filed: date, burst: bool) -> None:  # noqa: FBT001 - a table's column
    texts = (REPORT, "旁听项目评审会，会后逐条讨论了专家意见。")
    records = [_past(date(2026, 10, day), text, filed=filed) for day, text in zip(days, texts, strict=True)]
    assert _hints(*records) == ({Hint.BURST} if burst else set())


def test_records_filed_apart_are_no_burst() -> None:
    records = (
        _past(date(2026, 10, 30), REPORT, filed=date(2026, 10, 31)),
        _past(date(2026, 10, 6), "旁听项目评审会。", filed=date(2026, 10, 6)),
    )
    assert _hints(*records) == set()


def test_four_in_a_row_about_one_area() -> None:
    texts = ("修改会议通知。", "讨论调研提纲的写法。", "学习请示与报告的区别。", "改写一份新闻稿的导语。")
    same = [_past(date(2026, 10, 28 - 7 * place), text, areas=(5,)) for place, text in enumerate(texts)]
    assert advise(same)[0].area_id == 5
    assert _hints(*same[:3]) == set()
    assert _hints(*same[:3], _past(date(2026, 10, 1), texts[3], areas=(5, 6))) == set()


def test_only_the_mentor_reads_the_hint(client: "FlaskClient", house: House) -> None:
    said = "与以前的一条几乎相同"
    with clock.fixed(NOW):
        with house.cast.database.write() as session:
            for number in range(2):
                house.file(session, TODAY - timedelta(days=7 * number), key=str(number), text=REPORT + "附" * number)
        pages = {}
        for persona in (Persona.MENTOR, Persona.TRAINEE, Persona.OFFICER, Persona.ADMIN, Persona.LEADER):
            house.cast.sign_in(client, persona)
            addresses = ["/mentoring", f"/mentoring/pairings/{house.pairing_id}", "/mentoring/records/1"]
            pages[persona] = "".join(client.get(address).text for address in addresses)
    assert {persona for persona, text in pages.items() if said in text} == {Persona.MENTOR}
