"""Who may do what with lecture series."""

from scheduler.core.access import Permission, Role, hold


class LecturePermission(Permission):
    """Permissions over lecture series; what one sees of them is decided by lectures.queries.visible_to."""

    READ = "lectures.read"
    """Open series: those open to anybody, and those that one is enrolled in or hosts."""
    SUBSCRIBE = "lectures.subscribe"
    """Join and leave an open series by oneself."""
    PLAN = "lectures.plan"
    """Plan the evening schools hosted in the actor's scope: rule, evenings, holidays."""
    ENROL = "lectures.enrol"
    """Enrol people and whole units of the actor's scope."""


hold(
    {
        LecturePermission.READ: tuple(Role),
        LecturePermission.SUBSCRIBE: tuple(Role),
        LecturePermission.PLAN: (Role.ADMIN,),
        LecturePermission.ENROL: (Role.ADMIN, Role.UNIT_OFFICER),
    },
)
