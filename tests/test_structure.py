"""What import-linter cannot hold of the house's order: names, lengths, and what a file of a name never does."""

import ast
import re
import tomllib
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ROOT / "scheduler"
SOURCES = sorted([*PRODUCT.rglob("*.py"), ROOT / "config.py", ROOT / "wsgi.py"])
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPOSITION = {"cli", "core", "demo"}
SLICES = sorted(
    folder.name for folder in PRODUCT.iterdir() if (folder / "__init__.py").exists() and folder.name not in COMPOSITION
)
LONGEST = 400
LONGEST_MEDIAN = 100
_SHAPELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "service",
    "services",
    "base",
}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _calls(path: Path) -> list[tuple[str, int]]:
    """Return the dotted names that a file calls, with their lines."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [(ast.unparse(node.func), node.lineno) for node in nodes if isinstance(node, ast.Call)]


def _of_a_room(room: str) -> list[Path]:
    """Return the files of that name in all slices, also those of a package of the name."""
    return [
        path
        for path in SOURCES
        if path.is_relative_to(PRODUCT) and room in path.relative_to(PRODUCT).with_suffix("").parts[1:]
    ]


def test_the_contracts_speak_of_every_slice() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rooms = next(contract for contract in contracts if contract["name"].startswith("A room"))
    assert rooms["containers"] == [f"scheduler.{name}" for name in SLICES]


def test_names_say_what_is_inside() -> None:
    shapeless = [_name(path) for path in SOURCES if path.stem in _SHAPELESS or path.stem.startswith("base_")]
    assert shapeless == []


def test_files_stay_short() -> None:
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*SOURCES, *TEMPLATES]}
    assert [f"{name}: {length}" for name, length in lengths.items() if length > LONGEST] == []
    assert median(length for length in lengths.values() if length > 1) < LONGEST_MEDIAN


def test_actions_and_queries_leave_the_transaction_to_the_edge() -> None:
    rooms = [*_of_a_room("actions"), *_of_a_room("queries")]
    ended = [
        f"{_name(path)}:{line} {call}"
        for path in rooms
        for call, line in _calls(path)
        if call.endswith((".commit", ".close"))
    ]
    assert ended == []


def test_queries_change_nothing() -> None:
    changes = {
        "session.add",
        "session.add_all",
        "session.delete",
        "session.merge",
        "session.flush",
        "insert",
        "update",
        "delete",
    }
    changed = [
        f"{_name(path)}:{line} {call}"
        for path in _of_a_room("queries")
        for call, line in _calls(path)
        if call in changes
    ]
    assert changed == []


def test_only_the_edges_read_the_clock() -> None:
    edges = {*_of_a_room("views"), *_of_a_room("tasks"), *(PRODUCT / "cli").glob("*.py"), PRODUCT / "core" / "web.py"}
    readers = [
        f"{_name(path)}:{line}"
        for path in SOURCES
        if path not in edges
        for call, line in _calls(path)
        if call in {"clock.now", "web.now"}
    ]
    assert readers == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_bring_no_script_or_style_of_their_own(path: Path) -> None:
    inline = re.findall(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", path.read_text(encoding="utf-8")
    )
    assert inline == []


def test_templates_and_tests_mirror_the_packages() -> None:
    templates = {folder.name for folder in (ROOT / "templates").iterdir() if folder.is_dir()}
    assert sorted(templates - {*SLICES, "errors", "macros", "mail"}) == []
    tests = {folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir() and folder.name != "__pycache__"}
    assert sorted(tests - {*SLICES, *COMPOSITION, "data", "faults", "harness", "journeys", "permissions"}) == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    marks = re.compile(r"mark\.(skip|xfail)|pytest\.(skip|xfail|importorskip)\(")
    found = [
        _name(path)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != Path(__file__) and marks.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_locks_name_no_package_index() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        assert "://" not in lock.read_text(encoding="utf-8")


def test_the_documents_links_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{_name(page)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert broken == []
