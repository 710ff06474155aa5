"""Which session or evening of the database a row of the workbook means."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scheduler.office.terms.known import Known, KnownSlot
from scheduler.office.terms.rows import EveningRow, SessionRow

AnySlot = SessionRow | EveningRow


def owner(row: AnySlot) -> str:
    """Return the code of the class or the name of the series."""
    return row.class_code if isinstance(row, SessionRow) else row.series


def part(row: AnySlot) -> str:
    """Return what tells rows of one day apart: the part of the day of a session, nothing for an evening."""
    return row.part if isinstance(row, SessionRow) else ""


def match_slots(rows: Iterable[AnySlot], known: Known) -> dict[tuple[str, int], KnownSlot]:
    """Return the slot that stands for each row, by (owner, row number).

    First by the date (the present one, else one that it had or was planned on), then, of what is left of the
    same class or series, by title and lecturers, then by title, the nearest date first: that row was moved.
    """
    by_owner: dict[str, list[AnySlot]] = defaultdict(list)
    for row in rows:
        by_owner[owner(row)].append(row)
    found: dict[tuple[str, int], KnownSlot] = {}
    for name, wanted in by_owner.items():
        standing = (
            [*known.sessions.get(name, ())] if isinstance(wanted[0], SessionRow) else [*known.evenings.get(name, ())]
        )
        found |= {(name, number): slot for number, slot in _match(wanted, standing).items()}
    return found


def _match(rows: list[AnySlot], slots: list[KnownSlot]) -> dict[int, KnownSlot]:
    pairs: dict[int, KnownSlot] = {}
    keys: tuple[Callable[[AnySlot, KnownSlot], bool], ...] = (
        lambda row, slot: row.day == slot.row.day and part(row) == part(slot.row),
        lambda row, slot: row.day in slot.planned_on and part(row) == part(slot.row),
        lambda row, slot: row.title == slot.row.title and set(row.lecturer_codes) == set(slot.row.lecturer_codes),
        lambda row, slot: row.title == slot.row.title,
    )
    left_rows, left_slots = rows, slots
    for fits in keys:
        if not left_rows or not left_slots:
            break
        for row in left_rows:
            candidates = [slot for slot in left_slots if fits(row, slot)]
            if candidates:
                chosen = min(candidates, key=lambda slot: abs((slot.row.day - row.day).days))
                pairs[row.number] = chosen
                left_slots = [slot for slot in left_slots if slot is not chosen]
        left_rows = [row for row in left_rows if row.number not in pairs]
    return pairs


def keeps_its_time(row: AnySlot, slot: KnownSlot) -> bool:
    """Tell whether the slot was moved or cancelled by somebody since: then the workbook's old date does not count."""
    return slot.cancelled or (row.day != slot.row.day and row.day in slot.planned_on)


def roster_sizes(known: Known, pairs: Mapping[str, set[str]]) -> dict[str, int]:
    """Return how many people each class will have, with the workbook's `pairs` (class code -> staff numbers)."""
    sizes: dict[str, Any] = {code: set(members) for code, members in known.rosters.items()}
    for code, members in pairs.items():
        sizes[code] = sizes.get(code, set()) | members
    return {code: len(members) for code, members in sizes.items()}
