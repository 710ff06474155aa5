"""Programmes and their lists are rows that the office edits."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.mentoring import actions
from scheduler.mentoring.access import may_read_words
from scheduler.mentoring.models import ContentArea, Programme
from scheduler.mentoring.queries.programmes import lists_of
from scheduler.mentoring.terms import WordsFor
from scheduler.mentoring.terms.programmes import AREAS, MODES, ProgrammePlan
from scheduler.people.models import Unit
from tests.cast import Persona
from tests.mentoring.conftest import NOW, SYSTEM, House

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PLAN = ProgrammePlan(
    "导师帮带",
    "Mentoring",
    3,
    2,
    7,
    WordsFor.PAIR,
    None,
    None,
    tuple((one.name_zh, one.name_en) for one in AREAS),
    tuple((one.name_zh, one.name_en) for one in MODES),
)


def test_a_programme_is_made_once_with_the_usual_lists(session: "Session", house: House) -> None:
    made = actions.ensure_programmes(session, SYSTEM, ["导师帮带", "红色导师", "导师帮带"], now=NOW)
    again = actions.ensure_programmes(session, SYSTEM, ["红色导师"], now=NOW)
    assert made["导师帮带"] == house.programme_id
    assert again == {"红色导师": made["红色导师"]}
    programme = session.get_one(Programme, made["红色导师"])
    assert (programme.duty, programme.capacity, programme.grace_days) == (2, 1, 5)
    areas, modes = lists_of(session, programme.id)
    assert (len(areas), len(modes)) == (8, 6)


def test_what_it_settles_is_changed(session: "Session", house: House) -> None:
    admin, programme = house.actor(session, Persona.ADMIN), session.get_one(Programme, house.programme_id)
    version = programme.version
    actions.edit_programme(session, admin, programme.id, PLAN, version=version, now=NOW)
    assert (programme.name_en, programme.duty, programme.capacity, programme.grace_days) == ("Mentoring", 3, 2, 7)
    with pytest.raises(Stale):
        actions.edit_programme(session, admin, programme.id, PLAN, version=version, now=NOW)
    with pytest.raises(Missing):
        actions.edit_programme(
            session, house.actor(session, Persona.OFFICER), programme.id, PLAN, version=programme.version, now=NOW
        )


def test_a_programme_is_made_as_it_is_said(session: "Session", house: House) -> None:
    admin = house.actor(session, Persona.ADMIN)
    plan = replace(PLAN, name_zh="青年导师", name_en="Young Mentors", areas=(*PLAN.areas[:2], ("调解", "Mediation")))
    made = actions.add_programme(session, admin, plan, now=NOW)
    assert (made.name_zh, made.name_en, made.duty, made.capacity) == ("青年导师", "Young Mentors", 3, 2)
    assert lists_of(session, made.id)[0] == list(plan.areas)
    for taken in ("青年导师", "Young Mentors"):
        with pytest.raises(Refusal, match="already") as refused:
            actions.add_programme(session, admin, replace(plan, name_zh=taken), now=NOW)
        assert refused.value.field == "name_zh"
    with pytest.raises(Missing):
        actions.add_programme(session, house.actor(session, Persona.OFFICER), plan, now=NOW)


def test_lists_are_renamed_reordered_and_shortened(session: "Session", house: House) -> None:
    admin, programme = house.actor(session, Persona.ADMIN), session.get_one(Programme, house.programme_id)
    house.file(session, area_ids=(house.areas[2],))
    writing = PLAN.areas[2]
    areas = (writing, ("政策宣讲", "Policy talks"), *PLAN.areas[3:], ("调解", ""))
    changed = replace(PLAN, areas=areas)
    actions.edit_programme(session, admin, programme.id, changed, version=programme.version, now=NOW)
    found, _modes = lists_of(session, programme.id)
    assert found == [*areas[:-1], ("调解", "调解")]
    assert session.get_one(ContentArea, house.areas[2]).name_zh == "公文写作"
    without = replace(PLAN, areas=PLAN.areas[3:])
    with pytest.raises(Refusal, match="it can be renamed, not taken away"):
        actions.edit_programme(session, admin, programme.id, without, version=programme.version, now=NOW)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (replace(PLAN, name_zh=" "), "name_zh"),
        (replace(PLAN, name_zh="红色导师"), "name_zh"),
        (replace(PLAN, areas=()), "areas"),
        (replace(PLAN, modes=()), "modes"),
        (replace(PLAN, areas=(("一", "1"), ("一", "2"))), "areas"),
    ],
)
def test_what_a_programme_cannot_be(session: "Session", house: House, plan: ProgrammePlan, field: str) -> None:
    actions.ensure_programmes(session, SYSTEM, ["红色导师"], now=NOW)
    programme = session.get_one(Programme, house.programme_id)
    with pytest.raises(Refusal) as refused:
        actions.edit_programme(
            session, house.actor(session, Persona.ADMIN), programme.id, plan, version=programme.version, now=NOW
        )
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("rule", "readers"),
    [
        (WordsFor.PAIR, {Persona.MENTOR, Persona.TRAINEE}),
        (WordsFor.PAIR_AND_OFFICER, {Persona.MENTOR, Persona.TRAINEE, Persona.OFFICER}),
        (WordsFor.PAIR_AND_OFFICE, {Persona.MENTOR, Persona.TRAINEE, Persona.ADMIN}),
    ],
)
def test_who_reads_the_words(session: "Session", house: House, rule: WordsFor, readers: set[Persona]) -> None:
    pair = (house.cast.people[Persona.MENTOR], house.cast.people[Persona.TRAINEE])
    path = session.scalars(select(Unit.path).where(Unit.code == "A1")).one()
    reading = {persona for persona in Persona if may_read_words(house.actor(session, persona), rule, pair, (path,))}
    assert reading == readers
