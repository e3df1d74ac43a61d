"""Who will be paid once a claim is approved, as the bank's file will name him: member or heirs."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass

from sqlalchemy.orm import Session

from documents.masks import mask_card
from documents.reading.fields import FieldName
from models import Claim
from rules.money import Fen
from rules.shares import share_text
from workflows.claims.sums.dues import dues_of
from workflows.claims.sums.payees import PAYEE_FIELDS, heir_share, heirs_stand
from workflows.engine.office import Office
from workflows.known_deaths import known_dead
from workflows.sealed_values.claims import heir_person, values_by_claim


@dataclass(frozen=True)
class HeirPaid:
    """One line: the heir, his card masked, and his share of the right that is paid."""

    name: str
    account: str
    bank_name: str
    share: str
    amount: Fen


@dataclass(frozen=True)
class MemberPaid:
    """The member as the bank's file will name him, his card masked."""

    name: str
    account: str
    bank_name: str


def paid_to(
    session: Session, office: Office, claims: Collection[Claim]
) -> tuple[dict[int, list[HeirPaid]], dict[int, MemberPaid]]:
    """By claim, the heirs who are paid, and the members who are paid themselves."""
    dead = known_dead(session, [claim.member_id for claim in claims])
    living = [claim.id for claim in claims if claim.member_id not in dead]
    return _heirs(session, office, claims, dead), _members(session, office, living)


def _members(session: Session, office: Office, claim_ids: Sequence[int]) -> dict[int, MemberPaid]:
    values = values_by_claim(session, office.keys, claim_ids, *PAYEE_FIELDS)
    return {
        claim_id: MemberPaid(
            own[FieldName.MEMBER_NAME],
            mask_card(own[FieldName.BANK_CARD_NUMBER]),
            own.get(FieldName.BANK_NAME, ""),
        )
        for claim_id, own in values.items()
        if FieldName.MEMBER_NAME in own and FieldName.BANK_CARD_NUMBER in own
    }


def _heirs(
    session: Session, office: Office, claims: Collection[Claim], dead: Set[int]
) -> dict[int, list[HeirPaid]]:
    to_heirs = [each for each in claims if each.member_id in dead and heirs_stand(each)]
    lines: dict[int, list[HeirPaid]] = {}
    for dues in dues_of(session, to_heirs, dead):
        for owed in dues.still_owed():
            assert owed.heir is not None
            told = heir_person(office.keys, owed.heir)
            line = HeirPaid(
                told.name,
                mask_card(told.account),
                told.bank_name,
                share_text(heir_share(owed.heir)),
                owed.amount,
            )
            lines.setdefault(dues.balance.claim_id, []).append(line)
    return lines
