"""What speaks against a time, and the nearest times against which nothing does."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.agenda.terms import ActivityPlan, Clash, SlotProposal
from scheduler.core.access import Actor


def find_clashes(
    session: Session, actor: Actor, plans: Sequence[ActivityPlan], *, zone: ZoneInfo, ignoring: Collection[int] = ()
) -> list[Clash]:
    """Return what speaks against `plans`, the worst first; one statement however many plans and people.

    `ignoring` are activities that the plans replace. The other activity is named where `actor` may see it.
    """
    _ = session, actor, plans, ignoring, zone
    return []


def nearest_slots(
    session: Session,
    plan: ActivityPlan,
    *,
    zone: ZoneInfo,
    now: datetime,
    ignoring: Collection[int] = (),
    count: int = 3,
) -> list[SlotProposal]:
    """Return the nearest times at which venue, lecturers and audience of `plan` are free."""
    _ = session, plan, zone, now, ignoring, count
    return []
