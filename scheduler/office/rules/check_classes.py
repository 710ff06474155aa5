"""Checks of classes, rosters and pairings."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from operator import attrgetter

from scheduler.core.errors import lazy
from scheduler.office.rules.findings import Findings
from scheduler.office.terms import Severity
from scheduler.office.terms.known import Known
from scheduler.office.terms.rows import ClassRow, PairingRow, RosterRow
from scheduler.office.terms.sheets import SheetKey
from scheduler.people.terms import UnitKind


class UnitNames:
    """Finds a unit by the name or code that a workbook writes for a host."""

    def __init__(self, findings: Findings, known: Known) -> None:
        rows = {code: row for code, (_, row) in known.units.items()}
        rows |= {row.code: row for row in findings.rows(SheetKey.UNITS)}
        self._rows = rows
        self._roots = {row.code for row in rows.values() if not row.parent_code}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for row in rows.values():
            self._by_name[row.name].append(row.code)

    def codes(self, text: str) -> list[str]:
        """Return the codes that `text` can mean; of several units of a name those that are no sections, then those right below a root."""
        if text in self._rows:
            return [text]
        found = self._by_name.get(text, [])
        for better in (
            [code for code in found if self._rows[code].kind is not UnitKind.SECTION],
            [code for code in found if self._rows[code].parent_code in self._roots],
        ):
            if len(found) > 1 and len(better) == 1:
                return better
        return found


def by_class(row: ClassRow) -> tuple[str]:
    return (row.code,)


def check_classes(findings: Findings, known: Known) -> None:
    """Refuse duplicates, an end before the start, unknown or ambiguous hosts, quotas beyond the places.

    Of the good rows `host_name` and `organiser_name` become unit codes.
    """
    sheet = SheetKey.CLASSES
    if not findings.sheet(sheet):
        return
    findings.duplicates(sheet, "code", by_class)
    names = UnitNames(findings, known)
    units = {*known.units, *map(attrgetter("code"), findings.rows(SheetKey.UNITS))}
    wrong, resolved = set(), {}
    for row in findings.rows(sheet):
        before = len(findings.problems)
        if row.ends_on < row.starts_on:
            findings.say(sheet, row, "ends_on", lazy("The end is before the start."), value=row.ends_on)
        if row.capacity < 1:
            findings.say(sheet, row, "capacity", lazy("A class has at least one place."), value=row.capacity)
        host = _unit(findings, names, row, "host_name", row.host_name)
        organiser = _unit(findings, names, row, "organiser_name", row.organiser_name) if row.organiser_name else ""
        standing = known.classes.get(row.code)
        if standing and host and standing[1].host_name != host:
            message = lazy("The host of a class that stands cannot be changed.")
            findings.say(sheet, row, "host_name", message, value=row.host_name)
        _check_quotas(findings, row, units)
        enrolled = len(known.rosters.get(row.code, ()))
        if enrolled > row.capacity:
            findings.say(
                sheet,
                row,
                "capacity",
                lazy("%(count)s people are enrolled already, more than the %(places)s places."),
                value=row.capacity,
                count=enrolled,
                places=row.capacity,
            )
        if len(findings.problems) > before:
            wrong.add(row.number)
        else:
            resolved[row.number] = row._replace(host_name=host, organiser_name=organiser)
    findings.refuse(sheet, wrong, by_class)
    findings.good[sheet] = list(resolved.values())


def _check_quotas(findings: Findings, row: ClassRow, units: Collection[str]) -> None:
    for code, _ in row.quotas:
        if code not in units:
            findings.missing(SheetKey.CLASSES, row, "quotas", SheetKey.UNITS, code)
    places = sum(count for _, count in row.quotas)
    if places > row.capacity:
        message = lazy("The quotas add up to %(sum)s, the class has %(places)s places.")
        findings.say(SheetKey.CLASSES, row, "quotas", message, sum=places, places=row.capacity)


def _unit(findings: Findings, names: UnitNames, row: ClassRow, column: str, text: str) -> str:
    codes = names.codes(text)
    if not codes:
        findings.say(SheetKey.CLASSES, row, column, lazy("There is no unit %(name)s."), value=text, name=text)
    elif len(codes) > 1:
        findings.say(
            SheetKey.CLASSES,
            row,
            column,
            lazy("There are %(count)s units %(name)s. Write the code of the one you mean: %(codes)s."),
            value=text,
            count=len(codes),
            name=text,
            codes="、".join(codes[:5]),
        )
    return codes[0] if codes else ""


def by_pair(row: RosterRow) -> tuple[str, str]:
    return (row.class_code, row.staff_no)


def check_roster(findings: Findings, known: Known) -> None:
    """Refuse duplicates, unknown classes and people, and whoever comes after the last place is taken."""
    sheet = SheetKey.ROSTER
    if not findings.sheet(sheet):
        return
    findings.duplicates(sheet, "staff_no", by_pair)
    capacity = {code: row.capacity for code, (_, row) in known.classes.items()}
    capacity |= {row.code: row.capacity for row in findings.rows(SheetKey.CLASSES)}
    people = {*known.people, *map(attrgetter("staff_no"), findings.rows(SheetKey.PEOPLE))}
    taken = {code: len(members) for code, members in known.rosters.items()}
    wrong = set()
    for row in findings.rows(sheet):
        if row.class_code not in capacity:
            findings.missing(sheet, row, "class_code", SheetKey.CLASSES, row.class_code)
        elif row.staff_no not in people:
            findings.missing(sheet, row, "staff_no", SheetKey.PEOPLE, row.staff_no)
        elif row.staff_no in known.rosters.get(row.class_code, ()):
            continue
        elif by_pair(row) in known.withdrawn:
            message = lazy("%(code)s has left this class; the import does not bring back anybody.")
            findings.say(sheet, row, "staff_no", message, severity=Severity.WARNING, code=row.staff_no)
            continue
        elif taken.get(row.class_code, 0) >= capacity[row.class_code]:
            findings.say(
                sheet,
                row,
                "class_code",
                lazy("The class %(code)s is full: it has %(places)s places."),
                value=row.staff_no,
                code=row.class_code,
                places=capacity[row.class_code],
            )
        else:
            taken[row.class_code] = taken.get(row.class_code, 0) + 1
            continue
        wrong.add(row.number)
    findings.refuse(sheet, wrong, by_pair)


def by_pairing(row: PairingRow) -> tuple[str, str, date]:
    return (row.mentor_no, row.mentee_no, row.starts_on)


def check_pairings(findings: Findings, known: Known, today: date) -> None:
    """Refuse people paired with themselves, unknown people, an end before the start, a mentee guided by two."""
    sheet = SheetKey.PAIRINGS
    if not findings.sheet(sheet):
        return
    findings.duplicates(sheet, "mentee_no", by_pairing)
    people = {*known.people, *map(attrgetter("staff_no"), findings.rows(SheetKey.PEOPLE))}
    guided = {mentee: mentor for mentee, (mentor, _) in known.open_mentees.items()}
    same = {(mentor, mentee, since) for mentee, (mentor, since) in known.open_mentees.items()}
    wrong = set()
    for row in findings.rows(sheet):
        if row.mentor_no == row.mentee_no:
            findings.say(sheet, row, "mentee_no", lazy("Nobody can be paired with themselves."), value=row.mentee_no)
        elif unknown := [(key, number) for key, number in _both(row) if number not in people]:
            for key, number in unknown:
                findings.missing(sheet, row, key, SheetKey.PEOPLE, number)
        elif row.ends_on <= row.starts_on:
            findings.say(sheet, row, "ends_on", lazy("The end is before the start."), value=row.ends_on)
        elif row.ends_on >= today and by_pairing(row) not in same and row.mentee_no in guided:
            findings.say(
                sheet,
                row,
                "mentee_no",
                lazy("%(code)s has an open pairing already, with %(mentor)s."),
                value=row.mentee_no,
                code=row.mentee_no,
                mentor=guided[row.mentee_no],
            )
        else:
            if row.ends_on >= today:
                guided[row.mentee_no] = row.mentor_no
            continue
        wrong.add(row.number)
    findings.refuse(sheet, wrong, by_pairing)


def _both(row: PairingRow) -> Iterable[tuple[str, str]]:
    return (("mentor_no", row.mentor_no), ("mentee_no", row.mentee_no))
