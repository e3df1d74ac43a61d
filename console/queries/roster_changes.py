"""What a roster proposes for known members, for the office; names and numbers are masked."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import formatting
from documents.masks import mask_card
from language import _
from models import Enrolment, EnrolmentLine, RosterChange, Unit, User
from models.states import EnrolmentState
from workflows.engine.office import Office
from workflows.enrolment.roster_cards import cards_waiting, mark_of_card
from workflows.enrolment.roster_makers import had_a_hand_in
from workflows.enrolment.roster_preview import RowElsewhere, preview
from workflows.sealed_values.members import card_of, said_card

AT_MOST = 200


@dataclass(frozen=True)
class MoveRow:
    """A row whose person is a member of another unit; `why` is what forbids it beside that."""

    row: int
    name: str
    unit: str
    why: str
    is_confirmed: bool


@dataclass(frozen=True)
class CardRow:
    """A covered member's card beside the one that the roster says, both masked; `mark` is what the
    forms send back of both."""

    row: int
    mark: str
    name: str
    card: str
    bank: str
    said_card: str
    said_bank: str


@dataclass(frozen=True)
class RosterChanges:
    """The proposals of one roster: of each kind the first, and how many there are.

    `can_move` is how many moves wait for a confirmation that is possible.
    """

    moves: tuple[MoveRow, ...]
    move_count: int
    can_move: int
    cards: tuple[CardRow, ...]
    card_count: int
    may_decide_cards: bool


def proposals(
    session: Session, office: Office, person: User, enrolment: Enrolment
) -> RosterChanges:
    """Gather the proposals of this roster."""
    is_open = enrolment.state == EnrolmentState.CHECKED
    elsewhere = preview(session, office, enrolment).elsewhere if is_open else ()
    cards = cards_waiting(session, enrolment)
    names = _units(session, {each.member.unit_id for each in elsewhere})
    return RosterChanges(
        moves=tuple(_move(each, names) for each in elsewhere[:AT_MOST]),
        move_count=len(elsewhere),
        can_move=sum(each.can_move for each in elsewhere),
        cards=tuple(_card(office, *each) for each in cards[:AT_MOST]),
        card_count=len(cards),
        may_decide_cards=not had_a_hand_in(session, enrolment, person),
    )


def _units(session: Session, ids: Collection[int]) -> dict[int, str]:
    return dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all())


def _move(each: RowElsewhere, names: dict[int, str]) -> MoveRow:
    return MoveRow(
        row=each.row.row,
        name=formatting.name(each.row.name),
        unit=names[each.member.unit_id],
        why=each.why.text if each.why else "",
        is_confirmed=each.is_moving,
    )


def _card(office: Office, line: EnrolmentLine, change: RosterChange) -> CardRow:
    member, said = line.member, said_card(office.keys, change)
    own = card_of(office.keys, member)
    return CardRow(
        row=line.row,
        mark=mark_of_card(office.keys, member, change),
        name=formatting.name(member.name),
        card=mask_card(own) if own else _("未登记"),
        bank=member.bank_name or "",
        said_card=mask_card(said) if said else "",
        said_bank=change.bank_name or "",
    )
