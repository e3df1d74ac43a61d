"""The chart of accounts (科目表): what each kind counts, and what tells its accounts apart."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from language import N_
from models.ledger import AccountKind


class Side(StrEnum):
    """Where an account stands in the statements."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


@dataclass(frozen=True)
class BookPlace:
    """Of which plan family, paying account, cover period and unit something is."""

    family: str | None = None
    paying_account_id: int | None = None
    period_start: date | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class AccountSort:
    """One kind of account: its word, its side, and what parts of a place it is told apart by."""

    word: str
    side: Side
    told_by: tuple[str, ...]


_FUND, _COVER = ("family", "paying_account_id"), ("family", "period_start", "unit_id")

KINDS: dict[AccountKind, AccountSort] = {
    AccountKind.BANK: AccountSort(N_("银行存款"), Side.ASSET, _FUND),
    AccountKind.SUBSIDY_DUE: AccountSort(N_("应收补助"), Side.ASSET, ("family", "unit_id")),
    AccountKind.RECOVERABLE: AccountSort(N_("应收追回"), Side.ASSET, ("family",)),
    AccountKind.PREPAID_FEES: AccountSort(N_("预收会费"), Side.LIABILITY, ("family", "unit_id")),
    AccountKind.PAYABLE: AccountSort(N_("应付互助金"), Side.LIABILITY, ("family",)),
    AccountKind.IN_TRANSIT: AccountSort(N_("在途付款"), Side.LIABILITY, _FUND),
    AccountKind.RETURNED: AccountSort(N_("退票待处理"), Side.LIABILITY, ("family",)),
    AccountKind.OPENING: AccountSort(N_("期初结余"), Side.EQUITY, ("family",)),
    AccountKind.MOVED_FUNDS: AccountSort(N_("资金调拨"), Side.EQUITY, ("family",)),
    AccountKind.FEES: AccountSort(N_("会费收入"), Side.INCOME, _COVER),
    AccountKind.SUBSIDY: AccountSort(N_("上级补助收入"), Side.INCOME, _COVER),
    AccountKind.KEPT_BY_FUND: AccountSort(N_("转入基金"), Side.INCOME, ("family",)),
    AccountKind.INTEREST: AccountSort(N_("利息收入"), Side.INCOME, ("family",)),
    AccountKind.BENEFITS: AccountSort(N_("互助金支出"), Side.EXPENSE, _COVER),
    AccountKind.RELIEF: AccountSort(N_("二次救助支出"), Side.EXPENSE, _COVER),
    AccountKind.WRITTEN_OFF: AccountSort(N_("核销支出"), Side.EXPENSE, ("family",)),
    AccountKind.BANK_FEES: AccountSort(N_("手续费"), Side.EXPENSE, ("family",)),
}


def code_of(kind: AccountKind, place: BookPlace) -> str:
    """The name by which the account of this kind and place is found; never changed."""
    parts = (_part(getattr(place, name)) for name in KINDS[kind].told_by)
    return ":".join((kind.value, *parts))


def narrowed(kind: AccountKind, place: BookPlace) -> BookPlace:
    """What of the place the accounts of this kind are told apart by."""
    return BookPlace(**{name: getattr(place, name) for name in KINDS[kind].told_by})


def _part(value: object) -> str:
    return "-" if value is None else str(value)
