"""Tokens of programs, as administrators and their persons see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import ApiToken, User
from models.people import ROLE_WORDS, Role
from workflows.people.api_tokens import TOKEN_ACTS, acts_for, tokens_of
from workflows.people.persons import own_accounts
from workflows.people.rights import Act


@dataclass(frozen=True)
class TokenRow:
    """A token that was not ended. `can_agree` is of who looks at it, `can_draw` of its person."""

    id: int
    name: str
    login: str
    person: str
    acts: str
    expires_on: date
    asked_by: str
    agreed_by: str
    is_drawn: bool
    last_used_at: datetime | None
    can_agree: bool
    can_draw: bool


@dataclass(frozen=True)
class TokenHolder:
    """An open account for which a token can be asked: its id, its name and roles."""

    id: int
    words: str


def all_tokens(session: Session, person: User) -> list[TokenRow]:
    """All tokens that were not ended; those that wait for agreement come first."""
    rows = token_rows(session, person, session.scalars(select(ApiToken.user_id)).all())
    return sorted(rows, key=lambda row: bool(row.agreed_by))


def token_rows(session: Session, person: User, users: Collection[int]) -> list[TokenRow]:
    """The tokens of these accounts, as this person sees them."""
    tokens = tokens_of(session, set(users))
    ids = {each for token in tokens for each in (token.user_id, token.asked_by, token.agreed_by)}
    people = {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}
    mine = own_accounts(session, person)
    return [_row(token, people, mine, person) for token in tokens]


def holders(session: Session, person: User) -> list[TokenHolder]:
    """The accounts for which this administrator can ask for a token."""
    mine = own_accounts(session, person)
    query = select(User).where(User.disabled_at.is_(None), User.id.not_in(mine))
    return [
        TokenHolder(user.id, f"{user.name}（{user.login}）{_roles(user)}")
        for user in session.scalars(query.order_by(User.login))
        if acts_for(user)
    ]


def _roles(user: User) -> str:
    return _("、").join(_(ROLE_WORDS[Role(role)]) for role in user.roles)


def _row(token: ApiToken, people: dict[int, User], mine: frozenset[int], person: User) -> TokenRow:
    agreed = people.get(token.agreed_by) if token.agreed_by else None
    user = people[token.user_id]
    is_drawn = token.token_print is not None
    return TokenRow(
        id=token.id,
        name=token.name,
        login=user.login,
        person=user.name,
        acts=_("、").join(_(TOKEN_ACTS[Act(act)]) for act in token.acts),
        expires_on=token.expires_on,
        asked_by=people[token.asked_by].name,
        agreed_by=agreed.name if agreed else "",
        is_drawn=is_drawn,
        last_used_at=token.last_used_at,
        can_agree=agreed is None and not mine & {token.asked_by, token.user_id},
        can_draw=agreed is not None and not is_drawn and user.id == person.id,
    )
