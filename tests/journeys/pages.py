"""Every page that a browser can open, with an address for each that exists in the demo city.

A test compares the list with the routes, so a new page is walked through from its first day.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from scheduler.agenda.models import Activity, Venue
from scheduler.agenda.terms import ActivityKind, ActivityStatus
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.feeds.models import Subscription
from scheduler.lectures.models import Evening, HolidayDecision, Programme, Series
from scheduler.mentoring.models import GuidanceRecord, MonthLock, Pairing
from scheduler.mentoring.models import Programme as MentoringProgramme
from scheduler.mentoring.terms import PairingStatus, RecordState
from scheduler.notices.models import GroupBot
from scheduler.obligations.models import Obligation
from scheduler.obligations.terms import Metric
from scheduler.office.models import YearImport
from scheduler.people.models import Lecturer, Person, Unit
from scheduler.quizzes.models import Attempt, Item, ItemFile, Paper, Question, QuizSchedule, RetrainingOrder, Sitting

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute, Session

Parts = dict[str, Any]
Finder = Callable[["Session"], Parts]

NO_PAGES = {
    "static": "style, pictures and scripts",
    "feeds.feed": "fetched by calendar programs",
    "feeds.export_ics": "a download",
    "feeds.export_sheet": "a download",
    "mentoring.agreement": "a download",
    "mentoring.download_attachment": "a download",
    "mentoring.download_form": "a download",
    "mentoring.log_month": "a download",
    "mentoring.log_pairing": "a download",
    "office.import_template": "a download",
    "office.problems": "a download",
    "classes.session_of": "leads to the session",
    "lectures.evening_of": "leads to the evening",
    "quizzes.bank_template": "a download",
    "quizzes.export_bank": "a download",
    "quizzes.sitting_of": "leads to the sitting",
    "jobs.live": "asked by machines",
    "jobs.ready": "asked by machines",
    "jobs.status": "asked by machines",
}
"""GET routes that answer with something else than a page, and with what."""


def nothing(_session: "Session") -> Parts:
    """Return no parts: the address is the same for everybody."""
    return {}


def _first(name: str, column: "InstrumentedAttribute[int]", *where: Any) -> Finder:
    def find(session: "Session") -> Parts:
        return {name: session.scalars(select(column).where(*where).order_by(column)).first()}

    return find


def session_of(status: ActivityStatus) -> Finder:
    """Find a session of a published class in that state, and its class."""

    def find(session: "Session") -> Parts:
        row = session.execute(
            select(ClassSession.class_id, ClassSession.id)
            .join(Activity, Activity.id == ClassSession.activity_id)
            .join(StudyClass, StudyClass.id == ClassSession.class_id)
            .where(Activity.status == status, StudyClass.status == ClassStatus.PUBLISHED)
            .order_by(ClassSession.id.desc())
        ).first()
        return {"class_id": row.class_id, "session_id": row.id} if row else {}

    return find


def _evening(status: ActivityStatus) -> Finder:
    def find(session: "Session") -> Parts:
        chosen = (
            select(Evening.id)
            .join(Activity, Activity.id == Evening.activity_id)
            .where(Activity.status == status)
            .order_by(Activity.starts_at.desc())
        )
        return {"evening_id": session.scalars(chosen).first()}

    return find


def _decided(session: "Session") -> Parts:
    row = session.execute(select(HolidayDecision.programme_id, HolidayDecision.slot_on)).first()
    return {"programme_id": row.programme_id, "day": row.slot_on} if row else {}


def _meeting(session: "Session") -> Parts:
    row = session.execute(
        select(Pairing.id, Activity.id)
        .join(Activity, Activity.audience_id == Pairing.audience_id)
        .order_by(Activity.starts_at.desc())
    ).first()
    return {"pairing_id": row[0], "activity_id": row[1]} if row else {}


def _own(name: str, column: "InstrumentedAttribute[int]") -> Finder:
    """Find the mentor's own pairing, or a record of it."""

    def find(session: "Session") -> Parts:
        chosen = (
            select(column)
            .select_from(GuidanceRecord)
            .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
            .join(Person, Person.id == Pairing.mentor_id)
            .where(Person.staff_no == "mentor", GuidanceRecord.state == RecordState.FILED)
        )
        return {name: session.scalars(chosen.order_by(column)).first()}

    return find


def _subject(session: "Session") -> Parts:
    classes = select(Obligation.id, Obligation.unit_id).where(Obligation.metric == Metric.CLASSES)
    row = session.execute(classes).one()
    return {"obligation_id": row.id, "subject_id": row.unit_id}


def _order(session: "Session") -> Parts:
    row = session.execute(select(RetrainingOrder.id, RetrainingOrder.sitting_id, RetrainingOrder.unit_id)).first()
    return {"order_id": row.id, "sitting_id": row.sitting_id, "unit_id": row.unit_id} if row else {}


def _of_order(*names: str) -> Finder:
    return lambda session: {name: _order(session).get(name) for name in names}


def _asked(session: "Session") -> Parts:
    chosen = select(Question.item_version_id).join(Attempt, Attempt.id == Question.attempt_id)
    parts = _of_order("sitting_id")(session)
    return {**parts, "version_id": session.scalars(chosen.where(Attempt.sitting_id == parts["sitting_id"])).first()}


_RESULTS = _of_order("sitting_id")
_SCHEDULE = _first("schedule_id", QuizSchedule.id)
_OPEN_SITTING = _first("sitting_id", Sitting.id, Sitting.closed_at.is_(None))
_TAKEN = _first(
    "attempt_id",
    Attempt.id,
    Attempt.person_id == select(Person.id).where(Person.staff_no == "trainee").scalar_subquery(),
)
_ITEM = _first("item_id", Item.id)
_OBLIGATION = _first("obligation_id", Obligation.id)
_PAIRING = _first("pairing_id", Pairing.id, Pairing.status == PairingStatus.ACTIVE)
_CLASS = _first("class_id", StudyClass.id, StudyClass.status == ClassStatus.PUBLISHED)
_DRAFT = _first("class_id", StudyClass.id, StudyClass.status == ClassStatus.DRAFT)
_OWN_PLAN = Activity.kind == ActivityKind.GUIDANCE
_ACTIVITY = _first("activity_id", Activity.id, Activity.status == ActivityStatus.SCHEDULED, _OWN_PLAN)
_CANCELLED = _first("activity_id", Activity.id, Activity.status == ActivityStatus.CANCELLED, _OWN_PLAN)
_PROGRAMME = _first("programme_id", Programme.id)
_SERIES = _first("series_id", Series.id)
_PERSON = _first("person_id", Person.id, Person.staff_no == "D0010")
_UNIT = _first("unit_id", Unit.id, Unit.code == "X01")
_VENUE = _first("venue_id", Venue.id)

PAGES: dict[str, Finder] = {
    "agenda.cancel_activity": _ACTIVITY,
    "agenda.edit_activity": _ACTIVITY,
    "agenda.add_lecturer": nothing,
    "agenda.add_venue": nothing,
    "agenda.edit_lecturer": _first("lecturer_id", Lecturer.id),
    "agenda.edit_venue": _VENUE,
    "agenda.list_venues": nothing,
    "agenda.move_activity": _ACTIVITY,
    "agenda.restore_activity": _CANCELLED,
    "agenda.show_activity": _ACTIVITY,
    "agenda.show_venue": _VENUE,
    "agenda.show_year": lambda _session: {"year": 2026},
    "agenda.this_year": nothing,
    "agenda.update_calendar": nothing,
    "classes.add_session": _DRAFT,
    "classes.cancel_class": _CLASS,
    "classes.cancel_session": session_of(ActivityStatus.SCHEDULED),
    "classes.copy_class": _CLASS,
    "classes.create_class": nothing,
    "classes.edit_class": _DRAFT,
    "classes.edit_roster": _CLASS,
    "classes.list_classes": nothing,
    "classes.publish_class": _DRAFT,
    "classes.restore_session": session_of(ActivityStatus.CANCELLED),
    "classes.show_class": _CLASS,
    "classes.show_session": session_of(ActivityStatus.SCHEDULED),
    "feeds.ask_to_revoke": _first("subscription_id", Subscription.id),
    "feeds.export": nothing,
    "feeds.export_print": nothing,
    "feeds.subscriptions": nothing,
    "home.index": nothing,
    "home.schedule": nothing,
    "lectures.cancel_evening": _evening(ActivityStatus.SCHEDULED),
    "lectures.create_programme": nothing,
    "lectures.decide_holiday": _decided,
    "lectures.edit_evening": _evening(ActivityStatus.SCHEDULED),
    "lectures.edit_programme": _PROGRAMME,
    "lectures.enrol": _SERIES,
    "lectures.generate": _PROGRAMME,
    "lectures.list_series": nothing,
    "lectures.restore_evening": _evening(ActivityStatus.CANCELLED),
    "lectures.show_programme": _PROGRAMME,
    "lectures.show_series": _SERIES,
    "mentoring.add_programme": nothing,
    "mentoring.assess": _PAIRING,
    "mentoring.cancel_meeting": _meeting,
    "mentoring.confirm": lambda _session: {"token": "spent"},
    "mentoring.correct_guidance": _own("record_id", GuidanceRecord.id),
    "mentoring.edit_pairing": _PAIRING,
    "mentoring.edit_programme": _first("programme_id", MentoringProgramme.id),
    "mentoring.file_guidance": _own("pairing_id", Pairing.id),
    "mentoring.list_forms": nothing,
    "mentoring.list_pairings": nothing,
    "mentoring.list_programmes": nothing,
    "mentoring.mine": nothing,
    "mentoring.next_term": _PAIRING,
    "mentoring.plan_meeting": _PAIRING,
    "mentoring.propose_pairing": nothing,
    "mentoring.reopen_month": _first("lock_id", MonthLock.id),
    "mentoring.show_month": nothing,
    "mentoring.show_pairing": _PAIRING,
    "mentoring.show_progress": _first("programme_id", MentoringProgramme.id),
    "mentoring.show_record": _first("record_id", GuidanceRecord.id),
    "mentoring.take_step": lambda session: {**_PAIRING(session), "step": "end"},
    "notices.inbox": nothing,
    "obligations.end": _OBLIGATION,
    "obligations.list_obligations": nothing,
    "obligations.revise": _OBLIGATION,
    "obligations.settle": nothing,
    "obligations.show_obligation": _OBLIGATION,
    "obligations.show_subject": _subject,
    "notices.mute_by_link": lambda _session: {"token": "spent"},
    "notices.preferences": nothing,
    "quizzes.add_item": nothing,
    "quizzes.change_paper": _first("paper_id", Paper.id),
    "quizzes.daily": nothing,
    "quizzes.edit_item": _ITEM,
    "quizzes.edit_rules": _OPEN_SITTING,
    "quizzes.edit_schedule": _SCHEDULE,
    "quizzes.enter": _OPEN_SITTING,
    "quizzes.import_bank": nothing,
    "quizzes.item_health": _RESULTS,
    "quizzes.list_bank": nothing,
    "quizzes.list_orders": nothing,
    "quizzes.marking": _RESULTS,
    "quizzes.mine": nothing,
    "quizzes.move": _OPEN_SITTING,
    "quizzes.new_paper": nothing,
    "quizzes.new_schedule": nothing,
    "quizzes.new_sitting": nothing,
    "quizzes.papers": nothing,
    "quizzes.rule": _asked,
    "quizzes.schedules": nothing,
    "quizzes.show_schedule": _SCHEDULE,
    "quizzes.show_item": _ITEM,
    "quizzes.show_item_file": _first("file_id", ItemFile.id),
    "quizzes.show_order": _of_order("order_id"),
    "quizzes.show_results": _RESULTS,
    "quizzes.show_sitting": _OPEN_SITTING,
    "quizzes.show_unit_result": _of_order("sitting_id", "unit_id"),
    "quizzes.sittings": nothing,
    "quizzes.take": _TAKEN,
    "office.bots": nothing,
    "office.change_bot": _first("bot_id", GroupBot.id),
    "office.delete_bot": _first("bot_id", GroupBot.id),
    "office.new_bot": nothing,
    "office.imports": nothing,
    "office.show_import": _first("import_id", YearImport.id),
    "office.year": nothing,
    "office.burden": nothing,
    "office.depart": _PERSON,
    "people.add_person": nothing,
    "people.add_unit": nothing,
    "people.change_password": nothing,
    "people.edit_person": _PERSON,
    "people.grant_role": _PERSON,
    "people.list_lecturers": nothing,
    "people.list_people": nothing,
    "people.list_units": nothing,
    "people.move_unit": _UNIT,
    "people.own_account": nothing,
    "people.rename_unit": _UNIT,
    "people.show_person": _PERSON,
    "people.show_unit": _UNIT,
    "people.sign_in": nothing,
    "people.transfer_person": _PERSON,
    "people.use_link": lambda _session: {"token": "spent"},
    "people.show_lecturer": _first("lecturer_id", Lecturer.id),
}
"""For each page, how to find an address of it that exists."""

READERS = {
    "mentoring.correct_guidance": "mentor",
    "mentoring.file_guidance": "mentor",
    "quizzes.daily": "trainee",
    "quizzes.enter": "trainee",
    "quizzes.mine": "trainee",
    "quizzes.take": "trainee",
}
"""Who opens a page that is not for the admin."""
