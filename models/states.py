"""The states of every kind of row, by the words that the database keeps."""

from enum import StrEnum


class PacketState(StrEnum):
    NOTICED = "noticed"
    SETTLED = "settled"
    STORED = "stored"
    AWAY = "away"
    GONE = "gone"
    LEFT = "left"


class ClaimState(StrEnum):
    RECEIVED = "received"
    READ = "read"
    INCOMPLETE = "incomplete"
    IN_QUESTION = "in_question"
    COMPLETE = "complete"
    REFERRED = "referred"
    PROPOSED = "proposed"
    APPROVED = "approved"
    PAYABLE = "payable"
    SENT = "sent"
    PAID = "paid"
    RETURNED = "returned"
    NEW_PAPERS = "new_papers"
    DENIED = "denied"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    WRITTEN_TO_FUND = "written_to_fund"


class LetterState(StrEnum):
    WANTED = "wanted"
    WRITTEN = "written"


class PaymentState(StrEnum):
    QUEUED = "queued"
    FROZEN = "frozen"
    SENT = "sent"
    UNKNOWN = "unknown"
    CREDITED = "credited"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    SET_OFF = "set_off"


class BatchState(StrEnum):
    FROZEN = "frozen"
    RELEASED = "released"
    DISCARDED = "discarded"


class EnrolmentState(StrEnum):
    CHECKED = "checked"
    COPIED = "copied"
    SHORT = "short"
    ACCEPTED = "accepted"
    UNPAID = "unpaid"
    BACKDATED = "backdated"
    FUNDED = "funded"
    COVERED = "covered"
    WITHDRAWN = "withdrawn"


class EnrolmentKind(StrEnum):
    FIRST = "first"
    RENEWAL = "renewal"
    ADDITION = "addition"


class FeePayer(StrEnum):
    """Who pays: the unit, for itself and its members, or the provincial-organs union."""

    UNIT = "unit"
    SUBSIDY = "subsidy"


class ReceiptKind(StrEnum):
    RECEIPT = "receipt"
    REFUND = "refund"
    REVERSAL = "reversal"


class RenewalState(StrEnum):
    HELD = "held"
    WANTED = "wanted"
    WRITTEN = "written"
    SENT = "sent"
    POSTED = "posted"
    OVERTAKEN = "overtaken"
    STOPPED = "stopped"


class ReliefState(StrEnum):
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ObjectionState(StrEnum):
    REGISTERED = "registered"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class RevisionCause(StrEnum):
    """Why a decided claim goes its way again."""

    OBJECTION = "objection"
    PAPERS = "papers"
    MISTAKE = "mistake"


class ReceiptOf(StrEnum):
    """How a sum asked back came in: to the bank account, or set off against a later benefit."""

    TRANSFER = "transfer"
    SET_OFF = "set_off"


class RecoveryState(StrEnum):
    OPEN = "open"
    REPAID = "repaid"
    WRITTEN_OFF = "written_off"
    CALLED_OFF = "called_off"


# Enrolled, and cover has not begun: the lines say whose cover is on its way.
ENROLLED_NOT_COVERED = (EnrolmentState.UNPAID, EnrolmentState.BACKDATED, EnrolmentState.FUNDED)
# What the bank has been given and has not answered; of what is unknown it may have taken the file.
AT_THE_BANK_STATES = (PaymentState.SENT, PaymentState.UNKNOWN)
UNDER_WAY_STATES = (PaymentState.QUEUED, PaymentState.FROZEN, *AT_THE_BANK_STATES)
# Money that goes through the bank; a right has one such payment for each payee and round.
TRANSFER_STATES = (*UNDER_WAY_STATES, PaymentState.CREDITED)
# What counts as paid; a set-off does, without a transfer.
LIVE_PAYMENT_STATES = (*TRANSFER_STATES, PaymentState.SET_OFF)
ARRIVED_STATES = (PaymentState.CREDITED, PaymentState.SET_OFF)

CLAIM_AT_REST_STATES = (
    ClaimState.PAID,
    ClaimState.DENIED,
    ClaimState.WITHDRAWN,
    ClaimState.JOINED,
    ClaimState.WRITTEN_TO_FUND,
)
"""Where a claim ends, unless people open it again."""
