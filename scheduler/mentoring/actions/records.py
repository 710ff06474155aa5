"""Filing guidance records, withdrawing and correcting them."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line, clean_text
from scheduler.mentoring.actions.attaching import attach, take_along
from scheduler.mentoring.actions.turning import today_in
from scheduler.mentoring.models import ContentArea, GuidanceArea, GuidanceDraft, GuidanceRecord
from scheduler.mentoring.queries import FilingFacts, filing_facts, get_record
from scheduler.mentoring.rules.filing import refuse_day
from scheduler.mentoring.terms import Confirmation, GuidanceInput, RecordState
from scheduler.mentoring.terms.attachments import Beside
from scheduler.notices.actions import post

LONGEST = 2000
"""Characters of a record's text."""
KEY_LENGTH = 64
_DAY_MINUTES = 1440
_NOTHING = Beside()
FILED = lazy("%(mentor)s recorded the guidance of %(day)s. Please confirm it.")


@dataclass(frozen=True, slots=True)
class Filed:
    """The records that stand now, one for each pairing; `repeated` if an earlier sending of the form made them."""

    record_ids: tuple[int, ...]
    repeated: bool = False


def file_guidance(
    session: Session,
    actor: Actor,
    pairing_ids: Collection[int],
    given: GuidanceInput,
    *,
    key: str,
    beside: Beside = _NOTHING,
    zone: ZoneInfo,
    now: datetime,
) -> Filed:
    """File one guidance session of the actor's pairing, or of several that were guided together.

    The same `key` again (double tap, back button, two tabs) files nothing more and returns the first. Refuses with
    Missing pairings that the actor does not guide; a day to come, outside of the pairing or suspended, a locked month,
    no area, no text, and the same pairing, day and text twice. The files `beside` lie beside each record. At most eight statements
    for one pairing without files, audit included.
    """
    given, wanted = _clean(given), list(dict.fromkeys(pairing_ids))
    facts = filing_facts(
        session, actor, wanted, day=given.day, mode_id=given.mode_id, key=key, activity_id=given.activity_id
    )
    if len(facts) != len(wanted) or not facts:
        raise Missing
    if all(one.record_id is not None for one in facts):
        return Filed(tuple(one.record_id for one in facts if one.record_id is not None), repeated=True)
    if given.activity_id is not None and not any(one.has_activity for one in facts):
        raise Missing
    for one in facts:
        _check(one, given, zone, now)
    meeting = secrets.token_hex(16) if len(facts) > 1 else None
    rows = [_row(one.pairing_id, given, actor, key, meeting, now) for one in facts]
    for one, row in zip(facts, rows, strict=True):
        row["activity_id"] = given.activity_id if one.has_activity else None
    filed = _insert(session, rows)
    if len(filed) != len(rows):
        return _first_of(session, actor, wanted, given, key)
    _about(session, filed.values(), facts[0].programme_id, given.area_ids)
    attach(session, filed.values(), beside.files, now=now)
    for one in facts:
        _announce(session, actor, one, filed[one.pairing_id], given, now=now)
    if any(one.has_draft for one in facts):
        drafts = (GuidanceDraft.author_id == actor.person_id, GuidanceDraft.pairing_id.in_(wanted))
        session.execute(delete(GuidanceDraft).where(*drafts))
    return Filed(tuple(filed[one.pairing_id] for one in facts))


def correct_guidance(
    session: Session,
    actor: Actor,
    record_id: int,
    given: GuidanceInput,
    *,
    key: str,
    beside: Beside = _NOTHING,
    zone: ZoneInfo,
    now: datetime,
) -> Filed:
    """File a correction: a new record that names the old one, which counts no more. The mentee is asked anew.

    Of the old record's files those that `beside` keeps come along.

    Refuses as `file_guidance`; also a record that was withdrawn or corrected, and one of a locked month.
    """
    old, shown = get_record(session, actor, record_id)
    if not shown.guides:
        raise Missing
    given = replace(_clean(given), activity_id=old.activity_id)
    before = filing_facts(session, actor, [old.pairing_id], day=old.day, mode_id=old.mode_id, key=key)[0]
    if before.record_id is not None:
        return Filed((before.record_id,), repeated=True)
    if old.state is not RecordState.FILED:
        raise Refusal(lazy("This record was withdrawn or corrected before; look at the newest one."))
    _refuse_locked(before)
    facts = filing_facts(session, actor, [old.pairing_id], day=given.day, mode_id=given.mode_id, key=key)[0]
    _check(facts, given, zone, now)
    taken: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]  # an UPDATE answers with a cursor
        update(GuidanceRecord)
        .where(GuidanceRecord.id == old.id, GuidanceRecord.state == RecordState.FILED)
        .values(state=RecordState.REPLACED)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise Refusal(lazy("This record was withdrawn or corrected before; look at the newest one."))
    row = _row(old.pairing_id, given, actor, key, old.meeting, now)
    filed = _insert(session, [{**row, "corrects_id": old.id, "first_filed_at": old.first_filed_at}])
    if not filed:
        return _first_of(session, actor, [old.pairing_id], given, key)
    new_id = filed[old.pairing_id]
    _about(session, [new_id], facts.programme_id, given.area_ids)
    take_along(session, old.id, new_id, beside)
    attach(session, [new_id], beside.files, now=now)
    _announce(session, actor, facts, new_id, given, now=now, corrects=old.id)
    return Filed((new_id,))


def withdraw_guidance(session: Session, actor: Actor, record_id: int, *, now: datetime) -> None:
    """Take back a record that the mentee has not confirmed. A repeat changes nothing.

    Refuses whoever is not the mentor (Missing), a confirmed or corrected record, and one of a locked month.
    """
    old, shown = get_record(session, actor, record_id)
    if not shown.guides:
        raise Missing
    if old.state is RecordState.WITHDRAWN:
        return
    if old.state is RecordState.REPLACED or old.confirmation is Confirmation.CONFIRMED:
        raise Refusal(lazy("What was confirmed or corrected is not withdrawn any more. Correct it instead."))
    _refuse_locked(filing_facts(session, actor, [old.pairing_id], day=old.day, mode_id=old.mode_id, key="")[0])
    done = session.scalar(
        update(GuidanceRecord)
        .where(
            GuidanceRecord.id == old.id,
            GuidanceRecord.state == RecordState.FILED,
            GuidanceRecord.confirmation != Confirmation.CONFIRMED,
        )
        .values(state=RecordState.WITHDRAWN, withdrawn_at=now)
        .returning(GuidanceRecord.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Refusal(lazy("What was confirmed or corrected is not withdrawn any more. Correct it instead."))
    record(session, actor, "withdraw", "guidance_record", old.id, now=now, day=old.day)


def _clean(given: GuidanceInput) -> GuidanceInput:
    given = replace(
        given,
        text=clean_text(given.text, limit=LONGEST, label=lazy_gettext("What it was about")),
        place=clean_line(given.place, limit=120, label=lazy_gettext("Place")),
        next_step=clean_line(given.next_step, limit=300, label=lazy_gettext("Next step")),
        area_ids=tuple(dict.fromkeys(given.area_ids)),
    )
    checks = (
        (bool(given.text), "text", lazy("Say in a sentence or two what it was about.")),
        (bool(given.area_ids), "areas", lazy("Choose at least one content area.")),
        (given.minutes is None or 1 <= given.minutes <= _DAY_MINUTES, "minutes", lazy("Between 1 and 1440 minutes.")),
        (given.next_day is None or given.next_day >= given.day, "next_day", lazy("That is before this guidance.")),
    )
    for holds, field, said in checks:
        if not holds:
            raise Refusal(said, field=field)
    return given


def _check(facts: FilingFacts, given: GuidanceInput, zone: ZoneInfo, now: datetime) -> None:
    refusal = refuse_day(facts.on_day, given.day, today_in(zone, now))
    if refusal is not None:
        raise refusal
    if not facts.has_mode:
        raise Refusal(lazy("Choose how the guidance was given."), field="mode")


def _refuse_locked(facts: FilingFacts) -> None:
    if facts.on_day.is_locked:
        raise Refusal(
            lazy("That month is locked. Ask the training officer to reopen it, with the reason."), field="day"
        )


def _row(
    pairing_id: int, given: GuidanceInput, actor: Actor, key: str, meeting: str | None, now: datetime
) -> dict[str, object]:
    return {
        "pairing_id": pairing_id,
        "day": given.day,
        "mode_id": given.mode_id,
        "text": given.text,
        "text_digest": hashlib.sha256(given.text.encode()).hexdigest()[:32],
        "minutes": given.minutes,
        "place": given.place,
        "next_step": given.next_step,
        "next_day": given.next_day,
        "key": key,
        "meeting": meeting,
        "activity_id": given.activity_id,
        "filed_at": now,
        "filed_by_id": actor.person_id,
        "first_filed_at": now,
        "corrects_id": None,
        "state": RecordState.FILED,
        "confirmation": Confirmation.UNCONFIRMED,
        "answer": "",
    }


def _insert(session: Session, rows: Sequence[dict[str, object]]) -> dict[int, int]:
    """Insert the rows that nothing stands against and return record ids by pairing: the database decides a race."""
    statement = insert_into(session, GuidanceRecord).on_conflict_do_nothing()
    made = session.execute(statement.returning(GuidanceRecord.pairing_id, GuidanceRecord.id), list(rows))
    return {row.pairing_id: row.id for row in made}


def _first_of(session: Session, actor: Actor, wanted: Sequence[int], given: GuidanceInput, key: str) -> Filed:
    """Return what was filed with the same key; refuses what the database did: same text, or same meeting, twice."""
    facts = filing_facts(session, actor, wanted, day=given.day, mode_id=given.mode_id, key=key)
    if all(one.record_id is not None for one in facts):
        return Filed(tuple(one.record_id for one in facts if one.record_id is not None), repeated=True)
    same = (
        GuidanceRecord.pairing_id.in_(wanted),
        GuidanceRecord.activity_id == given.activity_id,
        GuidanceRecord.state == RecordState.FILED,
        GuidanceRecord.key != key,
    )
    if given.activity_id is not None and session.scalar(select(GuidanceRecord.id).where(*same).limit(1)):
        raise Refusal(lazy("This meeting has its record already."))
    raise Refusal(lazy("A record of this day with the same words is there already."), field="text")


def _about(session: Session, record_ids: Collection[int], programme_id: int, area_ids: Sequence[int]) -> None:
    """Note the areas of records; refuses an area that is not of the programme. One statement."""
    chosen = (ContentArea.programme_id == programme_id) & ContentArea.id.in_(area_ids)
    rows = select(GuidanceRecord.id, ContentArea.id).join(ContentArea, chosen).where(GuidanceRecord.id.in_(record_ids))
    statement = insert(GuidanceArea).from_select(["record_id", "area_id"], rows, include_defaults=False)
    done = session.execute(statement.returning(GuidanceArea.area_id)).all()
    if len(done) != len(record_ids) * len(area_ids):
        raise Refusal(lazy("Choose at least one content area."), field="areas")


def _announce(
    session: Session,
    actor: Actor,
    facts: FilingFacts,
    record_id: int,
    given: GuidanceInput,
    *,
    now: datetime,
    corrects: int | None = None,
) -> None:
    record(
        session,
        actor,
        "correct" if corrects else "file",
        "guidance_record",
        record_id,
        now=now,
        pairing_id=facts.pairing_id,
        day=given.day,
        corrects=corrects,
    )
    post(
        session,
        [facts.mentee_id],
        kind="guidance_filed",
        subject=f"guidance:{record_id}",
        slot="",
        message_id=FILED,
        address=f"/mentoring/records/{record_id}",
        now=now,
        mentor=facts.mentor,
        day=given.day.isoformat(),
    )
