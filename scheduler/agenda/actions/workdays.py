"""The work calendar is brought up to date; sessions that were tentative for want of it are looked at again."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, false, insert, or_
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.actions.revising import revise_all
from scheduler.agenda.models import Activity, CalendarDay
from scheduler.agenda.queries import work_calendar
from scheduler.agenda.rules.workday_changes import compare
from scheduler.agenda.rules.workday_names import named
from scheduler.agenda.rules.workdays import risk_windows
from scheduler.agenda.terms import DayKind, DayMark
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, lazy_gettext
from scheduler.core.periods import day_span
from scheduler.core.text import clean_line

_SPILL = timedelta(days=15)
"""How far the days of a year's notice may reach into the year before (New Year) or after."""


def replace_days(
    session: Session, actor: Actor, year: int, marks: Iterable[DayMark], *, source: str, zone: ZoneInfo, now: datetime
) -> int:
    """Make `marks` the days of `year` that depart from their weekday. Returns how many activities were revised.

    Days of a neighbouring year are added to it, if that year is published. No marks at all: the year is
    unpublished again. Activities of the year are tentative afterwards exactly if they are at risk.
    """
    actor.require(AgendaPermission.CALENDAR)
    wanted = {mark.day: _clean(mark) for mark in marks}
    calendar = work_calendar(session, date(year, 1, 1) - _SPILL, date(year, 12, 31) + _SPILL)
    for day in wanted:
        _refuse_astray(day, year, calendar.published)
    changes = compare(year, calendar.marks, wanted.values())
    if changes:
        _write(session, [change.day for change in changes], [c.after for c in changes if c.after], source)
        record(
            session,
            actor,
            "replace",
            "work_calendar",
            year,
            now=now,
            source=source,
            changed=[
                [change.day, change.before and change.before.name_zh, change.after and change.after.name_zh]
                for change in changes
            ],
        )
    published = any(day.year == year for day in wanted)
    return _reconsider(session, year, published=published, zone=zone, now=now)


def load_known_years(session: Session, actor: Actor, *, first: int = 2024, zone: ZoneInfo, now: datetime) -> list[int]:
    """Load every year from `first` on that the package chinesecalendar knows and we do not. Returns those years."""
    known = marks_by_year()
    stored = work_calendar(session, date(first, 1, 1), date(max(known), 12, 31)).published
    missing = [year for year in sorted(known) if year >= first and year not in stored]
    for year in missing:
        replace_days(session, actor, year, known[year], source="chinesecalendar", zone=zone, now=now)
    return missing


def marks_by_year() -> dict[int, list[DayMark]]:
    """Return what chinesecalendar knows: days off and adjusted working days, by year."""
    from chinese_calendar import constants  # noqa: PLC0415 - 2 MiB of days that are read once, by `init`

    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    found: dict[int, list[DayMark]] = {}
    for days, kind in ((constants.holidays, DayKind.OFF), (constants.workdays, DayKind.WORK)):
        for day, name in days.items():
            found.setdefault(day.year, []).append(named(DayMark(day, kind, names[name], "")))
    return found


def _clean(mark: DayMark) -> DayMark:
    zh = clean_line(mark.name_zh, limit=40, label=lazy_gettext("Name"))
    en = clean_line(mark.name_en, limit=60, label=lazy_gettext("Name"))
    if not zh:
        raise Refusal(lazy("%(day)s has no name."), day=mark.day)
    return DayMark(mark.day, mark.kind, zh, en)


def _refuse_astray(day: date, year: int, published: frozenset[int]) -> None:
    if day.year == year:
        return
    if not date(year, 1, 1) - _SPILL <= day <= date(year, 12, 31) + _SPILL:
        raise Refusal(lazy("%(day)s does not belong to %(year)s."), day=day, year=year)
    if day.year not in published:
        raise Refusal(
            lazy("%(day)s lies outside %(year)s, and the days of its own year are not known yet."), day=day, year=year
        )


def _write(session: Session, days: list[date], marks: list[DayMark], source: str) -> None:
    source = clean_line(source, limit=200, label=lazy_gettext("Source"))
    session.execute(delete(CalendarDay).where(CalendarDay.day.in_(days)).execution_options(synchronize_session=False))
    if marks:
        session.execute(
            insert(CalendarDay),
            [
                {"day": m.day, "kind": m.kind, "name_zh": m.name_zh, "name_en": m.name_en, "source": source}
                for m in marks
            ],
        )


def _reconsider(session: Session, year: int, *, published: bool, zone: ZoneInfo, now: datetime) -> int:
    inside = (Activity.starts_at >= day_span(date(year, 1, 1), zone).start) & (
        Activity.starts_at < day_span(date(year + 1, 1, 1), zone).start
    )
    windows = [] if published else risk_windows(year)
    at_risk = or_(
        *(
            (Activity.starts_at >= day_span(first, zone).start) & (Activity.starts_at < day_span(last, zone).end)
            for first, last in windows
        ),
        false(),
    )
    cleared = revise_all(session, inside & Activity.tentative & ~at_risk, now=now, tentative=False)
    marked = revise_all(session, inside & ~Activity.tentative & at_risk, now=now, tentative=True) if windows else 0
    return cleared + marked
