"""What is remembered: tables, constraints, and the table of moves."""

from models.base import Base, Worked
from models.claims import Claim, Document, Field, Finding, Packet, Page, PageReading
from models.decisions import (
    Approval,
    ApprovalItem,
    Decision,
    DecisionLine,
    DecisionReason,
    Entitlement,
    LimitCounter,
    Maker,
    Reservation,
)
from models.history import AuditEvent, StepRun
from models.letters import Letter
from models.membership import Coverage, CoverYear, Member, Unit
from models.payments import Batch, Payment, PaymentFile, ReplyFile
from models.people import Role, User

__all__ = [
    "Approval",
    "ApprovalItem",
    "AuditEvent",
    "Base",
    "Batch",
    "Claim",
    "CoverYear",
    "Coverage",
    "Decision",
    "DecisionLine",
    "DecisionReason",
    "Document",
    "Entitlement",
    "Field",
    "Finding",
    "Letter",
    "LimitCounter",
    "Maker",
    "Member",
    "Packet",
    "Page",
    "PageReading",
    "Payment",
    "PaymentFile",
    "ReplyFile",
    "Reservation",
    "Role",
    "StepRun",
    "Unit",
    "User",
    "Worked",
]
