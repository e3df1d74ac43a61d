"""What the bank sent back last of a claim, and what of it would go to the same card again."""

from banking.results import known_results
from documents.masks import mask_card, mask_numbers
from documents.reading.fields import FieldName
from language import _
from models import Claim, Payment
from workflows.claims.sums.returned_payments import returned_payments
from workflows.engine.office import Office
from workflows.sealed_values.claims import heir_person, payee_of, values_of


def returns_in_words(office: Office, claim: Claim) -> list[str]:
    """The last payment to each payee that came back: to whom, and the bank's reason."""
    said = (_in_words(office, payment) for payment in returned_payments(claim))
    return list(dict.fromkeys(said))


def refused_cards(office: Office, claim: Claim) -> list[str]:
    """The same, of those alone that the bank sent back for a reason of the card, where the payee
    still has that card."""
    said = (
        _in_words(office, payment)
        for payment in returned_payments(claim)
        if _is_for_the_card(payment) and _has_same_card(office, claim, payment)
    )
    return list(dict.fromkeys(said))


def _has_same_card(office: Office, claim: Claim, payment: Payment) -> bool:
    return payee_of(office.keys, payment).account == _card_now(office, claim, payment)


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
