"""A promise that reads sealed payees: money goes only to cards that are known or confirmed."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from language import _
from models import Claim, Member, MemberCard, Payment
from rules.errors import HuzhuError
from workflows.engine.office import Office
from workflows.engine.sealed_column import ERASED
from workflows.sealed_values.claims import payee_of


def payees_are_confirmed(session: Session, office: Office) -> tuple[int, list[str]]:
    """Each payment goes to a card of the register, to one that was confirmed, or to an heir."""
    query = select(Payment, Claim.member_id).join(Claim).where(Payment.card_print.is_not(None))
    query = query.where(Payment.payee != ERASED)
    payments = session.execute(query.order_by(Payment.id).options(joinedload(Payment.heir)))
    known = _known_cards(session, office)
    checked, wrong = 0, []
    for payment, member_id in payments:
        checked += 1
        heir = payment.heir
        try:
            payee = payee_of(office.keys, payment)
        except HuzhuError:
            # That its batch cannot be made again is told by another promise.
            continue
        card = office.keys.fingerprint(payee.account)
        if heir is not None:
            is_known = bool(heir.confirmed_at) and heir.card_print in (None, card)
        else:
            own = known.get(member_id or 0, set())
            is_known = (office.keys.fingerprint(payee.name), card) in own
        if card != payment.card_print or not is_known:
            wrong.append(
                _("付款 %(reference)s 的收款账户没有经人确认") % {"reference": payment.reference}
            )
    session.expunge_all()
    return checked, wrong


def _known_cards(session: Session, office: Office) -> dict[int, set[tuple[bytes, bytes]]]:
    """By member, under which names and to which cards he may be paid, or might be earlier."""
    known: dict[int, set[tuple[bytes, bytes]]] = {}
    rows = session.execute(select(Member.id, Member.name, Member.card_print))
    names = {}
    for member_id, name, card in rows:
        names[member_id] = office.keys.fingerprint(name)
        known[member_id] = {(names[member_id], card)} if card else set()
    for row in session.scalars(select(MemberCard).where(MemberCard.confirmed_at.is_not(None))):
        known[row.member_id].add((row.name_print, row.card_print))
        if row.replaced_print:
            known[row.member_id].add((names[row.member_id], row.replaced_print))
    return known
