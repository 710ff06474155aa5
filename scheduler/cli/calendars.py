"""The command that takes a calendar out."""

from datetime import date, timedelta
from pathlib import Path

import click
from sqlalchemy.orm import Session

from scheduler.agenda.queries import get_scope
from scheduler.agenda.terms import Scope
from scheduler.cli.edge import Unfit, commander, edge, file_path, sessions, settings, tell
from scheduler.core import clock
from scheduler.core.errors import Missing, lazy
from scheduler.core.periods import Span, day_span
from scheduler.feeds.queries.exports import export_calendar as export
from scheduler.feeds.terms import ExportForm, Origin

_USUAL_DAYS = 366


@click.command("export-calendar")
@click.option(
    "--scope", required=True, help="organisation, or unit:, class:, series:, person:, venue:, lecturer: and CODE."
)
@click.option("--from", "first", metavar="DATE", help="The first day, 2026-03-05; today if not said.")
@click.option("--to", "last", metavar="DATE", help="The last day; a year on if not said.")
@click.option("--form", type=click.Choice([form.value for form in ExportForm]), default=ExportForm.SINGLE.value)
@click.option("-o", "--output", required=True, type=file_path, help="The .ics file to write.")
@edge
def export_calendar(scope: str, first: str | None, last: str | None, form: str, output: Path) -> None:
    """Write what is on to an iCalendar file."""
    origin = Origin(settings().base_url, settings().installation_id, settings().organisation, settings().zone)
    with sessions().read() as session:
        body = export(
            session,
            commander(),
            _scope(session, scope),
            _span(first, last),
            ExportForm(form),
            origin=origin,
        )
    output.write_bytes(body)
    tell(f"{output}: {body.count(b'BEGIN:VEVENT')} events", {}, as_json=False)


def _scope(session: Session, text: str) -> Scope:
    try:
        return get_scope(session, commander(), text)
    except Missing as error:
        raise Unfit(lazy("There is no calendar %(scope)s."), scope=text) from error


def _span(first: str | None, last: str | None) -> Span:
    begin = _day(first) or clock.now().astimezone(settings().zone).date()
    end = _day(last) or begin + timedelta(days=_USUAL_DAYS)
    if end < begin:
        raise Unfit(lazy("The last day is before the first."))
    return day_span(begin, settings().zone, (end - begin).days + 1)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Unfit(lazy("%(text)s is not a date; write 2026-03-05."), text=text) from error
