"""A guidance record, and what the mentee says of it."""

from datetime import date

from werkzeug.datastructures import FileStorage
from wtforms import (
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.core.forms import DateField, Form, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.text import whole_number
from scheduler.mentoring.terms import GuidanceInput

LONGEST = 2000


class CheckboxesField(SelectMultipleField):
    """Several of a list, a box for each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GuidanceForm(Form):
    """A guidance session: four answers, three of them prefilled; all else is optional."""

    key = HiddenField(validators=[Length(max=64)])
    activity = HiddenField()
    day = DateField(_l("Date"), [required()])
    mode = RadioField(_l("How"), [required()], coerce=int, validate_choice=False)
    areas = CheckboxesField(_l("Content areas"), [required()], coerce=int, validate_choice=False)
    text = TextAreaField(_l("What it was about"), [required(), at_most(LONGEST)])
    minutes = IntegerField(_l("Minutes"), [Optional(), NumberRange(1, 1440, message=_l("Between 1 and 1440 minutes."))])
    place = StringField(_l("Place"), [at_most(120)])
    next_step = StringField(_l("Next step"), [at_most(300)])
    next_day = DateField(_l("Next time"), [Optional()])
    joint = CheckboxesField(_l("Guided together with"), coerce=int, validate_choice=False)
    files = MultipleFileField(
        _l("Files"),
        description=_l("Never needed. At most 3 of 5 MiB each: PDF, picture, Word, Excel or plain text."),
    )
    kept = CheckboxesField(_l("Files that stay beside the record"), coerce=int, validate_choice=False)

    def offer(self, modes: list[tuple[int, str]], areas: list[tuple[int, str]], others: list[tuple[int, str]]) -> None:
        """Fill in the choices."""
        self.mode.choices, self.areas.choices = options(modes), options(areas)
        self.joint.choices = options(others)

    def sent_files(self) -> list[tuple[str, bytes]]:
        """Return the files that were sent, as (name, content)."""
        return [(one.filename or "", one.read()) for one in self.files.data or () if isinstance(one, FileStorage)]

    def value(self, today: date) -> GuidanceInput:
        """Return what was typed."""
        return GuidanceInput(
            day=self.day.data or today,
            mode_id=self.mode.data or 0,
            area_ids=tuple(self.areas.data or ()),
            text=self.text.data or "",
            minutes=self.minutes.data,
            place=self.place.data or "",
            next_step=self.next_step.data or "",
            next_day=self.next_day.data,
            activity_id=whole_number(self.activity.data),
        )

    def typed(self) -> dict[str, object]:
        """Return what is worth keeping as a draft."""
        return {
            "day": self.day.data.isoformat() if self.day.data else "",
            "mode": self.mode.data,
            "areas": self.areas.data,
            "text": self.text.data,
            "minutes": self.minutes.data,
            "place": self.place.data,
            "next_step": self.next_step.data,
            "next_day": self.next_day.data.isoformat() if self.next_day.data else "",
        }


class AnswerForm(Form):
    """What the mentee says: the button that was pressed is the answer."""

    words = TextAreaField(
        _l("Your words (optional)"),
        [at_most(1000)],
        description=_l("What you take with you; or, if something is not right, what."),
    )
