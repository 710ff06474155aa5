"""Persons: lists, pages, corrections, transfers, departures."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event, select

from scheduler.core.access import Role, system_actor
from scheduler.core.errors import Missing, Refusal
from scheduler.people import actions, queries
from scheduler.people.models import Lecturer, Person, RoleGrant
from scheduler.people.queries.persons import PeopleFilter
from scheduler.people.terms import LecturerKind, NewUnit, PersonFacts, UnitKind
from tests.cast import Cast, Persona
from tests.harness.versions import version_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 5, 1, 2, tzinfo=UTC)
SYSTEM = system_actor("test")
ENGLISH = {"Accept-Language": "en"}


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def add(session: "Session", unit_id: int, *facts: PersonFacts) -> list[Person]:
    return actions.add_people(session, SYSTEM, [(fact, unit_id) for fact in facts], now=NOW)


def names(session: "Session", cast: Cast, wanted: PeopleFilter, persona: Persona = Persona.ADMIN) -> set[str]:
    listed = queries.list_people(session, cast.actor(session, persona), wanted)
    return {row.name for row in listed.rows}


def test_search_by_name_number_or_phone_takes_signs_literally(session: "Session", cast: Cast) -> None:
    add(
        session,
        cast.units["B"],
        PersonFacts("P00001", "百分%号", phone="13800000001"),
        PersonFacts("P00002", "下划_线"),
        PersonFacts("P00003", "普通人"),
    )
    for text, found in (
        ("%", {"百分%号"}),
        ("_", {"下划_线"}),
        ("p00003", {"普通人"}),
        ("\uff30\uff10\uff10\uff10\uff10\uff13", {"普通人"}),
        ("0000001", {"百分%号"}),
        ("通", {"普通人"}),
        ("\\", set()),
    ):
        assert names(session, cast, PeopleFilter(text)) == found, text


def test_everybody_sees_what_the_role_reaches_and_at_least_oneself(session: "Session", cast: Cast) -> None:
    inside = {"欧文", "李德", "陆江", "孟涛", "田瑞", "方路"}
    expected = {
        Persona.ADMIN: inside | {"安明", "石川", "查理"},
        Persona.OFFICER: inside,
        Persona.LEADER: inside,
        Persona.MENTOR: {"孟涛"},
        Persona.TRAINEE: {"田瑞"},
        Persona.CHARLIE: {"查理"},
    }
    for persona, seen in expected.items():
        assert names(session, cast, PeopleFilter(), persona) == seen


def test_a_unit_filter_reaches_below_unless_told_not_to(session: "Session", cast: Cast) -> None:
    assert len(names(session, cast, PeopleFilter(unit_id=cast.units["A"]))) == 6
    assert names(session, cast, PeopleFilter(unit_id=cast.units["A"], directly=True)) == {"欧文", "李德"}
    assert names(session, cast, PeopleFilter(unit_id=cast.units["A"]), Persona.TRAINEE) == {"田瑞"}


def test_long_lists_come_in_pages(client: "FlaskClient", cast: Cast) -> None:
    with cast.database.write() as session:
        add(session, cast.units["B"], *(PersonFacts(f"Q{number:03}", f"人{number:03}") for number in range(60)))
    cast.sign_in(client, Persona.ADMIN)
    first, second = (client.get(f"/people?q=人&page={page}", headers=ENGLISH).text for page in (1, 2))
    assert ("人000" in first, "人049" in first, "人050" in first) == (True, True, False)
    assert ("60 entries" in second, "人059" in second) == (True, True)
    assert "人059" in client.get("/people?q=人&page=99").text
    assert client.get("/people?page=x&unit=y").status_code == 200
    assert "Nobody found" in client.get("/people?q=zzz", headers=ENGLISH).text


@pytest.mark.parametrize("path", ["/people", "/units", "/lecturers", "unit", "person"])
def test_pages_need_the_same_number_of_statements_for_one_row_and_three(
    client: "FlaskClient", cast: Cast, path: str
) -> None:
    engine = client.application.extensions["engine"]
    path = {"unit": f"/units/{cast.units['B']}", "person": f"/people/{cast.people[Persona.STRANGER]}"}.get(path, path)
    cast.sign_in(client, Persona.ADMIN)
    figures = []
    for number in range(3):
        with cast.database.write() as session:
            actions.add_unit(session, SYSTEM, new_unit(f"N{number}", cast.units["B"]), now=NOW)
            add(session, cast.units["B"], PersonFacts(f"Q{number}", f"人{number}"))
            role = (Role.MENTOR, Role.LECTURER, Role.LEADER)[number]
            actions.grant_role(session, SYSTEM, cast.people[Persona.STRANGER], role, cast.units["B"], now=NOW)
            session.add(Lecturer(code=f"L{number}", name=f"师{number}", kind=LecturerKind.SCHOLAR))
        with counted(engine) as said:
            assert client.get(path).status_code == 200
        figures.append(len(said))
    assert figures[0] == figures[2], figures
    assert figures[0] <= 10


def new_unit(code: str, parent_id: int) -> NewUnit:
    return NewUnit(code, f"Unit {code}", UnitKind.SECTION, parent_id)


@pytest.mark.parametrize("count", [1, 3])
def test_adding_many_takes_as_many_statements_as_adding_one(
    session: "Session", cast: Cast, engine: Engine, count: int
) -> None:
    with counted(engine) as said:
        people = add(session, cast.units["A"], *(PersonFacts(f"Q{number}", "某人") for number in range(count)))
        actions.grant_roles(session, SYSTEM, [(person.id, Role.TRAINEE, cast.units["A"]) for person in people], now=NOW)
    assert len([statement for statement in said if not statement.startswith("BEGIN")]) == 7, said


def test_staff_numbers_are_used_once_and_names_needed(session: "Session", cast: Cast) -> None:
    with pytest.raises(Refusal, match="staff number P-ADMIN"):
        add(session, cast.units["A"], PersonFacts("P-ADMIN", "某人"))
    with pytest.raises(Refusal, match="staff number Q1"):
        add(session, cast.units["A"], PersonFacts("Q1", "甲"), PersonFacts("Q1", "乙"))
    with pytest.raises(Refusal, match="needs a name"):
        add(session, cast.units["A"], PersonFacts("Q2", "\u3000"))
    with pytest.raises(Missing):
        add(session, 10**9, PersonFacts("Q3", "甲"))


def test_the_pages_of_a_person_add_correct_transfer_and_see_off(client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.OFFICER)
    facts = {"name": "新人", "staff_no": "Q1", "gender": "female", "born_on": "1990-02-03", "phone": "138"}
    shown = client.post("/people/add", data={**facts, "unit": str(cast.units["A"])}).location
    assert client.post("/people/add", data={**facts, "unit": str(cast.units["A"])}).status_code == 422
    assert client.post("/people/add", data={**facts, "unit": str(cast.units["B"])}).status_code == 422
    assert client.post(f"{shown}/edit", data={**facts, "phone": "139", "gender": ""}).location == shown
    assert client.post(f"{shown}/edit", data={**facts, "staff_no": "P-ADMIN"}).status_code == 422
    assert client.post(f"{shown}/transfer", data={"unit": str(cast.units["A1"])}).location == shown
    assert client.post(f"/office{shown}/leave").location == shown
    page = client.get(shown, headers=ENGLISH).text
    for said in ("139", "Left on", "Transferred", "Corrected", "Came back"):
        assert (said in page) == (said != "Came back"), said
    assert "新人" in client.get("/people?left=y").text
    assert "新人" not in client.get("/people").text
    assert client.post(f"{shown}/link").status_code == 422
    assert client.post(f"{shown}/roles", data={"role": "mentor", "unit": str(cast.units["A"])}).status_code == 404
    assert client.post(f"{shown}/return").location == shown
    assert "新人" in client.get("/people").text
    with cast.database.read() as session:
        person = session.scalars(select(Person).where(Person.staff_no == "Q1")).one()
        assert (person.gender, person.born_on, person.unit_id) == (None, date(1990, 2, 3), cast.units["A1"])


def test_working_roles_follow_a_transfer_and_power_stays(session: "Session", cast: Cast) -> None:
    person, admin = cast.people[Persona.TRAINEE], cast.actor(session, Persona.ADMIN)
    actions.grant_role(session, admin, person, Role.LEADER, cast.units["A1"], now=NOW)
    actions.transfer_person(session, admin, person, cast.units["B"], now=NOW)
    held = {(grant.role, grant.unit_id) for grant in queries.roles_held(session, person)}
    assert held == {(Role.TRAINEE, cast.units["B"]), (Role.LEADER, cast.units["A1"])}
    actions.transfer_person(session, admin, person, cast.units["B"], now=NOW)
    with pytest.raises(Missing):
        actions.transfer_person(session, cast.actor(session, Persona.OFFICER), person, cast.units["A"], now=NOW)


def test_who_leaves_loses_roles_and_sign_ins_at_once(client: "FlaskClient", cast: Cast) -> None:
    trainee = cast.sign_in(client, Persona.TRAINEE)
    assert trainee.get("/account").status_code == 200
    with cast.database.write() as session:
        for _ in range(2):
            actions.note_departure(session, SYSTEM, cast.people[Persona.TRAINEE], now=NOW)
        assert queries.roles_held(session, cast.people[Persona.TRAINEE]) == []
    assert trainee.get("/account").status_code == 302


def test_the_number_of_one_with_more_power_is_out_of_reach(session: "Session", cast: Cast) -> None:
    officer, leader = cast.actor(session, Persona.OFFICER), cast.people[Persona.LEADER]
    actions.edit_person(
        session,
        officer,
        leader,
        PersonFacts("P-LEADER", "李德", phone="1"),
        version=version_of(session, Person, leader),
        now=NOW,
    )
    session.flush()
    with pytest.raises(Missing):
        actions.edit_person(
            session, officer, leader, PersonFacts("OTHER", "李德"), version=version_of(session, Person, leader), now=NOW
        )


def test_the_expert_pool_is_searched_and_filtered(client: "FlaskClient", cast: Cast) -> None:
    with cast.database.write() as session:
        session.add(Lecturer(code="L9", name="史秀", organisation="江海大学", kind=LecturerKind.SCHOLAR))
    cast.sign_in(client, Persona.LEADER)
    assert "史秀" in client.get("/lecturers?q=江海").text
    assert "史秀" not in client.get("/lecturers?kind=internal").text
    assert "史秀" in client.get("/lecturers?kind=nonsense").text
    assert "Nobody found" in client.get("/lecturers?q=zzz", headers=ENGLISH).text
    assert "陆江" in client.get(f"/lecturers/{cast.lecturer_id}").text


def test_a_role_is_granted_where_it_may_be_and_ends_with_the_sign_ins(client: "FlaskClient", cast: Cast) -> None:
    officer, fellow = client, cast.sign_in(client.application.test_client(), Persona.FELLOW)
    cast.sign_in(officer, Persona.OFFICER)
    person = cast.people[Persona.FELLOW]
    a1 = str(cast.units["A1"])
    for _ in range(2):  # held already is no error
        assert officer.post(f"/people/{person}/roles", data={"role": "mentor", "unit": a1}).status_code == 302
    for role, unit in (("admin", a1), ("mentor", str(cast.units["B"]))):
        assert officer.post(f"/people/{person}/roles", data={"role": role, "unit": unit}).status_code == 422
    assert fellow.get("/account").status_code == 200
    with cast.database.read() as session:
        grants = queries.roles_held(session, person)
    assert [grant.role for grant in grants] == [Role.TRAINEE, Role.MENTOR]
    other = cast.people[Persona.TRAINEE]
    assert officer.post(f"/people/{other}/roles/{grants[1].id}/revoke").status_code == 404
    assert officer.post(f"/people/{person}/roles/{grants[1].id}/revoke").status_code == 302
    assert officer.post(f"/people/{person}/roles/{grants[1].id}/revoke").status_code == 404
    assert fellow.get("/account").status_code == 302


def test_powers_are_beyond_an_officer_and_the_own_admin_role_is_kept(session: "Session", cast: Cast) -> None:
    officer, admin = cast.actor(session, Persona.OFFICER), cast.actor(session, Persona.ADMIN)
    leading = session.scalars(select(RoleGrant.id).where(RoleGrant.role == Role.LEADER)).one()
    with pytest.raises(Missing):
        actions.revoke_role(session, officer, leading, now=NOW)
    with pytest.raises(Missing):
        actions.grant_role(session, officer, cast.people[Persona.OFFICER], Role.ADMIN, cast.units["A"], now=NOW)
    with pytest.raises(Missing):
        actions.grant_role(session, admin, 10**9, Role.MENTOR, cast.units["A"], now=NOW)
    own = session.scalars(select(RoleGrant.id).where(RoleGrant.role == Role.ADMIN)).one()
    with pytest.raises(Refusal, match="your own admin role"):
        actions.revoke_role(session, admin, own, now=NOW)
    actions.revoke_role(session, admin, leading, now=NOW)
    actions.grant_roles(session, admin, [], now=NOW)
