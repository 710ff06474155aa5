"""What an import would do with the good rows: which are new, which change something, which change nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scheduler.core.access import Role
from scheduler.core.errors import lazy
from scheduler.office.rules.check_classes import by_pair
from scheduler.office.rules.check_records import digest
from scheduler.office.rules.findings import Findings
from scheduler.office.rules.matching import AnySlot, keeps_its_time, match_slots, owner
from scheduler.office.terms import Severity
from scheduler.office.terms.known import Known, KnownSlot
from scheduler.office.terms.report import Counts
from scheduler.office.terms.rows import RecordRow
from scheduler.office.terms.sheets import SHEET, SheetKey

_AT_THE_ROOT = frozenset({Role.ADMIN, Role.LEADER})


class Change(NamedTuple):
    """A row that stands under `id` and is to become `after`."""

    id: int
    before: Any
    after: Any


class SlotChange(NamedTuple):
    """A session or evening that is to change; its time only where `moves`."""

    slot: KnownSlot
    after: AnySlot
    moves: bool


@dataclass(slots=True)
class Plan:
    """The good rows, sorted by what becomes of them."""

    new: dict[SheetKey, list[Any]] = field(default_factory=dict)
    changed: dict[SheetKey, list[Change]] = field(default_factory=dict)
    moved: dict[SheetKey, list[SlotChange]] = field(default_factory=dict)
    counts: dict[SheetKey, Counts] = field(default_factory=dict)
    roles: list[tuple[str, frozenset[tuple[Role, str]]]] = field(default_factory=list)
    """Staff number and the roles that the person is to hold, each with the code of its unit."""


def make_plan(findings: Findings, known: Known) -> Plan:
    """Compare the good rows with the database; only columns that the workbook has are compared."""
    plan = Plan()
    stands: dict[SheetKey, Mapping[Any, tuple[int, Any]]] = {
        SheetKey.UNITS: known.units,
        SheetKey.PEOPLE: known.people,
        SheetKey.LECTURERS: known.lecturers,
        SheetKey.VENUES: known.venues,
        SheetKey.CLASSES: known.classes,
    }
    for key, read in findings.reading.sheets.items():
        rows = findings.rows(key)
        plan.counts[key] = Counts(refused=findings.refused_count[key])
        if key in stands:
            identity = SHEET[key].identity[0]
            _sort(plan, key, rows, {(code,): found for code, found in stands[key].items()}, [identity], read.headings)
        elif key is SheetKey.PAIRINGS:
            by = ["mentor_no", "mentee_no", "starts_on"]
            _sort(plan, key, rows, known.pairings, by, read.headings)
        elif key is SheetKey.ROSTER:
            _sort_roster(plan, rows, known)
        elif key is SheetKey.RECORDS:
            _sort_records(plan, rows, known)
        else:
            _sort_slots(plan, findings, key, known)
    _leave_cancelled(plan, findings, known)
    _sort_roles(plan, findings, known)
    return plan


def _leave_cancelled(plan: Plan, findings: Findings, known: Known) -> None:
    key = SheetKey.CLASSES
    for change in list(plan.changed.get(key, ())):
        if change.after.code in known.cancelled:
            message = lazy("This class was cancelled; the import leaves it as it is.")
            findings.say(key, change.after, "code", message, severity=Severity.WARNING)
            plan.changed[key].remove(change)
            plan.counts[key].changed -= 1
            plan.counts[key].unchanged += 1


def _sort(
    plan: Plan,
    key: SheetKey,
    rows: Iterable[Any],
    stands: Mapping[Any, tuple[int, Any]],
    identity: list[str],
    headings: Mapping[str, str],
) -> None:
    plan.new[key], plan.changed[key] = [], []
    names = [name for name in headings if name not in {*identity, "roles"}]
    for row in rows:
        found = stands.get(tuple(getattr(row, name) for name in identity))
        if found is None:
            plan.new[key].append(row)
            plan.counts[key].new += 1
            continue
        after = found[1]._replace(number=row.number, **{name: getattr(row, name) for name in names})
        if after[1:] == found[1][1:]:
            plan.counts[key].unchanged += 1
        else:
            plan.changed[key].append(Change(found[0], found[1], after))
            plan.counts[key].changed += 1


def _sort_roster(plan: Plan, rows: Iterable[Any], known: Known) -> None:
    key = SheetKey.ROSTER
    plan.new[key] = []
    for row in rows:
        if row.staff_no in known.rosters.get(row.class_code, ()) or by_pair(row) in known.withdrawn:
            plan.counts[key].unchanged += 1
        else:
            plan.new[key].append(row)
            plan.counts[key].new += 1


def _sort_records(plan: Plan, rows: Iterable[RecordRow], known: Known) -> None:
    """Leave alone the records that stand, whatever else the row says: an import never changes one."""
    key = SheetKey.RECORDS
    plan.new[key] = []
    for row in rows:
        if (row.pairing_id, row.day, digest(row.text)) in known.filed:
            plan.counts[key].unchanged += 1
        else:
            plan.new[key].append(row)
            plan.counts[key].new += 1


def _sort_slots(plan: Plan, findings: Findings, key: SheetKey, known: Known) -> None:
    plan.new[key], plan.moved[key] = [], []
    rows = findings.rows(key)
    headings = findings.reading.sheets[key].headings
    matched = match_slots(rows, known)
    names = [name for name in headings if name not in {"class_code", "series"}]
    for row in rows:
        slot = matched.get((owner(row), row.number))
        if slot is None:
            plan.new[key].append(row)
            plan.counts[key].new += 1
            continue
        if keeps_its_time(row, slot):
            message = lazy("This was moved or cancelled since; the import leaves it as it is.")
            findings.say(key, row, "day", message, severity=Severity.WARNING)
            plan.counts[key].unchanged += 1
            continue
        after = slot.row._replace(number=row.number, **{name: getattr(row, name) for name in names})
        after = after._replace(lecturer_codes=tuple(sorted(after.lecturer_codes)))
        if after[1:] == slot.row[1:]:
            plan.counts[key].unchanged += 1
            continue
        moves = (after.day, after.starts, after.ends) != (slot.row.day, slot.row.starts, slot.row.ends)
        plan.moved[key].append(SlotChange(slot, after, moves))
        plan.counts[key].changed += 1


def _sort_roles(plan: Plan, findings: Findings, known: Known) -> None:
    """Say which roles people are to hold. A blank cell leaves roles alone; nobody stops being an admin by import."""
    read = findings.sheet(SheetKey.PEOPLE)
    if read is None:
        return
    roots = [row for _, row in known.units.values() if not row.parent_code]
    roots += [row for row in findings.rows(SheetKey.UNITS) if not row.parent_code]
    root = roots[0].code if roots else ""
    touched = {change.after.staff_no for change in plan.changed[SheetKey.PEOPLE]}
    counts = plan.counts[SheetKey.PEOPLE]
    seen: dict[tuple[tuple[Role, ...], str], frozenset[tuple[Role, str]]] = {}
    for row in findings.rows(SheetKey.PEOPLE):
        if not row.roles:
            continue
        key = (row.roles, row.unit_code)
        if key not in seen:
            seen[key] = frozenset((role, root if role in _AT_THE_ROOT else row.unit_code) for role in row.roles)
        wanted = seen[key]
        found = known.people.get(row.staff_no)
        held = known.grants.get(found[0], frozenset()) if found else frozenset()
        wanted |= {grant for grant in held if grant[0] is Role.ADMIN} if held else frozenset()
        if wanted == held:
            continue
        plan.roles.append((row.staff_no, wanted))
        if found and row.staff_no not in touched:
            counts.unchanged -= 1
            counts.changed += 1
