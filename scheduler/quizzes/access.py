"""Who may do what with quizzes."""

from scheduler.core.access import Permission, Role, hold


class QuizPermission(Permission):
    """Permissions over quizzes; whose results one sees is decided by the queries."""

    TAKE = "quizzes.take"
    """Take the sittings that one is due at, and see the own results."""
    BANK = "quizzes.bank"
    """Keep the item bank and the papers; the keys are in there."""
    HOLD = "quizzes.hold"
    """Hold sittings of the units in the actor's scope: plan, grant, watch, release, regrade."""
    MARK = "quizzes.mark"
    """Mark short answers: of the sittings that one holds, and of those where one is the lecturer."""
    RESULTS = "quizzes.results"
    """See the pass rates of the units in the actor's scope, down to the names."""
    RETRAIN = "quizzes.retrain"
    """Confirm and withdraw retraining orders."""


hold(
    {
        QuizPermission.TAKE: tuple(Role),
        QuizPermission.BANK: (Role.ADMIN,),
        QuizPermission.HOLD: (Role.ADMIN,),
        QuizPermission.MARK: (Role.ADMIN, Role.LECTURER),
        QuizPermission.RESULTS: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
        QuizPermission.RETRAIN: (Role.ADMIN,),
    },
    at_top={QuizPermission.BANK},
)
