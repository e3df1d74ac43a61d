"""Payout (拨付): payments are queued, frozen into a batch, written to a file and released."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banking import formats
from banking.batch import Payer, PaymentBatch, PaymentLine
from banking.formats import BankFile
from documents.letters.contents import LetterKind
from documents.reading.fields import FieldName
from language import _
from models import Batch, Claim, Heir, Member, Payment, PaymentFile, User
from models.states import CLAIM, UNDER_WAY_STATES, BatchState, PaymentState
from rules.errors import Refused
from rules.money import Fen
from workflows.claims import occasions
from workflows.claims.adjudication import reverse
from workflows.claims.balances import balances
from workflows.claims.deaths import known_dead
from workflows.claims.letters import want_letters
from workflows.claims.payees import (
    PAYEE_FIELDS,
    Payee,
    orphaned,
    payee_from_heir,
    payee_of,
    seal_payee,
    still_owed,
)
from workflows.claims.revision import resume_revision
from workflows.engine.moves import advance, start, start_all
from workflows.engine.office import Office
from workflows.engine.rows import any_of, with_its
from workflows.people.rights import Act, require
from workflows.personal import values_by_claim

PURPOSE = "职工互助金"

READS = (
    with_its(Claim.rights),
    with_its(Claim.payments),
    with_its(Claim.letters),
    with_its(Claim.heirs),
)


def prepare_payment(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Queue what each right still owes, to the member's own card as approved, or to his heirs.

    Where the bank sent one of several payments back, the others go on and only that one is made
    again. Of a revised claim only the difference is owed, or nothing at all. A member who is known
    to have died is never paid: without heirs who stand, the claim goes back to be judged again.
    """
    dead = known_dead(session, [claim.member_id for claim in claims])
    without_heirs = orphaned(claims, dead)
    for claim in without_heirs:
        resume_revision(session, claim)
        reverse(session, claim, office)
        advance(session, claim, "refer", office)
    claims = [claim for claim in claims if claim not in without_heirs]
    ids = [claim.id for claim in claims]
    values = values_by_claim(session, office.keys, ids, *PAYEE_FIELDS)
    due = {balance.right_id: balance.due for balance in balances(session, ids)}
    payments = {
        claim: _payments(
            office, claim, values[claim.id], claim.heirs if claim.member_id in dead else [None], due
        )
        for claim in claims
    }
    queued = [payment for each in payments.values() for payment in each]
    start_all(session, Payment, queued, "queue", office, tells=("reference",))
    for claim, own in payments.items():
        session.expire(claim, ["payments"])
        references = "、".join(payment["reference"] for payment in own)
        verb = "prepare_payment" if own else "owe_nothing"
        advance(session, claim, verb, office, reference=references)
    decided = {claim: claim.rights[0].decision_id for claim in claims}
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
    queued: Sequence[dict[str, Any]],
) -> None:
    """Ask for a letter to each heir who is paid now."""
    for heir_id in dict.fromkeys(payment["heir_id"] for payment in queued):
        occasion = {claim: occasions.of_heir(decision_id, heir_id)}
        want_letters(session, office, LetterKind.HEIR_NOTICE, occasion)


def _payments(
    office: Office,
    claim: Claim,
    values: Mapping[str, str],
    payees: Sequence[Heir | None],
    due: Mapping[int, Fen],
) -> list[dict[str, Any]]:
    rights = [
        (right, each)
        for right in claim.rights
        for each in still_owed(claim, right, payees, due[right.id])
    ]
    made = []
    for number, (right, owed) in enumerate(rights, len(claim.payments) + 1):
        reference = f"{claim.number}-{number}"
        payee = _payee(office, owed.heir, values)
        made.append(
            {
                "reference": reference,
                "entitlement_id": right.id,
                "heir_id": owed.heir.id if owed.heir else None,
                "round": owed.round,
                "claim_id": claim.id,
                "amount": owed.amount,
                "payee": seal_payee(office.keys, reference, payee),
                "queued_at": office.clock(),
            }
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


def freeze(session: Session, office: Office, person: User) -> Batch:
    """Put every queued payment into one batch whose rows, sum and digest never change again.

    What was queued for a member who has died since is left where it is.
    """
    require(person, Act.PAY)
    queued = list(
        session.scalars(
            select(Payment)
            .where(Payment.state == PaymentState.QUEUED)
            .order_by(Payment.id)
            .with_for_update(skip_locked=True)
        )
    )
    held = _to_the_dead(session, queued)
    payments = [payment for payment in queued if payment not in held]
    if held and not payments:
        raise Refused(_told_of(held))
    if not payments:
        raise Refused(_("没有待组批的付款"))
    today = office.today()
    batch = Batch(
        number=_next_number(session, office),
        execute_on=today,
        count=len(payments),
        sum=Fen(sum(payment.amount for payment in payments)),
        digest="",
        frozen_by=person.id,
        frozen_at=office.clock(),
    )
    batch.digest = batch_of(office, batch, payments).digest()
    start(session, batch, "freeze", office, person, count=batch.count, sum=batch.sum)
    for payment in payments:
        payment.batch_id = batch.id
        advance(session, payment, "freeze", office, person, batch=batch.number)
    session.flush()
    return batch


def discard(session: Session, office: Office, person: User, batch: Batch) -> None:
    """Undo a batch that has not been released: its payments wait again."""
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    advance(session, batch, "discard", office, person)
    for payment in payments:
        payment.batch_id = None
        advance(session, payment, "thaw", office, person, batch=batch.number)


def release(session: Session, office: Office, person: User, batch: Batch) -> None:
    """Let the batch go to the bank; from now on its payments are sent until the bank answers."""
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    if person.id == batch.frozen_by:
        raise Refused(_("组批人不能放行同一批次，须由第二人放行"))
    if batch.state == BatchState.FROZEN:
        _as_frozen(office, batch, payments)
    batch.released_by, batch.released_at = person.id, office.clock()
    advance(session, batch, "release", office, person, sum=batch.sum)
    for payment in payments:
        advance(session, payment, "send", office, person)
        claim = session.get_one(
            Claim, payment.claim_id, with_for_update=True, populate_existing=True
        )
        # The first of several payments sends the claim.
        if CLAIM.move("send", claim.state):
            advance(session, claim, "send", office, person, batch=batch.number)
    # Last, since adjudication locks claims before members. From here on no death becomes known
    # before this transaction ends.
    ids = [payment.claim_id for payment in payments]
    members = select(Claim.member_id).where(any_of(Claim.id, ids))
    locked = select(Member.id).where(Member.id.in_(members)).order_by(Member.id)
    session.execute(locked.with_for_update(read=True)).all()
    if held := _to_the_dead(session, payments):
        raise Refused(_told_of(held))


def _to_the_dead(session: Session, payments: Sequence[Payment]) -> list[Payment]:
    """Those of these payments that go to members known to have died, and not to their heirs."""
    own = [payment for payment in payments if payment.heir_id is None]
    ids = [payment.claim_id for payment in own]
    rows = session.execute(select(Claim.id, Claim.member_id).where(any_of(Claim.id, ids)))
    member_of = dict(rows.all())
    dead = known_dead(session, set(member_of.values()))
    return [payment for payment in own if member_of[payment.claim_id] in dead]


def _told_of(held: Sequence[Payment]) -> str:
    references = "、".join(payment.reference for payment in held)
    return _("会员已身故，付款 %(references)s 不能付给本人，请作废批次并退回案件") % {
        "references": references
    }


def write_file(session: Session, office: Office, batch: Batch, format_code: str) -> BankFile:
    """The batch's file in this format: a pure function of the batch, or Refused if it is not."""
    payments = lock_batch(session, batch)
    if batch.state == BatchState.DISCARDED:
        raise Refused(_("批次 %(number)s 已经作废") % {"number": batch.number})
    file = formats.write(format_code, _as_frozen(office, batch, payments))
    sha256 = office.store.put(file.content)
    known = session.get(PaymentFile, (batch.id, format_code))
    if known is None:
        made = PaymentFile(
            batch_id=batch.id,
            format=format_code,
            name=file.name,
            sha256=sha256,
            made_at=office.clock(),
        )
        session.add(made)
    elif known.sha256 != sha256:
        raise Refused(_("批次 %(number)s 已有另一份不同的文件") % {"number": batch.number})
    return file


def save_file(office: Office, batch: Batch, file: BankFile) -> Path:
    """Lay the file where the cashier takes it from, readable by its owner alone."""
    folder = office.settings.out_folder / batch.number
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file.name
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(file.content)
    return path


def batch_of(office: Office, batch: Batch, payments: list[Payment]) -> PaymentBatch:
    """The batch as the banking layer knows it."""
    settings = office.settings
    return PaymentBatch(
        number=batch.number,
        created_at=batch.frozen_at,
        execute_on=batch.execute_on,
        payer=Payer(
            settings.payer_name,
            settings.payer_account,
            settings.payer_bank,
            settings.payer_cnaps or None,
        ),
        payments=tuple(_line(office, payment) for payment in payments),
    )


def _line(office: Office, payment: Payment) -> PaymentLine:
    payee = payee_of(office.keys, payment)
    return PaymentLine(
        reference=payment.reference,
        name=payee.name,
        account=payee.account,
        bank_name=payee.bank_name,
        cnaps=None,
        amount=payment.amount,
        purpose=PURPOSE,
    )


def lock_batch(session: Session, batch: Batch) -> list[Payment]:
    """The batch and its payments as they are now, locked until the end of the transaction."""
    session.refresh(batch, with_for_update=True)
    rows = select(Payment).where(Payment.batch_id == batch.id).order_by(Payment.id)
    fresh = rows.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def _as_frozen(office: Office, batch: Batch, payments: list[Payment]) -> PaymentBatch:
    """The content of the batch; Refused if a row is not what it was when the batch was frozen."""
    content = batch_of(office, batch, payments)
    if content.digest() != batch.digest:
        raise Refused(_("批次 %(number)s 的内容与组批时不符") % {"number": batch.number})
    return content


def _next_number(session: Session, office: Office) -> str:
    # Two cashiers who freeze at once must not be given the same number.
    session.execute(select(func.pg_advisory_xact_lock(7243)))
    day = f"B{office.today():%Y%m%d}"
    used = session.scalar(select(func.count()).where(Batch.number.startswith(day))) or 0
    return f"{day}-{used + 1:02d}"
