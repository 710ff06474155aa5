"""Signing in, passwords, language and zone."""

from babel.dates import get_timezone_location
from wtforms import PasswordField, SelectField, StringField

from scheduler.core.forms import Form, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.pages import language
from scheduler.people.terms import READER_ZONES


class SignInForm(Form):
    """Staff number and password."""

    staff_no = StringField(_l("Staff number"), [required(), at_most(40)])
    password = PasswordField(_l("Password"), [required(), at_most(200)])


class NewPasswordForm(Form):
    """A password chosen by the holder of a link; typed once, for it can be shown while typing."""

    password = PasswordField(_l("New password"), [required(), at_most(200)])


class ChangePasswordForm(NewPasswordForm):
    """The present password and the new one."""

    present = PasswordField(_l("Present password"), [required(), at_most(200)])


class ReadingForm(Form):
    """Language and zone of the reader; empty: the browser's language, the organisation's zone."""

    language = SelectField(_l("Language"))
    zone = SelectField(_l("Time zone"))

    def offer(self, organisation_zone: str) -> "ReadingForm":
        """Fill in the choices, in the reader's language."""
        self.language.choices = options([("", _l("As in my browser")), ("zh_CN", "中文"), ("en", "English")])
        as_here = _l("As the organisation (%(zone)s)", zone=city(organisation_zone))
        self.zone.choices = options([("", as_here), *((name, city(name)) for name in READER_ZONES)])
        return self


def city(zone: str) -> str:
    """Return the name of a zone's city in the reader's language."""
    return zone if zone == "UTC" else get_timezone_location(zone, locale=language(), return_city=True)
