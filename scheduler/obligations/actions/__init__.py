"""Settling what is owed, waiving it, reminding of it."""

from scheduler.obligations.actions.obligations import begin_usual, end, resume, revise, settle
from scheduler.obligations.actions.reminders import remind
from scheduler.obligations.actions.waivers import lift, waive

__all__ = ["begin_usual", "end", "lift", "remind", "resume", "revise", "settle", "waive"]
