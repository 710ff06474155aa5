"""The blueprint of classes, and the words that its templates share."""

from typing import Any

from flask import Blueprint, current_app

from scheduler.classes.forms import MODE_WORDS, PART_WORDS, STATUS_WORDS, TEACHING_WORDS
from scheduler.core.web import now, zone

blueprint = Blueprint("classes", __name__)


@blueprint.app_template_filter("class_status")
def class_status(status: str) -> str:
    """Return a class's status in the reader's language."""
    return str(dict(STATUS_WORDS)[status])  # type: ignore[index]  # a StrEnum member or its value


@blueprint.app_template_filter("class_mode")
def class_mode(mode: str) -> str:
    """Return how a class is held, in the reader's language."""
    return str(dict(MODE_WORDS)[mode])  # type: ignore[index]  # as above


@blueprint.app_template_filter("part_of_day")
def part_of_day(part: str) -> str:
    """Return a part of the day in the reader's language."""
    return str(dict(PART_WORDS)[part])  # type: ignore[index]  # as above


@blueprint.app_template_filter("teaching_mode")
def teaching_mode(mode: str) -> str:
    """Return how a session is taught, in the reader's language."""
    return str(dict(TEACHING_WORDS)[mode])  # type: ignore[index]  # as above


def edge() -> dict[str, Any]:
    """Return what actions ask of the edge: the instant and the organisation's zone."""
    return {"now": now(), "zone": zone()}


def installation_id() -> str:
    """Return the name of this installation, which is part of every activity's uid."""
    return str(current_app.extensions["settings"].installation_id)
