"""Which account of the office pays for a plan on a day (付款账户)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import PayingAccount
from rules import plans


def accounts_of_the_day(session: Session, day: date) -> dict[str | None, PayingAccount]:
    """The accounts that count on this day by the family they pay for; None: all others."""
    counts = (
        PayingAccount.confirmed_at.is_not(None),
        PayingAccount.first_on <= day,
        PayingAccount.last_on.is_(None) | (PayingAccount.last_on >= day),
    )
    return {each.family: each for each in session.scalars(select(PayingAccount).where(*counts))}


def account_of_family(
    accounts: Mapping[str | None, PayingAccount], family: str
) -> PayingAccount | None:
    """Of the accounts of a day the one that pays for this family: its own, or the general one."""
    return accounts.get(family) or accounts.get(None)


def account_for(session: Session, plan: str, day: date) -> PayingAccount | None:
    """The account that pays for this plan on this day; None where there is none."""
    return account_of_family(accounts_of_the_day(session, day), plans.family_of(plan))
