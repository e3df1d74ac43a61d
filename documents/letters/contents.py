"""The contents of each letter; the templates in templates/letters give the wording."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from language import N_
from rules.money import Fen


class LetterKind(StrEnum):
    """The letters; the value names the template's folder."""

    RECEIPT = "receipt"
    SUPPLEMENT_NOTICE = "supplement_notice"
    PAYMENT_NOTICE = "payment_notice"
    HEIR_NOTICE = "heir_notice"
    RETURN_NOTICE = "return_notice"
    DENIAL_NOTICE = "denial_notice"
    OBJECTION_ANSWER = "objection_answer"
    OBJECTION_WITHDRAWN = "objection_withdrawn"
    RECOVERY_NOTICE = "recovery_notice"
    INSTALMENT_NOTICE = "instalment_notice"
    RENEWAL_NOTICE = "renewal_notice"
    COVER_CONFIRMATION = "cover_confirmation"
    SUBSIDY_STATEMENT = "subsidy_statement"


LETTER_NAMES = {
    LetterKind.RECEIPT: N_("受理回执"),
    LetterKind.SUPPLEMENT_NOTICE: N_("补件通知书"),
    LetterKind.PAYMENT_NOTICE: N_("给付通知书"),
    LetterKind.HEIR_NOTICE: N_("给付通知书（继承人）"),
    LetterKind.RETURN_NOTICE: N_("打款失败通知书"),
    LetterKind.DENIAL_NOTICE: N_("不予给付通知书"),
    LetterKind.OBJECTION_ANSWER: N_("异议答复"),
    LetterKind.OBJECTION_WITHDRAWN: N_("异议撤回通知"),
    LetterKind.RECOVERY_NOTICE: N_("追回通知"),
    LetterKind.INSTALMENT_NOTICE: N_("分期退回通知"),
    LetterKind.RENEWAL_NOTICE: N_("续保通知"),
    LetterKind.COVER_CONFIRMATION: N_("参保确认书"),
    LetterKind.SUBSIDY_STATEMENT: N_("补助结算单"),
}


@dataclass(frozen=True)
class Sender:
    """The office that writes, and the line that says how it can be reached."""

    name: str
    contact: str


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What every paper of the office contains."""

    kind: ClassVar[LetterKind]
    office: Sender
    number: str
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class ClaimLetter(Issued):
    """What every letter about a claim contains."""

    claim_number: str
    received_on: date
    member_name: str
    id_masked: str | None
    """None when no ID number is known."""
    unit_name: str | None
    """None when the claimant's unit is not known."""
    greeting: str | None = None
    """Who is written to; None when it is the member himself."""


@dataclass(frozen=True)
class DecidedPart:
    """One event under one plan, as a letter names it."""

    plan_name: str
    plan_cited: str | None
    """The document that the plan is from; None where it is not from a numbered one."""
    cover_from: date | None
    """None, like `cover_to`, when there was no cover."""
    cover_to: date | None
    event: str


@dataclass(frozen=True)
class SumLine:
    """One step of the sum; the amounts of all steps add up to the total."""

    text: str
    article: str
    amount: Fen


@dataclass(frozen=True)
class Note:
    """Why an amount was cut, capped or raised."""

    text: str
    article: str


@dataclass(frozen=True)
class Ground:
    """One reason of a denial: the article, the words quoted from it, the facts found."""

    article: str
    facts: str
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentNotice(ClaimLetter):
    """给付通知书: what is paid, how it was worked out, and to which card."""

    kind = LetterKind.PAYMENT_NOTICE
    parts: tuple[DecidedPart, ...]
    lines: tuple[SumLine, ...]
    notes: tuple[Note, ...]
    grounds: tuple[Ground, ...] = ()
    """Why parts of the claim are not paid; empty where each part is."""
    total: Fen
    payee_name: str
    bank_name: str
    card_masked: str
    paid_out: Fen | None = None
    """What goes to the card where a part was set off; None where nothing was."""
    topped_up: Fen | None = None
    """What goes to the card where something was paid before; None where nothing was."""
    object_by: date


@dataclass(frozen=True, kw_only=True)
class HeirNotice(ClaimLetter):
    """给付通知书（继承人）: what is paid after a member's death, and the share of one heir."""

    kind = LetterKind.HEIR_NOTICE
    parts: tuple[DecidedPart, ...]
    lines: tuple[SumLine, ...]
    notes: tuple[Note, ...]
    grounds: tuple[Ground, ...] = ()
    """As in the payment notice."""
    total: Fen
    heir_name: str
    share: str
    amount: Fen
    had_before: Fen | None = None
    """What the heir was paid before, less what is asked back of him; None where it was nothing."""
    bank_name: str
    card_masked: str
    object_by: date


@dataclass(frozen=True)
class ReturnedPayment:
    """One payment that the bank sent back: to which card, and why in plain words."""

    payee_name: str
    bank_name: str
    card_masked: str
    amount: Fen
    why: str


@dataclass(frozen=True, kw_only=True)
class ReturnNotice(ClaimLetter):
    """打款失败通知书: what the bank sent back, why, and what to bring to be paid again."""

    kind = LetterKind.RETURN_NOTICE
    payments: tuple[ReturnedPayment, ...]
    total: Fen
    bring: tuple[str, ...]
    """Empty when the member need not bring anything."""


@dataclass(frozen=True, kw_only=True)
class DenialNotice(ClaimLetter):
    """不予给付通知书: why nothing is paid, and how and by when to object."""

    kind = LetterKind.DENIAL_NOTICE
    parts: tuple[DecidedPart, ...]
    grounds: tuple[Ground, ...]
    object_by: date


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswer(ClaimLetter):
    """异议答复: whether the objection was upheld, why, and what happens now."""

    kind = LetterKind.OBJECTION_ANSWER
    objector: str
    objection_number: str
    made_on: date
    letter_on: date
    is_upheld: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class ObjectionWithdrawn(ClaimLetter):
    """异议撤回通知: the objector took the objection back, and the decision stays."""

    kind = LetterKind.OBJECTION_WITHDRAWN
    objector: str
    objection_number: str
    made_on: date
    letter_on: date
    withdrawn_on: date
    """The day of his writing."""
    object_by: date
    """The last day on which he may object again."""


@dataclass(frozen=True, kw_only=True)
class RecoveryNotice(ClaimLetter):
    """追回通知: how much is asked back, why, by when, to which account, how to object."""

    kind = LetterKind.RECOVERY_NOTICE
    recovery_number: str
    share: str | None = None
    """The share of the heir who is written to; None when the member was paid."""
    part: DecidedPart
    paid: Fen
    granted: Fen
    amount: Fen
    reasons: tuple[str, ...]
    due_on: date
    account_holder: str
    account: str
    bank_name: str
    object_by: date


@dataclass(frozen=True)
class AgreedInstalment:
    """A day, itself included, by which this sum was agreed to come in."""

    due_on: date
    amount: Fen


@dataclass(frozen=True, kw_only=True)
class InstalmentNotice(ClaimLetter):
    """分期退回通知: by which days how much of what is asked back is to come in, and whereto."""

    kind = LetterKind.INSTALMENT_NOTICE
    recovery_number: str
    part: DecidedPart
    amount: Fen
    """All instalments together: what was open when they were agreed."""
    instalments: tuple[AgreedInstalment, ...]
    account_holder: str
    account: str
    bank_name: str


@dataclass(frozen=True)
class WantedPaper:
    """One paper to be handed in, and why."""

    paper: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SupplementNotice(ClaimLetter):
    """补件通知书: exactly what is missing, why, and by when it is wanted."""

    kind = LetterKind.SUPPLEMENT_NOTICE
    items: tuple[WantedPaper, ...]
    hand_in_by: date


@dataclass(frozen=True)
class ReceivedPaper:
    """One file that came in, under the name it came with."""

    name: str
    pages: int


@dataclass(frozen=True, kw_only=True)
class Receipt(ClaimLetter):
    """受理回执: what came in, when, and what happens next.

    It is written before the papers are read, so its words use neither name nor unit of the member.
    """

    kind = LetterKind.RECEIPT
    handed_in_by: str | None
    """The unit whose clerk sent the papers; None if they came another way."""
    papers: tuple[ReceivedPaper, ...]
