"""The verbs of the training office."""

from scheduler.office.actions.importing import import_year
from scheduler.office.actions.uploads import claim, discard_import, finish, resume_import, start_import, upload_workbook

__all__ = [
    "claim",
    "discard_import",
    "finish",
    "import_year",
    "resume_import",
    "start_import",
    "upload_workbook",
]
