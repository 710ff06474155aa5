from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import DBAPIError

from scheduler.agenda.actions import (
    cancel_activities,
    cancel_activity,
    discard_drafts,
    edit_activity,
    move_activity,
    publish_activities,
    restore_activity,
)
from scheduler.agenda.models import Activity, Attendance, Teaching
from scheduler.agenda.tasks import settle_moves
from scheduler.agenda.terms import KEEP, ActivityStatus, Consent, DoubleBooking
from scheduler.core.access import Role
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.core.periods import Span
from scheduler.core.text import UnfitText
from tests.agenda.city import NOW, SYSTEM, THURSDAY, ZONE, City, at, evening
from tests.harness.versions import rename_lecturer, rename_venue

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scheduler.core.access import Actor
    from scheduler.core.database import Sessions

TICK = timedelta(microseconds=1)
LATER = NOW + timedelta(hours=1)
FRIDAY = THURSDAY + timedelta(days=1)


def move(
    city: City,
    activity: Activity,
    span: Span,
    *,
    actor: "Actor" = SYSTEM,
    now: "datetime" = LATER,
    reason: str = "场地检修",
    consent: Consent | None = None,
    version: int | None = None,
) -> Activity:
    return move_activity(
        city.session,
        actor,
        activity.id,
        version=activity.version if version is None else version,
        span=span,
        reason=reason,
        consent=consent or Consent(),
        zone=ZONE,
        now=now,
    )


def test_a_move_is_a_revision_that_tells_the_former_start(city: City) -> None:
    activity = city.book(venue=city.hall, lecturers=(city.chen,))
    uid = activity.uid
    moved = move(city, activity, evening(FRIDAY))
    assert (moved.uid, moved.sequence, moved.revised_at, moved.version) == (uid, 1, LATER, 2)
    assert (moved.moved_from, moved.moved_at, moved.change_reason) == (evening().start, LATER, "场地检修")
    for copies, count in ((Teaching, 1), (Attendance, 3)):
        slots = city.session.execute(select(copies.starts_at, copies.ends_at)).all()
        assert [Span(start, end) for start, end in slots] == [evening(FRIDAY)] * count

    again = move(city, moved, at("09:00", "11:00", FRIDAY), now=LATER)
    assert (again.sequence, again.revised_at) == (2, LATER + TICK)
    assert again.moved_from == evening().start
    back = move(city, again, evening(), now=LATER)
    assert (back.sequence, back.revised_at, back.moved_from, back.moved_at) == (3, LATER + TICK * 2, None, None)


def test_a_draft_moves_without_a_mark_or_a_reason(city: City) -> None:
    draft = city.book(status=ActivityStatus.DRAFT)
    moved = move(city, draft, evening(FRIDAY), reason="")
    assert (moved.sequence, moved.moved_from) == (1, None)
    with pytest.raises(Refusal, match="Say why"):
        move(city, city.book(), evening(FRIDAY), reason=" ")


def test_a_stale_version_changes_nothing(city: City) -> None:
    activity = city.book()
    old = activity.version
    move(city, activity, evening(FRIDAY))
    acts: tuple[Callable[[], Activity], ...] = (
        lambda: move(city, activity, evening(), version=old),
        lambda: edit_activity(city.session, SYSTEM, activity.id, version=old, title="新", zone=ZONE, now=LATER),
        lambda: cancel_activity(city.session, SYSTEM, activity.id, version=old, reason="雨", now=LATER),
    )
    for act in acts:
        with pytest.raises(Stale):
            act()


def test_a_move_onto_a_taken_venue_is_refused_with_three_free_slots(city: City) -> None:
    activity = city.book(venue=city.hall)
    taken = city.book(evening(FRIDAY), venue=city.hall, audience=city.series, title="占用")
    with pytest.raises(DoubleBooking) as refused:
        move(city, activity, at("20:00", "22:00", FRIDAY))
    assert [clash.activity_id for clash in refused.value.clashes] == [taken.id]
    assert len(refused.value.proposals) == 3
    for proposal in refused.value.proposals:
        city.session.expire_all()
        assert move(city, city.session.get_one(Activity, activity.id), proposal.span, now=LATER).holds


def test_a_move_by_an_hour_does_not_clash_with_itself(city: City) -> None:
    activity = city.book(venue=city.hall, lecturers=(city.chen,))
    assert move(city, activity, at("20:00", "22:00")).holds


def test_an_override_lapses_where_the_slot_is_free(city: City) -> None:
    city.book(venue=city.hall)
    second = city.book(evening(FRIDAY), venue=city.hall, lecturers=(city.chen,), audience=city.series)
    overridden = move(city, second, evening(), consent=Consent(override_reason="合办"))
    assert (overridden.holds, overridden.override_reason) == (False, "合办")
    assert city.session.scalar(select(Teaching.holds).where(Teaching.activity_id == second.id)) is False
    free = move(city, overridden, evening(FRIDAY))
    assert (free.holds, free.override_reason) == (True, None)


def test_an_edit_revises_without_raising_the_sequence(city: City) -> None:
    activity = city.book(venue=city.hall, lecturers=(city.chen,))
    edited = edit_activity(
        city.session,
        SYSTEM,
        activity.id,
        version=1,
        title="新题目",
        description="提纲",
        venue_id=city.room.id,
        lecturer_ids=[city.wu.id],
        zone=ZONE,
        now=LATER,
    )
    assert (edited.title, edited.description, edited.venue_id) == ("新题目", "提纲", city.room.id)
    assert (edited.sequence, edited.revised_at, edited.version) == (0, LATER, 2)
    assert city.session.scalars(select(Teaching.lecturer_id)).all() == [city.wu.id]
    same = edit_activity(city.session, SYSTEM, activity.id, version=2, title="新题目", zone=ZONE, now=LATER)
    assert (same.version, same.revised_at) == (2, LATER)
    with pytest.raises(UnfitText):
        edit_activity(city.session, SYSTEM, activity.id, version=2, title="a\r\nb", zone=ZONE, now=LATER)


def test_a_new_lecturer_must_be_free_and_the_old_one_may_be_busy_at_the_new_time(city: City) -> None:
    city.book(evening(FRIDAY), lecturers=(city.chen,), audience=city.series)
    activity = city.book(lecturers=(city.chen,))
    moved = move_activity(
        city.session,
        SYSTEM,
        activity.id,
        version=1,
        span=evening(FRIDAY),
        venue_id=KEEP,
        lecturer_ids=[city.wu.id],
        reason="换课",
        zone=ZONE,
        now=LATER,
    )
    assert moved.holds
    with pytest.raises(DoubleBooking):
        edit_activity(city.session, SYSTEM, activity.id, version=2, lecturer_ids=[city.chen.id], zone=ZONE, now=LATER)


def test_cancel_frees_the_slot_and_restore_takes_it_if_it_can(city: City) -> None:
    activity = city.book(venue=city.hall, lecturers=(city.chen,))
    cancelled = cancel_activity(city.session, SYSTEM, activity.id, version=1, reason="台风", now=LATER)
    assert (cancelled.status, cancelled.sequence, cancelled.cancelled_at, cancelled.holds) == (
        ActivityStatus.CANCELLED,
        1,
        LATER,
        False,
    )
    with pytest.raises(Refusal, match="Restore it first"):
        move(city, cancelled, evening(FRIDAY))
    with pytest.raises(Refusal, match="Restore it first"):
        cancel_activity(city.session, SYSTEM, activity.id, version=2, reason="再", now=LATER)

    restored = restore_activity(city.session, SYSTEM, activity.id, version=2, zone=ZONE, now=LATER)
    assert (restored.status, restored.sequence, restored.cancelled_at, restored.holds) == (
        ActivityStatus.SCHEDULED,
        2,
        None,
        True,
    )
    with pytest.raises(Refusal, match="Only a cancelled"):
        restore_activity(city.session, SYSTEM, activity.id, version=3, zone=ZONE, now=LATER)

    cancel_activity(city.session, SYSTEM, activity.id, version=3, reason="台风", now=LATER)
    city.book(venue=city.hall, audience=city.series)
    with pytest.raises(DoubleBooking):
        restore_activity(city.session, SYSTEM, activity.id, version=4, zone=ZONE, now=LATER)
    overridden = restore_activity(
        city.session, SYSTEM, activity.id, version=4, consent=Consent(override_reason="合办"), zone=ZONE, now=LATER
    )
    assert not overridden.holds


def test_a_cancellation_needs_a_reason_and_a_draft_is_discarded(city: City) -> None:
    activity, draft = city.book(), city.book(evening(FRIDAY), status=ActivityStatus.DRAFT, lecturers=(city.wu,))
    with pytest.raises(Refusal, match="Say why"):
        cancel_activity(city.session, SYSTEM, activity.id, version=1, reason="", now=LATER)
    with pytest.raises(Refusal, match="discarded"):
        cancel_activity(city.session, SYSTEM, draft.id, version=1, reason="不办", now=LATER)
    assert discard_drafts(city.session, SYSTEM, [activity.id, draft.id], now=LATER) == 1
    assert discard_drafts(city.session, SYSTEM, [draft.id], now=LATER) == 0
    assert city.session.scalars(select(Activity.id)).all() == [activity.id]


def test_publishing_announces_drafts_only_and_all_at_once(city: City) -> None:
    drafts = [city.book(evening(date(2026, 4, day)), status=ActivityStatus.DRAFT) for day in (7, 8, 9)]
    scheduled = city.book()
    ids = [draft.id for draft in drafts]
    with pytest.raises(Missing):
        publish_activities(city.session, city.actor("sun", (Role.UNIT_OFFICER, city.other)), ids, now=LATER)
    assert publish_activities(city.session, city.officer, [*ids, scheduled.id], now=LATER) == 3
    for draft in drafts:
        assert (draft.status, draft.sequence, draft.revised_at, draft.version) == (
            ActivityStatus.SCHEDULED,
            1,
            LATER,
            2,
        )
    assert (scheduled.sequence, scheduled.revised_at) == (0, NOW)
    assert publish_activities(city.session, SYSTEM, ids, now=LATER) == 0


def test_only_planners_of_the_host_unit_change_it(city: City) -> None:
    activity = city.book(host=city.bureau)
    strangers = (
        city.actor("sun", (Role.UNIT_OFFICER, city.other)),
        city.actor("leader", (Role.LEADER, city.bureau)),
        city.actor("li", (Role.TRAINEE, city.bureau)),
        city.actor("outsider"),
    )
    for actor in strangers:
        with pytest.raises(Missing):
            move(city, activity, evening(FRIDAY), actor=actor)
    assert move(city, activity, evening(FRIDAY), actor=city.officer).sequence == 1


def test_a_rename_revises_every_activity_that_shows_the_name(city: City) -> None:
    here = city.book(venue=city.hall, lecturers=(city.chen,))
    there = city.book(evening(FRIDAY), venue=city.room, lecturers=(city.wu,))
    rename_venue(city.session, city.admin, city.hall.id, name="第一礼堂", now=LATER)
    assert (here.revised_at, here.sequence, there.revised_at) == (LATER, 0, NOW)
    rename_venue(city.session, city.admin, city.hall.id, name="第一礼堂", now=LATER)
    assert here.revised_at == LATER
    rename_lecturer(city.session, city.admin, city.chen.id, name="陈老师", now=LATER)
    assert (here.revised_at, there.revised_at) == (LATER + TICK, NOW)
    rename_lecturer(city.session, city.admin, city.chen.id, name="陈老师", now=LATER)
    rename_venue(city.session, city.admin, city.hall.id, capacity=10, now=LATER)
    assert here.revised_at == LATER + TICK


def test_bad_names_and_strangers_rename_nothing(city: City) -> None:
    for name in ("", "长" * 121, "a\nb", "a\x00b"):
        with pytest.raises(Refusal):
            rename_venue(city.session, city.admin, city.hall.id, name=name, now=LATER)
    with pytest.raises(Refusal, match="seat"):
        rename_venue(city.session, city.admin, city.hall.id, capacity=0, now=LATER)
    with pytest.raises(Refusal, match="needs a name"):
        rename_lecturer(city.session, city.admin, city.chen.id, name=" ", now=LATER)
    for wrong in (0, 999):
        with pytest.raises(Missing):
            rename_lecturer(city.session, city.admin, wrong, name="甲", now=LATER)
        with pytest.raises(Missing):
            rename_venue(city.session, city.admin, wrong, name="甲", now=LATER)
    with pytest.raises(Missing):
        rename_venue(city.session, city.officer, city.hall.id, name="甲", now=LATER)


def test_the_news_of_a_move_ends_after_14_days(city: City) -> None:
    moved = move(city, city.book(), evening(FRIDAY), now=NOW)
    quiet = city.book(evening(date(2026, 4, 7)))
    fortnight = NOW + timedelta(days=14)
    assert settle_moves(city.session, now=fortnight - TICK) == 0
    assert moved.moved_from is not None
    assert settle_moves(city.session, now=fortnight) == 1
    city.session.refresh(moved)
    marks: tuple[object, ...] = (moved.moved_from, moved.moved_at, moved.revised_at, moved.sequence)
    assert marks == (None, None, fortnight, 1)
    assert quiet.revised_at == NOW
    assert settle_moves(city.session, now=fortnight) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"uid": "another"},
        {"sequence": -1},
        {"sequence": 5, "starts_at": evening(FRIDAY).start, "ends_at": evening(FRIDAY).end},
        {"ends_at": evening().end + timedelta(hours=1)},
        {"status": ActivityStatus.CANCELLED, "cancelled_at": NOW, "holds": False},
        {"ends_at": evening().start + timedelta(hours=25), "sequence": 1},
        {"title": ""},
        {"holds": False},
        {"moved_from": NOW},
    ],
)
def test_the_database_refuses_a_revision_that_breaks_the_law(city: City, values: dict[str, object]) -> None:
    activity = city.book()
    with pytest.raises(DBAPIError, match=r"(?i)sequence rises|constraint|check"):
        city.session.execute(
            update(Activity)
            .where(Activity.id == activity.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def test_the_copies_cannot_be_made_untrue(city: City) -> None:
    city.book(lecturers=(city.chen,))
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        city.session.execute(
            text("UPDATE attendance SET starts_at = :start"), {"start": "2026-03-05 00:00:00.000000+00:00"}
        )


def test_two_writers_on_one_activity(city: City, database: "Sessions") -> None:
    activity = city.book()
    city.session.commit()
    with database.read() as reading:
        version = reading.scalars(select(Activity.version)).one()
    with database.write() as first:
        move_activity(
            first, SYSTEM, activity.id, version=version, span=evening(FRIDAY), reason="一", zone=ZONE, now=LATER
        )
    with pytest.raises(Stale), database.write() as second:
        move_activity(
            second, SYSTEM, activity.id, version=version, span=at("09:00", "11:00"), reason="二", zone=ZONE, now=LATER
        )
    with database.read() as reading:
        kept = reading.scalars(select(Activity)).one()
        assert (kept.starts_at, kept.sequence) == (evening(FRIDAY).start, 1)
        assert reading.scalar(select(func.count(Attendance.person_id))) == 3


def test_many_are_cancelled_in_as_many_statements_as_one(city: City) -> None:
    few = [city.book(evening(date(2026, 3, 10)), venue=city.hall, lecturers=(city.chen,))]
    many = [city.book(evening(date(2026, 4, day)), venue=city.hall, lecturers=(city.wu,)) for day in range(7, 15)]
    counts = []
    for some in (few, many):
        versions = {activity.id: activity.version for activity in some}
        sent: list[str] = []

        def note(*args: Any, sent: list[str] = sent) -> None:
            sent.append(str(args[2]))

        event.listen(city.session.get_bind(), "before_cursor_execute", note)
        done = cancel_activities(city.session, city.admin, versions, reason="台风", now=LATER)
        event.remove(city.session.get_bind(), "before_cursor_execute", note)
        counts.append(len(sent))
        assert [one.id for one in done] == [one.id for one in some]
        assert {(one.status, one.sequence, one.holds, one.change_reason) for one in done} == {
            (ActivityStatus.CANCELLED, 1, False, "台风")
        }
    assert counts[0] == counts[1] <= 8


def test_if_one_of_many_cannot_be_cancelled_none_is(city: City) -> None:
    good, changed = city.book(), city.book(evening(FRIDAY))
    draft = city.book(evening(date(2026, 3, 10)), status=ActivityStatus.DRAFT)
    for wrong, refused in (({changed.id: 7}, Stale), ({draft.id: draft.version}, Refusal), ({999: 1}, Missing)):
        with pytest.raises(refused):
            cancel_activities(city.session, city.admin, {good.id: good.version} | wrong, reason="台风", now=LATER)
    assert good.status is ActivityStatus.SCHEDULED
