"""A file of items, of whatever form: told apart by what is in it, measured before it is read."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from scheduler.core.errors import lazy
from scheduler.core.workbooks import open_workbook
from scheduler.quizzes.rules.bank.aiken import ANSWER, read_aiken
from scheduler.quizzes.rules.bank.decoding import UnreadableFile, decode
from scheduler.quizzes.rules.bank.gift import read_gift
from scheduler.quizzes.rules.bank.moodle import read_moodle
from scheduler.quizzes.rules.bank.qti import read_qti_item
from scheduler.quizzes.rules.bank.sheets import read_workbook
from scheduler.quizzes.rules.bank.xml import Element, parse_xml
from scheduler.quizzes.terms.reading import MOST_ITEMS, Format, Place, Reading

LARGEST_FILE = 20 * 1024 * 1024
MOST_ENTRIES = 2 * MOST_ITEMS
LARGEST_UNPACKED = 50 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ANSWER_LINE = re.compile(rf"^\s*{ANSWER.pattern}", re.IGNORECASE | re.MULTILINE)
_XML = re.compile(r"\s*<[?!A-Za-z]")
_WITHOUT_ITEMS = frozenset({"manifest", "assessmenttest", "assessmentsection", "questestinterop", "lom"})


def read_file(data: bytes) -> Reading:
    """Return the items of a file: Excel, GIFT, Aiken, Moodle XML, QTI 2.1 (one item, or a zip of them).

    Refuses with UnreadableFile or UnreadableWorkbook what is too large (packed or unpacked), damaged, cut off, in an
    unknown encoding, of another form, or declares entities.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(lazy("The file is too large: at most %(limit)s MiB."), limit=LARGEST_FILE // 1024 // 1024)
    if not data.strip():
        raise UnreadableFile(lazy("The file is empty."))
    if data.startswith(_OLE):
        return read_workbook(open_workbook(data))
    if data.startswith(_ZIP):
        return _read_zip(data)
    text = decode(data)
    if _XML.match(text):
        return _read_xml(parse_xml(text))
    if _ANSWER_LINE.search(text):
        return read_aiken(text)
    if "{" in text:
        return read_gift(text)
    raise _unknown()


def _read_xml(root: Element) -> Reading:
    if root.name == "quiz":
        return read_moodle(root)
    if root.name == "assessmentitem":
        reading = Reading(Format.QTI)
        read_qti_item(root, "", reading)
        return reading
    if root.name == "questestinterop":
        raise UnreadableFile(lazy("This is QTI 1.2, which is not read here. Export QTI 2.1 or Moodle XML."))
    raise _unknown()


def _read_zip(data: bytes) -> Reading:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if any(name.startswith("xl/") for name in names):
                return read_workbook(open_workbook(data))
            if any(name.startswith("word/") for name in names):
                raise UnreadableFile(lazy("This is a Word document. Copy the items into the template and try again."))
            return _read_parts(_parts(archive))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableFile(lazy("The zip file is damaged, was cut off, or is protected by a password.")) from error


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the XML files of a zip, unpacked one by one and counted as they are, whatever size they claim."""
    too_large = UnreadableFile(
        lazy("The zip file is too large once unpacked: at most %(limit)s MiB."), limit=LARGEST_UNPACKED // 1024 // 1024
    )
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise too_large
    room = LARGEST_UNPACKED
    for entry in entries:
        if not entry.filename.lower().endswith(".xml"):
            continue
        with archive.open(entry) as part:
            data = part.read(room + 1)
        room -= len(data)
        if room < 0:
            raise too_large
        yield entry.filename, data


def _read_parts(parts: Iterator[tuple[str, bytes]]) -> Reading:
    reading = Reading(Format.QTI)
    found = False
    for name, data in parts:
        source = name[-60:]
        if len(reading.items) + reading.refused >= MOST_ITEMS:
            said = lazy("A file holds at most %(most)s items; the rest was not read.")
            reading.say(Place(0, source), said, most=MOST_ITEMS)
            break
        found = True
        try:
            root = parse_xml(decode(data))
        except UnreadableFile as refusal:
            reading.refuse(Place(0, source), refusal.message_id, "", **refusal.facts)
            continue
        if root.name == "assessmentitem":
            read_qti_item(root, source, reading)
        elif root.name not in _WITHOUT_ITEMS:
            reading.warn(Place(0, source), lazy("This file of the zip holds no item and was not read."))
    if not found:
        raise _unknown()
    return reading


def _unknown() -> UnreadableFile:
    return UnreadableFile(
        lazy("This is no file of items that we read: Excel (.xlsx), GIFT, Aiken, Moodle XML, or QTI 2.1 (.xml, .zip).")
    )
