"""Which calendar is meant: choices for a page, and the reading of what was chosen."""

from collections.abc import Sequence

from flask_babel import gettext

from scheduler.agenda.queries import get_scope, scope_choices
from scheduler.agenda.terms import Scope, ScopeKind
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.core.web import database, signed_in
from scheduler.feeds.queries.subscriptions import names_of, require_scope
from scheduler.feeds.terms import Part

_OWN = {"": Part.ALL, "mine:learning": Part.LEARNING, "mine:teaching": Part.TEACHING}


def choices(chosen: str = "", *, parts: bool) -> list[tuple[str, str]]:
    """Return the calendars to choose from as (value, label); `chosen` is among them, whatever it is.

    With `parts` the own calendar is offered by role as well.
    """
    offered = [("", gettext("My calendar"))]
    if parts:
        offered += [("mine:learning", gettext("Only what I attend")), ("mine:teaching", gettext("Only what I teach"))]
    offered += [(ScopeKind.ORGANISATION.value, gettext("Whole organisation")), *scope_choices(database(), signed_in())]
    if chosen not in dict(offered):
        offered.append((chosen, scope_label(find_scope(signed_in(), chosen)[0])))
    return offered


def find_scope(actor: Actor, text: str) -> tuple[Scope, Part]:
    """Return the calendar that a choice or an address names, and which role; refuses with Missing."""
    if text in _OWN:
        if actor.person_id is None:
            raise Missing
        return Scope(ScopeKind.PERSON, actor.person_id), _OWN[text]
    scope = get_scope(database(), actor, text)
    require_scope(database(), actor, scope)
    return scope, Part.ALL


def scope_label(scope: Scope, part: Part = Part.ALL) -> str:
    """Return what a calendar is called in the reader's language."""
    return scope_labels([(scope, part)])[0]


def scope_labels(wanted: Sequence[tuple[Scope, Part]]) -> list[str]:
    """Return what calendars are called, in order; one statement."""
    own = {
        Part.ALL: gettext("My calendar"),
        Part.LEARNING: gettext("Only what I attend"),
        Part.TEACHING: gettext("Only what I teach"),
    }
    mine, everything = Scope(ScopeKind.PERSON, signed_in().person_id), gettext("Whole organisation")
    names = names_of(database(), [scope for scope, _ in wanted if scope != mine])
    return [own[part] if scope == mine else names.get(scope, everything) for scope, part in wanted]
