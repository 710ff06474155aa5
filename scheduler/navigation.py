"""The main menu: composition, for it points into many slices."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext

from scheduler.core.access import Permission
from scheduler.core.errors import lazy
from scheduler.core.web import current_actor
from scheduler.home.access import HomePermission


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the main menu as the page shows it."""

    label: str
    href: str
    current: bool
    icon: str


_ENTRIES: tuple[tuple[str, str, Permission, str], ...] = (
    (lazy("My week"), "home.index", HomePermission.SEE, "home"),
    (lazy("Schedule"), "home.schedule", HomePermission.SEE, "calendar"),
)


def navigation() -> list[Entry]:
    """Return the entries that the reader may open, in order."""
    actor = current_actor()
    if actor is None:
        return []
    here = request.endpoint or ""
    named = any(here == endpoint for _label, endpoint, *_rest in _ENTRIES)
    return [
        Entry(gettext(label), url_for(endpoint), here == endpoint if named else _same_slice(here, endpoint), icon)
        for label, endpoint, permission, icon in _ENTRIES
        if actor.may(permission)
    ]


def _same_slice(here: str, endpoint: str) -> bool:
    return here.partition(".")[0] == endpoint.partition(".")[0]
