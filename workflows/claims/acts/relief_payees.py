"""Who is paid second relief: the member as the claim before it was last paid, and what the
supervisor is told of that."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.reading.fields import FieldName
from language import _
from models import AuditEvent, Claim, Payment, Relief, User
from models.states import PaymentState
from workflows.claims.sums.payees import PAYEE_FIELDS
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import payee_of, values_of


def payee_of_relief(session: Session, office: Office, after: Claim) -> dict[FieldName, str]:
    """The payee to whom the last payment of the claim arrived; where none went to the member's
    card, the payee as the claim has it.

    A card that was keyed since has not been paid to: it is keyed anew on the claim of the relief.
    """
    paid = _last_arrived(session, after.id)
    if paid is None:
        values = values_of(office.keys, after)
        return {name: values[name] for name in PAYEE_FIELDS if values.get(name)}
    payee = payee_of(office.keys, paid)
    told = dict(zip(PAYEE_FIELDS, (payee.name, payee.account, payee.bank_name), strict=True))
    return {name: value for name, value in told.items() if value}


def followed_claims(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[int]]:
    """By claim, those of these claims that pay relief after it."""
    rows = session.execute(
        select(Relief.after_claim_id, Relief.claim_id).where(any_of(Relief.claim_id, claim_ids))
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for after_id, claim_id in rows:
        if claim_id is not None:
            found[after_id].append(claim_id)
    return found


def notes_of_relief_payees(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Of each of these claims that pays relief: that no money has arrived at its card yet, or that
    people keyed another payee on the claim before since."""
    notes: defaultdict[int, list[str]] = defaultdict(list)
    for after_id, relieving in followed_claims(session, claim_ids).items():
        paid = _last_arrived(session, after_id)
        if paid is None:
            said = [_("原案件没有款项到过本人的卡，收款卡未经到账核实")]
        else:
            said = [
                _("原案件到账之后%(name)s更改过收款信息；救助仍付给最后到账的卡") % {"name": name}
                for name in _changed_since(session, paid)
            ]
        for claim_id in relieving:
            notes[claim_id] += said
    return notes


def _last_arrived(session: Session, claim_id: int) -> Payment | None:
    arrived = select(Payment).where(
        Payment.claim_id == claim_id,
        Payment.heir_id.is_(None),
        Payment.state == PaymentState.CREDITED,
    )
    return session.scalar(arrived.order_by(Payment.result_at.desc(), Payment.id.desc()).limit(1))


def _changed_since(session: Session, paid: Payment) -> list[str]:
    """Who keyed another payee on the claim after this payment arrived."""
    changed = (
        select(User.name)
        .join(AuditEvent, AuditEvent.actor_id == User.id)
        .where(
            AuditEvent.subject == Claim.__tablename__,
            AuditEvent.subject_id == paid.claim_id,
            AuditEvent.verb == "correct",
            AuditEvent.detail["field"].as_string().in_(PAYEE_FIELDS),
            AuditEvent.detail["changed"].as_boolean(),
            AuditEvent.at >= paid.result_at,
        )
    )
    return list(session.scalars(changed.distinct().order_by(User.name)))
