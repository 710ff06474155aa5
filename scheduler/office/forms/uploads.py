"""The upload of a year."""

from flask_wtf.file import FileField, FileRequired

from scheduler.core.forms import Form, lazy_gettext


class UploadForm(Form):
    """A year's workbook."""

    workbook = FileField(
        lazy_gettext("Workbook"),
        validators=[FileRequired(lazy_gettext("Choose a workbook."))],
        description=lazy_gettext("An Excel workbook (.xlsx or .xls) with the sheets of the template, in any order."),
        render_kw={"accept": ".xlsx,.xls"},
    )
