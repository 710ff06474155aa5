"""The pages of mentoring: what they show to whom, and that nothing typed is lost."""

import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import func, select, update

from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.mentoring import actions
from scheduler.mentoring.models import EndReason, GuidanceDraft, GuidanceRecord, MonthLock, Pairing, Programme
from scheduler.mentoring.terms import Confirmation, PairingStatus, RecordState, WordsFor
from scheduler.people.rules.doors import ADDRESS_TRIES
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, House

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # actions are tested on both
WORDS = "一起修改了会议通知。"


@pytest.fixture(autouse=True)
def _at_work() -> "Iterator[None]":
    with clock.fixed(NOW):
        yield


@pytest.fixture
def as_one(app: "Flask", house: House) -> "dict[Persona, FlaskClient]":
    """Return a browser for each of the cast, signed in; forms need no token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return {persona: house.cast.sign_in(app.test_client(), persona) for persona in Persona}


def _record(house: House, **changes: object) -> int:
    with house.cast.database.write() as session:
        return house.file(session, **changes)  # type: ignore[arg-type]  # the table of the fixture has the types


def _form(house: House, **changes: object) -> dict[str, object]:
    facts = {"key": "k1", "day": TODAY.isoformat(), "mode": house.modes[0], "areas": [house.areas[2]], "text": WORDS}
    return {**facts, **changes}


def _stored(house: House) -> list[GuidanceRecord]:
    with house.cast.database.read() as session:
        return list(session.scalars(select(GuidanceRecord).order_by(GuidanceRecord.id)))


def test_the_form_says_how_it_stands_and_prefills(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    _record(house, day=date(2026, 11, 3), area_ids=(house.areas[0],), mode_id=house.modes[3])
    page = as_one[Persona.MENTOR].get(f"/mentoring/pairings/{house.pairing_id}/guidance").text
    assert "田瑞：本月1/2次，还剩12天" in page
    assert f'value="{TODAY.isoformat()}"' in page
    checked = re.findall(r'<input checked[^>]*name="(\w+)"[^>]*value="(\d+)"', page)
    assert set(checked) == {("areas", str(house.areas[1])), ("mode", str(house.modes[3]))}
    assert re.search(r'name="key"[^>]*value="[0-9a-f]{32}"', page)


def test_filed_once_however_often_it_is_sent(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    mentor, address = as_one[Persona.MENTOR], f"/mentoring/pairings/{house.pairing_id}/guidance"
    first = mentor.post(address, data=_form(house))
    again = mentor.post(address, data=_form(house, text="anders"))
    assert (first.status_code, again.status_code) == (302, 302)
    assert first.location == again.location
    assert "此前已提交" in mentor.get(again.location).text
    assert len(_stored(house)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "2026-11-19"}, "该日期尚未到来"),
        ({"day": "2026-02-01"}, "自2026-03-01开始"),
        ({"day": "morgen"}, "有效的日期"),
        ({"text": ""}, "请填写此项"),
        ({"areas": []}, "请填写此项"),
        ({"minutes": "0"}, "1至1440"),
    ],
)
def test_nothing_typed_is_lost_when_it_is_refused(
    house: House, as_one: "dict[Persona, FlaskClient]", changes: dict[str, object], said: str
) -> None:
    form = _form(house, place="二号会议室", next_step="改第二稿", **changes)
    answer = as_one[Persona.MENTOR].post(f"/mentoring/pairings/{house.pairing_id}/guidance", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    for typed in ("二号会议室", "改第二稿", str(form["text"]), 'value="k1"'):
        assert typed in answer.text
    assert _stored(house) == []


def test_the_same_words_twice_are_refused_beside_the_text(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    _record(house)
    answer = as_one[Persona.MENTOR].post(
        f"/mentoring/pairings/{house.pairing_id}/guidance", data=_form(house, key="k2")
    )
    assert answer.status_code == 422
    assert "内容相同" in answer.text
    assert "本月1/2次" in answer.text


def test_a_draft_comes_back_and_goes_when_it_is_filed(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    mentor, here = as_one[Persona.MENTOR], f"/mentoring/pairings/{house.pairing_id}"
    kept = mentor.post(f"{here}/draft", data=_form(house, text="草稿的话", day=""))
    assert kept.status_code == 302
    scripted = mentor.post(f"{here}/draft", data=_form(house, text="草稿的话二"), headers={"X-Requested-With": "draft"})
    assert (scripted.status_code, scripted.data) == (204, b"")
    assert "草稿的话二" in mentor.get(f"{here}/guidance").text
    mentor.post(f"{here}/guidance", data=_form(house))
    with house.cast.database.read() as session:
        assert session.scalar(select(func.count()).select_from(GuidanceDraft)) == 0


def test_the_mentors_page(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    _record(house, day=date(2026, 11, 3), area_ids=(house.areas[0],))
    page = as_one[Persona.MENTOR].get("/mentoring").text
    assert "1/2次" in page
    assert "覆盖最少：项目评审" in page
    assert "1条记录尚未确认" in page
    assert f"/mentoring/pairings/{house.pairing_id}/guidance" in page
    home = as_one[Persona.MENTOR].get("/").text
    assert "指导田瑞：本月1/2次" in home
    assert f"/mentoring/pairings/{house.pairing_id}/guidance" in home


def test_the_mentee_confirms_by_one_tap(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    record_id, trainee = _record(house), as_one[Persona.TRAINEE]
    assert "1条记录待您确认" in trainee.get("/").text
    assert WORDS in trainee.get("/mentoring").text
    answer = trainee.post(f"/mentoring/records/{record_id}/answer")
    assert answer.status_code == 302
    assert _stored(house)[0].confirmation is Confirmation.CONFIRMED
    assert "待您确认" not in trainee.get("/").text


def test_a_dispute_needs_a_word(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    record_id, trainee = _record(house), as_one[Persona.TRAINEE]
    address = f"/mentoring/records/{record_id}/answer"
    assert trainee.post(address, data={"answer": "disputed"}).status_code == 422
    assert trainee.post(address, data={"answer": "disputed", "words": "不是那天"}).status_code == 302
    assert _stored(house)[0].answer == "不是那天"
    assert "不是那天" in as_one[Persona.MENTOR].get(f"/mentoring/records/{record_id}").text


def test_the_code_confirms_without_a_password(app: "Flask", house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    record_id, stranger = _record(house), app.test_client()
    made = as_one[Persona.MENTOR].post(f"/mentoring/records/{record_id}/link")
    path = re.search(r'value="http[^"]*(/confirm/[\w-]+)"', made.text)
    assert path is not None
    assert "<svg" in made.text
    for _ in range(2):  # opening it spends nothing
        page = stranger.get(path[1])
        assert page.status_code == 200
        assert WORDS in page.text
    assert stranger.post(path[1], data={"answer": "disputed"}).status_code == 422
    assert stranger.post(path[1], data={"answer": "confirmed", "words": "谢谢"}).status_code == 200
    spent = stranger.get(path[1])
    assert (spent.status_code, WORDS in spent.text) == (410, False)
    assert stranger.post(path[1], data={"answer": "confirmed"}).status_code == 410
    assert _stored(house)[0].answer == "谢谢"


def test_a_link_that_ran_out_explains_itself(app: "Flask", house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    record_id = _record(house)
    made = as_one[Persona.MENTOR].post(f"/mentoring/records/{record_id}/link")
    path = re.search(r"(/confirm/[\w-]+)", made.text)
    assert path is not None
    with clock.fixed(NOW + timedelta(days=15)):
        answer = app.test_client().get(path[1])
    assert answer.status_code == 410
    assert "已过期" in answer.text


def test_guessing_links_is_throttled(app: "Flask", house: House) -> None:
    client = app.test_client()
    assert house.pairing_id
    answers = [client.get(f"/confirm/guess{number}").status_code for number in range(ADDRESS_TRIES + 1)]
    assert set(answers[:-1]) == {410}
    assert answers[-1] == 429


CANARY = "金丝雀之言"


@pytest.mark.parametrize(
    ("rule", "readers"),
    [
        (WordsFor.PAIR, {Persona.MENTOR, Persona.TRAINEE}),
        (WordsFor.PAIR_AND_OFFICER, {Persona.MENTOR, Persona.TRAINEE, Persona.OFFICER}),
        (WordsFor.PAIR_AND_OFFICE, {Persona.MENTOR, Persona.TRAINEE, Persona.ADMIN}),
    ],
)
def test_the_words_are_for_those_whom_the_rule_names(
    house: House, as_one: "dict[Persona, FlaskClient]", rule: WordsFor, readers: set[Persona]
) -> None:
    record_id = _record(house, text=CANARY, next_step=CANARY)
    with house.cast.database.write() as session:
        session.execute(update(Programme).values(words_for=rule))
        trainee = house.actor(session, Persona.TRAINEE)
        actions.answer_guidance(session, trainee, record_id, Confirmation.CONFIRMED, CANARY, now=NOW)
    pages = (
        f"/mentoring/records/{record_id}",
        f"/mentoring/pairings/{house.pairing_id}",
        "/mentoring",
        "/mentoring/pairings",
        "/mentoring/months",
        "/notices",
        "/",
    )
    reading = {persona for persona, client in as_one.items() for page in pages if CANARY in client.get(page).text}
    assert reading == readers


def test_withdrawn_and_corrected_in_the_browser(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    record_id, mentor = _record(house, minutes=45), as_one[Persona.MENTOR]
    here = f"/mentoring/records/{record_id}"
    assert 'value="45"' in mentor.get(f"{here}/correct").text
    done = mentor.post(f"{here}/correct", data=_form(house, text="更正后的话", key="c1"))
    assert done.status_code == 302
    assert "已有更正记录取代此条" in mentor.get(here).text
    assert "此条更正了之前的记录" in mentor.get(done.location).text
    new_id = _stored(house)[1].id
    assert mentor.post(f"/mentoring/records/{new_id}/withdraw").status_code == 302
    assert [one.state for one in _stored(house)] == [RecordState.REPLACED, RecordState.WITHDRAWN]


def test_the_month_is_seen_locked_and_opened(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    _record(house, day=date(2026, 10, 20))
    officer, address = as_one[Persona.OFFICER], "/mentoring/months?month=2026-10"
    page = officer.get(address).text
    assert "2026年10月指导情况" in page
    assert "1/2次" in page
    assert "补录" in page
    unit = house.cast.units["A"]
    assert officer.post("/mentoring/months/lock", data={"month": "2026-10-01", "unit": unit}).status_code == 302
    mentor = as_one[Persona.MENTOR]
    refused = mentor.post(f"/mentoring/pairings/{house.pairing_id}/guidance", data=_form(house, day="2026-10-21"))
    assert "该月已锁定" in refused.text
    with house.cast.database.read() as session:
        lock_id = session.scalars(select(MonthLock.id)).one()
    reopen = f"/mentoring/months/locks/{lock_id}/reopen"
    assert reopen in officer.get(address).text
    assert officer.post(reopen, data={"reason": ""}).status_code == 422
    assert officer.post(reopen, data={"reason": "补录"}).status_code == 302
    assert "重新开放：补录" in officer.get(address).text
    assert officer.get(reopen).status_code == 404


def test_the_month_as_a_sheet(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    _record(house)
    answer = as_one[Persona.ADMIN].get("/mentoring/months?as=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert rows[1] == ("办公室", "田瑞", "孟涛", "生效中", "30", "2", "1", "1", "0", "1", "")


def _sheet(client: "FlaskClient", address: str) -> list[tuple[object, ...]]:
    answer = client.get(address)
    return list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))


def test_the_log_has_every_record_and_words_for_the_pair_only(
    house: House, as_one: "dict[Persona, FlaskClient]"
) -> None:
    _record(house, text=CANARY, minutes=45)
    gone = _record(house, day=date(2026, 11, 2), key="gone")
    as_one[Persona.MENTOR].post(f"/mentoring/records/{gone}/withdraw")
    own = _sheet(as_one[Persona.MENTOR], f"/mentoring/pairings/{house.pairing_id}/log")
    assert [(row[0], row[7], row[9], row[11]) for row in own[1:]] == [
        ("2026-11-02", "", WORDS, "已撤回"),
        ("2026-11-18", "45", CANARY, "未确认"),
    ]
    for address in (f"/mentoring/pairings/{house.pairing_id}/log", "/mentoring/months/log?month=2026-11"):
        rows = _sheet(as_one[Persona.OFFICER], address)
        assert len(rows) == 3
        assert CANARY not in str(rows)
    other = f"/mentoring/months/log?month=2026-11&unit={house.cast.units['B']}"
    assert as_one[Persona.OFFICER].get(other).status_code == 404
    assert len(_sheet(as_one[Persona.ADMIN], other)) == 1


def test_proposed_agreed_and_begun_in_the_browser(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    officer = as_one[Persona.OFFICER]
    form = {
        "mentor": "P-LECTURER",
        "mentee": "P-FELLOW",
        "programme": house.programme_id,
        "starts_on": "2026-12-01",
        "ends_on": "2027-11-30",
        "sponsor": "P-LEADER",
        "goals": "独立起草",
    }
    unknown = officer.post("/mentoring/pairings/propose", data={**form, "mentor": "P-NOBODY"})
    assert unknown.status_code == 422
    assert "没有在职人员使用此工号" in unknown.text
    assert "独立起草" in unknown.text
    foreign = officer.post("/mentoring/pairings/propose", data={**form, "mentor": "P-STRANGER", "mentee": "P-CHARLIE"})
    assert foreign.status_code == 422
    made = officer.post("/mentoring/pairings/propose", data=form)
    assert made.status_code == 302
    for persona in (Persona.LECTURER, Persona.FELLOW):
        assert "我同意" in as_one[persona].get("/mentoring").text
        assert as_one[persona].post(f"{made.location}/agree").status_code == 302
    with house.cast.database.read() as session:
        pairing = session.scalars(select(Pairing).order_by(Pairing.id.desc()).limit(1)).one()
        assert (pairing.status, pairing.sponsor_id) == (PairingStatus.AGREED, house.cast.people[Persona.LEADER])
    begun = officer.post(f"{made.location}/steps/activate", data={"version": pairing.version, "reason": ""})
    assert begun.status_code == 302
    assert officer.get(f"{made.location}/steps/nonsense").status_code == 404
    assert officer.get(f"{made.location}/steps/resume").status_code == 404


def test_steps_of_a_life_in_the_browser(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    officer, here = as_one[Persona.OFFICER], f"/mentoring/pairings/{house.pairing_id}"

    def step(name: str, **form: object) -> int:
        with house.cast.database.read() as session:
            version = session.get_one(Pairing, house.pairing_id).version
        return officer.post(f"{here}/steps/{name}", data={"version": version, **form}).status_code

    assert step("suspend", day="2026-11-10") == 422
    assert step("suspend", day="2026-11-10", reason="借调") == 302
    assert step("resume", day="2026-11-01") == 422
    assert step("resume", day="2026-11-12") == 302
    assert step("complete") == 422
    stale = officer.post(f"{here}/edit", data={"version": 1, "ends_on": "2027-02-28", "goals": "我的话"})
    assert stale.status_code == 422
    assert "我的话" in stale.text
    assert step("end", day="2026-11-18", end_reason=1, reason="") == 302
    assert "提前结束" in officer.get(here).text
    term = officer.post(f"{here}/next-term", data={"starts_on": "2026-12-01", "ends_on": "2027-11-30"})
    assert term.status_code == 302


def test_a_meeting_becomes_a_record_by_one_tap(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    mentor, here = as_one[Persona.MENTOR], f"/mentoring/pairings/{house.pairing_id}"
    form = {"title": "公文写作", "day": "2026-11-18", "starts": "09:00", "ends": "09:45", "venue": "0"}
    assert mentor.post(f"{here}/meetings", data={**form, "ends": "08:00"}).status_code == 422
    assert mentor.post(f"{here}/meetings", data={**form, "description": "带文稿"}).status_code == 302
    link = re.search(rf"{here}/guidance\?activity=(\d+)", mentor.get("/mentoring").text)
    assert link is not None
    page = mentor.get(link[0]).text
    assert 'value="45"' in page
    assert "带文稿" in page
    assert mentor.post(link[0], data=_form(house, activity=link[1])).status_code == 302
    assert _stored(house)[0].activity_id == int(link[1])
    assert "activity=" not in mentor.get("/mentoring").text


def test_a_clash_is_shown_and_can_be_accepted(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    mentor, here = as_one[Persona.MENTOR], f"/mentoring/pairings/{house.pairing_id}/meetings"
    form = {"title": "公文写作", "day": "2026-11-19", "starts": "09:00", "ends": "10:00", "venue": "0"}
    assert mentor.post(here, data=form).status_code == 302
    asked = mentor.post(here, data=form)
    assert asked.status_code == 422
    slot = re.search(r'name="slot"\s+value="([^"]+)"', asked.text)
    assert slot is not None
    assert 'name="confirmed"' in asked.text
    assert mentor.post(here, data={**form, "slot": slot[1]}).status_code == 302


def test_programmes_are_edited_in_the_browser(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    admin, address = as_one[Persona.ADMIN], f"/mentoring/programmes/{house.programme_id}"
    page = admin.get(address).text
    assert "政策解读 | Policy interpretation" in page
    form = {
        "version": 1,
        "name_zh": "导师帮带",
        "name_en": "Mentoring",
        "duty": 3,
        "capacity": 1,
        "grace_days": 0,
        "words_for": "pair",
        "areas": "政策解读 | Policy\n调研",
        "modes": "面谈",
    }
    assert admin.post(address, data={**form, "duty": 32}).status_code == 422
    assert admin.post(address, data=form).status_code == 302
    assert admin.post(address, data=form).status_code == 422, "somebody else changed it"
    as_one[Persona.MENTOR].set_cookie("language", "en")
    assert "1 of 3" not in as_one[Persona.MENTOR].get("/mentoring").text
    assert "0 of 3" in as_one[Persona.MENTOR].get("/mentoring").text


def test_a_pairing_ends_by_itself_when_its_last_day_is_over(house: House) -> None:
    with house.cast.database.write() as session:
        assert actions.complete_over(session, system_actor("night"), **EDGE) == 0
        house.pairing(session).ends_on = TODAY - timedelta(days=1)
        session.flush()
        assert actions.complete_over(session, system_actor("night"), **EDGE) == 1


def test_who_leaves_the_staff_leaves_the_pairing(house: House, as_one: "dict[Persona, FlaskClient]") -> None:
    record_id = _record(house)
    officer, address = as_one[Persona.OFFICER], f"/office/people/{house.cast.people[Persona.MENTOR]}/leave"
    assert "孟涛 → 田瑞" in officer.get(address).text
    assert officer.post(address).status_code == 302
    with house.cast.database.read() as session:
        pairing = house.pairing(session)
        assert (pairing.status, pairing.closed_on) == (PairingStatus.ENDED_EARLY, TODAY)
        assert session.get_one(EndReason, pairing.end_reason_id).code == "leave"
        assert session.get_one(GuidanceRecord, record_id).state is RecordState.FILED
