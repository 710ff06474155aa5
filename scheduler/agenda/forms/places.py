"""Venues."""

from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange

from scheduler.core.forms import Form, at_most, lazy_gettext, required


class VenueSearch(Form):
    """What to look for in the list of venues."""

    class Meta:
        """It is read from the address and changes nothing."""

        csrf = False

    q = StringField(lazy_gettext("Name, code or address"))


class VenueForm(Form):
    """How calendars show a venue, and how many it seats."""

    name = StringField(lazy_gettext("Name"), validators=[required(), at_most(120)])
    address = StringField(lazy_gettext("Address"), validators=[at_most(200)])
    capacity = IntegerField(
        lazy_gettext("Seats"),
        validators=[required(), NumberRange(1, 100_000, lazy_gettext("Between %(min)s and %(max)s."))],
    )
