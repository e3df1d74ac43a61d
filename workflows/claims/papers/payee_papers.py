"""Which papers of a dead member's claim can be those of who is paid: his own cards are not."""

from collections.abc import Sequence, Set

from documents.kinds import Kind
from documents.reading.numbers import find_cards, find_ids
from documents.reading.page import PageReading
from documents.sealing import KeyRing
from models import Member
from workflows.sealed_values.members import card_of, id_number_of

CARDS = frozenset({Kind.ID_CARD_FRONT, Kind.ID_CARD_BACK, Kind.BANK_CARD})


def kinds_of_payee(
    keys: KeyRing, member: Member | None, readings: Sequence[PageReading]
) -> Set[str]:
    """The kinds of paper on these pages, without the cards that show the member's numbers alone.

    A card on which no number was read counts: it may be the payee's.
    """
    own = {id_number_of(keys, member), card_of(keys, member)} if member else set()
    return {
        kind.value
        for page in readings
        if page.kind not in CARDS or not _shows_only(own, page)
        for kind in (page.kind, *page.also)
    }


def _shows_only(own: Set[str | None], page: PageReading) -> bool:
    """Whether the ID and card numbers on the page, by their check digits, are all of these."""
    found = {
        each.value
        for line in page.lines
        for each in (*find_ids(line.text), *find_cards(line.text))
        if each.quality == 1.0
    }
    return bool(found) and found <= own
