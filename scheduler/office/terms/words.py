"""The words that offices write for our enumerations, as data; the first of each is what the template offers."""

from collections.abc import Mapping
from enum import StrEnum

from scheduler.agenda.terms import VenueKind
from scheduler.classes.terms import ClassMode, PartOfDay, TeachingMode
from scheduler.core.access import Role
from scheduler.people.terms import Gender, LecturerKind, UnitKind

Words = Mapping[StrEnum, tuple[str, ...]]

UNIT_KINDS: Words = {
    UnitKind.CITY: ("市", "全市", "地市", "市级", "city"),
    UnitKind.BUREAU: ("市直部门", "市直单位", "市直机关", "部门", "局", "bureau"),
    UnitKind.DISTRICT: ("区县", "县区", "区", "县", "县（市、区）", "district"),
    UnitKind.DISTRICT_BUREAU: ("区县部门", "县区部门", "区直部门", "县直部门", "district bureau"),
    UnitKind.SECTION: ("科室", "处室", "内设机构", "股室", "科", "section"),
}
GENDERS: Words = {
    Gender.FEMALE: ("女", "女性", "female", "f"),
    Gender.MALE: ("男", "男性", "male", "m"),
}
ROLES: Words = {
    Role.TRAINEE: ("学员", "参训人员", "帮带对象", "trainee"),
    Role.MENTOR: ("导师", "帮带导师", "mentor"),
    Role.LECTURER: ("讲师", "授课人", "lecturer"),
    Role.UNIT_OFFICER: ("单位联络员", "联络员", "培训联络员", "unit officer", "unit training officer"),
    Role.LEADER: ("领导", "责任领导", "leader"),
    Role.ADMIN: ("管理员", "系统管理员", "admin", "administrator"),
}
LECTURER_KINDS: Words = {
    LecturerKind.SCHOLAR: ("高校学者", "学者", "高校教师", "专家学者", "scholar"),
    LecturerKind.INDUSTRY: ("行业专家", "企业专家", "industry expert", "industry"),
    LecturerKind.INTERNAL: ("业务骨干", "土专家", "内部讲师", "领导干部", "in-house expert", "internal"),
}
VENUE_KINDS: Words = {
    VenueKind.CLASSROOM: ("教室", "课堂", "培训教室", "classroom"),
    VenueKind.SEMINAR_ROOM: ("研讨室", "会议室", "讨论室", "seminar room"),
    VenueKind.AUDITORIUM: ("报告厅", "礼堂", "大会议室", "auditorium"),
    VenueKind.PRACTICE_BASE: ("实践基地", "现场教学点", "现场教学基地", "practice base"),
    VenueKind.ONLINE: ("线上", "网络", "在线", "online"),
}
CLASS_MODES: Words = {
    ClassMode.FULL_TIME: ("脱产集中", "脱产", "集中脱产", "集中", "集中培训", "full time", "full-time"),
    ClassMode.PART_TIME: ("不脱产", "半脱产", "在职", "part time", "part-time"),
    ClassMode.ONLINE: ("线上", "网络", "网络培训", "在线", "online"),
    ClassMode.MIXED: ("线上线下结合", "混合", "混合式", "mixed"),
}
PARTS_OF_DAY: Words = {
    PartOfDay.MORNING: ("上午", "早上", "早", "morning", "am"),
    PartOfDay.AFTERNOON: ("下午", "午后", "afternoon", "pm"),
    PartOfDay.EVENING: ("晚上", "晚", "晚间", "夜间", "evening"),
}
TEACHING_MODES: Words = {
    TeachingMode.LECTURE: ("讲授", "授课", "专题讲授", "讲座", "lecture"),
    TeachingMode.SEMINAR: ("研讨", "案例研讨", "讨论", "分组研讨", "seminar"),
    TeachingMode.FIELD: ("现场教学", "现场", "实践", "field", "field teaching"),
    TeachingMode.TEST: ("测试", "考试", "结业测试", "闭卷测试", "test", "exam"),
}


class LedgerState(StrEnum):
    """What a row of a guidance ledger says became of the record."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    GONE = "gone"
    """Withdrawn, or replaced by a correction: not brought in."""


LEDGER_STATES: Words = {
    LedgerState.CONFIRMED: ("已确认", "确认", "是", "√", "confirmed", "yes"),
    LedgerState.UNCONFIRMED: ("未确认", "否", "unconfirmed", "not confirmed", "no"),
    LedgerState.DISPUTED: ("有异议", "异议", "disputed"),
    LedgerState.GONE: ("已撤回", "已被更正", "撤回", "withdrawn", "replaced by a correction"),
}
