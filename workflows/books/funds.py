"""The fund: what an account at the bank holds for a plan, less what is in batches already.

A batch reserves its sum when it is frozen, and the bank's answers free it. Once two people have
opened the books, no batch reserves more than there is: the account's row is asked under its lock,
so that of two cashiers who freeze at once the second is refused. What the bank did is booked all
the same, also where that leaves less than is reserved: then less than nothing is free.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from language import _
from models import LedgerAccount, Payment
from models.ledger import AccountKind
from rules.errors import Refused
from rules.money import Fen, yuan
from workflows.books.accounts import AccountAt, account_ids, families_of
from workflows.books.chart import BookPlace
from workflows.books.opened import books_are_open
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.session import at_the_end


@dataclass(frozen=True)
class Hold:
    """So many fen more of a right in batches of a paying account; below zero, less."""

    right_id: int
    paying_account_id: int | None
    amount: int
    on: date


def hold(
    session: Session, office: Office, payments: Sequence[Payment], account_id: int | None
) -> None:
    """Reserve what these payments of a new batch come to; Refused where the fund does not have
    it."""
    for each in payments:
        hold_sum(session, office, each.entitlement_id, account_id, each.amount)


def hold_sum(
    session: Session, office: Office, right_id: int, account_id: int | None, amount: Fen
) -> None:
    """Reserve this sum of a right, which is in a batch already."""
    at_the_end(session, move_holds, Hold(right_id, account_id, amount, office.today()))


def let_go(
    session: Session, office: Office, payments: Sequence[Payment], account_id: int | None
) -> None:
    """What these payments had reserved is free again: they are in no batch any more."""
    for each in payments:
        freed = Hold(each.entitlement_id, account_id, -each.amount, office.today())
        at_the_end(session, move_holds, freed)


def move_holds(session: Session, holds: Sequence[Hold]) -> None:
    """Work off what was reserved and let go; nothing while the books are not open."""
    session.flush()
    if not books_are_open(session, holds[0].on, ()):
        return
    families = families_of(session, {each.right_id for each in holds})
    moved: Counter[BookPlace] = Counter()
    for each in holds:
        moved[BookPlace(families[each.right_id], each.paying_account_id)] += each.amount
    move_reserved(session, moved)


def move_reserved(session: Session, moved: Mapping[BookPlace, int]) -> None:
    """Reserve so much more at each of these places; Refused where there is not so much."""
    ids = account_ids(session, [AccountAt.of(AccountKind.BANK, place) for place in moved])
    by_id = {ids[AccountAt.of(AccountKind.BANK, place)]: by for place, by in moved.items() if by}
    rows = select(LedgerAccount).where(any_of(LedgerAccount.id, by_id)).order_by(LedgerAccount.id)
    fresh = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    for account in session.scalars(fresh).all():
        by = by_id[account.id]
        if by > 0 and account.limited and account.balance - account.reserved < by:
            raise Refused(_too_little(account, by))
        moving = update(LedgerAccount).where(LedgerAccount.id == account.id)
        session.execute(moving.values(reserved=LedgerAccount.reserved + by))


def _too_little(account: LedgerAccount, by: int) -> str:
    words = {
        "plan": account.family or "",
        "free": yuan(Fen(max(0, account.balance - account.reserved))),
        "sum": yuan(Fen(by)),
    }
    return _("计划 %(plan)s 的资金可用 %(free)s 元，不够组批 %(sum)s 元") % words


@dataclass(frozen=True)
class Fund:
    """What one account at the bank holds for one plan family: in all, and what is still free."""

    family: str
    paying_account_id: int | None
    balance: Fen
    free: Fen
    is_limited: bool


def funds(session: Session) -> Iterator[Fund]:
    """Every fund, by family and account."""
    query = select(LedgerAccount).filter_by(kind=AccountKind.BANK.value)
    for each in session.scalars(query.order_by(LedgerAccount.code)):
        free = Fen(each.balance - each.reserved)
        family = each.family or ""
        yield Fund(family, each.paying_account_id, each.balance, free, each.limited)
