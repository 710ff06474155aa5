"""Pages of mentoring: what is mine, pairings and their life, records, confirming, months, programmes."""

from scheduler.mentoring.views import (
    changes,
    confirming,
    documents,
    filing,
    logs,
    meetings,
    mine,
    months,
    pairings,
    programmes,
    progress,
    records,
)
from scheduler.mentoring.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "changes",
    "confirming",
    "documents",
    "filing",
    "logs",
    "meetings",
    "mine",
    "months",
    "pairings",
    "programmes",
    "progress",
    "records",
]
