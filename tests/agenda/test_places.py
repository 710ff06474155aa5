"""Venues and lecturers are made and changed by the training office, and whoever saves second is told."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from scheduler.agenda.actions import change_lecturer, change_venue, create_lecturers, create_venues
from scheduler.agenda.actions.venues import facts_of
from scheduler.agenda.models import Venue
from scheduler.agenda.terms import VenueFacts, VenueKind
from scheduler.audit.models import AuditEntry
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.people.models import Lecturer
from scheduler.people.terms import LecturerFacts, LecturerKind
from tests.agenda.city import NOW, City
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LATER = NOW + timedelta(hours=1)
VENUE = VenueFacts(" N1 ", "新楼　报告厅", VenueKind.AUDITORIUM, 120, "中山路9号")
LECTURER = LecturerFacts("N1", "新讲师", LecturerKind.INDUSTRY, "某集团", "制造")


def test_venues_are_made_clean_and_recorded(city: City) -> None:
    (venue,) = create_venues(city.session, city.admin, [VENUE], now=NOW)
    assert facts_of(venue) == VenueFacts("N1", "新楼 报告厅", VenueKind.AUDITORIUM, 120, "中山路9号")
    city.session.commit()
    entry = city.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "venue")).one()
    assert (entry.verb, entry.facts["code"]) == ("create", "N1")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (VenueFacts("", "甲", VenueKind.CLASSROOM, 1), "code"),
        (VenueFacts("N2", " ", VenueKind.CLASSROOM, 1), "name"),
        (VenueFacts("N2", "甲", VenueKind.CLASSROOM, 0), "capacity"),
        (VenueFacts("N1", "甲", VenueKind.CLASSROOM, 1), "code"),
    ],
)
def test_unfit_venues_are_refused(city: City, facts: VenueFacts, field: str) -> None:
    create_venues(city.session, city.admin, [VENUE], now=NOW)
    with pytest.raises(Refusal) as refused:
        create_venues(city.session, city.admin, [facts], now=NOW)
    assert refused.value.field == field


def test_a_code_is_given_once(city: City) -> None:
    with pytest.raises(Refusal, match="already a venue with the code N1"):
        create_venues(city.session, city.admin, [VENUE, VENUE], now=NOW)
    with pytest.raises(Refusal, match="already a lecturer with the code N1"):
        create_lecturers(city.session, city.admin, [LECTURER, LECTURER], now=NOW)
    (one,) = create_venues(city.session, city.admin, [VENUE], now=NOW)
    taken = VenueFacts(city.hall.code, one.name, one.kind, one.capacity)
    with pytest.raises(Refusal, match="already a venue"):
        change_venue(city.session, city.admin, one.id, taken, version=one.version, now=LATER)


def test_a_lecturer_on_the_staff_is_found_by_number_and_only_one(city: City) -> None:
    person = city.people["li"]
    (made,) = create_lecturers(
        city.session, city.admin, [LecturerFacts("N1", "李", LecturerKind.INTERNAL, staff_no=person.staff_no)], now=NOW
    )
    assert made.person_id == person.id
    with pytest.raises(Refusal, match="is the lecturer N1 already"):
        create_lecturers(
            city.session,
            city.admin,
            [LecturerFacts("N2", "李", LecturerKind.INTERNAL, staff_no=person.staff_no)],
            now=NOW,
        )
    with pytest.raises(Refusal, match="Nobody on the staff"):
        create_lecturers(
            city.session, city.admin, [LecturerFacts("N3", "李", LecturerKind.INTERNAL, staff_no="?")], now=NOW
        )
    apart = LecturerFacts("N1", "李", LecturerKind.INTERNAL)
    assert change_lecturer(city.session, city.admin, made.id, apart, version=made.version, now=LATER).person_id is None


def test_a_lecturers_other_facts_revise_nothing(city: City) -> None:
    taught = city.book(lecturers=(city.chen,))
    facts = LecturerFacts(city.chen.code, city.chen.name, LecturerKind.SCHOLAR, "别处")
    change_lecturer(city.session, city.admin, city.chen.id, facts, version=city.chen.version, now=LATER)
    assert (city.chen.organisation, taught.revised_at) == ("别处", NOW)


def test_only_the_training_office_makes_places(city: City) -> None:
    for act in (
        lambda: create_venues(city.session, city.officer, [VENUE], now=NOW),
        lambda: create_lecturers(city.session, city.officer, [LECTURER], now=NOW),
    ):
        with pytest.raises(Missing):
            act()


def test_who_saves_second_is_told_of_the_first(city: City) -> None:
    seen = city.hall.version
    changed = VenueFacts(city.hall.code, "甲楼", city.hall.kind, city.hall.capacity)
    change_venue(city.session, city.admin, city.hall.id, changed, version=seen, now=LATER)
    with pytest.raises(Stale):
        change_venue(city.session, city.admin, city.hall.id, changed, version=seen, now=LATER)
    known = city.chen.version
    facts = LecturerFacts(city.chen.code, "陈", LecturerKind.SCHOLAR)
    change_lecturer(city.session, city.admin, city.chen.id, facts, version=known, now=LATER)
    with pytest.raises(Stale):
        change_lecturer(city.session, city.admin, city.chen.id, facts, version=known, now=LATER)


def _form(page: str, **typed: str) -> dict[str, str]:
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"', maxsplit=1)[0]
    version = (
        page.split('name="version"')[1].split('value="')[1].split('"', maxsplit=1)[0]
        if 'name="version"' in page
        else ""
    )
    return {"csrf_token": token, "version": version, **typed}


def test_places_in_the_browser(client: "FlaskClient", cast: Cast) -> None:
    browser = cast.sign_in(client, Persona.ADMIN)
    page = browser.get("/venues/add").get_data(as_text=True)
    sent = _form(page, name="新楼", code="N1", kind="classroom", capacity="30", address="")
    answer = browser.post("/venues/add", data=sent)
    assert answer.status_code == 302
    assert "新楼" in browser.get(answer.location).get_data(as_text=True)
    again = browser.post("/venues/add", data=sent)
    assert again.status_code == 422
    assert 'value="新楼"' in again.get_data(as_text=True)  # nothing typed is lost
    opened = browser.get(f"{answer.location}/edit").get_data(as_text=True)
    changed = _form(opened, name="老楼", code="N1", kind="classroom", capacity="30", address="")
    assert browser.post(f"{answer.location}/edit", data=changed).status_code == 302
    late = browser.post(f"{answer.location}/edit", data={**changed, "name": "第三个名字"})
    assert late.status_code == 422
    assert "第三个名字" in late.get_data(as_text=True)

    page = browser.get("/lecturers/add").get_data(as_text=True)
    typed = {"name": "新讲师", "code": "N1", "kind": "scholar", "staff_no": ""}
    answer = browser.post("/lecturers/add", data=_form(page, **typed))
    assert answer.status_code == 302
    assert "新讲师" in browser.get(answer.location).get_data(as_text=True)
    opened = browser.get(f"{answer.location}/edit").get_data(as_text=True)
    bad = browser.post(f"{answer.location}/edit", data=_form(opened, **{**typed, "staff_no": "nobody"}))
    assert bad.status_code == 422
    assert browser.post(f"{answer.location}/edit", data=_form(opened, **{**typed, "name": "改名"})).status_code == 302
    with cast.database.read() as session:
        assert session.scalar(select(Venue.name).where(Venue.code == "N1")) == "老楼"
        assert session.scalar(select(Lecturer.name).where(Lecturer.code == "N1")) == "改名"
