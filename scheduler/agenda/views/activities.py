"""The page of an activity: when, where, who, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _

from scheduler.agenda import queries
from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Activity
from scheduler.agenda.queries.pages import attendance_counts, names_in, own_standing
from scheduler.agenda.queries.rows import is_owned
from scheduler.agenda.terms import ActivityKind, AudienceKind
from scheduler.agenda.views.blueprint import blueprint
from scheduler.audit.models import AuditEntry
from scheduler.audit.queries import history
from scheduler.core.access import Actor
from scheduler.core.errors import lazy
from scheduler.core.pages import clock_time, day_in_words
from scheduler.core.web import database, requires, signed_in

KIND_MARKS = {
    ActivityKind.SESSION: "class",
    ActivityKind.LECTURE: "lecture",
    ActivityKind.FIELD: "field",
    ActivityKind.QUIZ: "quiz",
    ActivityKind.GUIDANCE: "guidance",
    ActivityKind.MEETING: "talk",
}
"""The hue and shape that the style sheet gives each kind."""

_VERBS = {
    "create": lazy("Created"),
    "move": lazy("Moved"),
    "edit": lazy("Changed"),
    "cancel": lazy("Cancelled"),
    "restore": lazy("Restored"),
    "publish": lazy("Published"),
}
_LABELS = {
    "title": lazy("Title"),
    "description": lazy("Description"),
    "venue_id": lazy("Venue"),
    "lecturer_ids": lazy("Taught by"),
    "starts_at": lazy("Begins"),
    "ends_at": lazy("Ends"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline."""

    when: datetime
    title: str
    by: str
    changes: list[tuple[str, str, str]]
    reason: str
    override_reason: str


@blueprint.get("/activities/<int:activity_id>")
@requires(AgendaPermission.READ)
def show_activity(activity_id: int) -> str:
    """Show an activity that the reader may see; to its planners also what they can do."""
    actor = signed_in()
    activity = queries.get_activity(database(), actor, activity_id)
    plans = actor.may(AgendaPermission.MANAGE, activity.host_unit.path)
    entries = history(database(), "activity", activity.id)
    standing = own_standing(database(), actor, activity)
    return render_template(
        "agenda/activity.html",
        activity=activity,
        kind=KIND_MARKS[activity.kind],
        plans=plans,
        owned=is_owned(activity),
        owner_url=_owner_url(actor, activity, is_expected=standing.attends is not None),
        counts=attendance_counts(database(), activity.id),
        standing=standing,
        moments=_moments(entries if plans else _announced(entries), with_names=plans),
    )


_OWNERS = {
    AudienceKind.STUDY_CLASS: ("classes.session_of", "classes.plan"),
    AudienceKind.SERIES: ("lectures.evening_of", "lectures.plan"),
}
"""For an audience whose activities another slice plans: the route that finds its page, and who may plan there."""


def _owner_url(actor: Actor, activity: Activity, *, is_expected: bool) -> str | None:
    if activity.kind is ActivityKind.QUIZ:
        open_to = is_expected or actor.may("quizzes.hold", activity.host_unit.path)
        return url_for("quizzes.sitting_of", activity_id=activity.id) if open_to else None
    endpoint, permission = _OWNERS.get(activity.audience.kind, ("", ""))
    if not endpoint or not actor.may(permission, activity.host_unit.path):
        return None
    return url_for(endpoint, activity_id=activity.id)


def _announced(entries: list[AuditEntry]) -> list[AuditEntry]:
    """Return the entries (newest first) without those from before a draft was published: they are for planners."""
    published = next((place for place, entry in enumerate(entries, 1) if entry.verb == "publish"), None)
    return entries[:published]


def _moments(entries: list[AuditEntry], *, with_names: bool) -> list[Moment]:
    venues, lecturers = names_in(database(), [entry.facts for entry in entries])
    return [
        Moment(
            entry.recorded_at,
            _(_VERBS[entry.verb]) if entry.verb in _VERBS else entry.verb,
            entry.actor_name if with_names else "",
            [
                (_(_LABELS[name]), _written(name, old, venues, lecturers), _written(name, new, venues, lecturers))
                for name, (old, new) in entry.facts.get("changed", {}).items()
                if name in _LABELS
            ],
            str(entry.facts.get("reason") or ""),
            str(entry.facts.get("override_reason") or "") if with_names else "",
        )
        for entry in entries
    ]


def _written(name: str, value: object, venues: dict[int, str], lecturers: dict[int, str]) -> str:
    if name in ("starts_at", "ends_at") and isinstance(value, str):
        instant = datetime.fromisoformat(value)
        return f"{day_in_words(instant)} {clock_time(instant)}"
    if name == "venue_id":
        return venues.get(value, "—") if isinstance(value, int) else "—"
    if name == "lecturer_ids" and isinstance(value, list):
        return "、".join(lecturers.get(key, "?") for key in value) or "—"
    return str(value) or "—"
