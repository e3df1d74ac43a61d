"""The accounts, as administrators see them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from console.not_found import NotFound
from language import _
from models import SecondFactor, Unit, User
from models.people import ROLE_WORDS, Role
from rules.approval_limits import LEVEL_WORDS, ApproverLevel
from workflows.people.accounts import has_level
from workflows.people.persons import own_accounts


@dataclass(frozen=True)
class AccountRow:
    id: int
    login: str
    name: str
    staff_number: str
    asked_number: str
    """The number that waits for a second administrator; empty where nothing is asked."""
    asked_by: str
    roles: str
    level: str
    """The level in words; empty for who approves nothing."""
    unit: str
    disabled_at: datetime | None
    must_change: bool
    has_factor: bool
    factor_reset_by: str
    """Who asked that the second factor be reset; empty where nothing is asked."""
    reset_asked_by_me: bool
    is_me: bool


def all_accounts(session: Session, person: User) -> list[AccountRow]:
    """All accounts; those that wait for confirmation come first."""
    asker, resetter = aliased(User), aliased(User)
    query = (
        select(User, Unit.name, asker.name, SecondFactor.confirmed_at, resetter.name, resetter.id)
        .outerjoin(Unit, Unit.id == User.unit_id)
        .outerjoin(asker, asker.id == User.staff_number_asked_by)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .outerjoin(resetter, resetter.id == SecondFactor.reset_asked_by)
    )
    waits = User.disabled_at.is_(None) & User.asked_staff_number.is_(None) & resetter.id.is_(None)
    found = session.execute(query.order_by(waits, User.login))
    mine = own_accounts(session, person)
    return [
        replace(
            _row(user, unit or "", asked_by or "", mine),
            has_factor=confirmed is not None,
            factor_reset_by=reset_by or "",
            reset_asked_by_me=resetter_id in mine,
        )
        for user, unit, asked_by, confirmed, reset_by, resetter_id in found
    ]


def account_numbered(session: Session, user_id: int) -> User:
    """The account of this number, locked."""
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(str(user_id))
    return user


def units_by_name(session: Session) -> list[Unit]:
    """The units a clerk can belong to."""
    return list(session.scalars(select(Unit).order_by(Unit.name)))


def _row(user: User, unit: str, asked_by: str, mine: frozenset[int]) -> AccountRow:
    return AccountRow(
        id=user.id,
        login=user.login,
        name=user.name,
        staff_number=user.staff_number,
        asked_number=user.asked_staff_number or "",
        asked_by=asked_by,
        roles="、".join(_(ROLE_WORDS[Role(role)]) for role in user.roles),
        level=_(LEVEL_WORDS[ApproverLevel(user.level)]) if has_level(user.roles) else "",
        unit=unit,
        disabled_at=user.disabled_at,
        must_change=user.must_change_password,
        has_factor=False,
        factor_reset_by="",
        reset_asked_by_me=False,
        is_me=user.id in mine,
    )
