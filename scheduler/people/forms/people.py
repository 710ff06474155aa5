"""Units, persons and roles."""

from dataclasses import fields

from wtforms import BooleanField, EmailField, SelectField, StringField, TelField
from wtforms.validators import Optional

from scheduler.core.access import Role
from scheduler.core.forms import DateField, Filter, Form, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.people.forms.words import WORDS, choices
from scheduler.people.models import Person
from scheduler.people.terms import Gender, LecturerKind, NewUnit, PersonFacts, UnitKind


class UnitForm(Form):
    """A new unit."""

    name = StringField(_l("Name"), [required(), at_most(120)])
    code = StringField(
        _l("Code"), [required(), at_most(40)], description=_l("Short and lasting: imports know it by this.")
    )
    kind = SelectField(_l("Level"), choices=choices(UnitKind), default=UnitKind.SECTION.value)
    parent = SelectField(_l("Belongs to"), coerce=int)

    def value(self) -> NewUnit:
        return NewUnit(self.code.data or "", self.name.data or "", UnitKind(self.kind.data), self.parent.data)


class RenameForm(VersionedForm):
    """Another name for a unit."""

    name = StringField(_l("Name"), [required(), at_most(120)])


class MoveForm(VersionedForm):
    """Another parent for a unit."""

    parent = SelectField(_l("Belongs to"), coerce=int)


class TransferForm(Form):
    """Another unit for a person."""

    unit = SelectField(_l("Unit"), coerce=int)


class PersonForm(VersionedForm):
    """What is known of a person; `unit` is asked only for a new one."""

    name = StringField(_l("Full name"), [required(), at_most(80)])
    staff_no = StringField(_l("Staff number"), [required(), at_most(40)])
    unit = SelectField(_l("Unit"), coerce=int)
    post = StringField(_l("Post"), [at_most(80)])
    grade = StringField(_l("Grade"), [at_most(40)])
    phone = TelField(_l("Phone"), [at_most(40)])
    email = EmailField(_l("Email"), [at_most(200)])
    field = StringField(_l("Professional field"), [at_most(80)])
    gender = SelectField(_l("Gender"), choices=choices(Gender, ("", "—")))
    born_on = DateField(_l("Born on"), [Optional()])
    joined_on = DateField(_l("Began to work on"), [Optional()])

    def value(self) -> PersonFacts:
        return PersonFacts(
            staff_no=self.staff_no.data or "",
            name=self.name.data or "",
            gender=Gender(self.gender.data) if self.gender.data else None,
            born_on=self.born_on.data,
            post=self.post.data or "",
            grade=self.grade.data or "",
            field=self.field.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            joined_on=self.joined_on.data,
        )

    @classmethod
    def about(cls, person: Person) -> "PersonForm":
        """Return the form filled with what is known; without the unit, which a transfer changes."""
        known = {field.name: getattr(person, field.name) for field in fields(PersonFacts)}
        form = cls(data=known | {"version": person.version})
        del form.unit
        return form


class RoleForm(Form):
    """A role to give, and where."""

    role = SelectField(_l("Role"))
    unit = SelectField(_l("In the unit and all below it"), coerce=int)

    def offer(self, roles: "list[Role]", units: list[tuple[int, str]]) -> "RoleForm":
        """Fill in what the actor may give."""
        self.role.choices = options((role.value, WORDS[role]) for role in roles)
        self.unit.choices = options(units)
        return self


class PeopleFilterForm(Filter):
    """Which persons the list shows; lives in the address."""

    q = StringField(_l("Name, staff number or phone"))
    unit = SelectField(_l("Unit"), validate_choice=False)
    left = BooleanField(_l("Those who left"))


class UnitFilterForm(Filter):
    """Which units the list shows; without words it is the whole tree."""

    q = StringField(_l("Name or code"))


class LecturerFilterForm(Filter):
    """Which lecturers the list shows; lives in the address."""

    q = StringField(_l("Name, organisation, field or code"))
    kind = SelectField(_l("Kind"), choices=choices(LecturerKind, ("", _l("All"))), validate_choice=False)
