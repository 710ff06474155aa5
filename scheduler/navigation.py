"""The main menu: composition, for it points into many slices."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext

from scheduler.core.access import Permission
from scheduler.core.web import current_actor


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the main menu as the page shows it."""

    label: str
    href: str
    current: bool
    icon: str


_ENTRIES: tuple[tuple[str, str, Permission, str], ...] = ()


def navigation() -> list[Entry]:
    """Return the entries that the reader may open, in order."""
    actor = current_actor()
    if actor is None:
        return []
    here = request.endpoint or ""
    return [
        Entry(
            gettext(label),
            url_for(endpoint),
            here == endpoint or here.rpartition(".")[0] == endpoint.rpartition(".")[0],
            icon,
        )
        for label, endpoint, permission, icon in _ENTRIES
        if actor.may(permission)
    ]
