"""What is typed on the pages of people."""

from wtforms import PasswordField, StringField

from scheduler.core.forms import Form, at_most, required
from scheduler.core.forms import lazy_gettext as _l


class SignInForm(Form):
    """Staff number and password."""

    staff_no = StringField(_l("Staff number"), [required(), at_most(40)])
    password = PasswordField(_l("Password"), [required(), at_most(200)])
