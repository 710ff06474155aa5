"""Reading what is owed."""

from scheduler.mentoring.queries.waived import waivers_are_told_by
from scheduler.obligations.queries.lists import (
    find_obligations,
    get_obligation,
    in_force,
    is_replaced,
    standing_in,
    units_within,
    visible_to,
    waivers_of,
)
from scheduler.obligations.queries.metrics import Moment
from scheduler.obligations.queries.proofs import MOST, count_proofs, proofs_of
from scheduler.obligations.queries.standings import (
    all_figures,
    count_units,
    one_standing,
    owing_subjects,
    single_standings,
    standings,
    unit_figures,
)
from scheduler.obligations.queries.waived import guidance_waived

waivers_are_told_by(guidance_waived)

__all__ = [
    "MOST",
    "Moment",
    "all_figures",
    "count_proofs",
    "count_units",
    "find_obligations",
    "get_obligation",
    "in_force",
    "is_replaced",
    "one_standing",
    "owing_subjects",
    "proofs_of",
    "single_standings",
    "standing_in",
    "standings",
    "unit_figures",
    "units_within",
    "visible_to",
    "waivers_of",
]
