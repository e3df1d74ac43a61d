"""A write that a program sends twice is done once: its answer is kept in the act's transaction.

A program that got no answer sends the same again with the same key. Either the act was done, then
its answer is there; or neither is, then it is done now. Two that come at once wait for each other.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import ApiAnswer, ApiToken
from rules.errors import BadInput
from workflows.engine.office import Office

KEPT = timedelta(days=30)
"""How long an answer is kept; a program has given up by then."""


class ProgramAnswer(NamedTuple):
    """What a program is answered; `is_repeated` when the act was done before."""

    body: dict[str, object]
    is_repeated: bool


def answer_once(
    session: Session,
    office: Office,
    token: ApiToken,
    key: str,
    asked: Sequence[str],
    act: Callable[[Session], dict[str, object]],
) -> ProgramAnswer:
    """Do the act and keep its answer, or repeat the answer that was given to this key.

    `asked` is everything the program asked for: BadInput where the key came with something else.
    What is refused is not kept, and may be sent again with the same key.
    """
    told = {
        "token_id": token.id,
        "key_print": office.keys.fingerprint(f"key {token.id} {key}"),
        "request_print": office.keys.fingerprint(f"request {_digest(asked)}"),
        "at": office.clock(),
    }
    statement = insert(ApiAnswer).values(told).on_conflict_do_nothing().returning(ApiAnswer.id)
    is_new = session.scalar(statement) is not None
    which = {"token_id": token.id, "key_print": told["key_print"]}
    kept = session.scalars(select(ApiAnswer).filter_by(**which)).one()
    if is_new:
        kept.body = act(session)
    elif kept.request_print != told["request_print"]:
        raise BadInput(_("这个 Idempotency-Key 已用于另一个请求，请换一个"), "Idempotency-Key")
    return ProgramAnswer(kept.body or {}, not is_new)


def forget_old_answers(office: Office) -> int:
    """Delete the answers that no program asks for any more; return how many."""
    with office.sessions.unit_of_work() as session:
        old = delete(ApiAnswer).where(ApiAnswer.at < office.clock() - KEPT)
        return len(session.scalars(old.returning(ApiAnswer.id)).all())


def _digest(asked: Sequence[str]) -> str:
    """Of what was asked, part by part, so that no two requests have the same."""
    return sha256("".join(f"{len(part)}:{part}" for part in asked).encode()).hexdigest()
