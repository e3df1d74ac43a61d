"""The chart of accounts (科目表): what each kind counts, and what tells its accounts apart."""

from dataclasses import dataclass
from datetime import date

from models.ledger import AccountKind


@dataclass(frozen=True)
class BookPlace:
    """Of which plan family, paying account, cover period and unit something is."""

    family: str | None = None
    paying_account_id: int | None = None
    period_start: date | None = None
    unit_id: int | None = None


_FUND, _COVER = ("family", "paying_account_id"), ("family", "period_start", "unit_id")

# What parts of a place the accounts of each kind are told apart by.
TOLD_BY: dict[AccountKind, tuple[str, ...]] = {
    # What the office has: 银行存款, 应收补助, 应收追回.
    AccountKind.BANK: _FUND,
    AccountKind.SUBSIDY_DUE: ("family", "unit_id"),
    AccountKind.RECOVERABLE: ("family",),
    # What it owes: 预收会费, 应付互助金, 在途付款, 退票待处理.
    AccountKind.PREPAID_FEES: ("family", "unit_id"),
    AccountKind.PAYABLE: ("family",),
    AccountKind.IN_TRANSIT: _FUND,
    AccountKind.RETURNED: ("family",),
    # What came in: 会费收入, 上级补助收入, 转入基金.
    AccountKind.FEES: _COVER,
    AccountKind.SUBSIDY: _COVER,
    AccountKind.KEPT_BY_FUND: ("family",),
    # What was spent: 互助金支出, 二次救助支出, 核销支出.
    AccountKind.BENEFITS: _COVER,
    AccountKind.RELIEF: _COVER,
    AccountKind.WRITTEN_OFF: ("family",),
}


def code_of(kind: AccountKind, place: BookPlace) -> str:
    """The name by which the account of this kind and place is found; never changed."""
    parts = (_part(getattr(place, name)) for name in TOLD_BY[kind])
    return ":".join((kind.value, *parts))


def narrowed(kind: AccountKind, place: BookPlace) -> BookPlace:
    """What of the place the accounts of this kind are told apart by."""
    return BookPlace(**{name: getattr(place, name) for name in TOLD_BY[kind]})


def _part(value: object) -> str:
    return "-" if value is None else str(value)
