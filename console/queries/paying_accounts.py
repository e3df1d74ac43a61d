"""The accounts that pay, as cashiers and supervisors see them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from console.not_found import NotFound
from language import _
from models import PayingAccount, User
from rules import plans
from workflows.people.persons import own_accounts


@dataclass(frozen=True)
class PayingAccountRow:
    """One account; `asked_by_me` tells that another person must agree to what is asked of it."""

    id: int
    plans: str
    name: str
    account: str
    bank: str
    cnaps: str
    first_on: date
    last_on: date | None
    proposed_by: str
    confirmed_by: str
    is_proposed: bool
    is_open: bool
    can_end: bool
    end_on: date | None
    end_asked_by: str
    asked_by_me: bool
    seen: str
    """What the form sends back of what is asked: the version of a proposal, the day of an end."""


def paying_accounts(session: Session, person: User) -> list[PayingAccountRow]:
    """All accounts but those that were refused: what is asked first, then the newest."""
    proposer, confirmer, ender = (aliased(User) for _each in range(3))
    found = session.execute(
        select(PayingAccount, proposer.name, confirmer.name, ender.name)
        .outerjoin(proposer, proposer.id == PayingAccount.proposed_by)
        .outerjoin(confirmer, confirmer.id == PayingAccount.confirmed_by)
        .outerjoin(ender, ender.id == PayingAccount.end_asked_by)
        .where(PayingAccount.refused_at.is_(None))
        .order_by(
            PayingAccount.confirmed_at.is_(None).desc(),
            PayingAccount.end_on.is_(None),
            PayingAccount.first_on.desc(),
            PayingAccount.id.desc(),
        )
    )
    own = own_accounts(session, person)
    return [
        _row(account, (proposed or "", confirmed or "", asked or ""), own)
        for account, proposed, confirmed, asked in found
    ]


def families() -> dict[str, str]:
    """The name of each family of plans, that of its newest edition."""
    return {plan.family: plan.name for plan in plans.available()}


def account_numbered(session: Session, account_id: int) -> PayingAccount:
    """The account of this number."""
    account = session.get(PayingAccount, account_id)
    if account is None:
        raise NotFound(str(account_id))
    return account


def accounts_to_confirm(session: Session) -> int:
    """How many accounts were proposed, or shall end, and wait for a second person."""
    is_proposed = PayingAccount.confirmed_at.is_(None) & PayingAccount.refused_at.is_(None)
    waiting = or_(is_proposed, PayingAccount.end_on.is_not(None))
    return session.scalar(select(func.count()).select_from(PayingAccount).where(waiting)) or 0


def _row(
    account: PayingAccount, names: tuple[str, str, str], own: frozenset[int]
) -> PayingAccountRow:
    """`own` are the ids of all accounts of the person who looks."""
    proposed_by, confirmed_by, end_asked_by = names
    family = account.family
    is_proposed = account.confirmed_at is None
    asker = account.proposed_by if is_proposed else account.end_asked_by
    is_open = not is_proposed and account.last_on is None
    return PayingAccountRow(
        id=account.id,
        plans=families().get(family, family) if family else _("其余各计划"),
        name=account.name,
        account=account.account,
        bank=account.bank,
        cnaps=account.cnaps or "",
        first_on=account.first_on,
        last_on=account.last_on,
        proposed_by=proposed_by or _("系统设置"),
        confirmed_by=confirmed_by,
        is_proposed=is_proposed,
        is_open=is_open,
        can_end=is_open and account.end_on is None and family is not None,
        end_on=account.end_on,
        end_asked_by=end_asked_by,
        asked_by_me=asker in own,
        seen=str(account.version if is_proposed else account.end_on or ""),
    )
