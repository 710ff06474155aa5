"""A Word form that is sent in."""

from werkzeug.datastructures import FileStorage
from wtforms import FileField

from scheduler.core.forms import Form, required
from scheduler.core.forms import lazy_gettext as _l


class DocumentUploadForm(Form):
    """The office's own form."""

    file = FileField(_l("Word document (.docx)"), [required()])

    @property
    def body(self) -> bytes:
        """What was sent."""
        return self.file.data.read() if isinstance(self.file.data, FileStorage) else b""
