"""Who may see and change what has a time."""

from scheduler.core.access import Permission, Role, hold


class AgendaPermission(Permission):
    """What pages and actions of the agenda ask for."""

    READ = "agenda.read"
    """See activities and venues: the own ones, those of open audiences, and what the other permissions add."""
    OVERSEE = "agenda.oversee"
    """See activities hosted in the units led, or attended by their people."""
    MANAGE = "agenda.manage"
    """Plan, move, cancel and restore activities hosted in the units looked after; see their drafts."""
    OVERRIDE = "agenda.override"
    """Book a venue or lecturer twice for an activity hosted in the units looked after, with a reason."""
    VENUES = "agenda.venues"
    """Add and change venues and lecturers; both are the whole organisation's."""
    CALENDAR = "agenda.calendar"
    """Change the work calendar: public holidays and adjusted working days."""


hold(
    {
        AgendaPermission.READ: tuple(Role),
        AgendaPermission.OVERSEE: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
        AgendaPermission.MANAGE: (Role.ADMIN, Role.UNIT_OFFICER),
        AgendaPermission.OVERRIDE: (Role.ADMIN,),
        AgendaPermission.VENUES: (Role.ADMIN,),
        AgendaPermission.CALENDAR: (Role.ADMIN,),
    },
    at_top=(AgendaPermission.VENUES, AgendaPermission.CALENDAR),
)
