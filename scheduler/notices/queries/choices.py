"""What people chose."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.notices.models import OwnQuiet, TopicChoice
from scheduler.notices.rules.quiet import QuietHours
from scheduler.notices.rules.sending import Wishes
from scheduler.notices.terms.topics import MUTABLE


def wishes_of(session: Session, person_ids: Collection[int], usual: QuietHours | None) -> dict[int, Wishes]:
    """Return what each of the persons chose; `usual` are the organisation's quiet hours. Two statements."""
    no_mail: dict[int, set[str]] = defaultdict(set)
    muted: dict[int, set[str]] = defaultdict(set)
    for choice in session.scalars(select(TopicChoice).where(TopicChoice.person_id.in_(person_ids))):
        if not choice.by_mail:
            no_mail[choice.person_id].add(choice.topic)
        if choice.muted_since is not None and choice.topic in MUTABLE:
            muted[choice.person_id].add(choice.topic)
    own = {
        row.person_id: QuietHours(row.starts, row.ends) if row.starts and row.ends else None
        for row in session.scalars(select(OwnQuiet).where(OwnQuiet.person_id.in_(person_ids)))
    }
    return {
        person_id: Wishes(frozenset(no_mail[person_id]), frozenset(muted[person_id]), own.get(person_id, usual))
        for person_id in person_ids
    }


def find_own_quiet(session: Session, person_id: int) -> OwnQuiet | None:
    """Return a person's own quiet hours; None: the organisation's hold."""
    return session.get(OwnQuiet, person_id)
