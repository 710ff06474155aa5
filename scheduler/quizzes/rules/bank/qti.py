"""Items in QTI 2.1: one assessmentItem a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from scheduler.core.errors import lazy
from scheduler.core.text import fold
from scheduler.quizzes.rules.bank.answers import find_truth
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.rules.bank.markup import plain_text
from scheduler.quizzes.rules.bank.xml import Element
from scheduler.quizzes.terms.bank import FALSE, LETTERS, TRUE, ItemKind, ItemText
from scheduler.quizzes.terms.reading import Place, Reading, ReadItem

_TAKEN = {"choiceinteraction", "textentryinteraction", "extendedtextinteraction"}
_GAP = "____"
_MEDIA = frozenset({"img", "object", "video", "audio", "math"})
_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "br", "h1", "h2", "h3", "h4", "prompt"})
_SILENT = frozenset({"feedbackinline", "feedbackblock", "rubricblock", "script", "style"})


class _Unsupported(Exception):
    """The item is of a sort that the bank does not have."""

    def __init__(self, message_id: str, **facts: object) -> None:
        super().__init__(message_id)
        self.message_id, self.facts = message_id, facts


def read_qti_item(root: Element, source: str, reading: Reading) -> None:
    """Add the item of an assessmentItem to the reading, or say why it is none; `source` names its file."""
    place = Place(root.line, source)
    shown = root.attributes.get("title", "")[:60]
    try:
        reading.items.append(ReadItem(place, check_item(_Item(root, place, reading).item())))
    except _Unsupported as error:
        reading.refuse(place, error.message_id, shown, **error.facts)
    except UnfitItem as refusal:
        reading.refuse(place, refusal.message_id, shown, **refusal.facts)


@dataclass(frozen=True, slots=True)
class _Item:
    """One assessmentItem on its way to an item of the bank."""

    root: Element
    place: Place
    reading: Reading

    def item(self) -> ItemText:
        """Return the item, not checked yet; raises _Unsupported."""
        body = self.root.first("itembody")
        if body is None:
            raise _Unsupported(lazy("There is no itemBody: the file holds no question."))
        found = list(_interactions(body))
        for interaction in found:
            if interaction.name not in _TAKEN:
                raise _Unsupported(lazy("The bank has no such type of question: %(type)s."), type=interaction.name[:40])
        if len(found) != 1:
            raise _Unsupported(
                lazy("An item with %(count)s questions in one: the bank takes one each."), count=len(found)
            )
        if self.root.first("templatedeclaration") is not None:
            raise _Unsupported(lazy("The bank has no such type of question: %(type)s."), type="templateDeclaration")
        interaction = found[0]
        prompt = interaction.first("prompt")
        parts = (self._text(body), self._text(prompt) if prompt is not None else "")
        base = ItemText(
            ItemKind.SHORT,
            "\n".join(part for part in parts if part) or self.root.attributes.get("title", ""),
            explanation="\n".join(filter(None, (self._text(one) for one in self.root.every("modalfeedback")))),
        )
        if interaction.name == "choiceinteraction":
            return self._choice(base, interaction)
        if interaction.name == "extendedtextinteraction":
            return base
        return replace(base, kind=ItemKind.FILL, accepted=self._accepted(interaction))

    def _choice(self, base: ItemText, interaction: Element) -> ItemText:
        declared = self._declared(interaction)
        choices = interaction.every("simplechoice")
        right = set(_correct(declared)) or {key for key, worth in _mapped(declared) if worth > 0}
        key = "".join(
            letter
            for letter, choice in zip(LETTERS, choices, strict=False)
            if choice.attributes.get("identifier", "") in right
        )
        texts = tuple(self._text(choice) for choice in choices)
        truths = [find_truth(text) or "" for text in texts]
        several = declared.attributes.get("cardinality", "single") == "multiple"
        if not several and sorted(truths) == [FALSE, TRUE]:
            truth = dict(zip(LETTERS, truths, strict=False)).get(key, "")
            return replace(base, kind=ItemKind.TRUE_FALSE, key=truth)
        kind = ItemKind.MULTIPLE if several else ItemKind.SINGLE
        said = "\n".join(
            f"{letter}: {text}"
            for letter, choice in zip(LETTERS, choices, strict=False)
            for text in (self._text(one) for one in choice.every("feedbackinline"))
            if text
        )
        explanation = "\n".join(filter(None, (base.explanation, said)))
        return replace(base, kind=kind, choices=texts, key=key, explanation=explanation)

    def _accepted(self, interaction: Element) -> tuple[str, ...]:
        declared = self._declared(interaction)
        mapped = list(_mapped(declared))
        most = max((worth for _key, worth in mapped), default=0.0)
        for key, worth in mapped:
            if 0 < worth < most:
                said = lazy("An answer that counts in part only is not accepted here: %(answer)s.")
                self.reading.warn(self.place, said, answer=key[:60])
        forms = (*_correct(declared), *(key for key, worth in mapped if worth == most > 0))
        return tuple({fold(form): form for form in forms if form}.values())

    def _declared(self, interaction: Element) -> Element:
        name = interaction.attributes.get("responseIdentifier", "")
        for declared in self.root.every("responsedeclaration"):
            if declared.attributes.get("identifier") == name:
                return declared
        raise _Unsupported(
            lazy("There is no responseDeclaration for %(name)s: the right answer is missing."), name=name[:40]
        )

    def _text(self, element: Element) -> str:
        for one in element.within(*_MEDIA):
            self.reading.warn(self.place, lazy("A picture or the like is left out: %(what)s."), what=one.name)
        return plain_text(_markup(element)).text


def _interactions(body: Element) -> Iterator[Element]:
    for child in body.children:
        if child.name.endswith("interaction"):
            yield child
        else:
            yield from _interactions(child)


def _correct(declared: Element) -> list[str]:
    correct = declared.first("correctresponse")
    return [value.text.strip() for value in correct.every("value")] if correct is not None else []


def _mapped(declared: Element) -> Iterator[tuple[str, float]]:
    mapping = declared.first("mapping")
    for entry in mapping.every("mapentry") if mapping is not None else ():
        try:
            worth = float(entry.attributes.get("mappedValue", "0"))
        except ValueError:
            worth = 0.0
        yield entry.attributes.get("mapKey", "").strip(), worth


def _markup(element: Element) -> str:
    """Return what stands in an element as HTML, a gap for the field to write in, without choices and feedback."""
    parts = []
    for part in element.content:
        if isinstance(part, str):
            parts.append(escape(part, quote=False))
        elif part.name == "textentryinteraction":
            parts.append(_GAP)
        elif part.name in _BLOCKS:
            parts.append("<br>" if part.name == "br" else f"<p>{_markup(part)}</p>")
        elif not part.name.endswith("interaction") and part.name not in _SILENT:
            parts.append(_markup(part))
    return "".join(parts)
