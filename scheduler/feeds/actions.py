"""Making and revoking subscriptions; keeping what feeds learn while they are read."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.terms import ScopeKind
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.feeds.access import FeedPermission
from scheduler.feeds.models import EventText, Subscription
from scheduler.feeds.queries.subscriptions import get_subscription, require_scope
from scheduler.feeds.terms import EventFacts, Fetch, Language, NewSubscription, Part
from scheduler.people.queries import digest

MOST_SUBSCRIPTIONS = 40
LONGEST_ALARM = 7 * 24 * 60


def make_subscription(
    session: Session, actor: Actor, asked: NewSubscription, *, now: datetime
) -> tuple[Subscription, str]:
    """Make a subscription of `actor`; return it with its token, which is kept nowhere and never shown again.

    Refuses with Missing a calendar that the actor may not hold; a label that is unfit; more than 40 at a time.
    """
    actor.require(FeedPermission.SUBSCRIBE)
    if actor.person_id is None:
        raise Missing
    require_scope(session, actor, asked.scope)
    if asked.alarm_minutes is not None and not 0 < asked.alarm_minutes <= LONGEST_ALARM:
        raise Refusal(lazy("A reminder comes at most a week before the start."), field="alarm")
    alive = select(func.count()).where(Subscription.owner_id == actor.person_id, Subscription.revoked_at.is_(None))
    if (session.scalar(alive) or 0) >= MOST_SUBSCRIPTIONS:
        raise Refusal(
            lazy("You hold %(count)s subscriptions already: revoke one that you do not use."), count=MOST_SUBSCRIPTIONS
        )
    token = secrets.token_urlsafe(32)
    subscription = Subscription(
        owner_id=actor.person_id,
        label=clean_line(asked.label, limit=80, label=lazy_gettext("Label")),
        scope_kind=asked.scope.kind,
        scope_id=asked.scope.id,
        part=asked.part if asked.scope.kind is ScopeKind.PERSON else Part.ALL,
        with_cancelled=asked.with_cancelled,
        language=asked.language,
        alarm_minutes=asked.alarm_minutes,
        token_digest=digest(token),
        made_at=now,
    )
    session.add(subscription)
    session.flush()
    record(
        session, actor, "subscribe", "subscription", subscription.id, now=now, scope=asked.scope.kind, of=asked.scope.id
    )
    return subscription, token


def revoke_subscription(session: Session, actor: Actor, subscription_id: int, *, now: datetime) -> Subscription:
    """End one of `actor`'s own subscriptions: its address answers 404 from now on. Refuses with Missing."""
    subscription = get_subscription(session, actor, subscription_id)
    subscription.revoked_at = now
    session.flush()
    record(session, actor, "revoke", "subscription", subscription.id, now=now)
    return subscription


def note_fetch(session: Session, fetch: Fetch) -> None:
    """Write down that a program has fetched a feed; one statement. A later fetch is never overwritten by an earlier."""
    session.execute(
        update(Subscription)
        .where(
            Subscription.id == fetch.subscription_id,
            (Subscription.fetched_at.is_(None)) | (Subscription.fetched_at <= fetch.at),
        )
        .values(
            fetched_at=fetch.at,
            fetched_by=fetch.client,
            state=fetch.state.digest,
            state_since=fetch.state.since,
            events=fetch.state.events,
            basis=fetch.state.basis,
        )
        .execution_options(synchronize_session=False)
    )


def keep_texts(
    session: Session,
    facts: Mapping[int, EventFacts],
    texts: Mapping[int, bytes],
    language: Language,
    edition: str,
) -> None:
    """Keep the texts of activities (by id) as made from `facts`; one statement.

    Two that keep the same text at once write the same bytes; an older revision never replaces a newer one.
    """
    statement = insert_into(session, EventText)
    statement = statement.on_conflict_do_update(
        index_elements=["activity_id", "language"],
        set_={name: statement.excluded[name] for name in ("revised_at", "edition", "body")},
        where=EventText.revised_at <= statement.excluded.revised_at,
    )
    rows = [
        {
            "activity_id": number,
            "language": language,
            "revised_at": facts[number].revised_at,
            "edition": edition,
            "body": text,
        }
        for number, text in sorted(texts.items())
    ]
    session.execute(statement, rows)
