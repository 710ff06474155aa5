import io
import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from scheduler.quizzes.rules.bank.files import read_file
from tests.cast import Cast, Persona
from tests.quizzes.bank_items import BANK

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

# what the engines differ in is tried with the actions
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ITEM = {"kind": "single", "stem": "几次？<script>", "choices": "1次\n2次\n", "answer": "b", "difficulty": "easy", "topic": "帮带"}  # fmt: skip


@pytest.fixture
def office(app: "Flask", cast: Cast) -> "FlaskClient":
    app.config["WTF_CSRF_ENABLED"] = False
    client = cast.sign_in(app.test_client(), Persona.ADMIN)
    client.set_cookie("language", "en")
    return client


def upload(client: "FlaskClient", data: bytes, name: str = "题库.xlsx") -> str:
    answer = client.post("/quizzes/bank/import", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 302, answer.text
    return answer.location


def tiles(page: str) -> list[str]:
    return re.findall(r"<b>(\d+)", page)


def test_the_real_workbook_comes_in_and_changes_nothing_the_second_time(office: "FlaskClient") -> None:
    assert "No items yet" in office.get("/quizzes/bank").text
    first = upload(office, BANK.read_bytes())
    page = office.get(first).text
    assert "Everything can be imported." in page
    assert tiles(page) == ["32", "0", "0", "0"]
    assert "32 items are new in the bank." in office.post(f"{first}/start", follow_redirects=True).text
    again = upload(office, BANK.read_bytes())
    page = office.get(again).text
    assert tiles(page) == ["0", "32", "0", "0"]
    assert "an import would change nothing" in page
    assert "discarded" in office.post(f"{again}/discard", follow_redirects=True).text
    listed = office.get("/quizzes/bank").text
    assert "32 entries" in listed
    found = office.get("/quizzes/bank?kind=fill&topic=导师帮带").text
    assert "导师每月至少指导____次。" in found
    assert "1 entry" in found
    for address in ("/quizzes/bank?as=xlsx", "/quizzes/bank/export?as=gift", "/quizzes/bank/export?as=moodle"):
        answer = office.get(address)
        assert "attachment" in answer.headers["Content-Disposition"]
        assert len(read_file(answer.data).items) == 32
    assert len(read_file(office.get("/quizzes/bank/export?as=gift&kind=fill").data).items) == 4


def test_what_is_wrong_in_a_file_is_said_in_the_readers_language(office: "FlaskClient") -> None:
    book = load_workbook(BANK)
    page = book.active
    assert page is not None
    page["H2"], page["B3"], page["A4"] = "E", "=1+1", "连线题"
    page["B36"] = page["B5"].value.replace("干部", "全体干部")
    for column, value in (("A", "单选题"), ("C", "周四"), ("D", "周五"), ("H", "A")):
        page[f"{column}36"] = value
    file = io.BytesIO()
    book.save(file)
    address = upload(office, file.getvalue())
    shown = office.get(address).text
    assert tiles(shown) == ["30", "0", "0", "3"]
    assert "3 items have errors" in shown
    for said in ("Sheet 题库, row 2", "column 答案", "The answer names E", "Here stands a formula", "This type is not known", "Nearly the same as row 5"):  # fmt: skip
        assert said in shown
    assert "30 items are new" in office.post(f"{address}/start", follow_redirects=True).text
    refused = office.post("/quizzes/bank/import", data={"file": (io.BytesIO(b"%PDF-1.7 x"), "x.pdf")})
    assert refused.status_code == 422
    assert "This is no file of items that we read" in refused.text
    assert office.get("/quizzes/bank/import").text.count("题库.xlsx") == 1
    template = office.get("/quizzes/bank/import/template.xlsx")
    assert read_file(template.data).findings == []


def test_an_item_is_written_revised_retired_and_restored(office: "FlaskClient") -> None:
    answer = office.post("/quizzes/bank/new", data={**ITEM, "answer": "C"})
    assert answer.status_code == 422
    assert "The answer names C, which is no choice." in answer.text
    address = office.post("/quizzes/bank/new", data=ITEM).location
    page = office.get(address).text
    assert "几次？&lt;script&gt;" in page
    form = office.get(f"{address}/edit").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', form)
    assert version
    english = {"stem_en": "How often?", "choices_en": "Once\nTwice", "version": version[1]}
    assert office.post(f"{address}/edit", data={**ITEM, **english}).location == address
    page = office.get(address).text
    assert "How often?" in page
    assert "2 versions" in page
    assert "Somebody else changed this" in office.post(f"{address}/edit", data={**ITEM, **english}).text
    assert office.post("/quizzes/bank/new", data=ITEM).status_code == 422
    page = office.post(f"{address}/retire", follow_redirects=True).text
    assert f'action="{address}/restore"' in page
    assert "No item found" not in office.get("/quizzes/bank?state=retired").text
    assert "Retired on" not in office.post(f"{address}/restore", follow_redirects=True).text
    for kind, typed in (("true_false", "错"), ("fill", "2|两"), ("short", "")):
        data = {"kind": kind, "stem": kind, "answer": typed, "difficulty": "hard"}
        made = office.post("/quizzes/bank/new", data=data, follow_redirects=True)
        assert made.request.path != "/quizzes/bank/new"
