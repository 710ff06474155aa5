"""Texts marked up in HTML into plain text, and back: tags and scripts go, letters stay, languages are told apart."""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"address", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"}
    | {"pre", "section", "table", "tr", "ul"}
)
_SILENT = frozenset({"script", "style", "template", "head", "title", "noscript", "iframe", "object"})
_MEDIA = frozenset({"img", "video", "audio", "embed", "svg", "math", "canvas", "iframe", "object"})
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre|script|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_LAYOUT = re.compile(r" {2,}")
_EDGES = re.compile(" *\ufdd1[ \ufdd1]*")
_AROUND_BREAK = re.compile(r" *\n *")
_KEPT = "\ufdd0"  # stands for a blank that was written as a reference, so that it is no matter of layout
_EDGE = "\ufdd1"  # stands for the edge of a block: where two meet there is one line break
_NOTES = re.compile(r"<!--.*?-->|<[!?][^<>]*>", re.DOTALL)
_UNENDED = re.compile(r"<(?=[^<>]*(?:<|$))")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without its markup. `english` is "" unless spans of several languages were in it; `media` names what is lost."""

    text: str
    english: str = ""
    media: tuple[str, ...] = ()


def looks_marked_up(text: str) -> bool:
    """Tell whether a text of unknown sort holds HTML tags; "a < b > c" does not."""
    return _TAG.search(text) is not None


def plain_text(source: str) -> Plain:
    """Return HTML as plain text; scripts are dropped, images and the like are named, multilang spans parted."""
    if len(source) > _LONGEST:  # longer than any limit: refused by it, and not worth the work
        return Plain(source)
    reader = _Reader()
    # comments and declarations say nothing, and the parser stumbles over some; a < that ends no tag is a letter; left to the parser, thousands of them would take it minutes
    reader.feed(_UNENDED.sub("&lt;", _NOTES.sub("", source)))
    reader.close()
    english = reader.said("en")
    return Plain(reader.said("zh") or english, english if reader.parted else "", tuple(dict.fromkeys(reader.media)))


def marked_up(text: str, english: str = "") -> str:
    """Return plain text as HTML; with `english`, as spans of both languages. `plain_text` reads the same back."""
    if not english:
        return _escaped(text)
    return (
        f'<span lang="zh_cn" class="multilang">{_escaped(text)}</span>'
        f'<span lang="en" class="multilang">{_escaped(english)}</span>'
    )


def _escaped(text: str) -> str:
    safe = html.escape(text, quote=False).replace("\t", "&#9;").replace("\n", "<br>")
    return re.sub(r"(?<= ) |^ | $|(?<=<br>) | (?=<br>)", "&#32;", safe)


class _Reader(HTMLParser):
    """Collects the pieces of a text with the language of each; "" belongs to all."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[tuple[str, str]] = []
        self.media: list[str] = []
        self.parted = False
        self._open: list[tuple[str, str]] = []
        self._silent = 0

    def said(self, language: str) -> str:
        """Return what is said in a language, with what is said in all."""
        text = "".join(piece for spoken, piece in self.pieces if spoken in {"", language})
        text = _EDGES.sub("\n", _LAYOUT.sub(" ", text))
        return _AROUND_BREAK.sub("\n", text).strip(" \n").replace(_KEPT, " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag in _MEDIA:
            self.media.append(tag)
            if alt := (facts.get("alt") or "").strip():
                self._say(_BLANKS.sub(" ", alt))
        if tag in _BLOCKS:
            self._say("\n" if tag == "br" else _EDGE)
        if tag in _EMPTY:
            return
        language = self._open[-1][1] if self._open else ""
        if "multilang" in (facts.get("class") or "").split() and facts.get("lang"):
            language = (facts["lang"] or "").lower()[:2]
            self.parted = True
        self._open.append((tag, language))
        self._silent += tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and tag not in _EMPTY:
            self._say(_EDGE)
        if any(opened == tag for opened, _language in self._open):
            while self._open:
                opened, _language = self._open.pop()
                self._silent -= opened in _SILENT
                if opened == tag:
                    break

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self._say(_BLANKS.sub(" ", data))

    def handle_entityref(self, name: str) -> None:
        self._refer(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._refer(f"&#{name};")

    def _refer(self, reference: str) -> None:
        letter = html.unescape(reference)
        self._say(_KEPT if letter in {" ", "\u00a0"} else letter)

    def _say(self, piece: str) -> None:
        if not self._silent:
            self.pieces.append((self._open[-1][1] if self._open else "", piece))
