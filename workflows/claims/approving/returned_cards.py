"""What came back from the bank and is to be paid again: the card before and after, and what the
papers since show; the supervisor sees it in the row."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_card
from models import Claim, Payment
from models.states import PaymentState
from rules.second_look import Look, LookReason
from workflows.claims.papers import reading
from workflows.claims.papers.new_card import CardAfterReturn, card_after_return
from workflows.engine.belongings import read_its
from workflows.engine.office import Office
from workflows.engine.rows import any_of

_READS = (*reading.WITH_READINGS, (Claim.fields,), (Claim.payments,))


def looks_at_returned_cards(
    session: Session, office: Office, claim_ids: Collection[int]
) -> Mapping[int, LookReason]:
    """By claim, of those of these claims whose money for the member came back."""
    back = select(Payment.claim_id).where(
        any_of(Payment.claim_id, claim_ids),
        Payment.state == PaymentState.RETURNED,
        Payment.heir_id.is_(None),
    )
    claims = session.scalars(select(Claim).where(Claim.id.in_(back))).all()
    read_its(session, claims, *_READS)
    found = {claim.id: card_after_return(session, office, claim) for claim in claims}
    return {claim_id: _look(card) for claim_id, card in found.items() if card}


def _look(card: CardAfterReturn) -> LookReason:
    if not card.is_changed:
        return LookReason(Look.CARD_AFTER_RETURN, card.in_words)
    before, after = mask_card(card.before[-1]), mask_card(card.now)
    return LookReason(Look.CARD_AFTER_RETURN, card.in_words, before, after)
