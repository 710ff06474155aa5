"""Putting activities into the agenda: any number in a constant number of statements."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.agenda.actions.attending import expect_members
from scheduler.agenda.actions.booking import agreed, check_length, override_of, refusals_translated, require_unit
from scheduler.agenda.models import Activity, Teaching
from scheduler.agenda.queries import work_calendar
from scheduler.agenda.rules.workdays import is_tentative
from scheduler.agenda.terms import ActivityPlan, ActivityStatus, Consent
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line, clean_text

_TEACH = insert(Teaching)


def create_activities(
    session: Session,
    actor: Actor,
    plans: Sequence[ActivityPlan],
    *,
    consent: Consent = Consent(),  # noqa: B008 - frozen
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> list[Activity]:
    """Create an activity for each plan, in order, with its lecturers and an attendance row for each member.

    A constant number of statements however many plans and people. Refuses DoubleBooking, NeedsConfirmation,
    UnfitText, more than 24 hours, an unplanned-for unit (Missing) and a plan that is cancelled from the start.
    With an override the activities that clash do not hold their slot; the reason is kept and audited.
    """
    if not plans:
        return []
    plans = [clean_plan(plan) for plan in plans]
    require_unit(session, actor, {plan.host_unit_id for plan in plans})
    days = [plan.span.start.astimezone(zone).date() for plan in plans]
    calendar = work_calendar(session, min(days), max(days))
    clashes = agreed(session, actor, plans, consent, zone=zone, now=now, calendar=calendar)
    uids = [f"activity-{secrets.token_hex(16)}@{installation_id}" for _ in plans]
    rows = [
        {
            "uid": uids[number],
            "kind": plan.kind,
            "title": plan.title,
            "description": plan.description,
            "starts_at": plan.span.start,
            "ends_at": plan.span.end,
            "status": plan.status,
            "tentative": is_tentative(plan.span.start, calendar.published, zone),
            "venue_id": plan.venue_id,
            "audience_id": plan.audience_id,
            "host_unit_id": plan.host_unit_id,
            "override_reason": reason,
            "holds": reason is None,
            "sequence": 0,
            "revised_at": now,
            "version": 1,
            "change_reason": "",
        }
        for number, plan in enumerate(plans)
        for reason in (override_of(consent, clashes, number),)
    ]
    with refusals_translated(session, actor, plans, zone=zone, now=now):
        # sorting in RETURNING would make SQLite insert row by row; the uid tells which is which
        by_uid = {activity.uid: activity for activity in session.scalars(insert(Activity).returning(Activity), rows)}
        created = [by_uid[uid] for uid in uids]
        teachings = [
            {
                "activity_id": activity.id,
                "lecturer_id": lecturer_id,
                "starts_at": activity.starts_at,
                "ends_at": activity.ends_at,
                "holds": activity.holds,
            }
            for activity, plan in zip(created, plans, strict=True)
            for lecturer_id in plan.lecturer_ids
        ]
        if teachings:
            session.connection().execute(_TEACH, teachings)
    expect_members(session, activity_ids=[activity.id for activity in created])
    for activity, plan in zip(created, plans, strict=True):
        record(
            session,
            actor,
            "create",
            "activity",
            activity.id,
            now=now,
            title=activity.title,
            starts_at=activity.starts_at,
            ends_at=activity.ends_at,
            venue_id=activity.venue_id,
            lecturer_ids=list(plan.lecturer_ids),
            override_reason=activity.override_reason,
        )
    return created


def clean_plan(plan: ActivityPlan) -> ActivityPlan:
    """Return `plan` with clean texts and each lecturer once; refuses what cannot be an activity."""
    title = clean_line(plan.title, limit=200, label=lazy_gettext("Title"))
    if not title:
        raise Refusal(lazy("An activity needs a title."), field="title")
    if plan.status is ActivityStatus.CANCELLED:
        raise Refusal(lazy("An activity cannot be created as cancelled."))
    check_length(plan.span)
    return replace(
        plan,
        title=title,
        description=clean_text(plan.description, limit=4000, label=lazy_gettext("Description")),
        lecturer_ids=tuple(dict.fromkeys(plan.lecturer_ids)),
    )
