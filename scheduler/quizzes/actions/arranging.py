"""What a confirmed retraining order makes: a class with its people and one session, and a sitting right after it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Venue
from scheduler.agenda.terms import ActivityKind, ActivityPlan
from scheduler.classes.actions import add_session, create_class, enrol_people, publish_class
from scheduler.classes.models import StudyClass
from scheduler.classes.rules import part_of
from scheduler.classes.terms import ClassMode, ClassPlan, SessionPlan
from scheduler.core.access import Actor
from scheduler.core.periods import Span
from scheduler.quizzes.actions.sittings import hold
from scheduler.quizzes.models import Paper, PaperItem, RetrainingOrder, Sitting
from scheduler.quizzes.queries.other_items import is_drawn, other_items
from scheduler.quizzes.queries.sittings import rules_held
from scheduler.quizzes.rules.retraining import parted
from scheduler.quizzes.terms.retraining import SAME_ITEMS

_CODE = "RT-{order}"
_TITLE = "重新培训 · {unit} · 第{round}轮"
_TEST = "重新培训测试 · {unit} · 第{round}轮"
_PAPER = "{paper} · 重新培训 {order}"
_LONGEST_NAME = 80


def venue_for(session: Session, sitting: Sitting, people: int) -> int | None:
    """Return the venue of the sitting that is trained for, if so many people have seats there."""
    if sitting.activity.venue_id is None:
        return None
    seats = session.scalar(select(Venue.capacity).where(Venue.id == sitting.activity.venue_id))
    return sitting.activity.venue_id if seats is not None and seats >= people else None


def arrange(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    order: RetrainingOrder,
    sitting: Sitting,
    block: Span,
    trainees: Sequence[int],
    venue_id: int | None,
    *,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Make and publish the class of an order in `block`, with the next sitting at its end; `sitting` gives the rules.

    Refuses as the actions of classes and of the agenda do, DoubleBooking, NeedsConfirmation and Engaged among them.
    """
    lesson, test = parted(block)
    made = _make_class(
        session, actor, order, sitting, lesson, trainees, venue_id,
        installation_id=installation_id, zone=zone, now=now,
    )  # fmt: skip
    paper_id = _next_paper(session, order, sitting)
    order.class_id = made.id
    order.next_sitting_id = hold(
        session,
        actor,
        ActivityPlan(
            kind=ActivityKind.QUIZ,
            title=_TEST.format(unit=order.unit.name[:_LONGEST_NAME], round=order.round),
            span=test,
            audience_id=made.audience_id,
            host_unit_id=sitting.activity.host_unit_id,
            venue_id=venue_id,
        ),
        paper_id,
        rules_held(sitting),
        installation_id=installation_id,
        zone=zone,
        now=now,
    ).id


def _make_class(  # noqa: PLR0913 - what `arrange` has found out
    session: Session,
    actor: Actor,
    order: RetrainingOrder,
    sitting: Sitting,
    lesson: Span,
    trainees: Sequence[int],
    venue_id: int | None,
    *,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> StudyClass:
    start, end = lesson.start.astimezone(zone), lesson.end.astimezone(zone)
    title = _TITLE.format(unit=order.unit.name[:_LONGEST_NAME], round=order.round)
    plan = ClassPlan(
        code=_CODE.format(order=order.id),
        title=title,
        host_unit_id=sitting.activity.host_unit_id,
        starts_on=start.date(),
        ends_on=end.date(),
        capacity=len(trainees),
        organiser_unit_id=order.unit_id,
        mode=ClassMode.PART_TIME,
    )
    made = create_class(session, actor, plan, now=now)
    held = add_session(
        session,
        actor,
        made.id,
        SessionPlan(start.date(), part_of(start.time()), start.time(), end.time(), title, (), venue_id),
        installation_id=installation_id,
        zone=zone,
        now=now,
    )
    enrol_people(session, actor, made.id, trainees, zone=zone, now=now)
    publish_class(session, actor, made.id, version=made.version, shown=[held.activity_id], now=now)
    return made


def _next_paper(session: Session, order: RetrainingOrder, sitting: Sitting) -> int:
    """Return the paper of the next sitting: the same if it draws, else one of other items, or the same with a note."""
    if is_drawn(session, sitting.paper_id):
        return sitting.paper_id
    items = other_items(session, sitting.paper_id, order)
    if not items:
        order.note = SAME_ITEMS
        return sitting.paper_id
    paper = Paper(
        name=_PAPER.format(paper=sitting.paper.name[:_LONGEST_NAME], order=order.id),
        shuffle_questions=sitting.paper.shuffle_questions,
        shuffle_choices=sitting.paper.shuffle_choices,
    )
    session.add(paper)
    session.flush()
    session.add_all(
        PaperItem(paper_id=paper.id, position=position, item_id=item_id, points=points)
        for position, (item_id, points) in enumerate(items, start=1)
    )
    session.flush()
    return paper.id
