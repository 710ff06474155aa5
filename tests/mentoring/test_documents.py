"""Word documents in the office's forms: what they hold, on what paper, whose words; and the office's own forms."""

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from sqlalchemy import update

from docs import make_forms
from scheduler.core import clock
from scheduler.core.documents import fill
from scheduler.core.errors import Missing, Refusal
from scheduler.mentoring import actions
from scheduler.mentoring.models import Programme
from scheduler.mentoring.queries.documents import FORMS, form_of
from scheduler.mentoring.terms import Confirmation, WordsFor
from scheduler.mentoring.terms.documents import SAMPLES, DocumentKind
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, House

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

ODD = "<b>{{ 7 * 7 }}</b> & {% raw %}"


def _texts(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _own(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def _headed(text: str) -> bytes:
    document = Document()
    document.sections[0].header.paragraphs[0].text = text
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


@pytest.mark.parametrize(("kind", "made"), [("agreement", make_forms.agreement), ("guidance_log", make_forms.log)])
def test_the_forms_that_ship_are_those_that_the_script_makes(kind: str, made: Any) -> None:
    shipped = Document(str(FORMS / f"{kind}.docx"))
    assert shipped.element.xml == made().element.xml


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_forms_are_filled_on_numbered_a4_pages_with_places_to_sign(kind: DocumentKind) -> None:
    filled = Document(io.BytesIO(fill((FORMS / f"{kind.value}.docx").read_bytes(), SAMPLES[kind])))
    section = filled.sections[0]
    assert sorted((round(section.page_width or 0, -3), round(section.page_height or 0, -3))) == [
        round(Mm(210), -3),
        round(Mm(297), -3),
    ]
    assert "PAGE" in section.footer._element.xml  # noqa: SLF001 - the library has no other way to a field
    text = _texts(filled)
    assert "{{" not in text
    assert "导师签字" in text
    assert "盖章" in text
    style: Any = filled.styles["Normal"]
    assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_the_heading_of_the_log_stands_on_every_page_and_no_row_is_torn() -> None:
    rows = [{**SAMPLES[DocumentKind.GUIDANCE_LOG]["rows"][0], "text": f"第{number}次"} for number in range(60)]  # type: ignore[index]  # a sample
    facts = {**SAMPLES[DocumentKind.GUIDANCE_LOG], "rows": rows}
    table = Document(io.BytesIO(fill((FORMS / "guidance_log.docx").read_bytes(), facts))).tables[0]
    assert len(table.rows) == 61
    assert "w:tblHeader" in table.rows[0]._tr.xml  # noqa: SLF001 - as above
    assert all("w:cantSplit" in row._tr.xml for row in table.rows[1:])  # noqa: SLF001 - as above


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what pages hand out, once
@pytest.mark.parametrize("rule", WordsFor)
def test_the_log_holds_the_words_for_those_who_may_read_them(
    client: "FlaskClient", house: House, rule: WordsFor
) -> None:
    with house.cast.database.write() as session:
        session.execute(update(Programme).values(words_for=rule))
        house.file(session, TODAY, key="a", text=ODD)
        disputed = house.file(session, TODAY, key="b", text="另一次")
        trainee = house.actor(session, Persona.TRAINEE)
        actions.answer_guidance(session, trainee, disputed, Confirmation.DISPUTED, "没有", now=NOW)
    reading = set()
    for persona in (Persona.MENTOR, Persona.TRAINEE, Persona.OFFICER, Persona.LEADER, Persona.ADMIN):
        house.cast.sign_in(client, persona)
        with clock.fixed(NOW):
            answer = client.get(f"/mentoring/pairings/{house.pairing_id}/log?as=docx")
            month = client.get("/mentoring/months/log?as=docx")
        text = _texts(Document(io.BytesIO(answer.data)))
        assert "共 2 次，其中计入 1 次" in text
        assert "2026年11月18日" in text
        if ODD in text:
            reading.add(persona)
        if month.status_code == 200:
            assert ODD not in _texts(Document(io.BytesIO(month.data)))
    also = {WordsFor.PAIR_AND_OFFICER: {Persona.OFFICER}, WordsFor.PAIR_AND_OFFICE: {Persona.ADMIN}}
    assert reading == {Persona.MENTOR, Persona.TRAINEE} | also.get(rule, set())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_agreement_names_both_and_what_they_agree(client: "FlaskClient", house: House) -> None:
    house.cast.sign_in(client, Persona.TRAINEE)
    answer = client.get(f"/mentoring/pairings/{house.pairing_id}/agreement")
    text = _texts(Document(io.BytesIO(answer.data)))
    for said in ("孟涛", "田瑞", "导师帮带", "2026年3月1日 至 2027年2月28日", "不少于 2 次"):
        assert said in text
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_the_office_uses_its_own_form_and_goes_back(session: "Session", house: House) -> None:
    admin, kind = house.actor(session, Persona.ADMIN), DocumentKind.AGREEMENT
    shipped = form_of(session, kind)
    for text in ("甲方：{{ mentor }}", "乙方：{{ mentee|upper }}"):
        actions.replace_form(session, admin, kind, _own(text), now=NOW)
    assert "乙方：田瑞" in _texts(Document(io.BytesIO(fill(form_of(session, kind), {"mentee": "田瑞"}))))
    actions.reset_form(session, admin, kind, now=NOW)
    actions.reset_form(session, admin, kind, now=NOW)
    assert form_of(session, kind) == shipped
    for persona in (Persona.OFFICER, Persona.MENTOR):
        with pytest.raises(Missing):
            actions.replace_form(session, house.actor(session, persona), kind, _own("x"), now=NOW)
        with pytest.raises(Missing):
            actions.reset_form(session, house.actor(session, persona), kind, now=NOW)


def test_what_a_form_may_say() -> None:
    said = (
        "{% for row in rows if row.state == 'ok' %}{{ loop.index }} {{ row.areas|join('、') }}"
        "{% for one in row.areas %}[{{ one|upper }}]{% endfor %}{% else %}none{% endfor %}"
        "{{ count|default('-') ~ '次' if count and not rows[0].missing else '' }}"
    )
    rows = [{"state": "ok", "areas": ["a", "b"]}, {"state": "no", "areas": []}]
    filled = _texts(Document(io.BytesIO(fill(_own(said), {"rows": rows, "count": 2}))))
    assert filled == "1 a、b[A][B]2次"


def test_a_form_that_grows_without_end_is_stopped() -> None:
    form = _own("{% for row in rows %}" + "x" * 100_000 + "{% endfor %}")
    assert fill(form, {"rows": [1] * 10}).startswith(b"PK")
    with pytest.raises(Refusal, match="too large or takes too long"):
        fill(form, {"rows": [1] * 10_000})


def _bomb() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/document.xml", b"0" * 30 * 1024 * 1024)
    return body.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no Word document"),
        (b"PK\x03\x04 half", "no Word document"),
        (_bomb(), "no Word document"),
        (b"x" * (2 * 1024 * 1024 + 1), "too large"),
        (_own("{{ salary }} {{ mentor }}"), "nothing to fill in for salary"),
        (_own("{{ mentor.__class__.__mro__ }}"), "cannot be filled"),
        (_own("{% for one in range(10 ** 9) %}x{% endfor %}"), "cannot be filled"),
        (_own("{% if mentor %}"), "cannot be filled"),
        (_own("{{ 10 ** 10 ** 9 }}"), r"cannot be filled: \*\* is not allowed"),
        (_own("{{ mentor * 10 ** 9 }}"), r"cannot be filled: \* is not allowed"),
        (_own("{{ mentor|center(10000000000) }}"), r"\|center is not allowed"),
        (_own("{{ '%010000000000d'|format(1) }}"), r"\|format is not allowed"),
        (_own("{{ mentor|join(mentor)|join('----') }}"), r"\|join is not allowed"),
        (_own("{{ mentor.ljust(10000000000) }}"), r"ljust\(\) is not allowed"),
        (_own("{{ range(9) }}"), r"range\(\) is not allowed"),
        (_own("{{ mentor._x }}"), r"\._x is not allowed"),
        (_own("{% for a in mentor %}{% for b in mentor %}x{% endfor %}{% endfor %}"), "for … in … for"),
        (_own("{% macro a() %}{{ a() }}{% endmacro %}"), "macro is not allowed"),
        (_own("{% set a = mentor %}"), "assign is not allowed"),
        (_own("{% include 'x' %}"), "include is not allowed"),
        (_headed("{{ 9 ** 9 }}"), r"\*\* is not allowed"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before the database is asked
def test_a_form_that_cannot_be_filled_is_refused(session: "Session", house: House, body: bytes, said: str) -> None:
    admin = house.actor(session, Persona.ADMIN)
    with pytest.raises(Refusal, match=said) as refused:
        actions.replace_form(session, admin, DocumentKind.AGREEMENT, body, now=EDGE["now"])
    assert refused.value.field == "file"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_takes_a_form_and_says_why_not(client: "FlaskClient", house: House) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    house.cast.sign_in(client, Persona.ADMIN)
    sent = {"file": (io.BytesIO(_own("{{ salary }}")), "a.docx")}
    answer = client.post("/mentoring/forms/agreement", data=sent)
    assert answer.status_code == 422
    assert "salary" in answer.text
    sent = {"file": (io.BytesIO(_own("{{ mentor }}")), "a.docx")}
    assert client.post("/mentoring/forms/agreement", data=sent).status_code == 302
    assert "安明" in client.get("/mentoring/forms").text
    assert client.get("/mentoring/forms/agreement").data.startswith(b"PK")
    assert client.get("/mentoring/forms/passwd").status_code == 404
