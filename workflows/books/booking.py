"""Books an act (记账): what it moves is noted beside it, and written when its transaction ends.

All of a transaction is written at once, behind everything else, so that the rows that all share,
the month that numbers its vouchers and the accounts' balances, are held no longer than it takes to
write and commit. They are locked in one order and nothing is locked after them: nobody who books
waits for another one in a circle.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Base, BookMonth, LedgerAccount, Posting, User, Voucher
from models.ledger import AccountKind
from rules.money import Fen
from workflows.books.accounts import AccountAt, account_ids, families_of
from workflows.books.causes import RULES, Cause
from workflows.books.chart import BookPlace
from workflows.books.funds import move_reserved
from workflows.books.opened import books_are_open
from workflows.engine.office import BEIJING, Office
from workflows.engine.rows import NewRow, any_of, insert_rows, next_ids
from workflows.engine.session import at_the_end, waits_for_the_end


@dataclass(frozen=True)
class BookedAct:
    """Whose act on which row is booked, on which day; acts that are equal share a voucher."""

    cause: Cause
    subject: str
    subject_id: int
    day: date
    author_id: int | None
    made_at: datetime


@dataclass(frozen=True)
class Entry:
    """What an act moves: so many fen, of this right and place. Where the side that is credited is
    of another right (抵扣), `against` is that one."""

    act: BookedAct
    amount: Fen
    right_id: int | None
    place: BookPlace
    against: int | None = None


class Booking:
    """Books what one person, or the program itself, does to one row on one day."""

    def __init__(
        self,
        session: Session,
        office: Office,
        person: User | None,
        subject: type[Base],
        subject_id: int,
        day: date | None = None,
    ) -> None:
        """`day` is when the money moved, None: today."""
        self._session = session
        self._told = (
            subject.__tablename__,
            subject_id,
            day or office.today(),
            person.id if person else None,
            office.clock(),
        )

    def book(
        self,
        cause: Cause,
        amount: int,
        right_id: int | None = None,
        place: BookPlace = BookPlace(),  # noqa: B008 - frozen
        against: int | None = None,
    ) -> None:
        """Book this amount; what is of a right has its plan family from there."""
        if amount:
            entry = Entry(BookedAct(cause, *self._told), Fen(amount), right_id, place, against)
            at_the_end(self._session, write_vouchers, entry)


@dataclass(frozen=True)
class NewVoucher(NewRow):
    """A voucher to write."""

    table = Voucher

    id: int
    month: date
    number: int
    day: date
    cause: str
    subject: str
    subject_id: int
    author_id: int | None
    made_at: datetime


@dataclass(frozen=True)
class NewPosting(NewRow):
    """A line of a voucher to write."""

    table = Posting

    voucher_id: int
    line: int
    account_id: int
    amount: Fen
    entitlement_id: int | None


class _Line(NamedTuple):
    account: AccountAt
    amount: int
    right_id: int | None


def write_vouchers(session: Session, entries: Sequence[Entry]) -> None:
    """Write what was booked, one voucher for each act; nothing while the books are not open."""
    session.flush()
    days = [entry.act.day for entry in entries]
    if not books_are_open(session, entries[0].act.made_at.astimezone(BEIJING).date(), days):
        return
    asked = {e.right_id for e in entries if e.place.family is None}
    families = families_of(session, asked | {e.against for e in entries})
    lines: defaultdict[BookedAct, list[_Line]] = defaultdict(list)
    for entry in entries:
        lines[entry.act] += _lines(entry, families)
    numbers = _numbers(session, list(lines))
    ids = next_ids(session, Voucher, len(lines))
    accounts = account_ids(session, {line.account for each in lines.values() for line in each})
    _free(session, entries, families)
    by_id = dict(zip(ids, lines, strict=True))
    insert_rows(session, [_voucher(id_, act, numbers[act]) for id_, act in by_id.items()])
    insert_rows(
        session,
        [
            NewPosting(id_, number, accounts[line.account], Fen(line.amount), line.right_id)
            for id_, act in by_id.items()
            for number, line in enumerate(lines[act], 1)
        ],
    )


def _lines(entry: Entry, families: Mapping[int | None, str]) -> tuple[_Line, _Line]:
    rule, place, right_id = RULES[entry.act.cause], _placed(entry, families), entry.right_id
    debit = _Line(AccountAt.of(rule.debit, place), entry.amount, right_id)
    if entry.against:
        place, right_id = replace(place, family=families.get(entry.against)), entry.against
    return debit, _Line(AccountAt.of(rule.credit, place), -entry.amount, right_id)


def _placed(entry: Entry, families: Mapping[int | None, str]) -> BookPlace:
    if entry.place.family is not None:
        return entry.place
    return replace(entry.place, family=families.get(entry.right_id))


def _free(session: Session, entries: Sequence[Entry], families: Mapping[int | None, str]) -> None:
    """Let go what was reserved for payments that the bank has answered."""
    freed: Counter[BookPlace] = Counter()
    for entry in entries:
        if RULES[entry.act.cause].frees:
            freed[_placed(entry, families)] -= entry.amount
    if freed:
        move_reserved(session, freed)


def _numbers(session: Session, acts: Sequence[BookedAct]) -> dict[BookedAct, int]:
    """The number of each act's voucher; the months stay locked until the transaction ends."""
    months: defaultdict[date, list[BookedAct]] = defaultdict(list)
    for act in acts:
        months[act.day.replace(day=1)].append(act)
    numbers: dict[BookedAct, int] = {}
    for month, own in sorted(months.items()):
        row = insert(BookMonth).values(first_on=month, vouchers=len(own))
        counted = row.on_conflict_do_update(
            index_elements=[BookMonth.first_on],
            set_={"vouchers": BookMonth.vouchers + row.excluded.vouchers},
        ).returning(BookMonth.vouchers)
        last = session.execute(counted).scalar_one()
        numbers |= dict(zip(own, range(last - len(own) + 1, last + 1), strict=True))
    return numbers


def _voucher(id_: int, act: BookedAct, number: int) -> NewVoucher:
    told = (act.day, act.cause.value, act.subject, act.subject_id, act.author_id, act.made_at)
    return NewVoucher(id_, act.day.replace(day=1), number, *told)


def booked(session: Session, right_ids: Sequence[int], kind: AccountKind) -> dict[int, Fen]:
    """What the books say of these rights on accounts of this kind, debit above zero, with what this
    transaction has yet to write."""
    query = (
        select(Posting.entitlement_id, func.sum(Posting.amount))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(any_of(Posting.entitlement_id, right_ids), LedgerAccount.kind == kind)
        .group_by(Posting.entitlement_id)
    )
    rights = set(right_ids)
    found = Counter({id_: int(amount) for id_, amount in session.execute(query)})
    for entry in waits_for_the_end(session, write_vouchers):
        for line in _lines(entry, {}):
            if line.account.kind is kind and line.right_id in rights:
                found[line.right_id] += line.amount
    return {id_: Fen(amount) for id_, amount in found.items() if id_ is not None}
