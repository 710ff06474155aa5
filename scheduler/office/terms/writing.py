"""What the steps of an import share."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.core.access import Actor
from scheduler.office.terms.known import Known


@dataclass(slots=True)
class Writing:
    """Who imports, when, into what; ids by the workbook's keys, which grow as rows are written."""

    known: Known
    actor: Actor
    installation_id: str
    zone: ZoneInfo
    now: datetime
    units: dict[str, int]
    people: dict[str, int]
    lecturers: dict[str, int]
    venues: dict[str, int]
    classes: dict[str, int]

    @classmethod
    def begin(cls, known: Known, actor: Actor, installation_id: str, zone: ZoneInfo, now: datetime) -> "Writing":
        """Return the state of an import that has written nothing yet."""
        return cls(
            known,
            actor,
            installation_id,
            zone,
            now,
            {code: row_id for code, (row_id, _) in known.units.items()},
            {number: row_id for number, (row_id, _) in known.people.items()},
            {code: row_id for code, (row_id, _) in known.lecturers.items()},
            {code: row_id for code, (row_id, _) in known.venues.items()},
            {code: row_id for code, (row_id, _) in known.classes.items()},
        )
