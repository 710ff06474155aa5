"""What is asked for a subscription and for a download."""

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import Optional

from scheduler.core.forms import DateField, Filter, Form, at_most, options
from scheduler.core.forms import lazy_gettext as _l
from scheduler.feeds.terms import ExportForm, Language

ALARMS = (
    ("0", _l("No reminder")),
    ("15", _l("15 minutes before")),
    ("30", _l("30 minutes before")),
    ("60", _l("1 hour before")),
    ("120", _l("2 hours before")),
    ("1440", _l("1 day before")),
)


class SubscriptionForm(Form):
    """A calendar for an own program; everything has a sensible answer already."""

    scope = SelectField(_l("Calendar"), validate_choice=False)
    label = StringField(_l("Label"), [at_most(80)])
    language = RadioField(
        _l("Language"), choices=options([(Language.ZH.value, "中文"), (Language.EN.value, "English")])
    )
    alarm = SelectField(_l("Reminder"), choices=options(ALARMS), default="0")
    with_cancelled = BooleanField(_l("Also show what was cancelled, marked so"), default=True)


class ExportFilter(Filter):
    """Which calendar to take away, from when until when."""

    scope = SelectField(_l("Calendar"), validate_choice=False)
    from_ = DateField(_l("From"), [Optional()], name="from")
    to = DateField(_l("To"), [Optional()])
    form = RadioField(
        _l("In calendar programs"),
        choices=options(
            [
                (ExportForm.SINGLE.value, _l("Single events")),
                (ExportForm.SERIES.value, _l("Lecture series as repeating events")),
            ]
        ),
        default=ExportForm.SINGLE.value,
    )
