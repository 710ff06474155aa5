"""Programmes, pairings and guidance records."""

from scheduler.mentoring.models.attachments import AttachmentContent, GuidanceAttachment
from scheduler.mentoring.models.attainments import Attainment
from scheduler.mentoring.models.documents import DocumentForm
from scheduler.mentoring.models.following import ConfirmationLink, GuidanceDraft, MonthLock
from scheduler.mentoring.models.pairings import Pairing, PairingEvent, PairingPause
from scheduler.mentoring.models.programmes import ContentArea, EndReason, GuidanceMode, Programme
from scheduler.mentoring.models.records import GuidanceArea, GuidanceRecord

__all__ = [
    "AttachmentContent",
    "Attainment",
    "ConfirmationLink",
    "ContentArea",
    "DocumentForm",
    "EndReason",
    "GuidanceArea",
    "GuidanceAttachment",
    "GuidanceDraft",
    "GuidanceMode",
    "GuidanceRecord",
    "MonthLock",
    "Pairing",
    "PairingEvent",
    "PairingPause",
    "Programme",
]
