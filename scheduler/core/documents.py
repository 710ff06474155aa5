"""Word documents from forms that an office edits itself: places such as {{ mentor }} are filled in.

Forms come from outside. They hold places, conditions and loops over rows, and nothing that computes: what a form may
say is checked before it is run, and what it makes is bounded in size and time.
"""

import io
import time
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from scheduler.core.errors import Refusal, lazy

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_MIB = 2
_MOST_UNPACKED, _MOST_ENTRIES = 20 * 1024 * 1024, 500
_MOST_FILLED, _MOST_SECONDS = 40 * 1024 * 1024, 20.0
"""Characters that a part of a document may have once it is filled, and how long that may take."""
_LONGEST_BETWEEN = 20
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Tuple,
    nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat,
    nodes.Filter, nodes.Test,
)  # fmt: skip
_FILTERS = frozenset(
    {"upper", "lower", "title", "capitalize", "trim", "default", "d", "length", "count", "join", "first"}
)


class _NotAllowedError(TemplateError):
    """The form says something that a form may not say: `message`, as it would be written."""


class _TooMuchError(TemplateError):
    """The filled form becomes too large, or takes too long."""


class _Forms(SandboxedEnvironment):
    """Runs what forms may say, and refuses the rest before anything runs."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self._until = time.monotonic() + _MOST_SECONDS

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check(tree, frozenset())
        return tree

    def concat(self, pieces: Iterable[str]) -> str:
        """Join the pieces of what is filled in, as long as they are not too many."""
        joined, size = [], 0
        for piece in pieces:
            joined.append(piece)
            size += len(piece)
            if size > _MOST_FILLED or time.monotonic() > self._until:
                raise _TooMuchError
        return "".join(joined)


def fill(form: bytes, facts: Mapping[str, object]) -> bytes:
    """Return `form` (a .docx) with its places filled in; what was typed by people stays text, whatever it looks like.

    Refuses a form that says more than a form may, and one that becomes too large or takes too long with these facts.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415 - 23 MB that a web process has no need of until a document is asked for

    document = DocxTemplate(io.BytesIO(form))
    try:
        document.render(dict(facts), _Forms())
    except _NotAllowedError as error:
        raise _refusal(error) from error
    except _TooMuchError as error:
        raise Refusal(lazy("Filled in, this form becomes too large or takes too long."), field="file") from error
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
        asked = DocxTemplate(io.BytesIO(form)).get_undeclared_template_variables(_Forms())
        if unknown := sorted(asked - set(sample)):
            raise Refusal(lazy("There is nothing to fill in for %(names)s."), field="file", names=", ".join(unknown))
        fill(form, sample)
    except _NotAllowedError as error:
        raise _refusal(error) from error
    except (TemplateError, RecursionError) as error:
        raise Refusal(
            lazy("A place in the form cannot be filled: %(reason)s"), field="file", reason=str(error)[:200]
        ) from error
    except (KeyError, ValueError, SyntaxError, TypeError, AttributeError) as error:
        raise Refusal(lazy("This is no Word document (.docx) that can be read."), field="file") from error


def _refusal(error: _NotAllowedError) -> Refusal:
    said = lazy(
        "A place in the form cannot be filled: %(what)s is not allowed. "
        "A form holds places, conditions and loops over rows."
    )
    return Refusal(said, field="file", what=str(error.message)[:80])


def _check(node: nodes.Node, loops: frozenset[str]) -> None:
    """Refuse what a form may not say; `loops` are the names that stand for a row where the node stands."""
    if wrong := _wrong(node, loops):
        raise _NotAllowedError(wrong)
    if isinstance(node, nodes.For):
        loops |= _names(node.target)
    for child in node.iter_child_nodes():
        _check(child, loops)


def _wrong(node: nodes.Node, loops: frozenset[str]) -> str:
    """Return what is not allowed about a node itself, as it would be written; empty if nothing is."""
    if not isinstance(node, _ALLOWED):
        return _as_written(node)
    if isinstance(node, nodes.Filter) and not _is_fair(node):
        return f"|{node.name}"
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        return f".{node.attr}"
    if isinstance(node, nodes.For) and (node.recursive or not _is_of_rows(node.iter, loops)):
        return (
            "for … in … for … in"  # a loop in a loop goes over what a row holds: documents grow with facts, no faster
        )
    return ""


def _names(target: nodes.Node) -> frozenset[str]:
    found = [target, *target.find_all(nodes.Name)]
    return frozenset(one.name for one in found if isinstance(one, nodes.Name))


def _is_fair(asked: nodes.Filter) -> bool:
    """Tell whether a filter is one of the few, and makes no text of a text that it made: each time it would be longer."""
    if asked.name != "join":
        return asked.name in _FILTERS
    between = [*asked.args, *(one.value for one in asked.kwargs)]
    short = all(isinstance(one, nodes.Const) and len(str(one.value)) <= _LONGEST_BETWEEN for one in between)
    return short and isinstance(asked.node, (nodes.Name, nodes.Getattr))


def _is_of_rows(over: nodes.Node, loops: frozenset[str]) -> bool:
    if not loops:
        return isinstance(over, (nodes.Name, nodes.Getattr))
    while isinstance(over, nodes.Getattr):
        over = over.node
        if isinstance(over, nodes.Name) and over.name in loops:
            return True
    return False


def _as_written(node: nodes.Node) -> str:
    called: Any = getattr(node, "node", None)
    if isinstance(node, nodes.Call):
        return f"{getattr(called, 'name', None) or getattr(called, 'attr', '')}()"
    operator: str | None = getattr(node, "operator", None)
    return operator or type(node).__name__.lower()
