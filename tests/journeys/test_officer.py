"""The unit officer: who of my people goes to which class."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.agenda.models import Membership
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.people.models import Person, Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.journeys.visitor import Visitor

PEOPLE = 2


def coming_class(app: "Flask") -> StudyClass:
    last = (
        select(StudyClass)
        .where(StudyClass.status == ClassStatus.PUBLISHED)
        .order_by(StudyClass.starts_on.desc())
        .limit(1)
    )
    with app.extensions["sessions"].read() as session:
        found: StudyClass = session.scalars(last).one()
        return found


def free_people(app: "Flask", studies: StudyClass) -> dict[int, str]:
    """Return staff numbers, by id, of people of the officer's unit who are not in the class yet."""
    with app.extensions["sessions"].read() as session:
        inside = select(Membership.person_id).where(Membership.audience_id == studies.audience_id)
        rows = session.execute(
            select(Person.id, Person.staff_no)
            .join(Unit, Unit.id == Person.unit_id)
            .where(Unit.code.startswith("X01"), Person.id.not_in(inside), Person.staff_no.startswith("D"))
            .order_by(Person.id)
            .limit(PEOPLE)
        )
        return {row.id: row.staff_no for row in rows}


def test_enrols_people_of_the_own_unit(come: "Callable[..., Visitor]", app: "Flask") -> None:
    studies = coming_class(app)
    people = free_people(app, studies)
    officer = come("officer")
    officer.page.goto("/classes")
    officer.taps_on(f"a[href='/classes/{studies.id}']")
    officer.taps_on(f"a[href='/classes/{studies.id}/roster']")
    officer.fills(staff_nos="\n".join(people.values()))
    officer.sends()
    if officer.main("[name=confirmed]").count():  # somebody is expected elsewhere: the officer knows
        officer.main("[name=confirmed]").check()
        officer.sends()
    officer.main(".notices .note").first.wait_for()
    with app.extensions["sessions"].read() as session:
        enrolled = session.scalars(
            select(Membership.person_id).where(
                Membership.audience_id == studies.audience_id, Membership.left_at.is_(None)
            )
        ).all()
    assert people.keys() <= set(enrolled)
    assert [number for number in people.values() if number not in officer.text()] == []


def test_does_not_enrol_people_of_other_units(come: "Callable[..., Visitor]", app: "Flask") -> None:
    studies = coming_class(app)
    officer = come("officer")
    officer.page.goto(f"/classes/{studies.id}/roster")
    officer.fills(staff_nos="outsider")
    officer.sends()
    assert officer.main(".error").count() > 0
    assert officer.main("[name=staff_nos]").input_value() == "outsider", "what was typed is kept"


def test_plans_nothing(come: "Callable[..., Visitor]") -> None:
    officer = come("officer")
    for path in ("/classes/new", "/office/imports", "/units/add", "/lectures/programmes/new"):
        answer = officer.page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
