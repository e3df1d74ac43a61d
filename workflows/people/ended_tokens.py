"""Ends the tokens of programs (接口令牌) of an account whose person or rights change."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ApiToken, User
from workflows.engine.office import Office


def end_tokens(session: Session, office: Office, user: User, by: User | None) -> None:
    """End all tokens of the account, whose person or rights have changed. What changed them records
    it."""
    for token in session.scalars(select(ApiToken).filter_by(user_id=user.id, ended_at=None)):
        token.ended_at, token.ended_by = office.clock(), by.id if by else None
