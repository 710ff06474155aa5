"""What is said about an import."""

from dataclasses import asdict, dataclass, field
from typing import Any

from scheduler.office.terms import Severity
from scheduler.office.terms.sheets import SheetKey


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a cell or row. `message_id` is an English sentence; with `facts` it is said in the reader's language.

    `sheet` and `column` are as the workbook writes them, `row` is as the sheet counts; 0: the whole sheet.
    """

    sheet: str
    row: int
    column: str
    message_id: str
    facts: dict[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    value: str = ""
    address: str = ""
    """The page of what it is about, as a path, where there is one."""

    def __str__(self) -> str:
        """Return the English sentence with its place, for logs, tests and commands."""
        facts = self.facts | {"name": self.facts["name_en"]} if "name_en" in self.facts else self.facts
        said = self.message_id % facts if facts else self.message_id
        return f"{self.sheet}!{self.column or '-'}{self.row}: {said}"


@dataclass(slots=True)
class Counts:
    """What became, or would become, of the rows of a sheet."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    left: int = 0
    """How many things of the sheet's sort stand in the system and are no longer in the workbook."""

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged + self.refused


@dataclass(slots=True)
class ImportReport:
    """The outcome of a dry run or an import; `applied` says whether anything was written."""

    sheets: dict[SheetKey, Counts] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    applied: bool = False

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is Severity.WARNING]

    @property
    def good_rows(self) -> int:
        """How many rows would change something."""
        return sum(counts.new + counts.changed for counts in self.sheets.values())

    def as_json(self) -> dict[str, Any]:
        """Return the report in plain values, as kept in the database and printed by the command."""
        return {
            "applied": self.applied,
            "sheets": {key.value: asdict(counts) for key, counts in self.sheets.items()},
            "problems": [asdict(problem) for problem in self.problems],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "ImportReport":
        return cls(
            {SheetKey(key): Counts(**counts) for key, counts in kept.get("sheets", {}).items()},
            [Problem(**{**item, "severity": Severity(item["severity"])}) for item in kept.get("problems", [])],
            kept.get("applied", False),
        )
