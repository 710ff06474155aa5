"""What the year's workbook may look like, as data: sheets, their columns, and every heading that offices use for them.

The first title and heading of each are the office's own; the template is written from them. Headings are
compared folded (full-width to half-width, no blanks, lower case, without a bracketed remark).
"""

from scheduler.office.terms.columns import CellKind, Column, Sheet, SheetKey
from scheduler.office.terms.words import (
    CLASS_MODES,
    GENDERS,
    LECTURER_KINDS,
    LEDGER_STATES,
    PARTS_OF_DAY,
    ROLES,
    TEACHING_MODES,
    UNIT_KINDS,
    VENUE_KINDS,
)

__all__ = ["EXAMPLE_MARKS", "NOTE_TITLES", "SHEET", "SHEETS", "CellKind", "Column", "Sheet", "SheetKey"]

_K = CellKind
_UNIT_CODE = ("单位编码", "单位代码", "单位编号", "所在单位编码", "unit code", "unit")
_STAFF_NO = ("工号", "人员编号", "职工号", "员工编号", "staff no", "staff number", "employee no")
_CLASS_CODE = ("班次编号", "班次编码", "班次代码", "班级编号", "班号", "class code", "class")
_LECTURERS = ("授课人编号", "授课人", "讲师编号", "主讲人编号", "师资编号", "lecturer code", "lecturer", "lecturers")
_VENUE = ("场地编码", "场地代码", "场地编号", "地点编码", "场地", "venue code", "venue")
_STARTS = ("开始时间", "起始时间", "上课时间", "start time", "starts at", "from")
_ENDS = ("结束时间", "终止时间", "下课时间", "end time", "ends at", "to")
_DAY = ("日期", "上课日期", "授课日期", "date", "day")
_FIELD = ("专业领域", "领域", "研究领域", "擅长领域", "field", "area")

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        SheetKey.UNITS,
        ("单位", "单位表", "单位名录", "组织机构", "units"),
        ("code",),
        (
            Column("code", _K.CODE, (*_UNIT_CODE, "编码", "代码", "code"), example="A01-01"),
            Column("name", _K.LINE, ("单位名称", "名称", "单位全称", "unit name", "name"), limit=120, example="办公室"),
            Column(
                "parent_code",
                _K.CODE,
                ("上级编码", "上级单位编码", "上级单位", "上级代码", "主管单位编码", "parent code", "parent"),
                needed=False,
                example="A01",
            ),
            Column("kind", _K.WORD, ("类型", "单位类型", "层级", "kind", "type"), words=UNIT_KINDS, example="科室"),
        ),
    ),
    Sheet(
        SheetKey.PEOPLE,
        ("人员", "人员名册", "人员信息", "干部名册", "people", "staff"),
        ("staff_no",),
        (
            Column("staff_no", _K.CODE, _STAFF_NO, example="P00001"),
            Column("name", _K.NAME, ("姓名", "名字", "name"), limit=80, example="张三"),
            Column("gender", _K.WORD, ("性别", "gender", "sex"), needed=False, words=GENDERS, example="女"),
            Column(
                "born_on",
                _K.MONTH,
                ("出生年月", "出生日期", "生日", "date of birth", "born"),
                needed=False,
                example="1988-05-01",
            ),
            Column("unit_code", _K.CODE, (*_UNIT_CODE, "单位", "所在单位"), example="A01-01"),
            Column("post", _K.LINE, ("职务", "岗位", "post", "position"), needed=False, limit=80, example="科长"),
            Column("grade", _K.LINE, ("职级", "级别", "grade", "rank"), needed=False, example="乡科级正职"),
            Column("field", _K.LINE, _FIELD, needed=False, limit=80, example="宏观经济"),
            Column(
                "phone",
                _K.CODE,
                ("手机", "手机号", "手机号码", "电话", "联系电话", "mobile", "phone"),
                needed=False,
                example="10000000001",
            ),
            Column(
                "email",
                _K.CODE,
                ("邮箱", "电子邮箱", "电子邮件", "email", "e-mail"),
                needed=False,
                limit=200,
                example="name@example.org",
            ),
            Column(
                "joined_on",
                _K.MONTH,
                ("参加工作时间", "参加工作日期", "参工时间", "joined", "joined on"),
                needed=False,
                example="2010-07-01",
            ),
            Column("roles", _K.WORDS, ("系统角色", "角色", "role", "roles"), needed=False, words=ROLES, example="学员"),
        ),
    ),
    Sheet(
        SheetKey.LECTURERS,
        ("师资库", "师资", "专家库", "讲师", "lecturers", "expert pool"),
        ("code",),
        (
            Column("code", _K.CODE, ("编号", "编码", "师资编号", "讲师编号", "code", "lecturer code"), example="L001"),
            Column("name", _K.NAME, ("姓名", "名字", "name"), limit=80, example="李四"),
            Column(
                "organisation",
                _K.LINE,
                ("单位", "工作单位", "所在单位", "organisation", "organization"),
                needed=False,
                limit=120,
                example="江海大学",
            ),
            Column(
                "kind", _K.WORD, ("类型", "师资类型", "类别", "kind", "type"), words=LECTURER_KINDS, example="高校学者"
            ),
            Column("field", _K.LINE, _FIELD, needed=False, limit=80, example="宏观经济"),
            Column(
                "availability",
                _K.LINE,
                ("可授课时间", "可用时间", "availability"),
                needed=False,
                limit=120,
                example="周四晚",
            ),
        ),
    ),
    Sheet(
        SheetKey.VENUES,
        ("场地", "场地表", "教室", "venues", "rooms"),
        ("code",),
        (
            Column("code", _K.CODE, ("编码", *_VENUE, "编号", "code"), example="V01"),
            Column("name", _K.LINE, ("名称", "场地名称", "name", "venue name"), limit=120, example="一号教室"),
            Column("kind", _K.WORD, ("类型", "场地类型", "kind", "type"), words=VENUE_KINDS, example="教室"),
            Column(
                "capacity", _K.COUNT, ("容量", "容纳人数", "座位数", "capacity", "seats"), limit=100_000, example="60"
            ),
            Column("address", _K.LINE, ("地址", "位置", "address"), needed=False, limit=200, example="江海路26号"),
        ),
    ),
    Sheet(
        SheetKey.CLASSES,
        ("研修班", "班次", "专题研修班", "培训班", "classes", "study classes"),
        ("code",),
        (
            Column("code", _K.CODE, (*_CLASS_CODE, "编号", "code"), example="2026-01"),
            Column(
                "title",
                _K.LINE,
                ("班次名称", "班名", "班级名称", "名称", "title", "class title"),
                limit=120,
                example="数字经济专题研修班",
            ),
            Column("theme", _K.LINE, ("专题", "主题", "theme", "topic"), needed=False, limit=120, example="数字经济"),
            Column(
                "host_name",
                _K.LINE,
                ("主办单位", "主办", "host", "host unit"),
                limit=120,
                example="市委组织部",
            ),
            Column(
                "organiser_name",
                _K.LINE,
                ("承办单位", "承办", "organiser", "organizer"),
                needed=False,
                limit=120,
                example="市科学技术局",
            ),
            Column(
                "run_number",
                _K.COUNT,
                ("期次", "期数", "期", "run", "run number"),
                needed=False,
                limit=999,
                example="1",
            ),
            Column(
                "starts_on",
                _K.DAY,
                ("开始日期", "起始日期", "开班日期", "start date", "starts on"),
                example="2026-03-10",
            ),
            Column(
                "ends_on", _K.DAY, ("结束日期", "终止日期", "结业日期", "end date", "ends on"), example="2026-03-12"
            ),
            Column(
                "capacity",
                _K.COUNT,
                ("计划人数", "人数", "班额", "名额", "capacity", "places"),
                limit=100_000,
                example="50",
            ),
            Column(
                "quotas",
                _K.QUOTA,
                ("名额分配", "分配名额", "单位名额", "quota", "quotas"),
                needed=False,
                limit=100_000,
                example="A01:3；A02:5",
            ),
            Column("hours", _K.COUNT, ("学时", "课时", "hours"), needed=False, limit=10_000, example="24"),
            Column(
                "mode",
                _K.WORD,
                ("培训方式", "办班方式", "mode"),
                needed=False,
                words=CLASS_MODES,
                example="脱产集中",
            ),
            Column(
                "budget",
                _K.MONEY,
                ("经费预算", "预算", "经费", "budget"),
                needed=False,
                limit=1_000_000_000,
                example="72000",
            ),
        ),
    ),
    Sheet(
        SheetKey.SESSIONS,
        ("课程表", "课表", "课程安排", "timetable", "sessions"),
        ("class_code", "day", "part"),
        (
            Column("class_code", _K.CODE, _CLASS_CODE, example="2026-01"),
            Column("day", _K.DAY, _DAY, example="2026-03-10"),
            Column("part", _K.WORD, ("时段", "时间段", "part of day", "period"), words=PARTS_OF_DAY, example="上午"),
            Column("starts", _K.CLOCK, _STARTS, example="9:00"),
            Column("ends", _K.CLOCK, _ENDS, example="11:30"),
            Column(
                "title",
                _K.LINE,
                ("课程", "课程名称", "课题", "题目", "内容", "title", "topic", "subject"),
                limit=200,
                example="数字经济：形势与政策",
            ),
            Column("lecturer_codes", _K.CODES, _LECTURERS, needed=False, example="L001"),
            Column("venue_code", _K.CODE, _VENUE, needed=False, example="V01"),
            Column(
                "mode",
                _K.WORD,
                ("方式", "授课方式", "教学方式", "teaching mode", "mode"),
                needed=False,
                words=TEACHING_MODES,
                example="讲授",
            ),
        ),
    ),
    Sheet(
        SheetKey.EVENINGS,
        ("夜校", "干部夜校", "夜校安排", "evening school", "evenings", "lectures"),
        ("series", "day"),
        (
            Column(
                "series", _K.LINE, ("系列", "系列名称", "讲堂", "series", "strand"), limit=120, example="产业大讲堂"
            ),
            Column("day", _K.DAY, _DAY, example="2026-03-12"),
            Column("starts", _K.CLOCK, _STARTS, example="19:00"),
            Column("ends", _K.CLOCK, _ENDS, example="21:00"),
            Column(
                "title",
                _K.LINE,
                ("题目", "课题", "课程", "主题", "讲座题目", "title", "topic"),
                limit=200,
                example="低空经济专题讲座",
            ),
            Column("lecturer_codes", _K.CODES, _LECTURERS, needed=False, example="L001"),
            Column("venue_code", _K.CODE, _VENUE, needed=False, example="V01"),
        ),
    ),
    Sheet(
        SheetKey.ROSTER,
        ("学员名单", "名单", "学员", "花名册", "roster", "enrolments"),
        ("class_code", "staff_no"),
        (
            Column("class_code", _K.CODE, _CLASS_CODE, example="2026-01"),
            Column("staff_no", _K.CODE, (*_STAFF_NO, "学员工号"), example="P00001"),
        ),
    ),
    Sheet(
        SheetKey.PAIRINGS,
        ("结对", "结对名单", "导师帮带", "帮带结对", "pairings", "mentoring"),
        ("mentor_no", "mentee_no", "starts_on"),
        (
            Column("mentor_no", _K.CODE, ("导师工号", "导师编号", "导师", "mentor", "mentor no"), example="P00003"),
            Column(
                "mentee_no",
                _K.CODE,
                ("帮带对象工号", "帮带对象", "徒弟工号", "学员工号", "mentee", "mentee no"),
                example="P00004",
            ),
            Column("programme", _K.LINE, ("项目", "项目名称", "programme", "program"), limit=80, example="导师帮带"),
            Column("starts_on", _K.DAY, ("起始日期", "开始日期", "start date", "starts on"), example="2026-01-01"),
            Column("ends_on", _K.DAY, ("结束日期", "终止日期", "end date", "ends on"), example="2026-12-31"),
            Column(
                "content_areas",
                _K.LINE,
                ("帮带内容", "内容", "内容方面", "content areas", "content"),
                needed=False,
                limit=400,
                example="政策解读、公文写作",
            ),
        ),
    ),
    Sheet(
        SheetKey.RECORDS,
        ("指导记录", "指导台账", "月度指导台账", "帮带记录", "guidance records", "guidance log"),
        ("mentor_no", "mentee_no", "day"),
        (
            Column(
                "mentor_no", _K.CODE, ("导师工号", "导师编号", "mentor no", "mentor's staff number"), example="P00003"
            ),
            Column(
                "mentee_no",
                _K.CODE,
                ("帮带对象工号", "徒弟工号", "学员工号", "mentee no", "mentee's staff number"),
                example="P00004",
            ),
            Column("day", _K.DAY, ("指导日期", "日期", "指导时间", "date", "day"), example="2026-03-05"),
            Column("mode", _K.LINE, ("指导方式", "方式", "how", "mode"), example="面谈"),
            Column(
                "areas", _K.LINE, ("内容方面", "指导内容方面", "方面", "content areas"), limit=400, example="公文写作"
            ),
            Column(
                "text",
                _K.TEXT,
                ("指导要点", "指导内容", "内容", "要点", "what it was about", "text"),
                limit=2000,
                example="一起修改了会议通知。",
            ),
            Column(
                "minutes",
                _K.COUNT,
                ("时长（分钟）", "时长", "分钟", "minutes"),
                needed=False,
                limit=1440,
                example="45",
            ),
            Column("place", _K.LINE, ("地点", "place"), needed=False, limit=120, example="办公室"),
            Column("next_step", _K.LINE, ("下步计划", "下一步", "next step"), needed=False, limit=300),
            Column(
                "state",
                _K.WORD,
                ("学员确认", "确认情况", "确认", "状态", "status"),
                needed=False,
                words=LEDGER_STATES,
                example="已确认",
            ),
        ),
    ),
)

SHEET: dict[SheetKey, Sheet] = {sheet.key: sheet for sheet in SHEETS}
EXAMPLE_MARKS = ("示例", "example")
"""A row whose first cell begins so is an example of the template and is passed over."""
NOTE_TITLES = ("填写说明", "说明", "notes", "how to fill")
"""Sheets for people only; they are passed over without a word."""
