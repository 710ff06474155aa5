"""Files beside a guidance record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that may be kept: `name` is a plain name with the ending of what it is."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Beside:
    """What is to lie beside a record: new files, and the ids of those of the record it corrects that come along."""

    files: tuple[Attachment, ...] = ()
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file that lies beside a record; `key` is its part of the address, `size` in bytes."""

    id: int
    key: str
    name: str
    size: int
