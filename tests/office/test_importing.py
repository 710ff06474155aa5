from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from scheduler.agenda.models import Activity, Attendance, Membership, Teaching, Venue
from scheduler.audit.models import AuditEntry
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.core.access import Role, system_actor
from scheduler.core.errors import Missing
from scheduler.lectures.models import Evening, Programme, Series
from scheduler.mentoring.models import Pairing
from scheduler.notices.models import Notice
from scheduler.office.actions import import_year
from scheduler.office.terms.sheets import SheetKey
from scheduler.people.actions import grant_role
from scheduler.people.models import Lecturer, Person, RoleGrant, Unit, UnitPlacement
from tests.cast import Cast, Persona
from tests.office.workbooks import cell, real_year, row, small, spoiled

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions
    from scheduler.office.terms.report import ImportReport

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def bring(
    database: "Sessions", data: bytes, *, good_rows: bool = False, dry_run: bool = False, now: datetime = NOW
) -> "ImportReport":
    with database.write() as session:
        return import_year(
            session,
            system_actor("test"),
            data,
            good_rows=good_rows,
            dry_run=dry_run,
            installation_id="test",
            zone=ZONE,
            now=now,
        )


def count(session: "Session", model: type[Any], *conditions: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_the_real_year_comes_in_whole_and_a_second_time_changes_nothing(database: "Sessions") -> None:
    report = bring(database, real_year())
    assert report.applied
    assert report.errors == []
    with database.read() as session:
        counted = {
            model.__name__: count(session, model)
            for model in (Unit, Person, Lecturer, Venue, StudyClass, ClassSession, Evening, Membership, Pairing)
        }
        assert counted == {
            "Unit": 101, "Person": 864, "Lecturer": 104, "Venue": 30, "StudyClass": 24, "ClassSession": 168,
            "Evening": 62, "Membership": 1100, "Pairing": 56,
        }  # fmt: skip
        assert count(session, UnitPlacement) == 101
        expected = session.execute(
            select(StudyClass.taken, func.count(ClassSession.id))
            .join(ClassSession, ClassSession.class_id == StudyClass.id)
            .group_by(StudyClass.id, StudyClass.taken)
        ).all()
        assert count(session, Attendance) == sum(taken * sessions for taken, sessions in expected) > 7000
        assert count(session, Teaching) == 168 + 62
        assert sorted(session.scalars(select(Series.name))) == ["产业大讲堂", "治理微课堂"]
        programme = session.scalars(select(Programme)).one()
        assert (programme.name, programme.weekday, programme.starts_at.hour) == ("夜校", 3, 19)
        assert set(session.scalars(select(StudyClass.status))) == {ClassStatus.PUBLISHED}
        before = session.execute(select(Activity.id, Activity.revised_at, Activity.version).order_by(Activity.id)).all()
        entries = count(session, AuditEntry)
    again = bring(database, real_year(), now=LATER)
    assert again.applied
    assert again.good_rows == 0
    with database.read() as session:
        after = session.execute(select(Activity.id, Activity.revised_at, Activity.version).order_by(Activity.id)).all()
        assert after == before
        assert count(session, Membership) == 1100
        assert count(session, AuditEntry) == entries


def test_roles_are_held_where_they_belong(database: "Sessions") -> None:
    bring(database, real_year())
    with database.read() as session:
        held = session.execute(
            select(RoleGrant.role, Unit.code, Person.staff_no, Person.unit_id, RoleGrant.unit_id)
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .join(Person, Person.id == RoleGrant.person_id)
        ).all()
    by_role = {role: [row for row in held if row.role is role] for role in Role}
    assert [(row.code, row.staff_no) for row in by_role[Role.ADMIN]] == [("CITY", "P00001")]
    assert [(row.code, row.staff_no) for row in by_role[Role.LEADER]] == [("CITY", "P00002")]
    assert len(by_role[Role.UNIT_OFFICER]) == 72
    assert all(row[3] == row[4] for row in by_role[Role.UNIT_OFFICER])
    assert (len(by_role[Role.MENTOR]), len(by_role[Role.TRAINEE])) == (143, 647)


def test_a_dry_run_and_a_workbook_with_errors_write_nothing(database: "Sessions") -> None:
    assert bring(database, real_year(), dry_run=True).good_rows == 101 + 864 + 104 + 30 + 24 + 168 + 62 + 1100 + 56
    report = bring(database, spoiled(cell("人员", "E5", "Z99")))
    assert not report.applied
    first = next(iter(report.errors))
    assert (first.sheet, first.row, first.column) == ("人员", 5, "单位编码")
    with database.read() as session:
        assert count(session, Unit) == 0
        assert count(session, AuditEntry) == 0


def test_the_good_rows_leave_out_what_depends_on_a_bad_one(database: "Sessions") -> None:
    report = bring(database, spoiled(cell("研修班", "H2", "2026-01-01")), good_rows=True)
    assert report.applied
    assert report.sheets[SheetKey.CLASSES].refused == 1
    assert report.sheets[SheetKey.SESSIONS].refused == 6
    assert report.sheets[SheetKey.ROSTER].refused == 60
    said = next(problem for problem in report.errors if problem.sheet == "课程表")
    assert str(said) == "课程表!班次编号2: 2026-01 is refused itself (sheet 研修班, row 2), so this row is too."
    with database.read() as session:
        assert count(session, StudyClass) == 23
        assert count(session, ClassSession) == 162
        assert count(session, Membership) == 1040


def test_changed_rows_revise_what_stands(database: "Sessions") -> None:
    bring(database, real_year())
    with database.read() as session:
        before = {one.id: (one.uid, one.sequence, one.title) for one in session.scalars(select(Activity))}
    report = bring(
        database,
        spoiled(
            cell("课程表", "F2", "数字经济：新的题目"),
            cell("课程表", "B4", "2026年1月19日"),
            cell("课程表", "C4", "晚上"),
            cell("课程表", "D4", "19:00"),
            cell("课程表", "E4", "21:00"),
            cell("夜校", "B2", "2026/1/9"),
            cell("场地", "B7", "第六教室"),
            cell("人员", "B5", "新名字"),
            cell("人员", "L5", "导师"),
            cell("单位", "B4", "综合处"),
            cell("师资库", "B2", "史新名"),
            cell("研修班", "B3", "科技创新高级研修班"),
            cell("结对", "E2", "2027-01-31"),
        ),
        now=LATER,
    )
    assert [str(problem) for problem in report.errors] == []
    changed = {key: counts.changed for key, counts in report.sheets.items() if counts.changed}
    assert changed == {
        SheetKey.UNITS: 1, SheetKey.PEOPLE: 1, SheetKey.LECTURERS: 1, SheetKey.VENUES: 1, SheetKey.CLASSES: 1,
        SheetKey.SESSIONS: 2, SheetKey.EVENINGS: 1, SheetKey.PAIRINGS: 1,
    }  # fmt: skip
    assert sum(counts.new for counts in report.sheets.values()) == 0
    with database.read() as session:
        activities = {one.id: one for one in session.scalars(select(Activity))}
        assert {key: one.uid for key, one in activities.items()} == {key: uid for key, (uid, *_) in before.items()}
        moved = [one for one in activities.values() if one.sequence > before[one.id][1]]
        assert sorted(one.starts_at.astimezone(ZONE).date() for one in moved) == [date(2026, 1, 9), date(2026, 1, 19)]
        assert all(one.sequence == 1 and one.moved_at == LATER and one.revised_at >= LATER for one in moved)
        told = session.scalars(select(Notice.subject).where(Notice.message_id.contains("moves from"))).all()
        assert set(told) == {f"activity:{one.id}" for one in moved if one.title.startswith("数字经济")}
        renamed = next(one for one in activities.values() if one.title == "数字经济：新的题目")
        assert (renamed.sequence, renamed.version > 1, renamed.moved_at) == (0, True, None)
        attended = select(Attendance).where(Attendance.activity_id == moved[0].id)
        assert all(one.starts_at == moved[0].starts_at for one in session.scalars(attended))
        person = session.scalars(select(Person).where(Person.staff_no == "P00004")).one()
        assert person.name == "新名字"
        roles = session.scalars(
            select(RoleGrant.role).where(RoleGrant.person_id == person.id, RoleGrant.ended_at.is_(None))
        )
        assert list(roles) == [Role.MENTOR]
    assert bring(database, real_year(), now=LATER, dry_run=True).sheets[SheetKey.UNITS].changed == 1


def test_two_sessions_may_swap_rooms_in_one_import(database: "Sessions") -> None:
    bring(database, real_year())

    def swap(book: Any) -> None:
        page = book["课程表"]
        page["G2"].value, page["G3"].value = page["G3"].value, page["G2"].value
        for column in "DE":
            page[f"{column}2"].value, page[f"{column}3"].value = page[f"{column}3"].value, page[f"{column}2"].value
        page["C2"].value, page["C3"].value = "下午", "上午"

    report = bring(database, spoiled(swap), now=LATER)
    assert [str(problem) for problem in report.errors] == []
    with database.read() as session:
        assert count(session, ClassSession) == 168


def test_units_move_with_all_below_and_keep_the_history(database: "Sessions") -> None:
    bring(database, real_year())
    report = bring(database, spoiled(cell("单位", "C3", "B01")), now=LATER)
    assert [str(problem) for problem in report.errors] == []
    with database.read() as session:
        units = {unit.code: unit for unit in session.scalars(select(Unit))}
        assert units["A01"].path == f"{units['B01'].path}{units['A01'].id}/"
        assert units["A01-01"].path == f"{units['A01'].path}{units['A01-01'].id}/"
        places = session.scalars(select(UnitPlacement).where(UnitPlacement.unit_id == units["A01"].id)).all()
        assert sorted(place.ended_at is None for place in places) == [False, True]


def test_what_was_moved_by_hand_is_not_moved_back(database: "Sessions") -> None:
    bring(database, real_year())
    with database.write() as session:
        activity = session.scalars(select(Activity).order_by(Activity.starts_at.desc()).limit(1)).one()
        activity.moved_from, activity.moved_at = activity.starts_at, LATER
        activity.starts_at = datetime(2027, 3, 26, 11, tzinfo=UTC)
        activity.ends_at = datetime(2027, 3, 26, 13, tzinfo=UTC)
        activity.sequence += 1
    report = bring(database, real_year(), now=LATER)
    assert report.good_rows == 0
    assert [problem.message_id for problem in report.warnings if problem.sheet == "夜校"] == [
        "This was moved or cancelled since; the import leaves it as it is."
    ]


def test_a_booking_that_stands_is_not_booked_over(database: "Sessions") -> None:
    bring(database, real_year())
    more = row("夜校", "治理微课堂", date(2026, 1, 15), "19:30", "20:30", "又一讲", "L012", "V14")
    report = bring(database, spoiled(more), now=LATER)
    assert [problem.column for problem in report.errors] == ["场地编码"]
    assert "政策解读专题讲座（第3讲）" in str(report.errors[0])


def test_only_who_may_import_does(database: "Sessions", cast: Cast) -> None:
    with database.write() as session, pytest.raises(Missing):
        import_year(
            session,
            cast.actor(session, Persona.OFFICER),
            real_year(),
            good_rows=False,
            dry_run=True,
            installation_id="test",
            zone=ZONE,
            now=NOW,
        )


def test_an_admin_of_a_part_of_the_tree_does_not_import_for_all_of_it(database: "Sessions", cast: Cast) -> None:
    with database.write() as session:
        grant_role(session, system_actor("test"), cast.people[Persona.OFFICER], Role.ADMIN, cast.units["A"], now=NOW)
    everybody = [["工号", "姓名", "单位编码", "角色"], [Persona.OFFICER, "欧文", "CITY", "管理员"]]
    with database.write() as session, pytest.raises(Missing):
        import_year(
            session,
            cast.actor(session, Persona.OFFICER),
            small(人员=everybody),
            good_rows=False,
            dry_run=False,
            installation_id="test",
            zone=ZONE,
            now=NOW,
        )


def test_a_lecturer_who_can_be_only_one_member_of_staff_is_linked(database: "Sessions") -> None:
    units = [
        ["单位编码", "单位名称", "上级编码", "类型"],
        ["CITY", "全市", "", "市"],
        ["A", "财政局", "CITY", "市直部门"],
    ]
    people = [["工号", "姓名", "单位编码"], ["P1", "张三", "A"], ["P2", "李四", "A"], ["P3", "李四", "A"]]
    lecturers = [
        ["编号", "姓名", "单位", "类型"],
        ["L1", "张三", "财政局", "业务骨干"],
        ["L2", "李四", "财政局", "业务骨干"],
    ]
    report = bring(database, small(单位=units, 人员=people, 师资库=lecturers))
    assert [str(problem) for problem in report.problems] == []
    with database.read() as session:
        linked = dict(
            session.execute(
                select(Lecturer.code, Person.staff_no).outerjoin(Person, Person.id == Lecturer.person_id)
            ).all()
        )
    assert linked == {"L1": "P1", "L2": None}
