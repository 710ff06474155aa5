"""Reading mentoring. Nothing here changes anything, and no statement runs once for each row."""

from scheduler.mentoring.queries.filing import (
    FilingFacts,
    area_ids_of,
    filing_facts,
    find_meeting,
    joint_choices,
    modes_of,
    own_draft,
    usual_mode,
)
from scheduler.mentoring.queries.ledger import guidance_ledger
from scheduler.mentoring.queries.lists import (
    PairingFilter,
    end_reasons,
    find_pairings,
    people_by_number,
    people_choices,
    programme_choices,
)
from scheduler.mentoring.queries.meetings import meetings_of, own_meetings
from scheduler.mentoring.queries.records import (
    Covered,
    areas_of,
    correction_of,
    coverage,
    covered_days,
    get_record,
    history_of,
    next_areas,
    own_proposals,
    records_of,
    to_answer,
)
from scheduler.mentoring.queries.standings import (
    counts,
    in_month,
    late_records,
    own_standings,
    standing_of,
    unit_standings,
)
from scheduler.mentoring.queries.visibility import Shown, get_pairing, visible_to

__all__ = [
    "Covered",
    "FilingFacts",
    "PairingFilter",
    "Shown",
    "area_ids_of",
    "areas_of",
    "correction_of",
    "counts",
    "coverage",
    "covered_days",
    "end_reasons",
    "filing_facts",
    "find_meeting",
    "find_pairings",
    "get_pairing",
    "get_record",
    "guidance_ledger",
    "history_of",
    "in_month",
    "joint_choices",
    "late_records",
    "meetings_of",
    "modes_of",
    "next_areas",
    "own_draft",
    "own_meetings",
    "own_proposals",
    "own_standings",
    "people_by_number",
    "people_choices",
    "programme_choices",
    "records_of",
    "standing_of",
    "to_answer",
    "unit_standings",
    "usual_mode",
    "visible_to",
]
