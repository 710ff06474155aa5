"""Whole calendars to take away once."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.agenda.queries import describe_scope
from scheduler.agenda.terms import AudienceKind, Scope
from scheduler.core.access import Actor
from scheduler.core.periods import Span
from scheduler.feeds.queries.contents import Choice, banners_of, facts_of
from scheduler.feeds.queries.subscriptions import require_scope
from scheduler.feeds.rules.calendars import joined
from scheduler.feeds.rules.events import banner_text, event_text
from scheduler.feeds.rules.repeating import local_event_text, series_texts, zone_text
from scheduler.feeds.terms import CalendarFacts, EventFacts, ExportForm, Language, Origin

_EVER = datetime(1900, 1, 1, tzinfo=UTC)


def export_calendar(
    session: Session,
    actor: Actor,
    scope: Scope,
    span: Span,
    form: ExportForm,
    *,
    origin: Origin,
    language: Language = Language.ZH,
) -> bytes:
    """Return an .ics of what is on in `scope` during `span` and `actor` may see; a constant number of statements.

    The single form also holds what was cancelled, marked so; the series form only what is on, for there a
    cancelled evening is an exception of its rule. Refuses with Missing a calendar that the actor may not hold.
    """
    require_scope(session, actor, scope)
    _, name = describe_scope(session, scope)
    calendar = CalendarFacts(name or origin.organisation, origin.zone.key, origin.link("/"), language)
    if form is ExportForm.SINGLE:
        choice = Choice(actor, scope, span, cancelled_since=_EVER)
        banners = [banner_text(banner, language, origin) for banner in banners_of(session, choice, origin)]
        found = facts_of(session, choice, origin)
        return joined(calendar, [*banners, *(event_text(facts, language, origin) for _, facts in found)])
    choice = Choice(actor, scope, span)
    banners = [banner_text(banner, language, origin) for banner in banners_of(session, choice, origin)]
    first, last = span.start.astimezone(origin.zone).date(), span.end.astimezone(origin.zone).date()
    zone = zone_text(origin.zone, first - timedelta(days=1), last + timedelta(days=2))
    events = _repeating(facts_of(session, choice, origin), language, origin)
    return joined(calendar, [zone, *banners, *events])


def _repeating(found: list[tuple[int, EventFacts]], language: Language, origin: Origin) -> list[bytes]:
    series: dict[int, list[EventFacts]] = defaultdict(list)
    texts = []
    for audience_id, facts in found:
        if facts.audience_kind is AudienceKind.SERIES:
            series[audience_id].append(facts)
        else:
            texts.append(local_event_text(facts, language, origin))
    for audience_id, members in series.items():
        texts += series_texts(f"series-{audience_id}@{origin.installation_id}", members, language, origin)
    return texts
