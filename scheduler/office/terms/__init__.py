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


class Severity(StrEnum):
    """What a problem of a workbook means for its row."""

    ERROR = "error"
    """The row is refused."""
    WARNING = "warning"
    """The row is taken; somebody should look."""
    LEFT = "left"
    """No row at all: something stands in the system that the workbook no longer names."""
