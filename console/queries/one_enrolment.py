"""One enrolment for its screen: its data, fees and members."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from console import formatting, labels
from console.not_found import NotFound
from console.queries.history import HistoryLine
from console.queries.parked import Parked, parked_view
from documents.masks import mask_id, mask_numbers
from language import _
from models import AuditEvent, Enrolment, EnrolmentLine, FeeReceipt, User
from models.machines.enrolment import ENROLMENT
from models.states import EnrolmentState, FeePayer
from rules import plans
from rules.backdating import days_allowed
from rules.money import Fen
from rules.working_days import unknown_years
from workflows.engine.office import Office
from workflows.engine.sealed_details import detail_of
from workflows.enrolment import fees
from workflows.enrolment.backdating import backdated, entered_on
from workflows.enrolment.fees import PAYER_WORDS, Standing
from workflows.enrolment.following_on import followed_end
from workflows.enrolment.roster_cards import cards_waiting
from workflows.enrolment.roster_makers import had_a_hand_in
from workflows.people.visibility import sees_own_unit_only
from workflows.sealed_values.members import id_number_of

LINES = 100
OPEN = (EnrolmentState.CHECKED, EnrolmentState.SHORT)
"""The states in which a roster still waits for a decision."""


@dataclass(frozen=True)
class FeeReceiptRow:
    """One movement of money; `undone_by` is the number of its reversal."""

    id: int
    number: str
    payer: str
    word: str
    amount: Fen
    moved_on: date
    noted_by: str
    undone_by: str
    can_be_undone: bool


@dataclass(frozen=True)
class LineRow:
    """One member on the roster, numbers masked."""

    row: int
    member_ref: str
    name: str
    id_number: str
    shares: int
    fee: Fen
    subsidy: Fen
    consented_on: date | None
    consent_text: str
    struck_at: datetime | None


@dataclass(frozen=True)
class RosterPart:
    """Another part of the same file: rows of another plan, or with another first day."""

    number: str
    plan: str
    kind: str
    word: str
    rows: int


@dataclass(frozen=True)
class EnrolmentView:
    """One enrolment; values that need its file are in the preview."""

    number: str
    unit_id: int
    unit: str
    plan: str
    kind: str
    state: str
    word: str
    moves: frozenset[str]
    is_moving: bool
    parked: Parked | None
    asked_start: date | None
    follows_on: date | None
    """The last day of the cover it continues; None if it continues none or names no first day."""
    member_part: Fen
    rows: int
    rows_done: int
    handed_in_at: datetime
    handed_in_by: str
    handed_in_by_me: bool
    cover: tuple[date, date] | None
    standing: Standing
    receipts: tuple[FeeReceiptRow, ...]
    history: tuple[HistoryLine, ...]
    held_because: tuple[str, ...]
    """Why the first day of cover waits for a supervisor (R31)."""
    made_by_me: bool
    beside: tuple[RosterPart, ...]
    """The other parts of the same file."""
    cards_waiting: int

    @property
    def percent(self) -> int:
        return self.rows_done * 100 // self.rows

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it may be withdrawn now: not while its rows are being enrolled."""
        is_enrolling = self.state == EnrolmentState.ACCEPTED and self.parked is None
        return "withdraw" in self.moves and not is_enrolling

    @property
    def is_reading(self) -> bool:
        """Whether ID copies are being read."""
        return self.state == EnrolmentState.COPIED

    @property
    def is_open(self) -> bool:
        """Whether the roster still waits for a decision."""
        return self.state in OPEN


def enrolment_numbered(
    session: Session, person: User, number: str, *, lock: bool = False
) -> Enrolment:
    """The enrolment, if this person may see it; NotFound otherwise."""
    query = select(Enrolment).where(Enrolment.number == number)
    if sees_own_unit_only(person):
        query = query.where(Enrolment.unit_id == person.unit_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(number)
    return found


def enrolment_view(session: Session, person: User, enrolment: Enrolment) -> EnrolmentView:
    """Gather the data for the screen of this enrolment."""
    year = enrolment.cover_year
    by = session.get_one(User, enrolment.handed_in_by)
    events = list(_events(session, enrolment))
    plan = plans.load(enrolment.plan)
    return EnrolmentView(
        number=enrolment.number,
        unit_id=enrolment.unit_id,
        unit=enrolment.unit.name,
        plan=plan.name,
        kind=labels.enrolment_kind(enrolment.kind),
        state=enrolment.state,
        word=labels.state(ENROLMENT, enrolment.state),
        moves=frozenset(move.verb for move in ENROLMENT.out_of(enrolment.state)),
        is_moving=enrolment.state in ENROLMENT.automatic and enrolment.parked_at is None,
        parked=parked_view(enrolment),
        asked_start=enrolment.asked_start,
        follows_on=enrolment.asked_start
        and followed_end(session, enrolment.unit_id, plan, enrolment.asked_start),
        member_part=enrolment.member_part,
        rows=enrolment.rows,
        rows_done=enrolment.rows_done,
        handed_in_at=enrolment.handed_in_at,
        handed_in_by=by.name,
        handed_in_by_me=by.id == person.id,
        cover=(year.starts_on, year.ends_on) if year else None,
        standing=fees.standing(session, enrolment),
        receipts=tuple(_receipts(session, enrolment)),
        history=tuple(_happened(event, name) for event, name in events),
        held_because=tuple(_held_because(session, enrolment)),
        made_by_me=had_a_hand_in(session, enrolment, person),
        beside=tuple(_beside(session, enrolment)),
        cards_waiting=len(cards_waiting(session, enrolment)),
    )


def _beside(session: Session, enrolment: Enrolment) -> Iterator[RosterPart]:
    others = select(Enrolment).where(
        Enrolment.id != enrolment.id,
        Enrolment.unit_id == enrolment.unit_id,
        Enrolment.sha256 == enrolment.sha256,
        Enrolment.handed_in_at == enrolment.handed_in_at,
    )
    for other in session.scalars(others.order_by(Enrolment.id)):
        yield RosterPart(
            number=other.number,
            plan=plans.load(other.plan).name,
            kind=labels.enrolment_kind(other.kind),
            word=labels.state(ENROLMENT, other.state),
            rows=other.rows,
        )


def enrolment_lines(
    session: Session, office: Office, enrolment: Enrolment, after: int = 0
) -> tuple[list[LineRow], int | None]:
    """One page of the members on the roster, and the row after which the next page begins."""
    query = (
        select(EnrolmentLine)
        .options(joinedload(EnrolmentLine.member))
        .where(EnrolmentLine.enrolment_id == enrolment.id, EnrolmentLine.row > after)
        .order_by(EnrolmentLine.row)
        .limit(LINES + 1)
    )
    found = session.scalars(query).all()
    shown = [_line(office, line) for line in found[:LINES]]
    return shown, (shown[-1].row if len(found) > LINES else None)


def _held_because(session: Session, enrolment: Enrolment) -> Iterator[str]:
    if enrolment.state != EnrolmentState.BACKDATED:
        return
    found = backdated(session, enrolment, fees.starts_on(session, enrolment))
    if found.starts_on is not None:
        words = (
            _("起保日 %(start)s 早于名册确认日 %(day)s，名册报送后逾期才确认")
            if found.accepted_late
            else _("起保日 %(start)s 早于名册报送日 %(day)s")
        )
        yield words % {"start": found.starts_on, "day": found.handed_in_on}
    for receipt in found.late:
        words = _("收据 %(number)s 的到账日期 %(day)s 早于登记日 %(days)s 个工作日以上")
        told = {"number": receipt.number, "day": receipt.moved_on, "days": days_allowed()}
        yield words % told
    spans = ((each.moved_on, entered_on(each)) for each in found.late)
    for year in sorted({year for span in spans for year in unknown_years(*span)}):
        words = _("%(year)s 年的节假日安排尚未录入，周一至周五均按工作日计算")
        yield words % {"year": year}


def _line(office: Office, line: EnrolmentLine) -> LineRow:
    return LineRow(
        row=line.row,
        member_ref=str(line.member.ref),
        name=formatting.name(line.member.name) or _("已清除"),
        id_number=mask_id(id_number_of(office.keys, line.member)),
        shares=line.shares,
        fee=line.fee,
        subsidy=line.subsidy,
        consented_on=line.consented_on,
        consent_text=line.consent_text or "",
        struck_at=line.struck_at,
    )


def _receipts(session: Session, enrolment: Enrolment) -> Iterator[FeeReceiptRow]:
    query = (
        select(FeeReceipt, User.name)
        .join(User, User.id == FeeReceipt.noted_by)
        .where(FeeReceipt.enrolment_id == enrolment.id)
        .order_by(FeeReceipt.moved_on, FeeReceipt.id)
    )
    found = session.execute(query).all()
    undone = {receipt.reverses_id: receipt.number for receipt, _name in found}
    for receipt, name in found:
        yield FeeReceiptRow(
            id=receipt.id,
            number=receipt.number,
            payer=_(PAYER_WORDS[FeePayer(receipt.payer)]),
            word=labels.receipt(receipt.kind),
            amount=receipt.amount,
            moved_on=receipt.moved_on,
            noted_by=name,
            undone_by=undone.get(receipt.id, ""),
            can_be_undone=receipt.kind != "reversal" and receipt.id not in undone,
        )


def _events(session: Session, enrolment: Enrolment) -> Iterator[tuple[AuditEvent, str | None]]:
    query = (
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.subject == "enrolment", AuditEvent.subject_id == enrolment.id)
        .order_by(AuditEvent.seq)
    )
    yield from ((event, name) for event, name in session.execute(query))


def _happened(event: AuditEvent, actor: str | None) -> HistoryLine:
    return HistoryLine(
        at=event.at,
        actor=actor or "",
        word=labels.verb("enrolment", event.verb),
        target=labels.state(ENROLMENT, event.target) if event.target else "",
        detail=mask_numbers(str(detail_of(event).get("reason", ""))),
    )
