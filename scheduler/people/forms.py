"""What is typed on the pages of people."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

_must = InputRequired(_l("Please fill this in."))


class SignInForm(FlaskForm):
    """Staff number and password."""

    staff_no = StringField(_l("Staff number"), [_must, Length(max=40)])
    password = PasswordField(_l("Password"), [_must, Length(max=200)])
