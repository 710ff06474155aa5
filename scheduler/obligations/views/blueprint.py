"""The blueprint of obligations, and the words that its templates share."""

from datetime import date

from flask import Blueprint, request
from flask_babel import gettext

from scheduler.core.pages import MONTHS_EN, language, month_in_words
from scheduler.core.periods import Cadence, Period, civil_date, period_of
from scheduler.core.web import now, zone
from scheduler.obligations.models import Obligation
from scheduler.obligations.queries import Moment
from scheduler.obligations.terms import BASE_NAMES, CADENCE_NAMES, STATE_NAMES, Base, State

blueprint = Blueprint("obligations", __name__)


@blueprint.app_template_filter("period_words")
def period_words(period: Period) -> str:
    """Return 2026年, 2026年第4季度, 2026年11月, 2026年11月23日－29日; 2026, Q4 2026, Nov 2026, 23 – 29 Nov 2026."""
    first, english = period.first, language() == "en"
    if period.cadence is Cadence.YEAR:
        return f"{first.year}" if english else f"{first.year}年"
    if period.cadence is Cadence.QUARTER:
        quarter = (first.month + 2) // 3
        return f"Q{quarter} {first.year}" if english else f"{first.year}年第{quarter}季度"
    if period.cadence is Cadence.MONTH:
        return month_in_words(first)
    return _week_words(first, period.last_day, english=english)


def _week_words(first: date, last: date, *, english: bool) -> str:
    if english:
        begin = f"{first.day} {MONTHS_EN[first.month - 1]}" if first.month != last.month else f"{first.day}"
        return f"{begin} – {last.day} {MONTHS_EN[last.month - 1]} {last.year}"
    end = f"{last.month}月{last.day}日" if first.month != last.month else f"{last.day}日"
    return f"{first.year}年{first.month}月{first.day}日－{end}"


@blueprint.app_template_filter("duty_words")
def duty_words(one: Obligation) -> str:
    """Return what is owed: 20 each year; 85 out of 100 of the staff each year."""
    often = gettext(CADENCE_NAMES[one.cadence])
    if one.number is None:
        return gettext("what each programme says, %(often)s", often=often)
    if one.base is Base.ONE:
        return gettext("%(number)s %(often)s", number=one.number, often=often)
    people = gettext(BASE_NAMES[one.base])
    return gettext(
        "%(number)s out of %(per)s (%(people)s), %(often)s", number=one.number, per=one.per, people=people, often=often
    )


@blueprint.app_template_filter("state_words")
def state_words(state: State) -> str:
    """Return a state in the reader's language."""
    return gettext(STATE_NAMES[state])


def today() -> date:
    """Return the civil day of this request in the organisation's zone."""
    return now().astimezone(zone()).date()


def moment_of(obligation: Obligation) -> Moment:
    """Return the period that the address asks about (`day`); else the present one, or the nearest of its life.

    Periods to come are shown only of what has not begun yet: its first.
    """
    nearest = max(min(today(), obligation.last_day or today()), obligation.starts_on)
    asked = civil_date(request.args.get("day", "")) or nearest
    return Moment(period_of(obligation.cadence, min(asked, max(today(), obligation.starts_on))), zone(), now())
