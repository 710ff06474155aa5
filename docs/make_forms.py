# ruff: noqa: INP001 - pages and their pictures are no package
"""Makes the Word forms that the product ships: `python -m docs.make_forms`, from the product's folder.

An office replaces them by its own (on the page "Word forms"); the places to fill in are the same.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FORMS = Path(__file__).resolve().parents[1] / "templates" / "mentoring" / "documents"
_TEXT, _TITLE = "仿宋_GB2312", "方正小标宋简体"
_A4 = (Mm(210), Mm(297))
LOG = (
    ("序号", "{{ loop.index }}", 10),
    ("日期", "{{ row.day }}", 26),
    ("导师", "{{ row.mentor }}", 20),
    ("帮带对象", "{{ row.mentee }}", 20),
    ("方式", "{{ row.mode }}", 24),
    ("内容方面", "{{ row.areas }}", 34),
    ("时长\n（分钟）", "{{ row.minutes }}", 17),
    ("指导要点", "{{ row.text }}", 78),
    ("学员确认", "{{ row.state }}", 24),
)
AGREEMENT = (
    ("导师", "{{ mentor }}", "单位", "{{ mentor_unit }}"),
    ("帮带对象", "{{ mentee }}", "单位", "{{ mentee_unit }}"),
    ("帮带项目", "{{ programme }}", "责任领导", "{{ sponsor }}"),
    ("帮带周期", "{{ starts_on }} 至 {{ ends_on }}", "每月指导", "不少于 {{ duty }} 次"),
)


def main() -> None:
    """Write both forms anew."""
    FORMS.mkdir(exist_ok=True)
    agreement().save(str(FORMS / "agreement.docx"))
    log().save(str(FORMS / "guidance_log.docx"))


def agreement() -> Any:
    """Return the mentoring agreement (帮带协议): who, from when to when, what for, and where both sign."""
    document = _document()
    _line(document, "导师帮带协议书", size=22, font=_TITLE, centred=True)
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for facts in AGREEMENT:
        for cell, text in zip(table.add_row().cells, facts, strict=True):
            _fill(cell, text)
    for heading, place in (
        ("内容方面", "{{ content_areas }}"),
        ("帮带目标", "{{ goals }}"),
        ("帮带计划", "{{ plan }}"),
    ):
        row = table.add_row().cells
        _fill(row[0], heading)
        _fill(row[1].merge(row[3]), place)
    _line(
        document,
        "双方约定：导师按计划进行业务指导并如实登记；帮带对象按时参加、及时确认。协议一式三份，双方及单位各执一份。",
    )
    _signatures(document, ("导师签字", "帮带对象签字", "责任领导签字", "单位意见（盖章）"))
    return document


def log() -> Any:
    """Return the monthly guidance log (月度指导台账): a row for each record, the heading again on every page."""
    document = _document(landscape=True)
    _line(document, "{{ title }}", size=20, font=_TITLE, centred=True)
    _line(document, "单位：{{ unit }}    期间：{{ period }}    共 {{ count }} 次，其中计入 {{ counted }} 次")
    table = document.add_table(rows=1, cols=len(LOG), style="Table Grid")
    for cell, (heading, _place, width) in zip(table.rows[0].cells, LOG, strict=True):
        _fill(cell, heading, centred=True)
        cell.width = Mm(width)
    _mark(table.rows[0], "w:tblHeader")
    _fill(table.add_row().cells[0], "{%tr for row in rows %}")
    row = table.add_row()
    for cell, (_heading, place, width) in zip(row.cells, LOG, strict=True):
        _fill(cell, place)
        cell.width = Mm(width)
    _mark(row, "w:cantSplit")
    _fill(table.add_row().cells[0], "{%tr endfor %}")
    _signatures(document, ("导师签字", "填报人", "单位联络员", "单位负责人（盖章）"))
    return document


def _document(*, landscape: bool = False) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = _A4[::-1] if landscape else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(22)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = _TEXT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _TEXT)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = footer.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)  # noqa: SLF001 - the library has no other way to a field
    return document


def _line(document: Any, text: str, *, size: int = 12, font: str = _TEXT, centred: bool = False) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001 - as above
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _fill(cell: Any, text: str, *, centred: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.add_run(text).font.size = Pt(10.5)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _signatures(document: Any, who: tuple[str, ...]) -> None:
    _line(document, "")
    table = document.add_table(rows=2, cols=len(who), style="Table Grid")
    for place, name in enumerate(who):
        _fill(table.rows[0].cells[place], name, centred=True)
        _fill(table.rows[1].cells[place], "\n\n年    月    日", centred=True)
    _mark(table.rows[1], "w:cantSplit")


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - the library has no other way


if __name__ == "__main__":
    main()
