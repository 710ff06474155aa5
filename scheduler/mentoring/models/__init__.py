"""Programmes, pairings and guidance records."""

from scheduler.mentoring.models.following import ConfirmationLink, GuidanceDraft, MonthLock
from scheduler.mentoring.models.pairings import Pairing, PairingEvent, PairingPause
from scheduler.mentoring.models.programmes import ContentArea, EndReason, GuidanceMode, Programme
from scheduler.mentoring.models.records import GuidanceArea, GuidanceRecord

__all__ = [
    "ConfirmationLink",
    "ContentArea",
    "EndReason",
    "GuidanceArea",
    "GuidanceDraft",
    "GuidanceMode",
    "GuidanceRecord",
    "MonthLock",
    "Pairing",
    "PairingEvent",
    "PairingPause",
    "Programme",
]
