"""Statements of the bank (对账单): a cashier loads one; its closing balances are stated with it as
their paper, and each line that is not the money of a payment of ours waits for a person."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.statements import ClosingBalance, StatedLine, read_statement
from documents.masks import mask_card, mask_name, mask_numbers
from documents.plain_text import squeezed, with_one_dot
from language import _
from models import BankStatement, Batch, PayingAccount, Payment, StatedBalance, StatementLine, User
from rules.errors import Refused
from workflows.books.opened import closed_through
from workflows.books.stated_balances import state_balance
from workflows.books.statement_payments import fitting_payments, tie_payments
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.screening import refuse_infected
from workflows.people.rights import Act, require

_LONGEST_NAME = 4
"""Of a person, in characters, but for names in parts with dots between them."""


def load_statement(session: Session, office: Office, person: User, content: bytes) -> BankStatement:
    """Take a statement in; Refused if it was loaded before, or is of no account of ours.

    A line that stood in an earlier statement is not taken again. What is of other accounts or in
    another currency is left out, and named.
    """
    require(person, Act.BOOK_FEES)
    refuse_infected(office, person, content)
    if session.scalar(select(BankStatement.id).filter_by(sha256=_hash(content).hex())):
        raise Refused(_("这份对账单已经载入过"))
    told = read_statement(content, office.limits)
    own = {line.own for line in told.lines} | {balance.own for balance in told.balances}
    accounts = _locked_accounts(session, own)
    left_out = _left_out(own - accounts.keys(), told.foreign, not accounts)
    stated = [each for each in told.lines if each.own in accounts]
    lines = list(zip(_lines(stated, accounts), stated, strict=True))
    prints = any_of(StatementLine.told, [line.told for line, _told in lines])
    known = set(session.scalars(select(StatementLine.told).where(prints)))
    new = [(line, each) for line, each in lines if line.told not in known]
    ties = fitting_payments(session, new)
    statement = BankStatement(
        sha256=office.store.put(content),
        loaded_by=person.id,
        loaded_at=office.clock(),
        known=len(known),
        batches="、".join(_batches(session, told.payments)) or None,
        left_out=left_out or None,
    )
    session.add(statement)
    session.flush()
    for line, _told in new:
        line.statement_id = statement.id
        session.add(line)
    session.flush()
    tie_payments(session, ties)
    record(session, statement, "load_statement", statement.loaded_at, person.id, lines=len(new))
    for balance in told.balances:
        if balance.own in accounts:
            _state(session, office, person, statement, accounts[balance.own], balance)
    return statement


def _left_out(strange: Collection[str], foreign: Collection[str], is_all: bool) -> str:
    """What of a statement is none of ours: accounts, masked, and currencies; Refused if all is."""
    named = "、".join([*(mask_card(each) for each in sorted(strange)), *sorted(foreign)])
    if is_all:
        raise Refused(_("对账单的账户 %(accounts)s 不是本办的付款账户") % {"accounts": named})
    return named


def _batches(session: Session, references: Collection[str]) -> Sequence[str]:
    """The numbers of the batches of these payments."""
    named = select(Batch.number).join(Payment, Payment.batch_id == Batch.id)
    of = any_of(Payment.reference, references)
    return session.scalars(named.where(of).distinct().order_by(Batch.number)).all()


def _locked_accounts(session: Session, numbers: Collection[str]) -> dict[str, int]:
    """The paying account of each number; one that pays for all plans before one that pays for a
    few, a later one before an earlier. Who loads another statement of it waits."""
    found = select(PayingAccount).where(
        any_of(PayingAccount.account, numbers), PayingAccount.confirmed_at.is_not(None)
    )
    order = (PayingAccount.family.is_not(None), PayingAccount.first_on.desc())
    accounts: dict[str, int] = {}
    for each in session.scalars(found.order_by(*order, PayingAccount.id).with_for_update()):
        accounts.setdefault(each.account, each.id)
    return accounts


def _lines(told: Iterable[StatedLine], accounts: Mapping[str, int]) -> Iterator[StatementLine]:
    """Of several lines that are alike in all, each is one by its number among them."""
    alike: Counter[tuple[object, ...]] = Counter()
    for each in told:
        line = StatementLine(
            paying_account_id=accounts[each.own],
            place=each.place,
            day=each.day,
            amount=each.amount,
            name=_shown_name(squeezed(each.name)),
            account=mask_card(each.account),
            words=mask_numbers(each.words),
            cause=each.kind or None,
        )
        # Banks write the words of an entry otherwise in a notice than in a statement.
        own: tuple[object, ...] = (line.name, line.account, line.words)
        if each.number:
            own = (each.number,)
        elif each.payments:
            own = tuple(sorted(each.payments))
        key = (line.paying_account_id, line.day, line.amount, *own)
        alike[key] += 1
        line.told = _hash(repr((*key, alike[key])).encode())
        yield line


def _shown_name(name: str) -> str:
    """The name of a person masked, that of an organisation, which is longer, as it is."""
    is_longer = len(name) > _LONGEST_NAME and "·" not in with_one_dot(name)
    return name if is_longer else mask_name(name)


def _state(
    session: Session,
    office: Office,
    person: User,
    statement: BankStatement,
    account_id: int,
    told: ClosingBalance,
) -> None:
    """State the balance, unless two people said the same or the month is closed."""
    said = session.get(StatedBalance, (account_id, told.day))
    is_agreed = said is not None and said.agreed_by is not None and said.balance == told.balance
    closed = closed_through(session)
    if not is_agreed and (closed is None or told.day > closed):
        state_balance(session, office, person, account_id, told.day, told.balance, statement.id)


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
