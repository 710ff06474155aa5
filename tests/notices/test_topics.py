"""Every kind of notice that the code posts has a topic, so that people can choose."""

import ast
import re
from functools import cache
from pathlib import Path

from scheduler.notices.terms.topics import EXPLAINED, KINDS, MUTABLE, NAMES, Topic, topic_of

ROOT = Path(__file__).resolve().parents[2] / "scheduler"
_POSTING = {"post", "post_all"}


def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _patterns(value: ast.expr) -> list[str]:
    """Return what a kind may be, as patterns: a text, or one with places to fill in."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [re.escape(value.value)]
    if isinstance(value, ast.JoinedStr):
        return [
            "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in value.values)
        ]
    if isinstance(value, ast.Name):
        return [re.escape(text) for text in _constants().get(value.id, ())]
    if isinstance(value, ast.IfExp):
        return [*_patterns(value.body), *_patterns(value.orelse)]
    return []


@cache
def _constants() -> dict[str, set[str]]:
    """Return the texts that modules give to names of their own, by name."""
    found: dict[str, set[str]] = {}
    for tree in _trees().values():
        for node in tree.body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                for target in node.targets:
                    found.setdefault(ast.unparse(target), set()).add(node.value.value)
    return found


def _posted() -> list[tuple[str, list[str]]]:
    """Return each place that posts (or hands a kind to a function that does), with the kinds that it names."""
    trees, found = _trees(), []
    handing: dict[tuple[str, str], int] = {}
    for path, tree in trees.items():
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            arguments = [argument.arg for argument in function.args.args]
            for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
                kind = next((word.value for word in call.keywords if word.arg == "kind"), None)
                if _name(call) not in _POSTING or kind is None or path.is_relative_to(ROOT / "notices"):
                    continue
                if isinstance(kind, ast.Name) and kind.id in arguments:
                    slice_name = path.relative_to(ROOT).parts[0]
                    handing[slice_name, function.name] = arguments.index(kind.id)
                else:
                    found.append((f"{path}:{call.lineno}", _patterns(kind)))
    for path, tree in trees.items():
        for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
            place = handing.get((path.relative_to(ROOT).parts[0], _name(call)))
            if place is not None and len(call.args) > place:
                found.append((f"{path}:{call.lineno}", _patterns(call.args[place])))
    return found


def test_each_kind_that_is_posted_has_a_topic_and_each_topic_its_kinds() -> None:
    posted = _posted()
    assert len(posted) >= 8
    assert [place for place, patterns in posted if not patterns] == [], "a kind is a text that one can find"
    patterns = [pattern for _place, found in posted for pattern in found]
    nameless = [pattern for pattern in patterns if not any(re.fullmatch(pattern, kind) for kind in KINDS)]
    assert nameless == [], "to be added to KINDS"
    idle = [kind for kind in KINDS if not any(re.fullmatch(pattern, kind) for pattern in patterns)]
    assert idle == [], "posted nowhere"


def test_each_topic_says_what_it_is() -> None:
    assert set(NAMES) == set(EXPLAINED) == set(Topic)
    for topic in Topic:
        assert ("annot be muted" in EXPLAINED[topic]) == (topic not in MUTABLE)


def test_what_must_be_told_cannot_be_muted() -> None:
    assert {
        topic_of(kind) for kind in ("guidance_filed", "guidance_disputed", "pairing_proposed", "activity")
    }.isdisjoint(MUTABLE)
    assert topic_of("not known yet") is Topic.OTHER
    assert Topic.OTHER not in MUTABLE
