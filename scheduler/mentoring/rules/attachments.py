"""Which files may lie beside a record: told by what they hold, never by what they are called."""

import io
import zipfile
from collections.abc import Collection

from scheduler.core.errors import Refusal, lazy
from scheduler.core.text import UnfitText, clean_line
from scheduler.mentoring.terms.attachments import Attachment

MOST_FILES = 3
MOST_MIB = 5
_MOST_ENTRIES = 5000
_LONGEST_NAME = 120
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFFICE = {"word/": _DOCX, "xl/": _XLSX}
_BEGINS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    _DOCX: "docx",
    _XLSX: "xlsx",
    "text/plain": "txt",
}


def check_attachments(files: Collection[tuple[str, bytes]]) -> tuple[Attachment, ...]:
    """Return the files (name, content) as they are kept; one without a name and content is what a form sends for none.

    Refuses more than three, more than five MiB each, an empty file, and whatever is no PDF, picture (JPEG, PNG, WebP),
    Word or Excel file (docx, xlsx) or plain text.
    """
    sent = [(name, body) for name, body in files if name or body]
    if len(sent) > MOST_FILES:
        raise Refusal(lazy("At most %(most)s files beside a record."), field="files", most=MOST_FILES)
    return tuple(_checked(name, body) for name, body in sent)


def _checked(name: str, body: bytes) -> Attachment:
    shown = _plain_name(name)
    if not body:
        raise Refusal(lazy("%(name)s is empty."), field="files", name=shown)
    if len(body) > MOST_MIB * 1024 * 1024:
        raise Refusal(lazy("%(name)s is larger than %(most)s MiB."), field="files", name=shown, most=MOST_MIB)
    media_type = _sniffed(body)
    if media_type is None:
        raise Refusal(
            lazy("%(name)s is no PDF, picture (JPEG, PNG, WebP), Word or Excel file (docx, xlsx) or plain text."),
            field="files",
            name=shown,
        )
    stem = shown.rpartition(".")[0] or shown
    return Attachment(f"{stem[:_LONGEST_NAME]}.{_ENDINGS[media_type]}", media_type, body)


def _plain_name(name: str) -> str:
    """Return the last part of a path of either kind, never the way to it."""
    last = name.replace("\\", "/").rpartition("/")[2].strip(". ")
    try:
        return clean_line(last, limit=255) or "file"
    except UnfitText:
        return "file"


def _sniffed(body: bytes) -> str | None:
    for begins, media_type in _BEGINS.items():
        if body.startswith(begins):
            return media_type
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp"
    if body.startswith(b"PK\x03\x04"):
        return _office(body)
    return "text/plain" if _is_text(body) else None


def _office(body: bytes) -> str | None:
    """Return which office file a container is, by the names in it: nothing is unpacked. None for one with macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as container:
            names = container.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(names) > _MOST_ENTRIES or "[Content_Types].xml" not in names or any("vbaProject" in name for name in names):
        return None
    return next((kind for folder, kind in _OFFICE.items() if any(name.startswith(folder) for name in names)), None)


def _is_text(body: bytes) -> bool:
    """Tell whether it is text to read, and no markup that a browser would run."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip().startswith("<"):
            return False
        return all(character.isprintable() or character in "\r\n\t\u3000" for character in text)
    return False
