"""Who may see the own week."""

from scheduler.core.access import Permission, Role, hold


class HomePermission(Permission):
    """What the first pages ask for."""

    SEE = "home.see"
    """See the own home page and schedules; which activities, the agenda decides."""


hold({HomePermission.SEE: tuple(Role)})
