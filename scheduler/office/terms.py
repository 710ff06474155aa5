"""The vocabulary of the training office."""

from enum import StrEnum


class ImportState(StrEnum):
    """The life of an upload."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"
