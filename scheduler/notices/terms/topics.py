"""What notices are about: kinds, as the code posts them, in groups that people can choose by."""

from enum import StrEnum

from scheduler.core.errors import lazy


class Topic(StrEnum):
    """A group of kinds of notices."""

    WAITING = "waiting"
    """Something waits for the reader's own word."""
    SCHEDULE = "schedule"
    """What the reader is expected at, or teaches, is moved or cancelled."""
    CLASSES = "classes"
    PAIRINGS = "pairings"
    ANSWERS = "answers"
    REMINDERS = "reminders"
    """What the reader, or somebody looked after, still owes."""
    DAILY = "daily"
    OTHER = "other"
    """Kinds that no topic names: they are told, and cannot be muted."""


KINDS = {
    "activity": Topic.SCHEDULE,
    "class_published": Topic.CLASSES,
    "class_cancelled": Topic.CLASSES,
    "guidance_filed": Topic.WAITING,
    "guidance_disputed": Topic.WAITING,
    "guidance_confirmed": Topic.ANSWERS,
    "pairing_proposed": Topic.WAITING,
    "pairing_began": Topic.PAIRINGS,
    "pairing_paused": Topic.PAIRINGS,
    "pairing_resumed": Topic.PAIRINGS,
    "pairing_ended": Topic.PAIRINGS,
    "duty_reminder": Topic.REMINDERS,
    "retraining_proposed": Topic.WAITING,
    "retraining_confirmed": Topic.SCHEDULE,
    "quiz_escalated": Topic.WAITING,
    "quiz_not_made": Topic.WAITING,
    "daily_question": Topic.DAILY,
    "daily_group": Topic.DAILY,
}
"""The topic of each kind that is posted."""

NAMES = {
    Topic.WAITING: lazy("What waits for your answer"),
    Topic.SCHEDULE: lazy("Changes of what you are expected at"),
    Topic.CLASSES: lazy("News of study classes"),
    Topic.PAIRINGS: lazy("News of your pairings"),
    Topic.ANSWERS: lazy("Guidance that was confirmed"),
    Topic.REMINDERS: lazy("Reminders of what is owed"),
    Topic.DAILY: lazy("A question a day"),
    Topic.OTHER: lazy("Everything else"),
}

EXPLAINED = {
    Topic.WAITING: lazy(
        "Guidance to confirm, a disputed record, a proposed pairing, a unit to train again. "
        "Cannot be muted: somebody waits for you."
    ),
    Topic.SCHEDULE: lazy("Moved, cancelled or restored. Cannot be muted: you are expected there, or you teach."),
    Topic.CLASSES: lazy("A class is published, has new sessions, or is cancelled."),
    Topic.PAIRINGS: lazy("A pairing began, is suspended, goes on or has ended."),
    Topic.ANSWERS: lazy("Your mentee confirmed a record. A dispute is told in any case."),
    Topic.REMINDERS: lazy("What is still to be done in a month, week or year: one a week at most for each duty."),
    Topic.DAILY: lazy("The question of each working day, if you asked for one."),
    Topic.OTHER: lazy("What the office must be able to tell you. Cannot be muted."),
}

MUTABLE = frozenset({Topic.CLASSES, Topic.PAIRINGS, Topic.ANSWERS, Topic.REMINDERS, Topic.DAILY})
"""What people may mute. Mail may be switched off for every topic; the inbox then still has it."""


def topic_of(kind: str) -> Topic:
    """Return the topic of a kind of notice."""
    return KINDS.get(kind, Topic.OTHER)
