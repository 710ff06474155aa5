"""The base of every form: typed for the views, and able to show a refusal beside the field that it is about."""

from collections.abc import Iterable, Sequence
from typing import Any

import wtforms
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the library's stubs
from wtforms.validators import InputRequired, Length
from wtforms.widgets import Select, html_params

from scheduler.core.errors import Refusal
from scheduler.core.errors import lazy_gettext as lazy_gettext  # noqa: PLC0414 - forms name their fields by it
from scheduler.core.periods import civil_date
from scheduler.core.text import whole_number


class Form(FlaskForm):
    """A form that came with a page. A view answers 422 with the page again when it was sent and does not hold."""

    class Meta(FlaskForm.Meta):
        """Settings that WTForms reads."""

        def render_field(self, field: Any, render_kw: Any) -> Markup:
            """Draw a control; a drop-down list by our own means."""
            if type(field.widget) is Select and not field.widget.multiple:
                return _drawn(field, {name.removesuffix("_"): value for name, value in render_kw.items()})
            return super().render_field(field, render_kw)

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


class VersionedForm(Form):
    """A form that changes what others may change too: it knows the version that it was opened with."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the page was opened with; 0, which nothing has, for what is no number."""
        return whole_number(self.version.data) or 0


class Filter(Form):
    """A form that lives in the address, so that what it shows can be sent to somebody; it changes nothing."""

    class Meta(Form.Meta):
        """Settings that WTForms reads."""

        csrf = False


def _drawn(field: Any, attributes: dict[str, Any]) -> Markup:
    """Return a drop-down list; a call for each option would be slow where hundreds of lecturers are offered."""
    flags = {name: True for name in ("required", "disabled") if getattr(field.flags, name)}
    said = html_params(name=field.name, **{"id": field.id, **flags, **attributes})
    options = (
        f'<option {"selected " if choice.selected else ""}value="{escape(choice.value)}">{escape(choice.label)}</option>'
        for choice in field.iter_choices()
    )
    return Markup(f"<select {said}>{''.join(options)}</select>")  # noqa: S704 - each value is escaped


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
