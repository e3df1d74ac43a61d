"""What the letter of a claim says where its payment was set off against what the member owes."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.letters.contents import Note
from language import _
from models import Claim, Decision, Recovery, RecoveryReceipt
from models.states import TRANSFER_STATES, PaymentState
from rules.money import Fen, yuan
from workflows.claims.sums.balances import paid_under
from workflows.engine.rows import any_of


def set_off(session: Session, claim: Claim, decision: Decision) -> Iterator[Note]:
    """What was due, what of it was set off against which recovery, and what is paid out."""
    paid_out = paid_out_beside_set_off(claim, decision)
    if paid_out is None:
        return
    own = {p.id: p for p in paid_under(claim, decision) if p.state == PaymentState.SET_OFF}
    rows = session.execute(
        select(Recovery.number, Claim.number, RecoveryReceipt.amount)
        .join(Recovery, Recovery.id == RecoveryReceipt.recovery_id)
        .join(Claim, Claim.id == Recovery.claim_id)
        .where(any_of(RecoveryReceipt.payment_id, own), RecoveryReceipt.undone_at.is_(None))
        .order_by(RecoveryReceipt.id)
    ).all()
    for recovery, former, amount in rows:
        words = {"sum": yuan(amount), "claim": former, "recovery": recovery}
        text = _("本次应付中的%(sum)s元，抵扣您因案件%(claim)s应退回的款项（追回编号%(recovery)s）")
        yield Note(text % words, "")
    off = Fen(sum(each.amount for each in own.values()))
    sums = {"due": yuan(Fen(off + paid_out)), "off": yuan(off), "paid": yuan(paid_out)}
    yield Note(_("本次应付%(due)s元，抵扣%(off)s元，实际划付%(paid)s元") % sums, "")


def paid_out_beside_set_off(claim: Claim, decision: Decision) -> Fen | None:
    """What goes through the bank where a part was set off; None where nothing was."""
    own = paid_under(claim, decision)
    if not any(each.state == PaymentState.SET_OFF for each in own):
        return None
    return Fen(sum(each.amount for each in own if each.state in TRANSFER_STATES))
