"""Which claims are paid to somebody, or to a card, that no second person has seen."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from documents.reading.fields import FieldName
from models import Claim, Member
from workflows.engine.office import Office
from workflows.engine.rows import by_id
from workflows.known_deaths import known_dead
from workflows.member_cards import cards_of, is_confirmed
from workflows.sealed_values.claims import values_by_claim

PAID = (FieldName.MEMBER_NAME, FieldName.BANK_CARD_NUMBER)
"""The fields that say who is paid, and to which card."""


def unconfirmed(session: Session, office: Office, claims: Collection[Claim]) -> set[int]:
    """The ids of those of these claims whose payee no second person has confirmed yet.

    Heirs are confirmed as heirs, and the papers of a claim without a member or a card ask for both.
    """
    member_ids = [claim.member_id for claim in claims]
    dead, cards = known_dead(session, member_ids), cards_of(session, member_ids)
    values = values_by_claim(session, office.keys, [c.id for c in claims], *PAID)
    members = by_id(session, Member, member_ids)
    return {
        claim.id
        for claim in claims
        if (member := members.get(claim.member_id or 0))
        and member.id not in dead
        and (number := values[claim.id].get(FieldName.BANK_CARD_NUMBER))
        and not is_confirmed(
            office.keys,
            member,
            values[claim.id].get(FieldName.MEMBER_NAME, ""),
            office.keys.fingerprint(number),
            cards.get(member.id, ()),
        )
    }
