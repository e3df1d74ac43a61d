"""The makers of a claim: the people whose acts stand in its decision and so cannot approve it.

An act that another one takes the place of stands no longer: a value keyed over, an answer that was
withdrawn, a decision that was superseded. Who did it is free to approve, unless he did more.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Claim, Maker, User
from workflows.engine.row_stamps import execute_stamped
from workflows.engine.rows import any_of
from workflows.people.persons import own_accounts


class Made(StrEnum):
    """What a person makes of a claim, beside its items and answers.

    DECISION is what is done to a decision as a whole: it lapses when the claim is revised, a
    DENIAL when it is superseded, a WITHDRAWAL when the claim is resumed, a SET_OFF when it is
    undone; the others never do. An OBJECTION is kept of who approved what was objected to, and of
    who heard it (R29), a PAYEE of who keyed the payee of the claim that relief follows, a RETURN of
    who said that a payment came back, or asked the bank whether it did, a CARD of who named or
    confirmed the card that is paid to.
    """

    PAPERS = "papers"
    EVENTS = "events"
    HEIRS = "heirs"
    DECISION = "decision"
    DENIAL = "denial"
    WITHDRAWAL = "withdrawal"
    SET_OFF = "set_off"
    OBJECTION = "objection"
    PAYEE = "payee"
    RETURN = "return"
    CARD = "card"


def item(subject: str) -> str:
    """What was keyed or explained of this subject: a field, a kind of paper or a page id."""
    return f"item {subject}"


def answer(answer_id: int) -> str:
    """What was answered to a question of the rules, by the id of the answer."""
    return f"answer {answer_id}"


def note_maker(session: Session, claim: Claim, person: User, about: str) -> None:
    """Record that the person made this of the claim and so cannot approve it."""
    row = insert(Maker).values(claim_id=claim.id, user_id=person.id, about=about)
    again = row.on_conflict_do_update(
        index_elements=["claim_id", "user_id", "about"], set_={"lapsed_at": None}
    )
    execute_stamped(session, again)


def set_off_by(receipt_id: int) -> str:
    """That something was set off by this receipt."""
    return f"{Made.SET_OFF} {receipt_id}"


def lapse(session: Session, claim: Claim, at: datetime, *about: str) -> None:
    """Record that what people made of these things stands no longer."""
    execute_stamped(
        session,
        update(Maker)
        .where(Maker.claim_id == claim.id, Maker.about.in_(about), Maker.lapsed_at.is_(None))
        .values(lapsed_at=at),
    )


def ever_makers_of(session: Session, claim: Claim, about: Collection[str]) -> list[User]:
    """Who made any of these things, also what stands no longer."""
    made = select(Maker.user_id).where(Maker.claim_id == claim.id, Maker.about.in_(about))
    return list(session.scalars(select(User).where(User.id.in_(made)).order_by(User.id)))


def made_by(
    session: Session, person: User, claim_ids: Collection[int], beside: str = ""
) -> set[int]:
    """Those of these claims in which something stands that the person made, `beside` left aside."""
    made = select(Maker.claim_id).where(
        Maker.user_id.in_(own_accounts(session, person)),
        any_of(Maker.claim_id, claim_ids),
        Maker.lapsed_at.is_(None),
        Maker.about != beside,
    )
    return set(session.scalars(made))
