"""Who may hold and download calendars; what they show, the agenda decides."""

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.terms import Scope, ScopeKind
from scheduler.core.access import Actor, Permission, Role, hold


class FeedPermission(Permission):
    """What the pages of calendars ask for."""

    SUBSCRIBE = "feeds.subscribe"
    """Make addresses from which an own program fetches a calendar, see when it did, revoke them."""
    EXPORT = "feeds.export"
    """Download or print a calendar once."""


hold({FeedPermission.SUBSCRIBE: tuple(Role), FeedPermission.EXPORT: tuple(Role)})


def may_hold(actor: Actor, scope: Scope, unit_path: str | None) -> bool:
    """Tell whether the calendar of `scope` is one that `actor` may ask for at all; each event is judged besides.

    `unit_path`: where the unit, or the person's unit, of the scope is in the tree. Another person's calendar, and
    that of a unit other than the own, are for those who oversee it; so they end with the role.
    """
    if actor.system:
        return True
    if not (actor.may(FeedPermission.SUBSCRIBE) and actor.may(AgendaPermission.READ)):
        return False
    if scope.kind is ScopeKind.PERSON and scope.id == actor.person_id:
        return True
    if scope.kind is ScopeKind.UNIT and unit_path == actor.unit_path:
        return True
    if scope.kind in {ScopeKind.PERSON, ScopeKind.UNIT}:
        return unit_path is not None and actor.may(AgendaPermission.OVERSEE, unit_path)
    return True
