"""Word documents from forms that an office edits itself: places such as {{ mentor }} are filled in."""

import io
import zipfile
from collections.abc import Mapping

from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from scheduler.core.errors import Refusal, lazy

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_MIB = 2
_MOST_UNPACKED, _MOST_ENTRIES = 20 * 1024 * 1024, 500


def fill(form: bytes, facts: Mapping[str, object]) -> bytes:
    """Return `form` (a .docx) with its places filled in; what was typed by people stays text, whatever it looks like.

    Forms come from outside, so what they say is run in a sandbox.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415 - 23 MB that a web process has no need of until a document is asked for

    document = DocxTemplate(io.BytesIO(form))
    document.render(dict(facts), SandboxedEnvironment(autoescape=True))
    filled = io.BytesIO()
    document.save(filled)
    return filled.getvalue()


def check_form(form: bytes, sample: Mapping[str, object]) -> None:
    """Refuse what is no Word form that can be filled with facts such as `sample`, and say why.

    Its size, unpacked too, is looked at before anything of it is read.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415 - as above

    if len(form) > MOST_MIB * 1024 * 1024:
        raise Refusal(lazy("The file is too large: at most %(limit)s MiB."), field="file", limit=MOST_MIB)
    try:
        with zipfile.ZipFile(io.BytesIO(form)) as container:
            entries = container.infolist()
            whole = "word/document.xml" in container.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        entries, whole = [], False
    if not whole or len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_UNPACKED:
        raise Refusal(lazy("This is no Word document (.docx) that can be read."), field="file")
    try:
        asked = DocxTemplate(io.BytesIO(form)).get_undeclared_template_variables()
        if unknown := sorted(asked - set(sample)):
            raise Refusal(lazy("There is nothing to fill in for %(names)s."), field="file", names=", ".join(unknown))
        fill(form, sample)
    except (TemplateError, OverflowError) as error:  # the sandbox refuses what runs too long by the latter
        raise Refusal(
            lazy("A place in the form cannot be filled: %(reason)s"), field="file", reason=str(error)[:200]
        ) from error
    except (KeyError, ValueError, SyntaxError, TypeError, AttributeError) as error:
        raise Refusal(lazy("This is no Word document (.docx) that can be read."), field="file") from error
