"""What is done with pairings and guidance records. Each refuses, changes, audits; none commits or reads the clock."""

from scheduler.mentoring.actions.answering import answer_by_link, answer_guidance, make_confirmation_link
from scheduler.mentoring.actions.assessing import Assessment, assess
from scheduler.mentoring.actions.documents import replace_form, reset_form
from scheduler.mentoring.actions.drafts import save_draft
from scheduler.mentoring.actions.imports import PairingFacts, import_pairings, revise_pairings
from scheduler.mentoring.actions.ledgers import LedgerRecord, import_guidance
from scheduler.mentoring.actions.life import activate, complete, complete_over, end_early, end_pairings, resume, suspend
from scheduler.mentoring.actions.meetings import cancel_meeting, plan_meeting
from scheduler.mentoring.actions.months import lock_month, reopen_month
from scheduler.mentoring.actions.nudging import Nudged, nudge
from scheduler.mentoring.actions.pairings import agree, next_term, propose, revise
from scheduler.mentoring.actions.programmes import add_programme, edit_programme, ensure_programmes
from scheduler.mentoring.actions.records import Filed, correct_guidance, file_guidance, withdraw_guidance

__all__ = [
    "Assessment",
    "Filed",
    "LedgerRecord",
    "Nudged",
    "PairingFacts",
    "activate",
    "add_programme",
    "agree",
    "answer_by_link",
    "answer_guidance",
    "assess",
    "cancel_meeting",
    "complete",
    "complete_over",
    "correct_guidance",
    "edit_programme",
    "end_early",
    "end_pairings",
    "ensure_programmes",
    "file_guidance",
    "import_guidance",
    "import_pairings",
    "lock_month",
    "make_confirmation_link",
    "next_term",
    "nudge",
    "plan_meeting",
    "propose",
    "reopen_month",
    "replace_form",
    "reset_form",
    "resume",
    "revise",
    "revise_pairings",
    "save_draft",
    "suspend",
    "withdraw_guidance",
]
