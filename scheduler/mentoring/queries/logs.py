"""The guidance log (指导台账): every record of a pairing, or of a month, as rows for a sheet. Never the words of others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from scheduler.agenda.queries import unit_ids_within
from scheduler.mentoring.models import GuidanceMode, GuidanceRecord, Pairing, Programme
from scheduler.mentoring.queries.records import areas_of
from scheduler.mentoring.queries.standings import in_month
from scheduler.mentoring.queries.visibility import Shown
from scheduler.mentoring.rules.duty import is_late
from scheduler.mentoring.terms import Confirmation, RecordState
from scheduler.people.models import Person


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line of the log; `text`, `next_step` and `answer` are empty unless the reader may read the words."""

    day: date
    mentor: str
    mentor_no: str
    mentee: str
    mentee_no: str
    mode: str
    areas: tuple[str, ...]
    minutes: int | None
    place: str
    text: str
    next_step: str
    state: RecordState
    confirmation: Confirmation
    answer: str
    filed_at: datetime
    is_late: bool

    @property
    def counts(self) -> bool:
        """Whether it counts for the month: it stands, and the mentee does not dispute it."""
        return self.state is RecordState.FILED and self.confirmation is not Confirmation.DISPUTED


def log_of_pairing(session: Session, shown: Shown, zone: ZoneInfo, language: str) -> list[LogRow]:
    """Return all records of a pairing by day, also those that do not count; two statements."""
    return _rows(session, GuidanceRecord.pairing_id == shown.pairing.id, zone, language, words=shown.reads_words)


def log_of_month(session: Session, paths: tuple[str, ...], month: date, zone: ZoneInfo, language: str) -> list[LogRow]:
    """Return all records of a month of the mentees of the units at and below `paths`, without words; two statements."""
    people = select(Person.id).where(Person.unit_id.in_(unit_ids_within(paths)))
    return _rows(session, in_month(month) & Pairing.mentee_id.in_(people), zone, language, words=False)


def _rows(
    session: Session, condition: ColumnElement[bool], zone: ZoneInfo, language: str, *, words: bool
) -> list[LogRow]:
    found = session.execute(_statement(condition)).all()
    areas = areas_of(session, [row[0].id for row in found], language)
    return [
        LogRow(
            one.day,
            mentor,
            mentor_no,
            mentee,
            mentee_no,
            mode.name(language),
            areas.get(one.id, ()),
            one.minutes,
            one.place,
            one.text if words else "",
            one.next_step if words else "",
            one.state,
            one.confirmation,
            one.answer if words else "",
            one.filed_at,
            is_late(one.day, one.first_filed_at.astimezone(zone).date(), grace_days),
        )
        for one, mode, mentor, mentor_no, mentee, mentee_no, grace_days in found
    ]


def _statement(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    mentor, mentee = aliased(Person), aliased(Person)
    return (
        select(
            GuidanceRecord,
            GuidanceMode,
            mentor.name,
            mentor.staff_no,
            mentee.name,
            mentee.staff_no,
            Programme.grace_days,
        )
        .join(GuidanceMode, GuidanceMode.id == GuidanceRecord.mode_id)
        .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
        .join(Programme, Programme.id == Pairing.programme_id)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(mentee, mentee.id == Pairing.mentee_id)
        .where(condition)
        .order_by(GuidanceRecord.day, GuidanceRecord.id)
    )
