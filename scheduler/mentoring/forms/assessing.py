"""What the officer found at the end of a pairing."""

from wtforms import HiddenField, RadioField, StringField, TextAreaField

from scheduler.core.forms import DateField, Form, at_most, lazy_gettext, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.text import whole_number


class AssessForm(Form):
    """Attained or not, and what shows it."""

    attained = RadioField(
        _l("What the pairing was for"),
        [required()],
        choices=options([("yes", lazy_gettext("Attained")), ("no", lazy_gettext("Not attained"))]),
    )
    day = DateField(_l("Day of the assessment"), [required()])
    evidence = TextAreaField(_l("Evidence"), [required(), at_most(2000)])
    reason = StringField(_l("Reason for the change"), [at_most(300)])
    seen = HiddenField()

    @property
    def seen_id(self) -> int | None:
        """The assessment that stood when the page was opened."""
        return whole_number(self.seen.data)
