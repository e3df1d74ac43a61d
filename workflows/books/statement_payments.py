"""Lines of the bank's statement that name payments of ours: tied to these, each payment once, or
left to a person with what differs."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.statements import StatedLine
from models import Batch, Payment, StatementLine, StatementPayment
from models.statements import LineDoubt
from rules.money import Fen
from workflows.engine.rows import NewRow, any_of, insert_rows

_BATCH = re.compile(r"B20\d{6}-\d\d(?!\d)")


class SentPayment(NamedTuple):
    """A payment that the bank was sent, with its batch and the account that pays it."""

    id: int
    reference: str
    amount: Fen
    batch: str
    account: str


class Tie(NamedTuple):
    """That a line is the money of a payment, or what came back of it."""

    line: StatementLine
    payment_id: int
    is_back: bool


@dataclass(frozen=True)
class _NewTie(NewRow):
    table: ClassVar[type[StatementPayment]] = StatementPayment

    payment_id: int
    is_back: bool
    line_id: int


def fitting_payments(
    session: Session, lines: Sequence[tuple[StatementLine, StatedLine]]
) -> list[Tie]:
    """What each of these lines, in order, is the money of; a line that names payments and is not
    their money gets its doubt. One debit that names a batch alone is that of all its payments."""
    named = {line.told: _named(told) for line, told in lines}
    sent = _sent(session, frozenset().union(*named.values()))
    by_name = defaultdict[str, list[SentPayment]](list)
    for each in sent:
        by_name[each.reference].append(each)
        by_name[each.batch].append(each)
    tied = _tied(session, sent)
    ties: list[Tie] = []
    for line, told in lines:
        if not (names := named[line.told]):
            continue
        payments = [each for name in sorted(names) for each in by_name.get(name, ())]
        is_back, is_sent = line.amount > 0, names <= by_name.keys()
        doubt = _doubt(line, told.own, payments, tied) if is_sent else LineDoubt.NOT_SENT
        if doubt is None:
            ties += [Tie(line, each.id, is_back) for each in payments]
            tied |= {(each.id, is_back) for each in payments}
        line.doubt = doubt
    return ties


def tie_payments(session: Session, ties: Iterable[Tie]) -> None:
    """Keep what the lines, which have their ids, are the money of."""
    insert_rows(session, [_NewTie(each.payment_id, each.is_back, each.line.id) for each in ties])


def _named(told: StatedLine) -> frozenset[str]:
    """The payments that the line names; of one that went out without any, the batches."""
    if told.payments or told.amount > 0:
        return told.payments
    return frozenset(_BATCH.findall(told.words))


def _sent(session: Session, names: Collection[str]) -> list[SentPayment]:
    """The payments of these references and of the batches of these numbers that were sent."""
    rows = session.execute(
        select(Payment.id, Payment.reference, Payment.amount, Batch.number, Batch.payer_account)
        .join(Batch, Payment.batch_id == Batch.id)
        .where(any_of(Payment.reference, names) | any_of(Batch.number, names))
        .where(Batch.released_at.is_not(None))
        .order_by(Payment.id)
    )
    return list(map(SentPayment._make, rows))


def _tied(session: Session, payments: Iterable[SentPayment]) -> set[tuple[int, bool]]:
    """What of the payments other lines are the money of already."""
    of = any_of(StatementPayment.payment_id, [each.id for each in payments])
    rows = session.execute(select(StatementPayment.payment_id, StatementPayment.is_back).where(of))
    return {(id_, is_back) for id_, is_back in rows}


def _doubt(
    line: StatementLine,
    own: str,
    payments: Iterable[SentPayment],
    tied: Collection[tuple[int, bool]],
) -> LineDoubt | None:
    if any(each.account != own for each in payments):
        return LineDoubt.OTHER_ACCOUNT
    if sum(each.amount for each in payments) != abs(line.amount):
        return LineDoubt.OTHER_SUM
    if any((each.id, line.amount > 0) in tied for each in payments):
        return LineDoubt.AGAIN
    return None
