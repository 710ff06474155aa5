"""Files beside a record: which are taken, that they are kept once, and who may open them."""

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from scheduler.core import clock
from scheduler.core.errors import Refusal
from scheduler.mentoring import actions
from scheduler.mentoring.models import AttachmentContent, GuidanceAttachment, GuidanceRecord, Programme
from scheduler.mentoring.queries.attachments import attachments_of, get_attachment
from scheduler.mentoring.rules.attachments import MOST_MIB, check_attachments
from scheduler.mentoring.terms import WordsFor
from scheduler.mentoring.terms.attachments import Attachment, Beside
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, House

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

PDF = b"%PDF-1.7\n..."
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _container(*names: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as container:
        for name in names:
            container.writestr(name, "x")
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "kept", "media_type"),
    [
        ("纪要.pdf", PDF, "纪要.pdf", "application/pdf"),
        ("IMG_1.JPG", b"\xff\xd8\xff\xe0..", "IMG_1.jpg", "image/jpeg"),
        ("a.png", b"\x89PNG\r\n\x1a\n..", "a.png", "image/png"),
        ("a.webp", b"RIFF....WEBPVP8 ", "a.webp", "image/webp"),
        ("表.xlsx", _container("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx", SHEET),
        ("要点.txt", "要点：结构".encode("gb18030"), "要点.txt", "text/plain"),
        ("photo.svg", PDF, "photo.pdf", "application/pdf"),  # what it holds decides, not what it is called
        ("../../etc/passwd", b"text", "passwd.txt", "text/plain"),
        ("C:\\Users\\a\\通知.pdf", PDF, "通知.pdf", "application/pdf"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "file.pdf", "application/pdf"),
        ("", PDF, "file.pdf", "application/pdf"),
        ("x" * 300 + ".pdf", PDF, "file.pdf", "application/pdf"),
    ],
)
def test_what_is_taken_and_what_it_is_called(name: str, body: bytes, kept: str, media_type: str) -> None:
    (found,) = check_attachments([(name, body)])
    assert (found.name, found.media_type, found.body) == (kept, media_type, body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (SVG, "no PDF"),
        (b"\xef\xbb\xbf" + SVG, "no PDF"),
        (b"<!doctype html>", "no PDF"),
        (b"MZ\x90\x00\x03", "no PDF"),
        (_container("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "no PDF"),
        (_container("a.txt"), "no PDF"),
        (b"PK\x03\x04 cut in half", "no PDF"),
        (b"", "empty"),
        (PDF + b"x" * MOST_MIB * 1024 * 1024, "larger than 5 MiB"),
    ],
)
def test_what_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        check_attachments([("a.pdf", body)])
    assert refused.value.field == "files"


def test_at_most_three_and_none_at_all() -> None:
    assert check_attachments([("", b"")]) == ()
    with pytest.raises(Refusal, match="At most 3"):
        check_attachments([("a.pdf", PDF)] * 4)


def _beside(*names: str, kept: tuple[int, ...] = ()) -> Beside:
    return Beside(tuple(Attachment(name, "application/pdf", PDF + name.encode()) for name in names), kept)


def _file(session: "Session", house: House, key: str, beside: Beside, **changes: Any) -> int:
    mentor = house.actor(session, Persona.MENTOR)
    given = house.given(TODAY, **changes)
    filed = actions.file_guidance(session, mentor, [house.pairing_id], given, key=key, beside=beside, **EDGE)
    return filed.record_ids[0]


def test_a_form_sent_twice_keeps_its_files_once(session: "Session", house: House) -> None:
    first = _file(session, house, "k", _beside("a.pdf", "b.pdf"))
    assert _file(session, house, "k", _beside("a.pdf", "b.pdf")) == first
    assert [one.name for one in attachments_of(session, first)] == ["a.pdf", "b.pdf"]
    assert session.scalar(select(func.count()).select_from(AttachmentContent)) == 2


def test_a_correction_takes_along_what_is_kept(session: "Session", house: House) -> None:
    mentor = house.actor(session, Persona.MENTOR)
    old = _file(session, house, "k", _beside("a.pdf", "b.pdf"))
    kept = attachments_of(session, old)[0]
    stranger = _file(session, house, "other", _beside("c.pdf"), text="另一次")
    foreign = attachments_of(session, stranger)[0].id
    beside = _beside("d.pdf", kept=(kept.id, foreign))
    new = actions.correct_guidance(session, mentor, old, house.given(text="更正"), key="c", beside=beside, **EDGE)
    names = {record: [one.name for one in attachments_of(session, record)] for record in (old, new.record_ids[0])}
    assert names == {old: ["a.pdf", "b.pdf"], new.record_ids[0]: ["a.pdf", "d.pdf"]}
    copied = attachments_of(session, new.record_ids[0])[0]
    assert get_attachment(session, mentor, new.record_ids[0], copied.key).body == PDF + b"a.pdf"
    assert copied.key != kept.key


def test_a_correction_has_no_more_files_than_a_record(session: "Session", house: House) -> None:
    mentor = house.actor(session, Persona.MENTOR)
    old = _file(session, house, "k", _beside("a.pdf", "b.pdf"))
    kept = tuple(one.id for one in attachments_of(session, old))
    with pytest.raises(Refusal, match="At most 3"):
        actions.correct_guidance(
            session, mentor, old, house.given(text="更正"), key="c", beside=_beside("c.pdf", "d.pdf", kept=kept), **EDGE
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what the edge does with them, once
class TestTheEdge:
    """The form, and the way out."""

    def test_files_come_in_by_the_form_and_go_out_as_downloads(self, client: "FlaskClient", house: House) -> None:
        client.application.config["WTF_CSRF_ENABLED"] = False
        house.cast.sign_in(client, Persona.MENTOR)
        with clock.fixed(NOW):
            answer = client.post(f"/mentoring/pairings/{house.pairing_id}/guidance", data=self._form(house, PDF))
            assert answer.status_code == 302
            page = client.get(answer.location).text
            assert "要点.pdf" in page
            link = page.partition("/files/")[2].partition('"')[0]
            file = client.get(f"{answer.location}/files/{link}")
        assert (file.data, file.content_type) == (PDF, "application/pdf")
        assert file.headers["Content-Disposition"].startswith("attachment;")
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in file.headers["Content-Security-Policy"]

    def test_a_refused_file_leaves_all_that_was_typed(self, client: "FlaskClient", house: House) -> None:
        client.application.config["WTF_CSRF_ENABLED"] = False
        house.cast.sign_in(client, Persona.MENTOR)
        with clock.fixed(NOW):
            answer = client.post(f"/mentoring/pairings/{house.pairing_id}/guidance", data=self._form(house, SVG))
        assert answer.status_code == 422
        assert "一次很长的谈话" in answer.text
        assert "要点.svg 不是" in answer.text
        with house.cast.database.read() as session:
            assert session.scalar(select(func.count()).select_from(GuidanceRecord)) == 0
            assert session.scalar(select(func.count()).select_from(GuidanceAttachment)) == 0

    @pytest.mark.parametrize("rule", WordsFor)
    def test_who_may_read_the_words_may_open_the_files(
        self, client: "FlaskClient", house: House, rule: WordsFor
    ) -> None:
        with house.cast.database.write() as session:
            session.execute(update(Programme).values(words_for=rule))
            record_id = _file(session, house, "k", _beside("秘密.pdf"))
            key = attachments_of(session, record_id)[0].key
        opened = set()
        for persona in Persona:
            house.cast.sign_in(client, persona)
            with clock.fixed(NOW):
                answer = client.get(f"/mentoring/records/{record_id}/files/{key}")
                seen = client.get(f"/mentoring/records/{record_id}")
            assert ("秘密.pdf" in seen.text) == (answer.status_code == 200)
            if answer.status_code == 200:
                opened.add(persona)
        also = {WordsFor.PAIR_AND_OFFICER: {Persona.OFFICER}, WordsFor.PAIR_AND_OFFICE: {Persona.ADMIN}}
        assert opened == {Persona.MENTOR, Persona.TRAINEE} | also.get(rule, set())

    def test_a_key_opens_only_the_file_of_its_record(self, client: "FlaskClient", house: House) -> None:
        with house.cast.database.write() as session:
            first = _file(session, house, "k", _beside("a.pdf"))
            second = _file(session, house, "l", Beside(), text="另一次")
            key = attachments_of(session, first)[0].key
        house.cast.sign_in(client, Persona.MENTOR)
        assert client.get(f"/mentoring/records/{second}/files/{key}").status_code == 404
        assert client.get(f"/mentoring/records/{first}/files/{key}x").status_code == 404

    @staticmethod
    def _form(house: House, body: bytes) -> dict[str, Any]:
        name = "要点.svg" if body == SVG else "要点.pdf"
        return {
            "key": "k1",
            "day": TODAY.isoformat(),
            "mode": house.modes[0],
            "areas": [house.areas[2]],
            "text": "一次很长的谈话",
            "files": (io.BytesIO(body), name),
        }
