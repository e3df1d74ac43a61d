"""Finds the accounts of the books, and opens those that are needed for the first time."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Books, Entitlement, LedgerAccount
from models.ledger import AccountKind
from rules.plans import family_of
from workflows.books.chart import BookPlace, code_of, narrowed
from workflows.engine.rows import any_of


class AccountAt(NamedTuple):
    """The account of this kind, with what of the place its kind is told apart by."""

    kind: AccountKind
    place: BookPlace

    @classmethod
    def of(cls, kind: AccountKind, place: BookPlace) -> "AccountAt":
        return cls(kind, narrowed(kind, place))


def account_ids(session: Session, wanted: Collection[AccountAt]) -> dict[AccountAt, int]:
    """The ids of these accounts; those that are not there are opened.

    In books that two people have opened, an account at the bank is limited from the start.
    """
    by_code = {code_of(each.kind, each.place): each for each in wanted}
    asked = select(LedgerAccount.code, LedgerAccount.id)
    found = dict(session.execute(asked.where(any_of(LedgerAccount.code, by_code))).all())
    if missing := sorted(by_code.keys() - found.keys()):
        is_opened = session.scalar(select(Books.opened_at).where(Books.id == 1)) is not None
        rows = [_new(code, by_code[code], is_opened) for code in missing]
        session.execute(insert(LedgerAccount).values(rows).on_conflict_do_nothing())
        found |= dict(session.execute(asked.where(any_of(LedgerAccount.code, missing))).all())
    return {by_code[code]: id_ for code, id_ in found.items()}


def _new(code: str, account: AccountAt, is_opened: bool) -> dict[str, object]:
    is_limited = is_opened and account.kind is AccountKind.BANK
    told = {"code": code, "kind": account.kind.value, "balance": 0, "reserved": 0}
    return told | {"limited": is_limited} | vars(account.place)


def families_of(session: Session, right_ids: Collection[int | None]) -> Mapping[int | None, str]:
    """The plan family of each of these rights."""
    if not (asked := {id_ for id_ in right_ids if id_ is not None}):
        return {}
    query = select(Entitlement.id, Entitlement.plan).where(any_of(Entitlement.id, asked))
    rows = session.execute(query).all()
    families = {plan: family_of(plan) for plan in {plan for _id, plan in rows}}
    return {id_: families[plan] for id_, plan in rows}
