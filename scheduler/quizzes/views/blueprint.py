"""The blueprint of quizzes, and the words that its templates share."""

from typing import Any

from flask import Blueprint, current_app
from flask_babel import gettext

from scheduler.core.web import now, zone
from scheduler.quizzes.rules.grading import POINT
from scheduler.quizzes.terms.attempts import DOING_NAMES, Doing
from scheduler.quizzes.terms.bank import DIFFICULTY_NAMES, KIND_NAMES, Difficulty, ItemKind
from scheduler.quizzes.terms.sittings import CONCESSION_NAMES, Concession

blueprint = Blueprint("quizzes", __name__)


@blueprint.app_template_filter("item_kind")
def item_kind(kind: ItemKind) -> str:
    """Return the type of an item in the reader's language."""
    return gettext(KIND_NAMES[kind])


@blueprint.app_template_filter("difficulty")
def difficulty(value: Difficulty) -> str:
    """Return a difficulty in the reader's language."""
    return gettext(DIFFICULTY_NAMES[value])


@blueprint.app_template_filter("doing")
def doing(value: Doing) -> str:
    """Return what a person who is due is doing, in the reader's language."""
    return gettext(DOING_NAMES[value])


@blueprint.app_template_filter("concession")
def concession(value: Concession) -> str:
    """Return what was granted in the reader's language."""
    return gettext(CONCESSION_NAMES[value])


@blueprint.app_template_filter("points")
def points(score: int) -> str:
    """Return a score in hundredths as points: 8, 7.5, 6.33."""
    return f"{score / POINT:.2f}".rstrip("0").rstrip(".")


def installation_id() -> str:
    """Return the name of this installation, which is part of every activity's uid."""
    return str(current_app.extensions["settings"].installation_id)


def edge() -> dict[str, Any]:
    """Return what actions ask of the edge: the installation's name, the organisation's zone and the instant."""
    return {"installation_id": installation_id(), "zone": zone(), "now": now()}
