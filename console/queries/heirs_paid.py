"""What heirs will be paid once their claim is approved, line by line as in the bank's file."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from documents.masks import mask_card
from models import Claim
from rules.money import Fen
from rules.shares import share_text
from workflows.claims.sums.dues import dues_of
from workflows.claims.sums.payees import heir_share, heirs_stand
from workflows.engine.office import Office
from workflows.known_deaths import known_dead
from workflows.sealed_values import heir_person


@dataclass(frozen=True)
class HeirPaid:
    """One line: the heir, his card masked, and his share of the right that is paid."""

    name: str
    account: str
    bank_name: str
    share: str
    amount: Fen


def heirs_paid(
    session: Session, office: Office, claims: Collection[Claim]
) -> dict[int, list[HeirPaid]]:
    """By claim; a claim of a living member is left out."""
    dead = known_dead(session, [claim.member_id for claim in claims])
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
