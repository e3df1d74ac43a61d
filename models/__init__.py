"""The tables, their constraints, and the tables of moves."""

from models.api_access import ApiAnswer, ApiToken
from models.audit_roots import AuditRoot
from models.bank_lists import BankBranch, BankList
from models.bank_words import BankWord, ReplyCase
from models.base import Base, Worked
from models.campaign import Activity, Milestone
from models.claims import Answer, Claim, Document, Field, Finding, Page
from models.decisions import (
    Approval,
    ApprovalItem,
    Decision,
    DecisionLine,
    DecisionPart,
    DecisionReason,
    Entitlement,
    LimitCounter,
    Maker,
    Reservation,
)
from models.detail_keys import DetailKey
from models.enrolment import (
    Enrolment,
    EnrolmentLine,
    FeeReceipt,
    IdCopy,
    IdCopyAnswer,
    RosterChange,
)
from models.heartbeats import Heartbeat
from models.heirs import Heir
from models.history import AuditEvent, Installation, StepRun
from models.key_canaries import KeyCanary
from models.key_rotations import KeyRotation
from models.ledger import (
    BookMonth,
    Books,
    DayProof,
    LedgerAccount,
    ManualVoucher,
    Posting,
    StatedBalance,
    Voucher,
)
from models.legal_holds import LegalHold
from models.letters import Letter
from models.membership import Coverage, CoverYear, KnownDeath, Member, MemberCard, Unit
from models.objections import Objection, Revision
from models.packets import Packet
from models.paying_accounts import PayingAccount
from models.payments import Batch, LateReturn, Payment, PaymentFile, ReplyFile
from models.people import FormerPassword, Role, User
from models.readings import ReadingReview, StoredReading
from models.recovery import Recovery, RecoveryInstalment, RecoveryReceipt
from models.relief import Relief
from models.renewal import Renewal, RenewalLook, RenewalPause
from models.row_stamps import RowStamp
from models.second_factors import RecoveryCode, SecondFactor, SecurityKey
from models.statements import BankStatement, StatementLine, StatementPayment, StatementReceipt
from models.taken_claims import TakenClaim
from models.unclaimed import UnclaimedSum
from models.web_sessions import LogInAttempt, WebSession

__all__ = [
    "Activity",
    "Answer",
    "ApiAnswer",
    "ApiToken",
    "Approval",
    "ApprovalItem",
    "AuditEvent",
    "AuditRoot",
    "BankBranch",
    "BankList",
    "BankStatement",
    "BankWord",
    "Base",
    "Batch",
    "BookMonth",
    "Books",
    "Claim",
    "CoverYear",
    "Coverage",
    "DayProof",
    "Decision",
    "DecisionLine",
    "DecisionPart",
    "DecisionReason",
    "DetailKey",
    "Document",
    "Enrolment",
    "EnrolmentLine",
    "Entitlement",
    "FeeReceipt",
    "Field",
    "Finding",
    "FormerPassword",
    "Heartbeat",
    "Heir",
    "IdCopy",
    "IdCopyAnswer",
    "Installation",
    "KeyCanary",
    "KeyRotation",
    "KnownDeath",
    "LateReturn",
    "LedgerAccount",
    "LegalHold",
    "Letter",
    "LimitCounter",
    "LogInAttempt",
    "Maker",
    "ManualVoucher",
    "Member",
    "MemberCard",
    "Milestone",
    "Objection",
    "Packet",
    "Page",
    "PayingAccount",
    "Payment",
    "PaymentFile",
    "Posting",
    "ReadingReview",
    "Recovery",
    "RecoveryCode",
    "RecoveryInstalment",
    "RecoveryReceipt",
    "Relief",
    "Renewal",
    "RenewalLook",
    "RenewalPause",
    "ReplyCase",
    "ReplyFile",
    "Reservation",
    "Revision",
    "Role",
    "RosterChange",
    "RowStamp",
    "SecondFactor",
    "SecurityKey",
    "StatedBalance",
    "StatementLine",
    "StatementPayment",
    "StatementReceipt",
    "StepRun",
    "StoredReading",
    "TakenClaim",
    "UnclaimedSum",
    "Unit",
    "User",
    "Voucher",
    "WebSession",
    "Worked",
]
