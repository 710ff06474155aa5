"""The blueprint of quizzes, and the words that its templates share."""

from flask import Blueprint, current_app
from flask_babel import gettext

from scheduler.quizzes.terms.bank import DIFFICULTY_NAMES, KIND_NAMES, Difficulty, ItemKind

blueprint = Blueprint("quizzes", __name__)


@blueprint.app_template_filter("item_kind")
def item_kind(kind: ItemKind) -> str:
    """Return the type of an item in the reader's language."""
    return gettext(KIND_NAMES[kind])


@blueprint.app_template_filter("difficulty")
def difficulty(value: Difficulty) -> str:
    """Return a difficulty in the reader's language."""
    return gettext(DIFFICULTY_NAMES[value])


def installation_id() -> str:
    """Return what makes identifiers of events unique in the world."""
    return str(current_app.extensions["settings"].installation_id)
