"""The filters of a schedule."""

from wtforms import SelectField

from scheduler.core.forms import Form, lazy_gettext


class ScheduleFilter(Form):
    """Whose calendar, and which kinds of activity; lives in the address, so that a view can be sent to somebody."""

    class Meta:
        """Sent by GET: it changes nothing."""

        csrf = False

    scope = SelectField(lazy_gettext("Calendar"), validate_choice=False)
    kind = SelectField(lazy_gettext("Kind"), validate_choice=False)
