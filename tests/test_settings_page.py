"""docs/settings.md tells people of every setting."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

from config import Settings

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"


def test_the_page_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^\|\s*`([A-Z_]+)`", _PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(listed) == sorted([field.name.upper() for field in fields(Settings)] + ["SETTINGS_FILE"])


def test_the_page_names_the_true_defaults() -> None:
    rows = dict(
        re.findall(r"^\|\s*`([A-Z_]+)`\s*\|([^|]*)\|", _PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE),
    )
    wrong = {}
    for field in fields(Settings):
        if field.default in {MISSING, ()}:
            continue
        told = rows[field.name.upper()].strip().strip("`")
        true = (
            {True: "yes", False: "no"}.get(field.default, field.default)
            if isinstance(field.default, bool)
            else field.default
        )
        if told != str(true):
            wrong[field.name] = (told, true)
    assert wrong == {}
