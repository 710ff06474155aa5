"""Posting a message to a bot: to that address and no other, by no proxy, and no redirect is followed."""

from collections.abc import Iterable
from datetime import datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from scheduler.notices.rules.bots import check_url, read_answer, trimmed, write_message
from scheduler.notices.terms.bots import Answer, BotDoor, Line

_SECONDS = 10
_MOST_READ = 20_000


def tell_bot(door: BotDoor, title: str, lines: Iterable[Line], *, now: datetime) -> Answer:
    """Post one message and return what the service said; whatever goes wrong on the way is an answer too."""
    check_url(door.url)
    message = write_message(door, title, lines, now)
    request = Request(message.url, message.body, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310 - checked above
    try:
        with _opener().open(request, timeout=_SECONDS) as answer:
            return read_answer(door.kind, answer.status, answer.read(_MOST_READ))
    except HTTPError as error:
        with error:
            return read_answer(door.kind, error.code, error.read(_MOST_READ))
    except (OSError, ValueError, HTTPException) as error:
        return Answer(taken=False, said=trimmed(f"{type(error).__name__}: {getattr(error, 'reason', error)}"))


def _opener() -> OpenerDirector:
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
        opener.add_handler(handler)
    return opener
