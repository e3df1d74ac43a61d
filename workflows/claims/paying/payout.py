"""Payout (拨付): what the rights of a claim still owe is queued, or taken back before it leaves."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from documents.letters.contents import LetterKind
from documents.reading.fields import FieldName
from language import _
from models import Claim, Heir, Payment, User
from models.states import UNDER_WAY_STATES, PaymentState
from rules.errors import Refused
from rules.money import Fen
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import resume_revision
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.sums.dues import Dues, dues_of
from workflows.claims.sums.granted_in_books import book_taken_back
from workflows.claims.sums.payees import PAYEE_FIELDS, orphaned, payee_from_heir
from workflows.engine.moves import advance, start_all
from workflows.engine.office import Office
from workflows.engine.rows import NewWorked
from workflows.known_deaths import known_dead
from workflows.sealed_values.claims import Payee, seal_payee, values_by_claim

READS = (
    (Claim.rights,),
    (Claim.payments,),
    (Claim.letters,),
    (Claim.heirs,),
)


@dataclass(frozen=True)
class NewPayment(NewWorked):
    """A payment to queue; `heir_id` is None where the member himself is paid."""

    table = Payment

    reference: str
    entitlement_id: int
    decision_id: int
    heir_id: int | None
    round: int
    claim_id: int
    amount: Fen
    payee: bytes
    card_print: bytes
    queued_at: datetime


def prepare_payment(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Queue what each right still owes, to the member's own card as approved, or to his heirs.

    Where the bank sent one of several payments back, the others go on and only that one is made
    again. Of a revised claim only the difference is owed, or nothing at all. A member who is known
    to have died is never paid: without heirs who stand, the claim goes back to be judged again.
    """
    dead = known_dead(session, [claim.member_id for claim in claims])
    without_heirs = orphaned(claims, dead)
    _refer(session, office, without_heirs)
    claims = [claim for claim in claims if claim not in without_heirs]
    ids = [claim.id for claim in claims]
    values = values_by_claim(session, office.keys, ids, *PAYEE_FIELDS)
    dues: dict[int, list[Dues]] = {id_: [] for id_ in ids}
    for each in dues_of(session, claims, dead):
        dues[each.balance.claim_id].append(each)
    payments = {
        claim: _payments(office, claim, values[claim.id], dues[claim.id]) for claim in claims
    }
    queued = [payment for each in payments.values() for payment in each]
    start_all(session, queued, "queue", office, tells=("reference",))
    for claim, own in payments.items():
        session.expire(claim, ["payments"])
        references = "、".join(payment.reference for payment in own)
        verb = "prepare_payment" if own else "owe_nothing"
        advance(session, claim, verb, office, reference=references)
    _tell(session, office, payments, dead)


def _refer(session: Session, office: Office, claims: Sequence[Claim]) -> None:
    """Send these claims back to be judged again."""
    for claim in claims:
        resume_revision(session, claim)
        reverse(session, claim, office)
        book_taken_back(session, office, None, claim)
        advance(session, claim, "refer", office)


def _tell(
    session: Session,
    office: Office,
    payments: Mapping[Claim, Sequence[NewPayment]],
    dead: Set[int],
) -> None:
    """Ask for the letters about what is paid now: to the member, or to each heir."""
    decided = {claim: claim.rights[0].decision_id for claim in payments}
    living = {
        claim: occasions.of_decision(decision_id)
        for claim, decision_id in decided.items()
        if claim.member_id not in dead
    }
    want_letters(session, office, LetterKind.PAYMENT_NOTICE, living)
    for claim in decided.keys() - living.keys():
        _write_to_heirs(session, office, claim, decided[claim], payments[claim])


def _write_to_heirs(
    session: Session,
    office: Office,
    claim: Claim,
    decision_id: int,
    queued: Sequence[NewPayment],
) -> None:
    """Ask for a letter to each heir who is paid now."""
    paid = (payment.heir_id for payment in queued if payment.heir_id is not None)
    for heir_id in dict.fromkeys(paid):
        occasion = {claim: occasions.of_heir(decision_id, heir_id)}
        want_letters(session, office, LetterKind.HEIR_NOTICE, occasion)


def _payments(
    office: Office,
    claim: Claim,
    values: Mapping[str, str],
    dues: Sequence[Dues],
) -> list[NewPayment]:
    decided = {right.id: right.decision_id for right in claim.rights}
    owed_of = [(each.balance.right_id, owed) for each in dues for owed in each.still_owed()]
    made = []
    for number, (right_id, owed) in enumerate(owed_of, len(claim.payments) + 1):
        reference = f"{claim.number}-{number}"
        payee = _payee(office, owed.heir, values)
        made.append(
            NewPayment(
                reference,
                right_id,
                decided[right_id],
                owed.heir.id if owed.heir else None,
                owed.round,
                claim.id,
                owed.amount,
                seal_payee(office.keys, reference, payee),
                office.keys.fingerprint(payee.account),
                office.clock(),
            )
        )
    return made


def _payee(office: Office, heir: Heir | None, values: Mapping[str, str]) -> Payee:
    if heir:
        return payee_from_heir(office.keys, heir)
    return Payee(
        name=values[FieldName.MEMBER_NAME],
        account=values[FieldName.BANK_CARD_NUMBER],
        bank_name=values.get(FieldName.BANK_NAME, ""),
    )


def cancel_queued(session: Session, claim: Claim, office: Office, person: User) -> None:
    """Take the claim's queued payments back; Refused once one of them is in a batch."""
    # What has arrived is for `reverse` to judge: a revision leaves it as it is.
    live = select(Payment).where(Payment.claim_id == claim.id, Payment.state.in_(UNDER_WAY_STATES))
    apart = aliased(Payment)
    is_split = live.join(
        apart,
        (apart.entitlement_id == Payment.entitlement_id)
        & (apart.round == Payment.round)
        & (apart.state == PaymentState.SET_OFF),
    )
    if session.scalar(is_split.limit(1)) is not None:
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 的给付已有抵扣，须先取消抵扣才能退回") % words)
    count = len(session.scalars(live).all())
    # A locked row is skipped: the session that holds it is freezing or sending it, so it is too
    # late to take it back; and sending asks next for the claim that we hold, so that waiting for
    # it would be a deadlock.
    queued = live.where(Payment.state == PaymentState.QUEUED).with_for_update(skip_locked=True)
    payments = session.scalars(queued.execution_options(populate_existing=True)).all()
    if len(payments) < count:
        raise Refused(_("案件 %(number)s 的付款已经组批，不能退回") % {"number": claim.number})
    for payment in payments:
        advance(session, payment, "cancel", office, person)
