"""What a check has found so far: which rows are good, which are refused, and why."""

from dataclasses import dataclass, field
from typing import Any

from scheduler.core.errors import lazy
from scheduler.office.rules.reading import Read, Reading
from scheduler.office.terms import Severity
from scheduler.office.terms.report import Problem
from scheduler.office.terms.sheets import SheetKey


@dataclass(slots=True)
class Findings:
    """`refused` says for each sheet which identities are refused, and by which row of the sheet."""

    reading: Reading
    problems: list[Problem] = field(default_factory=list)
    refused: dict[SheetKey, dict[tuple[Any, ...], int]] = field(default_factory=dict)
    good: dict[SheetKey, list[Any]] = field(default_factory=dict)
    refused_count: dict[SheetKey, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, reading: Reading) -> "Findings":
        """Return the findings that reading alone has brought."""
        return cls(
            reading,
            list(reading.problems),
            {key: dict(read.refused) for key, read in reading.sheets.items()},
            {key: list(read.rows) for key, read in reading.sheets.items()},
            {key: read.refused_count for key, read in reading.sheets.items()},
        )

    def say(
        self,
        sheet: SheetKey,
        row: Any,
        column: str,
        message_id: str,
        /,
        *,
        severity: Severity = Severity.ERROR,
        value: object = "",
        **facts: object,
    ) -> None:
        """Note a problem of a row; `column` is a key."""
        read = self.reading.sheets[sheet]
        heading = read.headings.get(column, "")
        self.problems.append(Problem(read.title, row.number, heading, message_id, facts, severity, str(value)))

    def refuse(self, sheet: SheetKey, numbers: set[int], identity: Any) -> None:
        """Take the rows with these numbers out of the good ones; `identity` gives a row's own key."""
        if not numbers:
            return
        kept = []
        gone = self.refused.setdefault(sheet, {})
        for row in self.good[sheet]:
            if row.number in numbers:
                gone.setdefault(identity(row), row.number)
            else:
                kept.append(row)
        self.refused_count[sheet] += len(self.good[sheet]) - len(kept)
        self.good[sheet] = kept

    def sheet(self, key: SheetKey) -> Read | None:
        return self.reading.sheets.get(key)

    def rows(self, key: SheetKey) -> list[Any]:
        return self.good.get(key, [])

    def missing(self, sheet: SheetKey, row: Any, column: str, wanted: SheetKey, code: str) -> None:
        """Say that `code` is not there, or that its own row is refused."""
        number = self.refused.get(wanted, {}).get((code,))
        if number is None:
            self.say(sheet, row, column, lazy("%(code)s is not known."), value=code, code=code)
        else:
            self.say(
                sheet,
                row,
                column,
                lazy("%(code)s is refused itself (sheet %(sheet)s, row %(row)s), so this row is too."),
                value=code,
                code=code,
                sheet=self.reading.sheets[wanted].title,
                row=number,
            )

    def duplicates(self, sheet: SheetKey, column: str, identity: Any) -> None:
        """Refuse each row whose identity stands in an earlier row already."""
        first: dict[Any, int] = {}
        again = set()
        for row in self.rows(sheet):
            earlier = first.setdefault(identity(row), row.number)
            if earlier != row.number:
                again.add(row.number)
                said = "、".join(str(part) for part in identity(row))
                self.say(sheet, row, column, lazy("This stands in row %(row)s already."), value=said, row=earlier)
        if again:
            self.good[sheet] = [row for row in self.good[sheet] if row.number not in again]
            self.refused_count[sheet] += len(again)
