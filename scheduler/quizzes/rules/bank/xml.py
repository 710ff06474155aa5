"""XML from outside as a small tree. A document type, and with it every entity of its own, is refused unread."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from scheduler.core.errors import lazy
from scheduler.quizzes.rules.bank.decoding import UnreadableFile

_DEEPEST = 100
_MOST_ELEMENTS = 500_000


@dataclass(slots=True)
class Element:
    """An element: its name without a prefix, in lower case, its attributes, and its content in order."""

    name: str
    attributes: dict[str, str]
    line: int
    content: "list[Element | str]" = field(default_factory=list)

    @property
    def children(self) -> "list[Element]":
        return [part for part in self.content if isinstance(part, Element)]

    def every(self, name: str) -> "list[Element]":
        """Return the children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        """Return the first child of that name."""
        return next(iter(self.every(name)), None)

    def within(self, *names: str) -> "Iterator[Element]":
        """Yield every element of those names at any depth below, in order."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.within(*names)

    @property
    def text(self) -> str:
        """All letters within, in order."""
        return "".join(part if isinstance(part, str) else part.text for part in self.content)

    def said(self, *path: str) -> str:
        """Return the text at the end of a path of first children; "" if it leads nowhere."""
        found: Element | None = self
        for name in path:
            found = found.first(name) if found is not None else None
        return found.text.strip() if found is not None else ""


def parse_xml(text: str) -> Element:
    """Return the root of a document. Refuses with UnreadableFile a document type, and what is not well-formed."""
    builder = _Builder()
    try:
        builder.parser.Parse(text.lstrip("\ufeff \n\t"), True)  # noqa: FBT003 - the only name it has is positional
    except expat.ExpatError as error:
        raise UnreadableFile(
            lazy("The XML is damaged or was cut off at line %(line)s. Export it once more."), line=error.lineno
        ) from error
    if builder.root is None:  # pragma: no cover - expat refuses a document without an element
        raise UnreadableFile(lazy("The file is empty."))
    return builder.root


class _Builder:
    """Builds the tree from expat's calls."""

    def __init__(self) -> None:
        # the text is decoded already; what the document declares no longer matters
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def _refuse_doctype(self, *_declared: object) -> None:
        raise UnreadableFile(
            lazy("The XML declares a document type or entities (DOCTYPE); that is not read, for safety.")
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= _DEEPEST or self._count > _MOST_ELEMENTS:
            raise UnreadableFile(lazy("The XML is nested too deeply or has too many elements."))
        bare = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition(":")[2].lower(), bare, self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].content.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _say(self, data: str) -> None:
        if self._open:
            self._open[-1].content.append(data)
