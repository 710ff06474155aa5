"""Who may see what is owed, and change it."""

from scheduler.core.access import Permission, Role, hold


class ObligationPermission(Permission):
    """What the pages of obligations ask for."""

    READ = "obligations.read"
    """See how the units and pairings led or looked after stand, down to the rows."""
    WAIVE = "obligations.waive"
    """Waive a duty of a unit or pairing looked after for a period, and lift the waiver."""
    SETTLE = "obligations.settle"
    """Say what the unit and those below owe: new, changed from a day on, ended."""


hold(
    {
        ObligationPermission.READ: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
        ObligationPermission.WAIVE: (Role.ADMIN,),
        ObligationPermission.SETTLE: (Role.ADMIN,),
    }
)
