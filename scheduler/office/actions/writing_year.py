"""Writing classes, rosters, timetables, evenings, pairings and guidance records."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.terms import Consent
from scheduler.classes.actions import edit_class, enrol_many, import_classes, import_sessions
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.terms import ClassPlan, SessionPlan
from scheduler.lectures.actions import import_evenings
from scheduler.lectures.models import Programme, Series
from scheduler.lectures.terms import EveningPlan
from scheduler.mentoring.actions import LedgerRecord, PairingFacts, import_guidance, import_pairings, revise_pairings
from scheduler.mentoring.terms import Confirmation
from scheduler.office.actions.revising import revise_slots
from scheduler.office.rules.planning import Plan
from scheduler.office.terms.rows import ClassRow, EveningRow, PairingRow, SessionRow
from scheduler.office.terms.sheets import SHEET, SheetKey
from scheduler.office.terms.words import LedgerState
from scheduler.office.terms.writing import Writing
from scheduler.people.models import Unit

_AGREED = Consent(confirmed=True)
"""What the check only warned of was agreed to by importing."""


def write_classes(session: Session, writing: Writing, plan: Plan) -> None:
    """Add classes as published, and change those that stand."""
    news = plan.new.get(SheetKey.CLASSES, [])
    if news:
        plans = [_class_plan(writing, row) for row in news]
        done = import_classes(session, writing.actor, plans, now=writing.now)
        writing.classes |= {row.code: class_id for row, class_id in zip(news, done.ids, strict=True)}
    changes = plan.changed.get(SheetKey.CLASSES, [])
    versions = dict(session.execute(select(StudyClass.id, StudyClass.version)).all()) if changes else {}
    for change in changes:
        after = _class_plan(writing, change.after)
        edit_class(session, writing.actor, change.id, after, version=versions[change.id], now=writing.now)


def _class_plan(writing: Writing, row: ClassRow) -> ClassPlan:
    return ClassPlan(
        row.code,
        row.title,
        writing.units[row.host_name],
        row.starts_on,
        row.ends_on,
        row.capacity,
        row.theme,
        writing.units[row.organiser_name] if row.organiser_name else None,
        row.run_number,
        row.hours,
        row.mode,
        row.budget,
        tuple((writing.units[code], places) for code, places in row.quotas),
    )


def write_roster(session: Session, writing: Writing, plan: Plan) -> None:
    """Enrol people."""
    pairs = [
        (writing.classes[row.class_code], writing.people[row.staff_no]) for row in plan.new.get(SheetKey.ROSTER, [])
    ]
    if pairs:
        enrol_many(session, writing.actor, pairs, now=writing.now)


def write_sessions(session: Session, writing: Writing, plan: Plan) -> None:
    """Change the sessions that stand first, for they may free a room that a new one takes; then add the new ones."""
    changes = plan.moved.get(SheetKey.SESSIONS, []) + plan.moved.get(SheetKey.EVENINGS, [])
    if changes:
        revise_slots(session, writing, changes)
        values = [
            {
                "activity_id": change.slot.activity_id,
                "part_of_day": change.after.part,
                "teaching_mode": change.after.mode,
            }
            for change in changes
            if isinstance(change.after, SessionRow)
        ]
        for value in values:
            session.execute(
                update(ClassSession)
                .where(ClassSession.activity_id == value["activity_id"])
                .values(part_of_day=value["part_of_day"], teaching_mode=value["teaching_mode"])
            )
    news = plan.new.get(SheetKey.SESSIONS, [])
    if news:
        import_sessions(
            session,
            writing.actor,
            [(writing.classes[row.class_code], _session_plan(writing, row)) for row in news],
            consent=_AGREED,
            installation_id=writing.installation_id,
            zone=writing.zone,
            now=writing.now,
        )


def _session_plan(writing: Writing, row: SessionRow) -> SessionPlan:
    return SessionPlan(
        row.day,
        row.part,
        row.starts,
        row.ends,
        row.title,
        tuple(writing.lecturers[code] for code in row.lecturer_codes),
        writing.venues[row.venue_code] if row.venue_code else None,
        row.mode,
    )


def write_evenings(session: Session, writing: Writing, plan: Plan) -> None:
    """Add evenings to the evening school that their series belong to, or to one named like the sheet."""
    news: list[EveningRow] = plan.new.get(SheetKey.EVENINGS, [])
    if not news:
        return
    homes = session.execute(
        select(Series.name, Programme.name)
        .join(Programme, Programme.id == Series.programme_id)
        .where(Series.name.in_({row.series for row in news}))
    )
    home = dict(homes.all())
    host_id = session.scalar(select(func.min(Unit.id)).where(Unit.parent_id.is_(None)))
    by_programme: dict[str, list[EveningRow]] = {}
    fallback = next(iter(home.values()), SHEET[SheetKey.EVENINGS].titles[0])
    for row in news:
        by_programme.setdefault(home.get(row.series, fallback), []).append(row)
    for name, rows in by_programme.items():
        import_evenings(
            session,
            writing.actor,
            name,
            [_evening_plan(writing, row) for row in rows],
            host_unit_id=host_id or 0,
            consent=_AGREED,
            installation_id=writing.installation_id,
            zone=writing.zone,
            now=writing.now,
        )


def _evening_plan(writing: Writing, row: EveningRow) -> EveningPlan:
    return EveningPlan(
        row.series,
        row.day,
        row.starts,
        row.ends,
        row.title,
        tuple(writing.lecturers[code] for code in row.lecturer_codes),
        writing.venues[row.venue_code] if row.venue_code else None,
    )


def write_pairings(session: Session, writing: Writing, plan: Plan) -> None:
    """Add pairings, completed where their last day is over, and change those that stand."""
    today = writing.now.astimezone(writing.zone).date()
    new = [_pairing(writing, row) for row in plan.new.get(SheetKey.PAIRINGS, [])]
    import_pairings(session, writing.actor, new, today=today, now=writing.now)
    changes = {change.id: _pairing(writing, change.after) for change in plan.changed.get(SheetKey.PAIRINGS, [])}
    revise_pairings(session, writing.actor, changes, today=today, now=writing.now)


def write_records(session: Session, writing: Writing, plan: Plan) -> None:
    """Add guidance records of a ledger."""
    rows = [
        LedgerRecord(
            row.pairing_id,
            row.day,
            row.mode_id,
            row.area_ids,
            row.text,
            row.minutes,
            row.place,
            row.next_step,
            _CONFIRMATIONS[row.state],
        )
        for row in plan.new.get(SheetKey.RECORDS, [])
    ]
    import_guidance(session, rows, zone=writing.zone, now=writing.now)


_CONFIRMATIONS = {
    LedgerState.CONFIRMED: Confirmation.CONFIRMED,
    LedgerState.UNCONFIRMED: Confirmation.UNCONFIRMED,
    LedgerState.DISPUTED: Confirmation.DISPUTED,
}


def _pairing(writing: Writing, row: PairingRow) -> PairingFacts:
    return PairingFacts(
        writing.people[row.mentor_no],
        writing.people[row.mentee_no],
        row.programme,
        row.starts_on,
        row.ends_on,
        row.content_areas,
    )
