"""The catalogues: what the source says, and what each language makes of it.

`python -m tests.harness.catalogues` (dev.py catalogues) brings the .po files up to date: texts that are gone leave,
new ones come in, empty in Chinese and as they are in English.
"""

import contextlib
import sys
import tempfile
from copy import deepcopy
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh_CN", "en")
_KEYWORDS = ("lazy", "_l", "lazy_gettext", "lazy_ngettext:1,2")


def po_file(language: str) -> Path:
    """Return the catalogue of `language`, in the folder where Flask-Babel looks for it: zh_CN stands in zh_Hans_CN."""
    return ROOT / "scheduler" / "translations" / str(Locale.parse(language)) / "LC_MESSAGES" / "messages.po"


def extracted() -> Catalog:
    """Return all texts that the source and the templates ask a translation for."""
    keywords = [argument for keyword in _KEYWORDS for argument in ("-k", keyword)]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(ROOT):
        template = Path(folder) / "messages.pot"
        CommandLineInterface().run(["pybabel", "-q", "extract", "-F", "babel.cfg", *keywords, "-o", str(template), "."])
        with template.open("rb") as file:
            return read_po(file)


def translated(language: str) -> Catalog:
    """Return the catalogue of `language` as it stands, empty where there is none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, project="scheduler", version="0")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, template: Catalog) -> Catalog:
    """Write the catalogue of `language` anew for the texts of `template` and return it."""
    catalogue = translated(language)
    # a copy, for the catalogue keeps the template's messages as its own
    catalogue.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    if language == "en":
        for message in catalogue:
            if message.id:
                message.string = message.id
    save(language, catalogue)
    return catalogue


def save(language: str, catalogue: Catalog) -> None:
    """Write the catalogue so that only a change of a text changes a line: sorted, no locations, no wrapping."""
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.fuzzy = False  # a fuzzy header would keep the whole catalogue from being compiled
    catalogue.header_comment = ""
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the texts without a translation, or with a doubtful one."""
    missing = []
    for message in catalogue:
        strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        if message.id and (message.fuzzy or not all(strings)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


if __name__ == "__main__":
    source = extracted()
    for name in LANGUAGES:
        for text in untranslated(update(name, source)):
            sys.stdout.write(f"{name}: no text yet for: {text}\n")
