"""Who is paid: the member, or each heir who stands with his share."""

from collections.abc import Iterable, Set
from fractions import Fraction

from banking.cards import bank_of_card, bank_of_name
from documents.masks import mask_card
from documents.reading.fields import FieldName
from documents.sealing import KeyRing
from language import _
from models import Claim, Heir
from workflows.sealed_values.claims import Payee, heir_person

PAYEE_FIELDS = (FieldName.MEMBER_NAME, FieldName.BANK_CARD_NUMBER, FieldName.BANK_NAME)
"""What the bank needs to know of a member who is paid."""


def other_bank(bank_name: str, account: str) -> str | None:
    """Why the account cannot be of the bank so named; None where both may be one bank."""
    by_card, by_name = bank_of_card(account), bank_of_name(bank_name)
    if by_card is None or by_name is None or by_card == by_name:
        return None
    words = {"bank": bank_name[:20], "card": mask_card(account), "of": by_card.name}
    return _("开户行“%(bank)s”与银行卡 %(card)s（%(of)s）不符") % words


def payee_from_heir(keys: KeyRing, heir: Heir) -> Payee:
    """The heir as the bank needs to know him."""
    person = heir_person(keys, heir)
    return Payee(person.name, person.account, person.bank_name)


def heirs_stand(claim: Claim) -> bool:
    """Whether there are heirs, all confirmed by a second person."""
    return bool(claim.heirs) and all(heir.confirmed_at for heir in claim.heirs)


def orphaned(claims: Iterable[Claim], dead: Set[int]) -> list[Claim]:
    """Those of these claims whose member is one of the dead and whose heirs do not stand."""
    return [claim for claim in claims if claim.member_id in dead and not heirs_stand(claim)]


def heir_share(heir: Heir) -> Fraction:
    """The heir's part of the whole."""
    return Fraction(heir.share, heir.share_of)
