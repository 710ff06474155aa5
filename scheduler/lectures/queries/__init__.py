"""Reading lecture series. Nothing here changes anything, and no statement runs once for each row."""

from scheduler.lectures.queries.evenings import (
    evenings_of_programme,
    evenings_of_series,
    get_evening_of,
    get_evening_row,
    lecturer_ids_of,
    slots_of,
    strands_of,
)
from scheduler.lectures.queries.holidays import SlotState, decisions_of, move_proposals, slot_states
from scheduler.lectures.queries.ledger import evening_ledger, lost_to_holidays
from scheduler.lectures.queries.lists import enrolled_units, find_series, is_subscribed, subscribers_by_unit
from scheduler.lectures.queries.visibility import (
    get_evening,
    get_planned,
    get_programme,
    get_series,
    plans_for,
    visible_to,
)

__all__ = [
    "SlotState",
    "decisions_of",
    "enrolled_units",
    "evening_ledger",
    "evenings_of_programme",
    "evenings_of_series",
    "find_series",
    "get_evening",
    "get_evening_of",
    "get_evening_row",
    "get_planned",
    "get_programme",
    "get_series",
    "is_subscribed",
    "lecturer_ids_of",
    "lost_to_holidays",
    "move_proposals",
    "plans_for",
    "slot_states",
    "slots_of",
    "strands_of",
    "subscribers_by_unit",
    "visible_to",
]
