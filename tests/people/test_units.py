"""The tree of units: adding, renaming, moving; a model beside it that random moves are compared with."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler.core.access import system_actor
from scheduler.core.errors import Missing, Refusal
from scheduler.core.text import UnfitText
from scheduler.people import actions, queries
from scheduler.people.actions.units import DEEPEST
from scheduler.people.models import Unit, UnitPlacement
from scheduler.people.terms import NewUnit, UnitKind
from tests.cast import Cast, Persona
from tests.harness.versions import version_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 1, 2, tzinfo=UTC)
SYSTEM = system_actor("test")


def new(code: str, parent_id: int | None = None) -> NewUnit:
    return NewUnit(code, f"Unit {code}", UnitKind.SECTION, parent_id)


def test_a_unit_knows_its_place_from_the_start(session: "Session", cast: Cast) -> None:
    unit = actions.add_unit(session, SYSTEM, new(" A2 ", cast.units["A"]), now=NOW)
    assert (unit.code, unit.path) == ("A2", f"/{cast.units['CITY']}/{cast.units['A']}/{unit.id}/")
    assert [stay.parent for stay in queries.placements(session, unit.id)] == ["财政局"]


@pytest.mark.parametrize("code", ["A1", "A1 "])
def test_a_code_is_used_once(session: "Session", cast: Cast, code: str) -> None:
    with pytest.raises(Refusal, match="already a unit with the code A1"):
        actions.add_unit(session, SYSTEM, new(code, cast.units["A"]), now=NOW)


def test_two_new_units_cannot_share_a_code(session: "Session", cast: Cast) -> None:
    with pytest.raises(Refusal, match="code X"):
        actions.add_units(session, SYSTEM, [new("X", cast.units["A"]), new("X", cast.units["B"])], now=NOW)


def test_refuses_bad_names_and_missing_parents(session: "Session", cast: Cast) -> None:
    parent = cast.units["A"]
    with pytest.raises(UnfitText):
        actions.add_unit(session, SYSTEM, NewUnit("N", "a\r\nb", UnitKind.SECTION, parent), now=NOW)
    with pytest.raises(Refusal, match="needs a name"):
        actions.rename_unit(session, SYSTEM, parent, " \u3000 ", version=version_of(session, Unit, parent), now=NOW)
    with pytest.raises(Refusal, match="needs a code"):
        actions.add_unit(session, SYSTEM, new(" ", parent), now=NOW)
    with pytest.raises(Missing):
        actions.add_unit(session, SYSTEM, new("N", 10**9), now=NOW)
    with pytest.raises(Missing):
        actions.move_unit(session, SYSTEM, 10**9, parent, version=version_of(session, Unit, 10**9), now=NOW)


def test_only_admins_touch_the_tree(session: "Session", cast: Cast) -> None:
    officer, a1 = cast.actor(session, Persona.OFFICER), cast.units["A1"]
    with pytest.raises(Missing):
        actions.add_unit(session, officer, new("N", cast.units["A"]), now=NOW)
    with pytest.raises(Missing):
        actions.rename_unit(session, officer, a1, "x", version=version_of(session, Unit, a1), now=NOW)
    with pytest.raises(Missing):
        actions.move_unit(session, officer, a1, cast.units["B"], version=version_of(session, Unit, a1), now=NOW)


def test_a_move_takes_all_below_along_and_keeps_what_was(session: "Session", cast: Cast) -> None:
    a, a1, b = cast.units["A"], cast.units["A1"], cast.units["B"]
    actions.move_unit(session, SYSTEM, a, b, version=version_of(session, Unit, a), now=NOW)
    paths = dict(row for row in session.execute(select(Unit.id, Unit.path)).all())
    assert paths[a1] == f"{paths[a]}{a1}/" == f"{paths[b]}{a}/{a1}/"
    assert [(stay.parent, stay.ended_at) for stay in queries.placements(session, a)] == [
        ("教育局", None),
        ("全市", NOW),
    ]
    assert [stay.parent for stay in queries.placements(session, a1)] == ["财政局"]
    actions.move_unit(session, SYSTEM, a, b, version=version_of(session, Unit, a), now=NOW)  # again: nothing to do
    assert len(queries.placements(session, a)) == 2


def test_a_unit_cannot_come_below_itself_nor_the_top_be_moved(session: "Session", cast: Cast) -> None:
    with pytest.raises(Refusal, match="below itself"):
        actions.move_unit(
            session,
            SYSTEM,
            cast.units["A"],
            cast.units["A1"],
            version=version_of(session, Unit, cast.units["A"]),
            now=NOW,
        )
    with pytest.raises(Refusal, match="below itself"):
        actions.move_unit(
            session,
            SYSTEM,
            cast.units["A"],
            cast.units["A"],
            version=version_of(session, Unit, cast.units["A"]),
            now=NOW,
        )
    with pytest.raises(Refusal, match="top of the tree"):
        actions.move_unit(
            session,
            SYSTEM,
            cast.units["CITY"],
            cast.units["A"],
            version=version_of(session, Unit, cast.units["CITY"]),
            now=NOW,
        )


def test_the_tree_has_a_floor(session: "Session", cast: Cast) -> None:
    parent = cast.units["A1"]
    for level in range(4, DEEPEST + 1):
        parent = actions.add_unit(session, SYSTEM, new(f"L{level}", parent), now=NOW).id
    with pytest.raises(Refusal, match="at most 10 levels"):
        actions.add_unit(session, SYSTEM, new("L11", parent), now=NOW)
    actions.move_unit(
        session, SYSTEM, cast.units["A1"], cast.units["B"], version=version_of(session, Unit, cast.units["A1"]), now=NOW
    )
    with pytest.raises(Refusal, match="at most 10 levels"):
        actions.move_unit(
            session,
            SYSTEM,
            cast.units["B"],
            cast.units["A"],
            version=version_of(session, Unit, cast.units["B"]),
            now=NOW,
        )


def test_roles_follow_a_move_and_nobody_is_signed_out(client: "FlaskClient", cast: Cast) -> None:
    trainee = f"/people/{cast.people[Persona.TRAINEE]}"
    officer = cast.sign_in(client, Persona.OFFICER)
    assert officer.get(trainee).status_code == 200
    with cast.database.write() as session:
        actions.move_unit(
            session,
            SYSTEM,
            cast.units["A1"],
            cast.units["B"],
            version=version_of(session, Unit, cast.units["A1"]),
            now=NOW,
        )
    assert officer.get("/account").status_code == 200
    assert officer.get(trainee).status_code == 404


def test_the_database_refuses_a_second_open_placement_and_a_unit_above_itself(database: "Sessions", cast: Cast) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(UnitPlacement(unit_id=cast.units["A"], parent_id=None, began_at=NOW))
    with pytest.raises(IntegrityError), database.write() as session:
        session.get_one(Unit, cast.units["A"]).parent_id = cast.units["A"]


def test_the_tree_page_counts_people_here_and_below(client: "FlaskClient", cast: Cast) -> None:
    with cast.database.read() as session:
        top = queries.unit_tree(session, cast.actor(session, Persona.ADMIN))[0]
        assert (top.people, {below.code: below.people for below in top.below}) == (9, {"A": 6, "B": 2})
        seen = queries.unit_tree(session, cast.actor(session, Persona.LEADER))
        assert [(branch.code, [below.code for below in branch.below]) for branch in seen] == [("A", ["A1"])]
    page = cast.sign_in(client, Persona.ADMIN).get("/units", headers={"Accept-Language": "en"}).text
    assert "9 people" in page


@pytest.mark.parametrize("moves", [1, 3])
def test_pages_add_rename_and_move(client: "FlaskClient", cast: Cast, moves: int) -> None:
    cast.sign_in(client, Persona.ADMIN)
    added = {"code": "N", "name": "新科室", "kind": "section", "parent": str(cast.units["A"])}
    shown = client.post("/units/add", data=added).location
    assert client.post("/units/add", data=added).status_code == 422
    assert client.post(f"{shown}/rename", data={"name": "新新科室"}).location == shown
    assert client.post(f"{shown}/rename", data={"name": " "}).status_code == 422
    for number in range(moves):
        target = cast.units["B" if number % 2 == 0 else "A"]
        assert client.post(f"{shown}/move", data={"parent": str(target)}).location == shown
    below_itself = client.post(f"/units/{cast.units['A']}/move", data={"parent": str(cast.units["A1"])})
    assert below_itself.status_code == 422
    page = client.get(shown, headers={"Accept-Language": "en"}).text
    assert "新新科室" in page
    assert page.count(">Moved<") == moves


_MOVES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=st.lists(st.integers(0, 6), min_size=7, max_size=7), moves=_MOVES)
def test_random_moves_agree_with_a_model(
    database: "Sessions", parents: list[int], moves: list[tuple[int, int]]
) -> None:
    with database.open(writing=True) as session:
        ids = [actions.add_unit(session, SYSTEM, new("0"), now=NOW).id]
        above: dict[int, int | None] = {ids[0]: None}
        for number, parent in enumerate(parents, start=1):
            parent_id = ids[parent % number]
            ids.append(actions.add_unit(session, SYSTEM, new(str(number), parent_id), now=NOW).id)
            above[ids[-1]] = parent_id

        def path(unit_id: int | None) -> str:
            return f"{path(above[unit_id])}{unit_id}/" if unit_id is not None else "/"

        for unit, parent in moves:
            unit_id, parent_id = ids[unit], ids[parent]
            allowed = above[unit_id] is not None and not path(parent_id).startswith(path(unit_id))
            if allowed or above[unit_id] == parent_id:
                actions.move_unit(
                    session, SYSTEM, unit_id, parent_id, version=version_of(session, Unit, unit_id), now=NOW
                )
                above[unit_id] = parent_id
            else:
                with pytest.raises(Refusal):
                    actions.move_unit(
                        session, SYSTEM, unit_id, parent_id, version=version_of(session, Unit, unit_id), now=NOW
                    )
        stored = session.execute(select(Unit.id, Unit.parent_id, Unit.path)).all()
        assert {row.id: (row.parent_id, row.path) for row in stored} == {u: (above[u], path(u)) for u in ids}
        standing = select(UnitPlacement.unit_id, UnitPlacement.parent_id).where(UnitPlacement.ended_at.is_(None))
        assert dict(row for row in session.execute(standing).all()) == above
        session.rollback()
