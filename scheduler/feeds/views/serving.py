"""What a calendar program gets: 404, 304, or the joined bytes of its events."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import icalendar
from flask import Response, request
from sqlalchemy.orm import Session

from scheduler.core.database import Sessions
from scheduler.core.web import afterwards, database, now, sessions
from scheduler.feeds.actions import keep_texts, note_fetch
from scheduler.feeds.queries.contents import (
    Choice,
    banners_of,
    facts_by_id,
    state_of,
)
from scheduler.feeds.queries.subscriptions import Alive, Holder, find_holder
from scheduler.feeds.queries.texts import Shelf, joined_texts, kept_texts
from scheduler.feeds.rules.calendars import CLOSING, opening
from scheduler.feeds.rules.clients import client_of
from scheduler.feeds.rules.events import alarm_text, banner_text, event_text, with_alarm
from scheduler.feeds.rules.windows import cancelled_since, changed_at, digest, edition, is_worth_noting, window
from scheduler.feeds.terms import CalendarFacts, EventFacts, FeedState, Fetch, Origin
from scheduler.feeds.views.blueprint import origin

BATCH = 500
BIG = 1000
"""Above so many events a feed is streamed in batches, so that it never stands whole in memory."""
_GZIP = 31  # zlib's window bits that ask for a gzip header, which bears no time
_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Made:
    """Texts that were not kept yet, and the facts that they were made from; by activity id."""

    facts: dict[int, EventFacts]
    texts: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Serving:
    """One answer in the making."""

    holder: Holder
    choice: Choice
    calendar: CalendarFacts
    origin: Origin
    edition: str

    @property
    def subscription(self) -> Alive:
        return self.holder.subscription

    def state(self, session: Session) -> FeedState:
        """Return which content the feed has now: as it was last served, if nothing that it follows from is new."""
        kept = self.subscription
        basis = digest(self.edition, self.calendar, self.choice, kept.alarm_minutes, self.holder.newest_act)
        if kept.basis == basis and kept.state_since is not None and kept.events is not None:
            return FeedState(kept.state, kept.state_since, kept.events, basis)
        found = state_of(session, self.choice)
        name = digest(
            self.edition,
            self.calendar,
            kept.scope_kind,
            kept.scope_id,
            kept.part,
            kept.with_cancelled,
            kept.alarm_minutes,
            found.figures,
        )
        since = changed_at(found.newest, name, kept.state, kept.state_since, now())
        return FeedState(name, since, found.count, basis)

    def head(self, session: Session) -> bytes:
        """Return all that stands before the first activity."""
        language = self.subscription.language
        banners = banners_of(session, self.choice, self.origin)
        return b"".join((opening(self.calendar), *(banner_text(banner, language, self.origin) for banner in banners)))

    def shelf(self) -> Shelf:
        return Shelf(self.choice, self.subscription.language, self.edition)

    def texts(self, session: Session, shelf: Shelf) -> tuple[bytes, Made]:
        """Return the joined events of a shelf, and those that were not kept yet."""
        made = Made({}, {})
        events = joined_texts(session, shelf)
        if events is None:
            rows = kept_texts(session, shelf)
            made = self._made(session, [row.id for row in rows if row.body is None])
            events = b"".join(row.body or made.texts.get(row.id, b"") for row in rows)
        if minutes := self.subscription.alarm_minutes:
            events = with_alarm(events, alarm_text(minutes, self.subscription.language))
        return events, made

    def _made(self, session: Session, missing: Sequence[int]) -> Made:
        facts: dict[int, EventFacts] = {}
        for start in range(0, len(missing), BATCH):
            facts |= facts_by_id(session, missing[start : start + BATCH], self.origin)
        language = self.subscription.language
        return Made(facts, {number: event_text(known, language, self.origin) for number, known in facts.items()})

    def keep(self, session: Session, made: Made) -> None:
        keep_texts(session, made.facts, made.texts, self.subscription.language, self.edition)


def answer(token: str) -> Response:
    """Return the answer to a program that fetches by `token`."""
    holder = find_holder(database(), token)
    if holder is None:
        return Response(status=404, mimetype="text/plain")
    serving = _serving(holder)
    state = serving.state(database())
    _note(holder.subscription, state)
    packed = request.accept_encodings["gzip"] > 0
    response = Response(status=304) if _is_known(state) else _body(serving, state, packed=packed)
    # two encodings are two representations, and a strong tag names one
    response.set_etag(state.digest + "-gzip" if packed else state.digest)
    response.last_modified = state.since
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


def _is_known(state: FeedState) -> bool:
    """Tell whether the program has this very content; a tag that it sends makes its date meaningless (RFC 9110)."""
    if "If-None-Match" in request.headers:
        tags = request.if_none_match
        return any(tags.contains_weak(tag) for tag in (state.digest, state.digest + "-gzip"))
    return request.if_modified_since is not None and state.since <= request.if_modified_since


def _note(subscription: Alive, state: FeedState) -> None:
    client, instant = client_of(request.user_agent.string), now()
    if state.basis != subscription.basis or is_worth_noting(
        subscription.fetched_at, subscription.fetched_by, client, instant
    ):
        fetch = Fetch(subscription.id, instant, client, state)
        afterwards(lambda session: note_fetch(session, fetch))


def _body(serving: Serving, state: FeedState, *, packed: bool) -> Response:
    content: Any
    if state.events <= BIG:
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
    if state.events > BIG and request.method == "HEAD":
        del response.headers["Content-Length"]
    return response


def _whole(serving: Serving) -> bytes:
    events, made = serving.texts(database(), serving.shelf())
    if made.texts:
        afterwards(lambda session: serving.keep(session, made))
    return serving.head(database()) + events + CLOSING


def _streamed(serving: Serving, edges: Sessions) -> Iterator[bytes]:
    """Yield a big calendar in pieces. The request's own transaction has ended before the first is read."""
    with edges.read() as session:
        yield serving.head(session)
        for shelf in serving.shelf().slices(session, BATCH):
            events, made = serving.texts(session, shelf)
            if made.texts:
                with edges.write() as writing:
                    serving.keep(writing, made)
            yield events
        yield CLOSING


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()
