"""Bringing the work calendar up to date."""

from flask_wtf.file import FileAllowed, FileField
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from scheduler.core.forms import Form, at_most, lazy_gettext

FIRST_YEAR, LAST_YEAR = 2000, 2100


class NoticeForm(Form):
    """The State Council's notice as pasted text, or a file."""

    year = IntegerField(
        lazy_gettext("Year"),
        validators=[
            Optional(),
            NumberRange(FIRST_YEAR, LAST_YEAR, lazy_gettext("Between %(min)s and %(max)s.")),
        ],
        description=lazy_gettext("Only if the text does not name it."),
    )
    text = TextAreaField(lazy_gettext("Text of the notice"), validators=[at_most(20_000)])
    file = FileField(
        lazy_gettext("Or a calendar (.ics) or sheet (.xlsx)"),
        validators=[FileAllowed(["ics", "xlsx"], lazy_gettext("Only .ics and .xlsx files."))],
        description=lazy_gettext("A sheet has the columns date, 休 or 班, and name."),
    )


class ApplyForm(Form):
    """The days that were shown, posted back."""

    lines = HiddenField(validators=[at_most(40_000)])
    source = HiddenField(validators=[at_most(200)])
