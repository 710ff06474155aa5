"""Guidance records of a ledger: whose pairing, on a day that may have one, about what."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date

from scheduler.core.errors import lazy
from scheduler.core.text import fold
from scheduler.office.rules.findings import Findings
from scheduler.office.terms import Severity
from scheduler.office.terms.known import Guided, Known
from scheduler.office.terms.rows import RecordRow
from scheduler.office.terms.sheets import SheetKey
from scheduler.office.terms.words import LedgerState

_APART = re.compile(r"[;；,，、/|\n]+")
_KEY = SheetKey.RECORDS


def digest(text: str) -> str:
    """Return what tells the words of a record apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def check_records(findings: Findings, known: Known, today: date) -> None:
    """Refuse records without a pairing on their day, of a day to come or a locked month, of unknown modes and areas.

    Good rows get the ids of what they name; those that the ledger says were withdrawn or replaced are left out.
    """
    if not findings.sheet(_KEY):
        return
    findings.duplicates(_KEY, "text", by_words)
    wrong: set[int] = set()
    good = []
    for row in findings.rows(_KEY):
        if row.state is LedgerState.GONE:
            said = lazy("This record was withdrawn or corrected; it is not brought in.")
            findings.say(_KEY, row, "state", said, severity=Severity.WARNING)
            continue
        pairing = _pairing(findings, known, row, today)
        resolved = pairing and _resolved(findings, known, row, pairing)
        if resolved:
            good.append(resolved)
        else:
            wrong.add(row.number)
    findings.refuse(_KEY, wrong, by_words)
    findings.good[_KEY] = good


def by_words(row: RecordRow) -> tuple[str, str, date, str]:
    """Return what tells records apart: the two, the day and the words."""
    return row.mentor_no, row.mentee_no, row.day, row.text


def _pairing(findings: Findings, known: Known, row: RecordRow, today: date) -> Guided | None:
    found = known.guided.get((row.mentor_no, row.mentee_no), ())
    if not found:
        said = lazy("%(mentor)s and %(mentee)s are in no pairing. Import the pairings first.")
        findings.say(_KEY, row, "mentee_no", said, mentor=row.mentor_no, mentee=row.mentee_no)
        return None
    if row.day > today:
        findings.say(_KEY, row, "day", lazy("This day is still to come."), value=row.day)
        return None
    for one in found:
        if one.starts_on <= row.day <= one.last_day and not _is_paused(one.pauses, row.day):
            if any(one.path.startswith(path) and month == row.day.replace(day=1) for path, month in known.locked):
                said = lazy("That month is locked. Ask the training officer to reopen it, with the reason.")
                findings.say(_KEY, row, "day", said, value=row.day)
                return None
            return one
    spans = "、".join(f"{one.starts_on.isoformat()}－{one.last_day.isoformat()}" for one in found)
    said = lazy("The pairing is not in force on that day; it is from %(spans)s.")
    findings.say(_KEY, row, "day", said, value=row.day, spans=spans)
    return None


def _is_paused(pauses: Iterable[tuple[date, date | None]], day: date) -> bool:
    return any(begins <= day and (ends is None or day < ends) for begins, ends in pauses)


def _resolved(findings: Findings, known: Known, row: RecordRow, pairing: Guided) -> RecordRow | None:
    programme = pairing.programme_id
    mode_id = known.modes.get((programme, fold(row.mode)))
    if mode_id is None:
        findings.say(_KEY, row, "mode", lazy("%(code)s is not known."), value=row.mode, code=row.mode)
    names = [part.strip() for part in _APART.split(row.areas) if part.strip()]
    if not names:
        findings.say(_KEY, row, "areas", lazy("Choose at least one content area."), value=row.areas)
    ids = [known.areas.get((programme, fold(name))) for name in names]
    for name, found in zip(names, ids, strict=True):
        if found is None:
            findings.say(_KEY, row, "areas", lazy("%(code)s is not known."), value=name, code=name)
    area_ids = tuple(dict.fromkeys(found for found in ids if found is not None))
    if mode_id is None or None in ids or not area_ids:
        return None
    return row._replace(pairing_id=pairing.id, mode_id=mode_id, area_ids=area_ids)
