"""Results in the reader's words, for templates and sheets."""

from flask_babel import gettext

from scheduler.quizzes.rules.rates import rate_in_words
from scheduler.quizzes.terms.results import ORDER_NAMES, OUTCOME_NAMES, STANDING_NAMES, OrderState, Outcome, Standing
from scheduler.quizzes.terms.sittings import ATTENDEES_NAMES, DENOMINATOR_NAMES, Attendees, Denominator
from scheduler.quizzes.views.blueprint import blueprint


@blueprint.app_template_filter("outcome_words")
def outcome_words(outcome: Outcome) -> str:
    """Return what came of somebody in the reader's language."""
    return gettext(OUTCOME_NAMES[outcome])


@blueprint.app_template_filter("standing_words")
def standing_words(standing: Standing) -> str:
    """Return how a unit stands in the reader's language."""
    return gettext(STANDING_NAMES[standing])


@blueprint.app_template_filter("order_words")
def order_words(state: OrderState) -> str:
    """Return the state of a retraining order in the reader's language."""
    return gettext(ORDER_NAMES[state])


@blueprint.app_template_filter("denominator_words")
def denominator_words(denominator: Denominator) -> str:
    """Return who counts in the reader's language."""
    return gettext(DENOMINATOR_NAMES[denominator])


@blueprint.app_template_filter("attendees_words")
def attendees_words(attendees: Attendees) -> str:
    """Return who attends a retraining in the reader's language."""
    return gettext(ATTENDEES_NAMES[attendees])


@blueprint.app_template_filter("pass_rate")
def pass_rate(passed: int, counted: int) -> str:
    """Return a pass rate, rounded down to a tenth of a per cent."""
    return rate_in_words(passed, counted)


@blueprint.app_template_filter("score_words")
def score_words(score: int | None, out_of: int | None) -> str:
    """Return 81.5 / 100; nothing where nobody has graded."""
    if score is None or out_of is None:
        return ""
    return f"{score // 100}.{score % 100:02d}".rstrip("0").rstrip(".") + f" / {out_of}"
