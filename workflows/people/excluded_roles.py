"""Roles that exclude each other: no person holds both, by one account or by several."""

from collections.abc import Collection
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import User
from models.people import ROLE_WORDS, Role
from rules.errors import Refused
from workflows.engine.turns import OneAtATime, wait_for

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
_WORKING = frozenset({Role.CLERK, Role.SUPERVISOR, Role.CASHIER})

# Who makes does not approve, who approves does not pay. A unit's clerk hands in what the office
# decides, and an administrator decides who does all of it.
EXCLUDING: frozenset[frozenset[Role]] = frozenset(
    {
        frozenset({Role.CLERK, Role.SUPERVISOR}),
        frozenset({Role.SUPERVISOR, Role.CASHIER}),
        *(frozenset({one, other}) for one, other in combinations(ADMINISTRATORS, 2)),
        *(frozenset({one, other}) for one in ADMINISTRATORS for other in _WORKING),
        *(frozenset({Role.UNIT_CLERK, other}) for other in _WORKING | ADMINISTRATORS),
    }
)


def excluding(held: Collection[str], others: Collection[str]) -> tuple[Role, Role] | None:
    """The first role of each that exclude each other, in the order in which roles are listed."""
    for one in Role:
        for other in Role:
            if one in held and other in others and frozenset({one, other}) in EXCLUDING:
                return one, other
    return None


def counting(held: Collection[str]) -> frozenset[Role]:
    """The roles of an account that count; of two that exclude each other neither does."""
    return frozenset(role for role in map(Role, held) if not excluding([role], held))


def in_words(pair: tuple[Role, Role]) -> dict[str, str]:
    """Both roles as people call them, for a sentence."""
    one, other = pair
    return {"one": _(ROLE_WORDS[one]), "other": _(ROLE_WORDS[other])}


def refuse_excluded(
    session: Session, roles: Collection[str], number: str, besides: int = 0
) -> None:
    """Refused if the roles exclude each other, or one that the person of this staff number holds
    by another open account; `besides` is the account that is asked about.

    Until the transaction ends, no other one opens an account or gives one to a person: two at once
    would each not see what the other one grants. A number that is new has no row to lock. Whoever
    locks the row of the account does so before this, and no other account's after it.
    """
    wait_for(session, OneAtATime.GRANT_ROLES)
    if pair := excluding(roles, roles):
        raise Refused(_("岗位“%(one)s”和“%(other)s”不能由一人兼任") % in_words(pair))
    query = select(User.login, User.roles).where(
        User.staff_number == number, User.id != besides, User.disabled_at.is_(None)
    )
    for login, held in session.execute(query.order_by(User.id)):
        if pair := excluding(roles, held):
            words = in_words(pair) | {"number": number, "login": login}
            raise Refused(
                _(
                    "岗位“%(one)s”与同一人（工号 %(number)s）的账户 %(login)s 的岗位“%(other)s”"
                    "不能由一人兼任"
                )
                % words
            )
