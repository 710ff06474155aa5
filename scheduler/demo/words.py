"""The demo's words: invented people, units, places and topics."""

from dataclasses import dataclass

from scheduler.agenda.terms import VenueKind
from scheduler.core.access import Role
from scheduler.people.terms import Gender, LecturerKind, UnitKind
from scheduler.quizzes.terms.bank import Difficulty, ItemKind, ItemText

UNITS: tuple[tuple[str, str, UnitKind, str], ...] = (
    ("CITY", "全市", UnitKind.CITY, ""),
    ("X", "滨江新区", UnitKind.DISTRICT, "CITY"),
    ("X01", "新区组织部", UnitKind.DISTRICT_BUREAU, "X"),
    ("X02", "新区发展改革局", UnitKind.DISTRICT_BUREAU, "X"),
    ("X03", "新区财政局", UnitKind.DISTRICT_BUREAU, "X"),
    ("X04", "东湖街道", UnitKind.DISTRICT_BUREAU, "X"),
    ("X05", "西山镇", UnitKind.DISTRICT_BUREAU, "X"),
    ("X06", "滨江产业园管委会", UnitKind.DISTRICT_BUREAU, "X"),
    ("X07", "港口服务中心", UnitKind.DISTRICT_BUREAU, "X"),
    ("X01-01", "部办公室", UnitKind.SECTION, "X01"),
    ("X01-02", "干部教育科", UnitKind.SECTION, "X01"),
    ("X02-01", "产业发展科", UnitKind.SECTION, "X02"),
    ("X03-01", "预算科", UnitKind.SECTION, "X03"),
    ("X04-01", "社区事务科", UnitKind.SECTION, "X04"),
    ("X05-01", "农业服务中心", UnitKind.SECTION, "X05"),
)
"""Code, name, kind and the code of the superior unit; superiors come first.

No code or name of the demo's is one that an office uses itself, so that a real year can be imported beside it.
"""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who can sign in; `role` says who that is, `grant` and `at` which role is held where."""

    role: str
    staff_no: str
    name: str
    gender: Gender
    unit: str
    post: str
    grant: Role | None
    at: str = ""


PERSONAS: tuple[Persona, ...] = (
    Persona("admin", "admin", "安宁", Gender.FEMALE, "X01-02", "科长", Role.ADMIN, "CITY"),
    Persona("unit officer", "officer", "欧阳文", Gender.MALE, "X01-01", "副科长", Role.UNIT_OFFICER, "X01"),
    Persona("leader", "leader", "凌峰", Gender.MALE, "X01-01", "副部长", Role.LEADER, "CITY"),
    Persona("lecturer", "lecturer", "江月", Gender.FEMALE, "X02-01", "科长", Role.LECTURER, "X02-01"),
    Persona("mentor", "mentor", "戴岩", Gender.MALE, "X01-01", "科长", Role.MENTOR, "X01-01"),
    Persona("trainee", "trainee", "许苗", Gender.FEMALE, "X01-02", "四级主任科员", Role.TRAINEE, "X01-02"),
    Persona("outsider", "outsider", "魏来", Gender.MALE, "X05-01", "工作人员", None),
)

PEOPLE = 120
"""Who takes part in classes, evenings and pairings; the crowds come on top."""
CROWDS = {"X06": (204, 163), "X07": (10, 8)}
"""People of units that only sit the monthly exam, and how many pass: 79.9% and exactly 80%."""
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁"
GIVEN = "伟芳娜敏静丽强磊洋艳勇杰娟涛明超秀霞平刚桂英华玉兰建文辉力红梅波斌宇浩凯晨雪琳鹏飞"
POSTS = (("四级主任科员", "科员"), ("一级科员", "科员"), ("副科长", "乡科级副职"), ("科长", "乡科级正职"))
FIELDS = ("宏观经济", "财政金融", "城建规划", "农业农村", "社会综治", "党建党务", "工业信息", "法律")

LECTURERS = 20
ORGANISATIONS: tuple[tuple[str, LecturerKind], ...] = (
    ("滨江大学公共管理学院", LecturerKind.SCHOLAR),
    ("省委党校", LecturerKind.SCHOLAR),
    ("市工业互联网协会", LecturerKind.INDUSTRY),
    ("滨江港务集团", LecturerKind.INDUSTRY),
    ("市司法局", LecturerKind.INTERNAL),
)

VENUES: tuple[tuple[str, str, VenueKind, int, str], ...] = (
    ("XV01", "党校报告厅", VenueKind.AUDITORIUM, 240, "学府路1号"),
    ("XV02", "党校一号教室", VenueKind.CLASSROOM, 60, "学府路1号"),
    ("XV03", "党校二号教室", VenueKind.CLASSROOM, 60, "学府路1号"),
    ("XV04", "党校三号教室", VenueKind.CLASSROOM, 50, "学府路1号"),
    ("XV05", "一号研讨室", VenueKind.SEMINAR_ROOM, 24, "学府路1号"),
    ("XV06", "二号研讨室", VenueKind.SEMINAR_ROOM, 24, "学府路1号"),
    ("XV07", "港口实践基地", VenueKind.PRACTICE_BASE, 60, "滨江大道88号"),
    ("XV08", "乡村振兴实践基地", VenueKind.PRACTICE_BASE, 60, "西山镇青石村"),
    ("XV09", "政务服务中心会议室", VenueKind.SEMINAR_ROOM, 40, "市民广场2号"),
    ("XV10", "网络课堂", VenueKind.ONLINE, 500, ""),
)

PROGRAMME = "滨江夜校"
STRANDS = ("滨江讲坛", "实务小课")
TOPICS = (
    "低空经济的机遇与边界",
    "矛盾纠纷怎样化解在基层",
    "新能源项目申报要点",
    "一件事一次办：从流程到感受",
    "工业互联网进工厂",
    "应急处突的第一个小时",
    "港口经济与腹地",
    "怎样开好一次居民议事会",
    "数字经济的统计与判断",
    "公文写作常见错误",
    "产业链招商",
    "网格里的数据",
    "集成电路产业地图",
    "乡村治理案例",
)

CLASSES: tuple[tuple[str, int], ...] = (
    ("数字经济", -10),
    ("科技创新", -7),
    ("基层治理", -4),
    ("优化营商环境", -1),
    ("应急处突", 2),
    ("乡村振兴", 4),
    ("新能源项目申报", 7),
    ("城市更新", 10),
)
"""The theme of each class, and its first week counted from this one. The fourth runs now, the last is a draft."""

MENTORING = ("导师帮带", "红色导师")
GOALS = "一年内能独立起草本科室的请示、通知和工作总结，能完成一次项目初审。"
DEVELOPMENT_PLAN = (
    "第一季度：熟悉政策和流程；第二季度：在导师指导下起草文稿；第三季度：参与项目评审；第四季度：独立承担一项工作。"
)
CONTENT_AREAS = "政策解读、项目评审、公文写作"
GUIDANCE: tuple[tuple[str, int], ...] = (
    ("一起读了新出台的人才政策，逐条说明适用对象和办理口径。", 0),
    ("看了两份项目申报书，练习用评分表找出不足。", 1),
    ("逐段修改了一份会议通知，讲清格式和语气。", 2),
    ("讨论下半年的项目清单，学着把任务分成阶段。", 3),
    ("一起去社区走访三户居民，回来整理访谈记录。", 4),
    ("演练一次跨部门协调会，重点练习把分歧说清楚。", 5),
    ("陪同走访企业，梳理企业提出的三个问题。", 6),
    ("结合一个身边案例，谈了办事中的廉洁风险点。", 7),
)
"""What was done, and the place of its content area."""
MISSED = 0.12
"""How often a session did not take place."""
REFLECTIONS = ("", "", "明白了通知和请示的区别。", "下次我先列提纲再动笔。", "实地看过之后，材料里的数字好懂多了。")


def _item(kind: ItemKind, stem: str, choices: tuple[str, ...], key: str, why: str, topic: str) -> ItemText:
    return ItemText(kind, stem, choices, key, explanation=why, topic=topic, difficulty=Difficulty.EASY)


ITEMS: tuple[ItemText, ...] = (
    _item(
        ItemKind.SINGLE,
        "学员在培训期间确需请假的，应当向谁提出？",
        ("同组学员", "授课人", "班主任", "食堂"),
        "C",
        "按学员管理规定向班主任请假。",
        "学员管理",
    ),
    _item(
        ItemKind.SINGLE,
        "单位合格率恰好等于阈值时怎样处理？",
        ("重新培训", "不触发重新培训", "全员补考", "由学员表决"),
        "B",
        "低于阈值才触发。",
        "培训评估",
    ),
    _item(
        ItemKind.MULTIPLE,
        "一次指导记录至少应写明哪些内容？",
        ("日期", "指导方式", "内容方面", "私人事务"),
        "ABC",
        "日期、方式、内容方面和要点为必填。",
        "导师帮带",
    ),
    _item(ItemKind.TRUE_FALSE, "缺考人员计入应考人数。", (), "T", "免考人员才不计入。", "培训评估"),
    _item(
        ItemKind.SINGLE,
        "指导记录归入哪个月份？",
        ("填报当月", "指导发生的当月", "确认当月", "任选"),
        "B",
        "以指导发生的日期为准。",
        "导师帮带",
    ),
    _item(
        ItemKind.SINGLE,
        "夜校课程遇法定节假日时怎样处理？",
        ("照常举办", "取消且不通知", "停办或改期并通知", "学员自定"),
        "C",
        "停办或改期，均须通知。",
        "干部夜校",
    ),
    _item(
        ItemKind.SINGLE,
        "专家库中的师资可以怎样使用？",
        ("仅限本单位", "跨单位共享", "不得外请", "须收费"),
        "B",
        "师资跨单位共享。",
        "师资管理",
    ),
    _item(
        ItemKind.MULTIPLE,
        "训后归档材料包括哪些？",
        ("培训方案", "签到表", "课程表", "私人通讯录"),
        "ABC",
        "按一班一档归档。",
        "结班管理",
    ),
    _item(ItemKind.TRUE_FALSE, "一名学员可以在同一时间参加两个脱产班。", (), "F", "时间冲突，须另行安排。", "调训"),
    _item(ItemKind.TRUE_FALSE, "替训须经批准。", (), "T", "未经批准不得替训。", "调训"),
    _item(
        ItemKind.SINGLE,
        "现场教学结束后应当首先做什么？",
        ("撤离即可", "总结并记录", "发放奖品", "更换场地"),
        "B",
        "总结、记录并归档。",
        "现场教学",
    ),
    _item(
        ItemKind.SINGLE,
        "缓考人员的成绩怎样计入单位合格率？",
        ("计为合格", "计为缺考", "补考前保持暂定", "不再考核"),
        "C",
        "补考或截止之前，单位结果为暂定。",
        "培训评估",
    ),
)
"""The demo's own items; a real bank is imported beside them."""
