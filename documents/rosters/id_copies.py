"""Compares copies of ID cards with a roster, row by row: name and number (notice, article 7.2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from documents.kinds import Kind
from documents.plain_text import squeezed, with_one_dot
from documents.reading.fields import FieldName, extract
from documents.reading.page import PageReading
from documents.rosters.roster_file import RosterRow
from language import N_


class CopyResult(StrEnum):
    """How a row and the copy of its person's ID card stand to each other."""

    SAME = "same"
    NAME_DIFFERS = "name_differs"
    NUMBER_DIFFERS = "number_differs"
    MISSING = "missing"


COPY_RESULTS = {
    CopyResult.SAME: N_("一致"),
    CopyResult.NAME_DIFFERS: N_("姓名不一致"),
    CopyResult.NUMBER_DIFFERS: N_("证件号码不一致"),
    CopyResult.MISSING: N_("没有复印件"),
}


@dataclass(frozen=True)
class IdCard:
    """What was read on the copy of one ID card; a value that was not read is empty."""

    name: str
    number: str


@dataclass(frozen=True)
class RowCopy:
    """One row, its result, and the card it was compared with; None if there is none."""

    row: RosterRow
    result: CopyResult
    card: IdCard | None

    @property
    def differs(self) -> bool:
        return self.result in (CopyResult.NAME_DIFFERS, CopyResult.NUMBER_DIFFERS)


def cards_on(pages: Sequence[PageReading]) -> Iterator[IdCard]:
    """The cards whose front is on these pages, at most one for each page."""
    for page in pages:
        if page.kind is Kind.ID_CARD_FRONT:
            found = extract([page]).fields
            name, number = (
                found.get(each) for each in (FieldName.MEMBER_NAME, FieldName.ID_NUMBER)
            )
            yield IdCard(str(name.value) if name else "", str(number.value) if number else "")


def compare(rows: Sequence[RosterRow], cards: Sequence[IdCard]) -> tuple[RowCopy, ...]:
    """Each row with its copy: that of its number, or one of its name that no other row has.

    Of several copies of one number that of the row's name counts: a clearer copy may follow.
    """
    numbers = {row.id_number for row in rows}
    spare = {_plain(card.name): card for card in cards if card.number not in numbers}
    by_number: dict[str, list[IdCard]] = {}
    for card in cards:
        by_number.setdefault(card.number, []).append(card)
    return tuple(_row_copy(row, by_number.get(row.id_number, []), spare) for row in rows)


def _row_copy(row: RosterRow, of_number: list[IdCard], spare: dict[str, IdCard]) -> RowCopy:
    name = _plain(row.name)
    if same := [card for card in of_number if _plain(card.name) == name]:
        return RowCopy(row, CopyResult.SAME, same[0])
    if of_number:
        return RowCopy(row, CopyResult.NAME_DIFFERS, of_number[-1])
    if card := spare.get(name):
        return RowCopy(row, CopyResult.NUMBER_DIFFERS, card)
    return RowCopy(row, CopyResult.MISSING, None)


def _plain(name: str) -> str:
    return with_one_dot(squeezed(name))
