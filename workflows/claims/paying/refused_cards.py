"""What the bank sent back last of a claim, and what of it would go to the same card again."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.results import known_results
from documents.masks import mask_card, mask_numbers
from documents.reading.fields import FieldName
from language import _
from models import Claim, Document, Packet, Payment
from models.states import PaymentState
from workflows.claims.sums.payees import payee_of
from workflows.engine.office import Office
from workflows.sealed_values import heir_person, values_of


def returns_in_words(office: Office, claim: Claim) -> list[str]:
    """The last payment to each payee that came back: to whom, and the bank's reason."""
    return [_in_words(office, payment) for payment in _returned(claim)]


def refused_cards(office: Office, claim: Claim) -> list[str]:
    """The same, of those alone that the bank sent back for a reason of the card, where the payee
    still has that card."""
    return [
        _in_words(office, payment)
        for payment in _returned(claim)
        if _is_for_the_card(payment) and _has_same_card(office, claim, payment)
    ]


def lacks_paper_of_new_card(session: Session, office: Office, claim: Claim) -> bool:
    """Whether the member is to be paid to another card than the one that the bank sent money back
    from, and no paper has come since."""
    back = [each for each in _returned(claim) if each.heir is None]
    if not back or claim.is_relief or all(_has_same_card(office, claim, each) for each in back):
        return False
    since = max(each.result_at for each in back if each.result_at)
    came = select(Document.id).join(Packet, Packet.id == Document.packet_id)
    came = came.where(Document.claim_id == claim.id, Packet.noticed_at > since)
    return session.scalar(came.limit(1)) is None


def _has_same_card(office: Office, claim: Claim, payment: Payment) -> bool:
    return payee_of(office.keys, payment).account == _card_now(office, claim, payment)


def _returned(claim: Claim) -> Iterator[Payment]:
    last = {payment.heir.id_print if payment.heir else None: payment for payment in claim.payments}
    return (each for each in last.values() if each.state == PaymentState.RETURNED)


def _is_for_the_card(payment: Payment) -> bool:
    """Whether the payee has to bring something before it can be paid."""
    result = known_results().get(payment.result_code or "")
    return bool(result and result.member)


def _card_now(office: Office, claim: Claim, payment: Payment) -> str | None:
    if payment.heir is None:
        return values_of(office.keys, claim).get(FieldName.BANK_CARD_NUMBER)
    own = (heir for heir in claim.heirs if heir.id_print == payment.heir.id_print)
    return next((heir_person(office.keys, heir).account for heir in own), None)


def _in_words(office: Office, payment: Payment) -> str:
    words = {
        "card": mask_card(payee_of(office.keys, payment).account),
        "why": mask_numbers(payment.result_text or "") or _("未写原因"),
    }
    return _("银行退回付给 %(card)s 的款项：%(why)s") % words
