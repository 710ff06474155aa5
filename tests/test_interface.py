"""What the look of the pages promises: its weight, its contrast, and that templates name only what exists."""

import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "scheduler" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted(STATIC.glob("*.css"))
STYLES = (STATIC / "app.css").read_text(encoding="utf-8")
ICONS = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
TONES = {"ok", "warn", "bad", "info", "mute", "accent"}
KINDS = {"class", "lecture", "field", "guidance", "quiz", "talk"}
HEAVIEST_SHEET = 30 * 1024
READABLE = 4.5
"""WCAG 2.2 AA: the least contrast of text with its ground."""

# macro, place and keyword of an argument, and what it may be
ARGUMENTS = [
    ("icon", 0, "name", ICONS),
    ("link_button", 2, "icon_name", ICONS),
    ("post_button", 2, "icon_name", ICONS),
    ("empty", 2, "icon_name", ICONS),
    ("note", 0, "tone", TONES),
    ("badge", 1, "tone", TONES),
    ("tile", 4, "tone", TONES),
    ("progress", 4, "tone", TONES),
    ("kind", 0, "name", KINDS),
]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _macro(call: nodes.Call) -> str:
    called = call.node
    if isinstance(called, nodes.Getattr):
        return called.attr
    return called.name if isinstance(called, nodes.Name) else ""


def _said(call: nodes.Call, place: int, keyword: str) -> "Iterator[str]":
    """Yield the words that a call gives for an argument: both, where an `if` decides; none, where it is computed."""
    given = [*call.args[place : place + 1], *(pair.value for pair in call.kwargs if pair.key == keyword)]
    while given:
        argument = given.pop()
        if isinstance(argument, nodes.CondExpr):
            given += [branch for branch in (argument.expr1, argument.expr2) if branch]
        elif isinstance(argument, nodes.Const) and isinstance(argument.value, str) and argument.value:
            yield argument.value


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_name_only_icons_tones_and_kinds_that_exist(path: Path) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    calls = list(environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call))
    unknown = [
        f"{macro} at line {call.lineno}: {word}"
        for call, (macro, place, keyword, known) in product(calls, ARGUMENTS)
        if _macro(call) == macro
        for word in _said(call, place, keyword)
        if word not in known
    ]
    assert unknown == []


@pytest.mark.parametrize("sheet", SHEETS, ids=_name)
def test_a_style_sheet_stays_light_and_fetches_nothing(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert len(text.encode()) < HEAVIEST_SHEET
    assert re.findall(r"@import|url\((?!\s*[\"']?data:)", text) == []


def _colours() -> dict[str, str]:
    tokens = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", STYLES))
    return {
        name: colour if len(colour) > len("#fff") else "#" + "".join(2 * letter for letter in colour[1:])
        for name, colour in tokens.items()
    }


def _luminance(colour: str) -> float:
    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("bg", "surface", "sunk")
PAIRS = [
    *product(("ink", "ink-2", "ink-3", "accent", "accent-2", "info", "bad"), GROUNDS),
    *((name, f"{name}-tint") for name in sorted((TONES | KINDS) - {"mute"})),
    *product(("ink", "ink-2"), [f"{name}-tint" for name in sorted((TONES | KINDS) - {"mute"})]),
    ("on-accent", "accent"),
    ("on-accent", "accent-2"),
]


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    colours = _colours()
    assert _contrast(colours[text], colours[ground]) >= READABLE
