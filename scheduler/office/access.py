"""Who may run the training office's year."""

from scheduler.core.access import Permission, Role, hold


class OfficePermission(Permission):
    """What the office's pages ask for."""

    YEAR = "office.year"
    """See the year on one page; which classes and evenings, the agenda decides."""
    BURDEN = "office.burden"
    """See what the product asks of people at most."""
    IMPORT = "office.import"
    """Upload a year's workbook, check it and bring it in."""
    BOTS = "office.bots"
    """Add and change the bots of group chats in the units of the role, and send test messages."""


hold(
    {
        OfficePermission.YEAR: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
        OfficePermission.BURDEN: (Role.ADMIN,),
        OfficePermission.IMPORT: (Role.ADMIN,),
        OfficePermission.BOTS: (Role.ADMIN,),
    },
    at_top=(OfficePermission.IMPORT,),
)
