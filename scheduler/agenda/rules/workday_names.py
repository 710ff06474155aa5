"""What the office calls the public holidays, in both languages, however a source spells them."""

from scheduler.agenda.terms import DayKind, DayMark

_NAMES = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
_ALIASES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "国庆": "国庆节", "五一": "劳动节", "除夕": "春节"}


_ENGLISH = {name.casefold(): zh for zh, name in _NAMES.items()} | {
    "new year's day": "元旦",
    "chinese new year": "春节",
    "lunar new year": "春节",
    "qingming festival": "清明节",
    "labor day": "劳动节",
    "may day": "劳动节",
}


def public_holiday(title: str) -> str:
    """Return the office's name of the public holiday that a plain title names, in either language; else empty."""
    plain = title.strip()
    names = festival(plain).split("、")
    if all(name in _NAMES for name in names):
        return "、".join(names)
    return _ENGLISH.get(plain.casefold().replace("’", "'"), "")


def festival(name: str) -> str:
    """Return the office's name of a holiday, or of several that fall together (国庆节、中秋节)."""
    parts = [part.strip() for part in name.replace("/", "、").replace("和", "、").split("、") if part.strip()]
    return "、".join(dict.fromkeys(_ALIASES.get(part, part) for part in parts))


def english(name_zh: str) -> str:
    """Return the English name; a holiday that we do not know keeps its Chinese one."""
    return " and ".join(_NAMES.get(part, part) for part in name_zh.split("、"))


def named(mark_on: "DayMark") -> DayMark:
    """Return the mark with its names written the office's way."""
    zh = festival(mark_on.name_zh)
    en = english(zh)
    if mark_on.kind is DayKind.WORK:
        return DayMark(mark_on.day, mark_on.kind, f"{zh}调休上班", f"Working day for {en}")
    return DayMark(mark_on.day, mark_on.kind, zh, en)
