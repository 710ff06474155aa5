"""Whether a record of a day may be filed; each refusal names the field that it is about."""

from dataclasses import dataclass
from datetime import date

from scheduler.core.errors import Refusal, lazy
from scheduler.mentoring.terms import PairingStatus

LOCKED = lazy("That month is locked. Ask the training officer to reopen it, with the reason.")
_NOT_BEGUN = frozenset({PairingStatus.PROPOSED, PairingStatus.AGREED})


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What is known of a pairing on the day of guidance."""

    mentee: str
    status: PairingStatus
    starts_on: date
    last_day: date
    is_paused: bool
    is_locked: bool


def refuse_day(facts: DayFacts, day: date, today: date) -> Refusal | None:
    """Return why guidance of `day` cannot be filed, or None: in the future, not in force, suspended, month locked."""
    name = {"name": facts.mentee}
    checks: tuple[tuple[bool, str, dict[str, object]], ...] = (
        (day > today, lazy("That day is still to come. A record is of guidance that was given."), {}),
        (facts.status in _NOT_BEGUN, lazy("The pairing with %(name)s is not in force yet."), {**name}),
        (
            day < facts.starts_on,
            lazy("The pairing with %(name)s began on %(day)s."),
            {**name, "day": facts.starts_on.isoformat()},
        ),
        (
            day > facts.last_day,
            lazy("The pairing with %(name)s ended on %(day)s."),
            {**name, "day": facts.last_day.isoformat()},
        ),
        (facts.is_paused, lazy("The pairing with %(name)s was suspended on that day."), {**name}),
        (facts.is_locked, LOCKED, {}),
    )
    for stands_against, said, words in checks:
        if stands_against:
            return Refusal(said, field="day", **words)
    return None
