"""What is read from a file of items, and what is said about it."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from scheduler.core.errors import lazy
from scheduler.quizzes.terms.bank import ItemText

MOST_ITEMS = 5_000
"""What one file may hold."""


class Format(StrEnum):
    """The forms in which items come and go."""

    WORKBOOK = "xlsx"
    GIFT = "gift"
    AIKEN = "aiken"
    MOODLE = "moodle"
    QTI = "qti"


FORMAT_NAMES = {
    Format.WORKBOOK: lazy("Excel workbook"),
    Format.GIFT: lazy("GIFT"),
    Format.AIKEN: lazy("Aiken"),
    Format.MOODLE: lazy("Moodle XML"),
    Format.QTI: lazy("QTI 2.1"),
}


class Severity(StrEnum):
    """What a finding means for its item."""

    ERROR = "error"
    """The item, or the part of the file, is left out."""
    WARNING = "warning"
    """The item is taken; somebody should look at it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: sheet and row as the workbook counts, or the line of a text; 0 and "" where unknown.

    `source` is the title of the sheet, or the name of the file inside a zip; `column` the heading.
    """

    row: int = 0
    source: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a place of the file. `message_id` is an English sentence, which `facts` fill; `value` was found."""

    place: Place
    message_id: str
    facts: dict[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    value: str = ""
    item_id: int | None = None
    """The item of the bank that it is about, if it is about one."""

    def __str__(self) -> str:
        """Return the English sentence with its place, for logs and tests."""
        said = self.message_id % self.facts if self.facts else self.message_id
        where = "".join((self.place.source, "!" if self.place.source else "", self.place.column or ""))
        return f"{where}{self.place.row}: {said}"


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that was read and holds, and where it stands."""

    place: Place
    text: ItemText


@dataclass(slots=True)
class Reading:
    """All that was read from a file. `refused` counts the items that were left out."""

    format: Format
    items: list[ReadItem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: int = 0

    def warn(self, place: Place, message_id: str, value: str = "", **facts: object) -> None:
        """Say something about an item that is taken."""
        self.findings.append(Finding(place, message_id, facts, Severity.WARNING, value))

    def say(self, place: Place, message_id: str, value: str = "", **facts: object) -> None:
        """Say why something is left out; counting the items that are is the caller's."""
        self.findings.append(Finding(place, message_id, facts, Severity.ERROR, value))

    def refuse(self, place: Place, message_id: str, value: str = "", **facts: object) -> None:
        """Say why an item is left out, and count it."""
        self.say(place, message_id, value, **facts)
        self.refused += 1


@dataclass(frozen=True, slots=True)
class BankReport:
    """The outcome of a dry run or an import: what became, or would become, of the items of a file."""

    format: Format
    new: int = 0
    present: int = 0
    """Those that the bank holds already; they stay as they are."""
    repeated: int = 0
    """Those that stand in the file more than once; counted from the second on."""
    refused: int = 0
    findings: tuple[Finding, ...] = ()
    discarded: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the report in plain values, as the database keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "BankReport":
        found = (
            Finding(**{**one, "place": Place(**one["place"]), "severity": Severity(one["severity"])})
            for one in kept["findings"]
        )
        return cls(**{**kept, "format": Format(kept["format"]), "findings": tuple(found)})
