"""The burden budget: what each journey may ask of a person. Journeys in a real browser are held to it."""

from dataclasses import dataclass

from scheduler.core.errors import lazy


@dataclass(frozen=True, slots=True)
class Burden:
    """What a journey asks at most: `taps` from the first page after sign-in, and `fields` that must be filled in."""

    journey: str
    taps: int
    fields: int = 0


THIS_WEEK = Burden(lazy("See what is on this week"), taps=0)
SUBSCRIBING = Burden(lazy("Subscribe to the own calendar"), taps=2)
EXPORTING = Burden(lazy("Take a calendar away"), taps=3)
FILING = Burden(lazy("Record a guidance session"), taps=2, fields=4)
CONFIRMING = Burden(lazy("Confirm a guidance record"), taps=1)
"""From the page that the mentor's code, or the notice, leads to."""
BUDGET = (THIS_WEEK, SUBSCRIBING, EXPORTING, FILING, CONFIRMING)
