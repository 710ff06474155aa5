"""Which steps the life of a pairing allows."""

from scheduler.mentoring.terms import PairingStatus as S
from scheduler.mentoring.terms import Step

_FROM: dict[Step, frozenset[S]] = {
    Step.AGREE: frozenset({S.PROPOSED}),
    Step.ACTIVATE: frozenset({S.PROPOSED, S.AGREED}),
    Step.SUSPEND: frozenset({S.ACTIVE}),
    Step.RESUME: frozenset({S.SUSPENDED}),
    Step.COMPLETE: frozenset({S.ACTIVE, S.SUSPENDED}),
    Step.END: frozenset({S.PROPOSED, S.AGREED, S.ACTIVE, S.SUSPENDED}),
    Step.EDIT: frozenset({S.PROPOSED, S.AGREED, S.ACTIVE, S.SUSPENDED}),
    Step.NEXT_TERM: frozenset({S.ACTIVE, S.SUSPENDED, S.COMPLETED, S.ENDED_EARLY}),
}


def may_take(step: Step, status: S) -> bool:
    """Tell whether a pairing in `status` can take the step."""
    return status in _FROM[step]


def open_steps(status: S) -> list[Step]:
    """Return the steps that a pairing in `status` can take, in the order of its life."""
    return [step for step in Step if status in _FROM[step]]
