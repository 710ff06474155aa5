"""Venues and lecturers."""

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import NumberRange

from scheduler.agenda.models import Venue
from scheduler.agenda.terms import VENUE_NAMES, VenueFacts, VenueKind
from scheduler.core.forms import Filter, VersionedForm, at_most, lazy_gettext, options, required
from scheduler.people.forms.words import choices
from scheduler.people.models import Lecturer
from scheduler.people.terms import LecturerFacts, LecturerKind


class VenueSearch(Filter):
    """What to look for in the list of venues."""

    q = StringField(lazy_gettext("Name, code or address"))


class VenueForm(VersionedForm):
    """How calendars show a venue, and how many it seats."""

    name = StringField(lazy_gettext("Name"), validators=[required(), at_most(120)])
    code = StringField(
        lazy_gettext("Code"),
        validators=[required(), at_most(40)],
        description=lazy_gettext("Short and lasting: imports know it by this."),
    )
    kind = SelectField(
        lazy_gettext("Kind"), choices=options((kind.value, lazy_gettext(name)) for kind, name in VENUE_NAMES.items())
    )
    capacity = IntegerField(
        lazy_gettext("Seats"),
        validators=[required(), NumberRange(1, 100_000, lazy_gettext("Between %(min)s and %(max)s."))],
    )
    address = StringField(lazy_gettext("Address"), validators=[at_most(200)])

    def value(self) -> VenueFacts:
        return VenueFacts(
            self.code.data or "",
            self.name.data or "",
            VenueKind(self.kind.data),
            self.capacity.data or 0,
            self.address.data or "",
        )

    @classmethod
    def about(cls, venue: Venue) -> "VenueForm":
        """Return the form filled with what is known."""
        return cls(obj=venue)


class LecturerForm(VersionedForm):
    """What is known of a lecturer of the expert pool."""

    name = StringField(lazy_gettext("Full name"), validators=[required(), at_most(80)])
    code = StringField(
        lazy_gettext("Code"),
        validators=[required(), at_most(40)],
        description=lazy_gettext("Short and lasting: imports know it by this."),
    )
    kind = SelectField(lazy_gettext("Kind"), choices=choices(LecturerKind))
    organisation = StringField(lazy_gettext("Organisation"), validators=[at_most(120)])
    field = StringField(lazy_gettext("Professional field"), validators=[at_most(80)])
    availability = StringField(lazy_gettext("Available"), validators=[at_most(120)])
    staff_no = StringField(
        lazy_gettext("Staff number"),
        validators=[at_most(40)],
        description=lazy_gettext("Of one who is on the staff: lessons then stand in that person's own calendar."),
    )

    def value(self) -> LecturerFacts:
        return LecturerFacts(
            code=self.code.data or "",
            name=self.name.data or "",
            kind=LecturerKind(self.kind.data),
            organisation=self.organisation.data or "",
            field=self.field.data or "",
            availability=self.availability.data or "",
            staff_no=self.staff_no.data or "",
        )

    @classmethod
    def about(cls, lecturer: Lecturer, staff_no: str) -> "LecturerForm":
        """Return the form filled with what is known."""
        return cls(obj=lecturer, staff_no=staff_no)
