"""Who may do what with classes."""

from scheduler.core.access import Permission, Role, hold


class ClassPermission(Permission):
    """Permissions over classes; what one sees of them is decided by classes.queries.visible_to."""

    READ = "classes.read"
    """Open classes: planners all, others the published ones that they or their people attend or teach."""
    PLAN = "classes.plan"
    """Plan, publish and cancel the classes hosted in the actor's scope, and their timetables."""
    ROSTER = "classes.roster"
    """See who of the actor's scope attends."""
    ENROL = "classes.enrol"
    """Enrol and remove people of the actor's scope, within the quotas of their units."""


hold(
    {
        ClassPermission.READ: tuple(Role),
        ClassPermission.PLAN: (Role.ADMIN,),
        ClassPermission.ROSTER: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
        ClassPermission.ENROL: (Role.ADMIN, Role.UNIT_OFFICER),
    },
)
