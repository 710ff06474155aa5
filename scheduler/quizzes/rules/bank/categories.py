"""Moodle's categories as topics of items."""

import re

_SLASH = re.compile(r"(?<!/)/(?!/)")
_ROOT = re.compile(r"\$\w+\$")


def read_category(path: str) -> str:
    """Return the innermost part of a path such as $course$/top/培训评估; "" for the top itself. // is a slash in a name."""
    parts = [part.replace("//", "/").strip() for part in _SLASH.split(path.strip())]
    named = [part for part in parts if part and not _ROOT.fullmatch(part)]
    if named and named[0] == "top":
        named = named[1:]
    return named[-1] if named else ""


def write_category(topic: str) -> str:
    """Return the path of a topic; `read_category` reads the same back."""
    return f"$course$/top/{topic.replace('/', '//')}" if topic else "$course$/top"
