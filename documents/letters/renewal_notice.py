"""The contents of a renewal notice (续保通知), a red-header notice after GB/T 9704-2012."""

from dataclasses import dataclass
from datetime import date

from documents.letters.contents import Issued, LetterKind
from rules.money import Fen


@dataclass(frozen=True)
class FeeAccount:
    """The account of the office to which units pay their fees."""

    name: str
    number: str
    bank: str


@dataclass(frozen=True, kw_only=True)
class RenewalNotice(Issued):
    """续保通知: what ends when, who can go on, what it costs, and what to do by when.

    `days_left` is negative once cover has ended. `members` are those who have not renewed,
    `renewed` the others. Of the `members`, `leavers` have left and `over_age` will be too old on
    the first day of the next period; none is counted as both, and `going_on` are the rest.
    """

    kind = LetterKind.RENEWAL_NOTICE
    unit_name: str
    plan_name: str
    plan_cited: str | None
    """The document that the plan is from; None where it is not from a numbered one."""
    cover_from: date
    cover_to: date
    days_left: int
    members: int
    renewed: int
    leavers: int
    over_age: int
    going_on: int
    age_most: int
    next_from: date
    fee: Fen | None
    """Of one share; None if it is not confirmed."""
    subsidy: Fen
    rest: Fen
    """What unit and member share of one fee between them."""
    due: Fen | None
    """What the unit owes if all who can go on do; None if the fee is not confirmed."""
    account: FeeAccount | None
    phone: str
    """May be empty, like the account, where the office has not set it."""
    term_years: int
    gapless_by: date
    unbroken_by: date | None
    """None where the plan has no waiting days to keep."""
