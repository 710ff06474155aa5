"""The words that calendars use, in the language that the subscription chose, whoever asks and wherever it runs."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.agenda.terms import ActivityKind
from scheduler.feeds.terms import Language


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; `colon` stands between a label and what it names, `joint` between names."""

    cancelled: str
    moved: str
    colon: str
    lecturers: str
    audience: str
    formerly: str
    reason: str
    tentative: str
    study_class: str
    alarm: str
    kinds: dict[ActivityKind, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    joint: str

    def moment(self, instant: datetime, zone: ZoneInfo) -> str:
        """Return 2026年3月5日（周四）19:00 or Thu 5 Mar 2026 19:00, in `zone`."""
        local = instant.astimezone(zone)
        weekday = self.weekdays[local.weekday()]
        if not self.months:
            return f"{local.year}年{local.month}月{local.day}日（{weekday}）{local:%H:%M}"
        return f"{weekday} {local.day} {self.months[local.month - 1]} {local.year} {local:%H:%M}"


WORDS = {
    Language.ZH: Words(
        cancelled="【已取消】",
        moved="【改期】",
        colon="：",
        lecturers="授课人",
        audience="参加对象",
        formerly="原定时间",
        reason="原因",
        tentative="当年节假日安排尚未公布，时间待定。",
        study_class="专题研修班",
        alarm="即将开始",
        kinds={
            ActivityKind.SESSION: "专题研修班",
            ActivityKind.LECTURE: "讲座",
            ActivityKind.FIELD: "现场教学",
            ActivityKind.QUIZ: "每月一考",
            ActivityKind.GUIDANCE: "导师指导",
            ActivityKind.MEETING: "会议",
        },
        weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        months=(),
        joint="、",
    ),
    Language.EN: Words(
        cancelled="[Cancelled] ",
        moved="[Moved] ",
        colon=": ",
        lecturers="Lecturer",
        audience="For",
        formerly="Originally",
        reason="Reason",
        tentative="The public holidays of this year are not published yet: the time is provisional.",
        study_class="Special study class",
        alarm="Starting soon",
        kinds={
            ActivityKind.SESSION: "Special study class",
            ActivityKind.LECTURE: "Lecture",
            ActivityKind.FIELD: "Field teaching",
            ActivityKind.QUIZ: "Monthly quiz",
            ActivityKind.GUIDANCE: "Guidance session",
            ActivityKind.MEETING: "Meeting",
        },
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        joint=", ",
    ),
}
