"""What of a claim's payee is open: whether the papers since a return show his card, and whether a
second person has still to see him.

That the payee is on the register is not enough where a person said otherwise than the papers: he
may have named the card there, or be the member there himself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set

from sqlalchemy.orm import Session

from documents.reading.fields import FieldName, extract
from models import MemberCard
from workflows.claims.judging.found_faults import DISAGREEMENT, FoundFault
from workflows.claims.papers.field_forms import fault_of
from workflows.claims.papers.new_card import card_after_return
from workflows.claims.papers.papers_read import Papers
from workflows.claims.sums.payees import PAYEE_FIELDS, other_bank
from workflows.engine.office import Office
from workflows.member_cards import is_confirmed
from workflows.sealed_values.claims import text_of

PAYEE_UNCONFIRMED = "PAYEE_UNCONFIRMED"

_NUMBERS = (FieldName.ID_NUMBER, FieldName.BANK_CARD_NUMBER)
"""The fields that say which member is paid, and to which card."""


def payee_findings(
    session: Session,
    office: Office,
    papers: Papers,
    found: Set[FoundFault],
    known: Sequence[MemberCard],
) -> set[FoundFault]:
    """What is open about the payee beside what was `found`; `known` are the cards named for the
    member.

    After a death the heirs are paid, who are confirmed as heirs.
    """
    if papers.are_of_a_dead_member:
        return set()
    new = set(_of_new_card(session, office, papers))
    if _names_other_bank(papers):
        new.add(FoundFault(DISAGREEMENT, FieldName.BANK_NAME))
    return new | set(_unconfirmed(office, papers, found | new, known))


def _of_new_card(session: Session, office: Office, papers: Papers) -> Iterator[FoundFault]:
    """Where the bank sent money back: what the papers since show otherwise than the claim says."""
    # Only a claim that was complete once has been paid: of all others no question is asked.
    if papers.claim.complete_at is None:
        return
    if card := card_after_return(session, office, papers.claim):
        yield from (FoundFault(code, FieldName.BANK_CARD_NUMBER) for code in card.faults)


def _unconfirmed(
    office: Office, papers: Papers, found: Set[FoundFault], known: Sequence[MemberCard]
) -> Iterator[FoundFault]:
    """Whether a second person has still to see the payee.

    First a person says of it what the papers leave open.
    """
    claim = papers.claim
    said = {FoundFault(f.code, f.subject) for f in claim.findings if f.answered_by}
    is_open = any(fault.subject in PAYEE_FIELDS for fault in found - said)
    if claim.member is None or claim.card_print is None or is_open:
        return
    if needs_second_person(office, papers, known):
        yield FoundFault(PAYEE_UNCONFIRMED, FieldName.BANK_CARD_NUMBER)


def needs_second_person(office: Office, papers: Papers, cards: Sequence[MemberCard]) -> bool:
    """Whether name and card are not the register's, or are against the papers, and nobody has
    confirmed them; `cards` are those named for the member. The claim has a member and a card."""
    claim, name = papers.claim, papers.values.get(FieldName.MEMBER_NAME, "")
    assert claim.member is not None
    assert claim.card_print is not None
    if not is_confirmed(office.keys, claim.member, name, claim.card_print, cards):
        return True
    seen = [card for card in cards if card.claim_id == claim.id and card.confirmed_at]
    is_seen = (office.keys.fingerprint(name), claim.card_print) in {
        (card.name_print, card.card_print) for card in seen
    }
    return not is_seen and bool(shown_otherwise(papers))


def _names_other_bank(papers: Papers) -> bool:
    """Whether the card is of another bank than is named, and no person keyed or confirmed the name
    of the bank."""
    is_keyed = any(
        field.name == FieldName.BANK_NAME and field.corrected_by for field in papers.claim.fields
    )
    bank = papers.values.get(FieldName.BANK_NAME, "")
    card = papers.values.get(FieldName.BANK_CARD_NUMBER, "")
    return not is_keyed and other_bank(bank, card) is not None


def shown_otherwise(papers: Papers) -> Mapping[FieldName, Sequence[str]]:
    """By field, the sound numbers on the papers in the place of which a person put another one, or
    chose it among them; whatever kind he named a page since."""
    decided = [name for name in _NUMBERS if _is_decided(papers, name)]
    if not decided:
        return {}
    found = extract(papers.seen)
    shown = {name: [found.fields[name]] for name in decided if name in found.fields}
    for each in found.disagreements:
        if each.name in decided:
            shown[each.name] = list(each.values)
    others = {
        name: _sound(name, {text_of(each.value) for each in values} - {papers.values.get(name)})
        for name, values in shown.items()
    }
    return {name: numbers for name, numbers in others.items() if numbers}


def _is_decided(papers: Papers, name: FieldName) -> bool:
    """Whether a person keyed the number, or said of it that it is right."""
    keyed = any(field.corrected_by for field in papers.claim.fields if field.name == name)
    return keyed or any(f.answered_by for f in papers.claim.findings if f.subject == name)


def _sound(name: FieldName, numbers: Collection[str]) -> list[str]:
    return sorted(number for number in numbers if fault_of(name, number) is None)
