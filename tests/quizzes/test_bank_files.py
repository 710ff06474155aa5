# ruff: noqa: RUF001 - full-width letters as offices type them
import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from scheduler.core.errors import Refusal
from scheduler.core.sheets import sheet
from scheduler.quizzes.rules.bank.comparing import compare
from scheduler.quizzes.rules.bank.examples import EXAMPLES
from scheduler.quizzes.rules.bank.files import read_file
from scheduler.quizzes.rules.bank.gift_writing import write_gift
from scheduler.quizzes.rules.bank.items import check_item, item_digest
from scheduler.quizzes.rules.bank.markup import plain_text
from scheduler.quizzes.rules.bank.moodle import write_moodle
from scheduler.quizzes.rules.bank.sheets import write_sheet
from scheduler.quizzes.terms.bank import Difficulty, ItemKind, ItemText, KnownItem
from scheduler.quizzes.terms.reading import BankReport, Reading
from tests.quizzes.bank_items import BANK, items

HEADINGS = ["题型", "题干", "选项A", "选项B", "选项C", "答案"]


def book(*lines: Sequence[object]) -> bytes:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "题库"
    for line in lines:
        page.append(list(line))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def said(reading: Reading) -> list[str]:
    return [str(finding) for finding in reading.findings]


def texts(data: bytes | str) -> list[ItemText]:
    reading = read_file(data.encode() if isinstance(data, str) else data)
    assert said(reading) == []
    return [read.text for read in reading.items]


def test_the_real_workbook_is_read_whole() -> None:
    found = texts(BANK.read_bytes())
    assert [sum(text.kind is kind for text in found) for kind in ItemKind] == [14, 6, 6, 4, 2]
    assert [text.key for text in found if text.kind is ItemKind.MULTIPLE] == ["ABC", "ABC", "ABC", "AC", "ABC", "ABC"]
    assert [text.key for text in found if text.kind is ItemKind.TRUE_FALSE] == ["F", "T", "F", "T", "T", "F"]
    assert [text.accepted for text in found if text.accepted][:3] == [
        ("80",),
        ("2", "两", "二"),
        ("四", "星期四", "周四"),
    ]
    assert found[0].choices == ("60%", "70%", "80%", "90%")
    assert (found[0].topic, found[0].difficulty) == ("培训评估", Difficulty.EASY)


@settings(max_examples=60)
@given(st.lists(items(), min_size=1, max_size=4), st.booleans())
def test_what_is_exported_comes_back_the_same(given_items: list[ItemText], english: bool) -> None:  # noqa: FBT001
    assert texts(write_gift(given_items)) == given_items
    assert texts(write_moodle(given_items)) == given_items
    headings, rows = write_sheet(given_items, english=english)
    assert texts(sheet("x", headings, rows)) == given_items


def test_cells_are_read_as_they_are_meant() -> None:
    data = book(
        ["培训题库"],
        [],
        [None, *HEADINGS],
        [None, "单选", "多少？", 80.0, "无", "-", "Ａ"],
        [None, "single", "哪个？", "A. +5", "B. x", None, "b"],
        [None, "判断题", "对吗", "正确", "错误", None, "B"],
        [None, "判断", "是吗", None, None, None, True],
        [None, "填空", "____%", None, None, None, 80.0],
        [],
        [None, "单选", "示例：不算", "1", "2", None, "A"],
    )
    assert [(text.choices, text.key or text.accepted) for text in texts(data)] == [
        (("80", "无", "-"), "A"),
        (("+5", "x"), "B"),
        ((), "F"),
        ((), "T"),
        ((), ("80",)),
    ]
    assert texts(sheet("x", *write_sheet(EXAMPLES))) == []


def test_each_cell_that_is_wrong_is_said_with_its_place() -> None:
    reading = read_file(
        book(
            [*HEADINGS, "分值", "序号"],
            ["连线题", "x", "1", "2", None, "A"],
            ["单选", "=1+1", date(2026, 1, 3), "2", None, "A"],
            ["单选", "x", "1", None, "3", "A"],
            ["单选", "x", "1", "2", None, "E"],
            ["单选", "x", "1", "2", None, "80"],
            ["单选", "率", 0.8, "2", None, "A"],
        )
    )
    assert said(reading) == [
        "题库!分值1: This column is not known and was not read.",
        "题库!题型2: This type is not known. Known are: 单选题、多选题、判断题、填空题、简答题.",
        "题库!题干3: Here stands a formula; write the text itself.",
        "题库!选项A3: Here stands a date or time. Format the cell as text and write it again.",
        "题库!选项A4: Choice B is empty.",
        "题库!答案5: The answer names E, which is no choice.",
        "题库!答案6: This is no answer. Write the letters of the right choices, such as A or ABD.",
        "题库!选项A7: Read as 0.8. If the sheet shows it otherwise, such as in per cent, write it as text.",
    ]
    assert (len(reading.items), reading.refused) == (1, 5)
    assert said(read_file(book(["题型", "题干"]))) == ["题库!1: These columns are missing: 答案."]
    assert said(read_file(book(["姓名"]))) == ["题库!0: This sheet is not known and was not read."]
    assert said(read_file(book())) == ["0: There is no sheet of items in the workbook."]


GIFT = r"""// a comment
$CATEGORY: $course$/top/培训\/考试/夜校//周四

::Q1:: 哪一天\: {
  =周四 # 对
  ~周三
  ~周五 \= 末
  #### 每周四。
}

// [tag:难]
[html]<p>哪些 &lt;b&gt;？</p><script>alert(1)</script> {~%50%甲 ~%50%乙 ~%-100%丙}

替训须批准。{T#不对}

导师每月至少{=2 =两 =%50%一}次。

说明\n步骤 {}

连线 {=a -> b =c -> d}

几个 {#3:1}

一段说明

没有结束 {=a

两处 {=a} 与 {=b}
"""


def test_gift_is_read_and_what_we_lack_is_named() -> None:
    reading = read_file(GIFT.encode())
    assert [read.text for read in reading.items] == [
        ItemText(ItemKind.SINGLE, "哪一天:", ("周四", "周三", "周五 = 末"), "A", explanation="每周四。\nA: 对", topic="夜校/周四"),
        ItemText(ItemKind.MULTIPLE, "哪些 <b>？", ("甲", "乙", "丙"), "AB", topic="夜校/周四", difficulty=Difficulty.HARD),
        ItemText(ItemKind.TRUE_FALSE, "替训须批准。", key="T", explanation="不对", topic="夜校/周四"),
        ItemText(ItemKind.FILL, "导师每月至少____次。", accepted=("2", "两"), topic="夜校/周四"),
        ItemText(ItemKind.SHORT, "说明\n步骤", topic="夜校/周四"),
    ]  # fmt: skip
    assert said(reading) == [
        "16: An answer that counts in part only is not accepted here: 一.",
        "20: A matching question: the bank has no such type.",
        "22: A numerical question: the bank has no such type. Write it as a fill-in.",
        "24: There is no answer block {…}: a description, or a line of text.",
        "26: The answer block is not closed: a } is missing, or the file was cut off.",
        "28: A question with several answer blocks: the bank has no such type.",
    ]
    assert reading.refused == 5


AIKEN = """干部夜校在哪一天？
A. 周二
B) 周四
C、周五
ANSWER: B
解析：每周四。

学习机制有哪些？

A．一题
B．一课
答案：A,B
缺了答案
A. 1
B. 2
"""


def test_aiken_is_read() -> None:
    reading = read_file(AIKEN.encode("gb18030"))
    assert [(read.text.kind, read.text.choices, read.text.key, read.text.explanation) for read in reading.items] == [
        (ItemKind.SINGLE, ("周二", "周四", "周五"), "B", "每周四。"),
        (ItemKind.MULTIPLE, ("一题", "一课"), "AB", ""),
    ]
    assert said(reading) == ["13: A question without a line ANSWER, or the file was cut off."]


MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/评估</text></category></question>
<question type="multichoice"><name><text>n</text></name>
 <questiontext format="html"><text><![CDATA[<p><span lang="zh_cn" class="multilang">几次</span>
 <span lang="en" class="multilang">How often</span>?<img src="@@PLUGINFILE@@/a.png" alt="图"></p>]]></text></questiontext>
 <single>true</single>
 <answer fraction="100" format="html"><text>&lt;b&gt;2&lt;/b&gt;</text><feedback><text>对</text></feedback></answer>
 <answer fraction="0"><text>a &lt; 3</text></answer>
</question>
<question type="truefalse"><questiontext format="html"><text>是</text></questiontext>
 <answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer></question>
<question type="shortanswer"><questiontext format="html"><text>___</text></questiontext>
 <answer fraction="100"><text>八十*</text></answer><answer fraction="50"><text>80</text></answer></question>
<question type="essay"><questiontext format="html"><text>步骤</text></questiontext>
 <graderinfo format="html"><text>&lt;p&gt;要点&lt;/p&gt;</text></graderinfo><tags><tag><text>hard</text></tag></tags></question>
<question type="cloze"><name><text>完形</text></name></question>
</quiz>"""


def test_moodle_is_read_and_what_we_lack_is_named() -> None:
    reading = read_file(MOODLE.encode())
    assert [read.text for read in reading.items] == [
        ItemText(
            ItemKind.SINGLE, "几次 ?图", ("2", "a < 3"), "A", explanation="A: 对", topic="评估", stem_en="How often?图"
        ),
        ItemText(ItemKind.TRUE_FALSE, "是", key="F", topic="评估"),
        ItemText(ItemKind.FILL, "___", accepted=("八十*",), topic="评估"),
        ItemText(ItemKind.SHORT, "步骤", explanation="要点", topic="评估", difficulty=Difficulty.HARD),
    ]
    assert said(reading) == [
        "4: A picture or the like is left out: img.",
        "13: The * in an accepted answer is taken for a letter, not for any text.",
        "13: An answer that counts in part only is not accepted here: 80.",
        "17: The bank has no such type of question: cloze.",
    ]
    declared = MOODLE.replace("UTF-8", "GB2312").encode("gb18030")
    assert len(read_file(declared).items) == 4


def qti(body: str, declaration: str) -> str:
    return (
        '<?xml version="1.0"?><assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="题">'
        f"{declaration}<itemBody>{body}</itemBody></assessmentItem>"
    )


def declared(values: str, cardinality: str = "single", mapping: str = "") -> str:
    correct = "".join(f"<value>{value}</value>" for value in values.split())
    held = f"<correctResponse>{correct}</correctResponse>" if correct else ""
    return f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier">{held}{mapping}</responseDeclaration>'


def choice(*pairs: str) -> str:
    offered = "".join(f'<simpleChoice identifier="{pair[0]}">{pair[1:]}</simpleChoice>' for pair in pairs)
    return f'<p>前言</p><choiceInteraction responseIdentifier="R"><prompt>选<b>哪</b>个？</prompt>{offered}</choiceInteraction>'


MAPPING = '<mapping defaultValue="0"><mapEntry mapKey="八十" mappedValue="1"/><mapEntry mapKey="约80" mappedValue="0.5"/></mapping>'


def test_qti_is_read_alone_or_from_a_zip() -> None:
    parts = {
        "imsmanifest.xml": "<manifest/>",
        "a.xml": qti(choice("x甲", "y乙"), declared("y")),
        "b.xml": qti(choice("x甲", "y乙", "z丙"), declared("z x", "multiple")),
        "c.xml": qti(choice("x正确", "y错误"), declared("y")),
        "d.xml": qti('<p>低于<textEntryInteraction responseIdentifier="R"/>%</p>', declared("80", mapping=MAPPING)),
        "e.xml": qti('<p>步骤</p><extendedTextInteraction responseIdentifier="R"/>', declared("")),
        "f.xml": qti('<matchInteraction responseIdentifier="R"/>', declared("")),
        "g.xml": qti(choice("x甲", "y乙"), "") + "<!--",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    reading = read_file(file.getvalue())
    assert [read.text for read in reading.items] == [
        ItemText(ItemKind.SINGLE, "前言\n选哪个？", ("甲", "乙"), "B"),
        ItemText(ItemKind.MULTIPLE, "前言\n选哪个？", ("甲", "乙", "丙"), "AC"),
        ItemText(ItemKind.TRUE_FALSE, "前言\n选哪个？", key="F"),
        ItemText(ItemKind.FILL, "低于____%", accepted=("80", "八十")),
        ItemText(ItemKind.SHORT, "步骤"),
    ]
    assert said(reading) == [
        "d.xml!1: An answer that counts in part only is not accepted here: 约80.",
        "f.xml!1: The bank has no such type of question: matchinteraction.",
        "g.xml!0: The XML is damaged or was cut off at line 1. Export it once more.",
    ]
    assert len(read_file(parts["a.xml"].encode()).items) == 1
    assert said(read_file(qti(choice("x甲", "y乙"), "").encode())) == [
        "1: There is no responseDeclaration for R: the right answer is missing."
    ]


def bomb(name: str, size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"<a/>" + b" " * size)
    return file.getvalue()


DOCTYPE = '<!DOCTYPE quiz [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><quiz><question type="&b;"/></quiz>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (" \n".encode("utf-8-sig"), "no file of items that we read"),
        (b"PK\x03\x04" + b"\0" * 100, "The zip file is damaged"),
        (bomb("a.xml", 51 * 1024 * 1024), "too large once unpacked"),
        (bomb("xl/worksheets/sheet1.xml", 161 * 1024 * 1024), "too large once unpacked"),
        (bomb("word/document.xml", 1), "This is a Word document."),
        (bomb("readme.txt", 1), "no file of items that we read"),
        (b"x" * (5 * 1024 * 1024 + 1), "at most 5 MiB"),
        (b"\x89PNG\r\n\x1a\n\0\0{\0", "bytes that no text has"),
        ("题{=答}".encode()[:-2], "ends in the middle of a letter"),
        ("题{=答}。".encode("utf-16")[:-1], "ends in the middle of a letter"),
        ("题\n\n一{=答".encode("gb18030")[:-1], "ends in the middle of a letter"),
        (b"\xff{=\xff\xff" + "题".encode() * 9, "neither UTF-8 nor GB18030"),
        (DOCTYPE.encode(), "for safety"),
        (DOCTYPE.encode("utf-16"), "for safety"),
        (MOODLE.encode()[:400], "cut off at line 6"),
        (b"<a>" * 200, "nested too deeply"),
        (b"<html></html>", "no file of items that we read"),
        (b"<questestinterop/>", "QTI 1.2"),
        (b"just a letter", "no file of items that we read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_file(data)
    assert words in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_comes_in_several_encodings(encoding: str) -> None:
    assert (
        texts("导师每月至少指导几次？\r\n{\r\n=两次\r\n~一次\r\n}\r\n".encode(encoding))[0].stem
        == "导师每月至少指导几次？"
    )


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text("题{}=~#\\:\n<>/ABANSWER. &;!", max_size=80).map(str.encode))
def test_anything_is_read_or_refused(data: bytes) -> None:
    try:
        reading = read_file(data)
    except Refusal:
        return
    assert all(check_item(read.text) == read.text for read in reading.items)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["<", ">", "!", "[", "<!--", "-->", "<b>", "</", "script", "&", "#", ";", "x", "'", "?"]),
        max_size=12,
    )
)
def test_any_markup_is_read(parts: list[str]) -> None:
    assert "\ufdd0" not in plain_text("".join(parts)).text


def test_markup_becomes_plain_text() -> None:
    assert plain_text("<p>一 &lt; 二</p>\n<p>三<br><br>四</p><style>p{}</style>").text == "一 < 二\n三\n\n四"
    assert plain_text("a < b & c &nbsp;&copy;").text == "a < b & c  ©"
    assert plain_text("若 a<b 则<b>c</b>").text == "若 a<b 则c"
    assert plain_text("<![ > 甲<!--[if gte mso 9]><xml>x</xml><![endif]-->乙<![CDATA[x]]>").text == "甲乙"
    assert plain_text("<a " * 6_000).text.startswith("<a <a")  # at once: there is no end to look for
    assert plain_text("<script>alert(1)</script><b onclick=x>粗</b>").text == "粗"


def test_a_file_is_compared_with_the_bank_and_itself() -> None:
    line = "单选|{}|1|2||A"
    reading = read_file(
        book(
            HEADINGS,
            *(line.format(stem).split("|") for stem in ("新的题目在这里？", "旧题", "旧题", "改过", "退出", "新的题目在这里呢？")),
            ["单选", "旧题", "1", "2", "", "B"],
        )
    )  # fmt: skip
    digests = {read.text.stem: item_digest(read.text) for read in reading.items}
    bank = [
        KnownItem(1, digests["旧题"], "旧题", "A"),
        KnownItem(2, digests["改过"], "改过", "B"),
        KnownItem(3, digests["退出"], "退出", "A", retired=True),
        KnownItem(4, "x", "新的题目在这里吗？", "A"),
    ]
    report, new = compare(reading, bank)
    assert (report.new, report.present, report.repeated, report.refused) == (2, 3, 2, 0)
    assert [text.stem for text in new] == ["新的题目在这里？", "新的题目在这里呢？"]
    assert [str(one).partition(": ")[2] for one in report.findings] == [
        "This stands in row 3 already.",
        "The bank holds this item with another answer. It stays as it is; change it on its page.",
        "The bank holds this item, retired. It stays so; restore it on its page.",
        "This stands in row 3 already, with another answer; that one is taken.",
    ]
    assert BankReport.from_json(report.as_json()) == report
