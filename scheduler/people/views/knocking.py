"""Tries at what can be guessed: counted before it is known how they end."""

from datetime import datetime

from flask import request

from scheduler.core.errors import TooMany, lazy
from scheduler.core.pages import clock_time
from scheduler.core.web import now, sessions
from scheduler.people import actions
from scheduler.people.queries.doors import typed_number
from scheduler.people.queries.signed_in import digest
from scheduler.people.rules.doors import ACCOUNT_TRIES, ADDRESS_TRIES
from scheduler.people.terms import Door


def knock_as(door: Door, claim: str) -> tuple[str, str]:
    """Count a try at `door` for the claimed account and the address; refuses with TooMany when there were too many.

    Returns both knockers, for the pardon. The count stands whatever becomes of the request.
    """
    account, address = digest(f"account {typed_number(claim).upper()}"), f"address {request.remote_addr}"
    with sessions().write() as counting:
        again = actions.knock(counting, door, {account: ACCOUNT_TRIES, address: ADDRESS_TRIES}, now=now())
    if again:
        raise too_many(again)
    return account, address


def too_many(again: datetime) -> TooMany:
    """Return the refusal that says from when on another try is allowed."""
    return TooMany(
        lazy("There were too many tries. You can try again at %(time)s."),
        time=clock_time(again),
        retry_after=max(1, int((again - now()).total_seconds())),
    )
