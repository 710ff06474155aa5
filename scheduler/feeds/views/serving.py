"""What a calendar program gets: 404, 304, or the joined bytes of its events."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import icalendar
from flask import Response, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from scheduler.core.database import Sessions
from scheduler.core.web import afterwards, database, now, sessions
from scheduler.feeds.actions import keep_texts, note_fetch
from scheduler.feeds.models import Subscription
from scheduler.feeds.queries.contents import (
    Choice,
    State,
    banners_of,
    facts_by_id,
    kept_texts,
    kept_texts_in_turn,
    state_of,
)
from scheduler.feeds.queries.subscriptions import Holder, find_holder
from scheduler.feeds.rules.calendars import CLOSING, opening
from scheduler.feeds.rules.clients import client_of
from scheduler.feeds.rules.events import alarm_text, banner_text, event_text, with_alarm
from scheduler.feeds.rules.windows import cancelled_since, changed_at, digest, edition, is_worth_noting, window
from scheduler.feeds.terms import CalendarFacts, EventFacts, Fetch, Origin
from scheduler.feeds.views.blueprint import origin

BATCH = 500
BIG = 1000
"""Above so many events a feed is streamed in batches, so that it never stands whole in memory."""
_GZIP = 31  # zlib's window bits that ask for a gzip header, which bears no time
_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Serving:
    """One answer in the making."""

    holder: Holder
    choice: Choice
    calendar: CalendarFacts
    origin: Origin
    edition: str

    @property
    def subscription(self) -> Subscription:
        return self.holder.subscription

    def head(self, session: Session) -> bytes:
        """Return all that stands before the first activity."""
        language = self.subscription.language
        banners = banners_of(session, self.choice, self.origin)
        return b"".join((opening(self.calendar), *(banner_text(banner, language, self.origin) for banner in banners)))

    def finished(
        self, session: Session, rows: Sequence[Row[int, bytes | None]]
    ) -> tuple[bytes, dict[int, EventFacts], dict[int, bytes]]:
        """Return the joined events, and facts and texts of those that were not kept yet."""
        language = self.subscription.language
        facts: dict[int, EventFacts] = {}
        missing = [row.id for row in rows if row.body is None]
        for start in range(0, len(missing), BATCH):
            facts |= facts_by_id(session, missing[start : start + BATCH], self.origin)
        made = {number: event_text(known, language, self.origin) for number, known in facts.items()}
        events = [row.body or made.get(row.id, b"") for row in rows]
        if minutes := self.subscription.alarm_minutes:
            alarm = alarm_text(minutes, language)
            events = [with_alarm(event, alarm) for event in events]
        return b"".join(events), facts, made


def answer(token: str) -> Response:
    """Return the answer to a program that fetches by `token`."""
    holder = find_holder(database(), token)
    if holder is None:
        return Response(status=404, mimetype="text/plain")
    serving = _serving(holder)
    state = state_of(database(), serving.choice)
    subscription = holder.subscription
    name = digest(
        serving.edition,
        serving.calendar,
        subscription.scope_kind,
        subscription.scope_id,
        subscription.part,
        subscription.with_cancelled,
        subscription.alarm_minutes,
        state.figures,
    )
    since = changed_at(state.newest, name, subscription.state, subscription.state_since, now())
    _note(subscription, name, since)
    packed = request.accept_encodings["gzip"] > 0
    response = Response(status=304) if _is_known(name, since) else _body(serving, state, packed=packed)
    # two encodings are two representations, and a strong tag names one
    response.set_etag(name + "-gzip" if packed else name)
    response.last_modified = since
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _serving(holder: Holder) -> Serving:
    house, subscription = origin(), holder.subscription
    span = window(now(), house.zone)
    kept = cancelled_since(now(), house.zone) if subscription.with_cancelled else None
    return Serving(
        holder,
        Choice(holder.owner, holder.scope, span, subscription.part, kept),
        CalendarFacts(subscription.label or house.organisation, house.zone.key, house.link("/"), subscription.language),
        house,
        edition(house, icalendar.__version__),
    )


def _is_known(name: str, since: datetime) -> bool:
    """Tell whether the program has this very content; a tag that it sends makes its date meaningless (RFC 9110)."""
    if "If-None-Match" in request.headers:
        tags = request.if_none_match
        return any(tags.contains_weak(tag) for tag in (name, name + "-gzip"))
    return request.if_modified_since is not None and since <= request.if_modified_since


def _note(subscription: Subscription, name: str, since: datetime) -> None:
    client, instant = client_of(request.user_agent.string), now()
    if name != subscription.state or is_worth_noting(subscription.fetched_at, subscription.fetched_by, client, instant):
        fetch = Fetch(subscription.id, instant, client, name, since)
        afterwards(lambda session: note_fetch(session, fetch))


def _body(serving: Serving, state: State, *, packed: bool) -> Response:
    content: Any
    if state.count <= BIG:
        content = _whole(serving)
        content = gzip.compress(content, _LEVEL, mtime=0) if packed else content
    elif request.method == "HEAD":
        content = b""
    else:
        content = _streamed(serving, sessions())
        content = _packed(content) if packed else content
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if state.count > BIG and request.method == "HEAD":
        del response.headers["Content-Length"]
    return response


def _whole(serving: Serving) -> bytes:
    language = serving.subscription.language
    rows = kept_texts(database(), serving.choice, language, serving.edition)
    events, facts, made = serving.finished(database(), rows)
    if made:
        afterwards(lambda session: keep_texts(session, facts, made, language, serving.edition))
    return serving.head(database()) + events + CLOSING


def _streamed(serving: Serving, edges: Sessions) -> Iterator[bytes]:
    """Yield a big calendar in pieces. The request's own transaction has ended before the first is read."""
    language = serving.subscription.language
    with edges.read() as session:
        yield serving.head(session)
        for rows in kept_texts_in_turn(session, serving.choice, language, serving.edition, BATCH):
            events, facts, made = serving.finished(session, rows)
            if made:
                with edges.write() as writing:
                    keep_texts(writing, facts, made, language, serving.edition)
            yield events
        yield CLOSING


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()
