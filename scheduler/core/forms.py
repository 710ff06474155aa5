"""The base of every form: typed for the views, and able to show a refusal beside the field that it is about."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import wtforms
from flask_babel import lazy_gettext as _lazy_gettext
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the library's stubs
from wtforms.validators import InputRequired, Length

from scheduler.core.errors import Refusal
from scheduler.core.periods import civil_date


def lazy_gettext(message_id: str, **facts: object) -> str:
    """Return a text that is translated when it is shown; typed as WTForms wants its labels."""
    return cast("str", _lazy_gettext(message_id, **facts))


class Form(FlaskForm):
    """A form that came with a page. A view answers 422 with the page again when it was sent and does not hold."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)  # type: ignore[no-untyped-call]  # the library has no types here

    @property
    def holds(self) -> bool:
        """Whether the form was sent and every field is as it must be; reads the request, so ask once."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]  # as above

    def show(self, refusal: Refusal) -> None:
        """Show why the act was refused: beside the field that it is about, else above the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(str(refusal.text))
        else:
            field.errors = [*field.errors, str(refusal.text)]

    @property
    def status(self) -> int:
        """The status of the page that shows this form: 422 if it was sent in vain, else 200."""
        return 422 if self.errors else 200


class Filter(Form):
    """A form that lives in the address, so that what it shows can be sent to somebody; it changes nothing."""

    class Meta:
        """Settings that WTForms reads."""

        csrf = False


def options(pairs: Iterable[tuple[object, str]]) -> list[Any]:
    """Return the choices of a select field from (value, label) pairs."""
    return [SelectChoice(str(value), label) for value, label in pairs]


def required() -> InputRequired:
    """Return the validator of a field that must be filled in, with our own words."""
    return InputRequired(lazy_gettext("Please fill this in."))


def at_most(limit: int) -> Length:
    """Return the validator of a text's length, with our own words; also sets maxlength in the page."""
    return Length(max=limit, message=lazy_gettext("At most %(max)d characters."))


class DateField(wtforms.DateField):
    """A date of a year that a calendar here can mean; others are refused beside the field, as what is no date is."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not any(valuelist):
            return
        self.data = civil_date(" ".join(valuelist).strip())
        if self.data is None:
            raise ValueError(self.gettext("Not a valid date value."))
