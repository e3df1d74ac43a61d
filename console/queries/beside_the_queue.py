"""What a supervisor sees beside the queue: answers that wait for a second person, and denials he
proposed that papers undid."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from console.queries.asked import QuestionRow, WaitingAnswer, asked, left_in_words
from models import Answer, AuditEvent, Claim, Decision, User
from models.machines.claims import CLAIM
from models.states import ClaimState
from workflows.claims.acts.answers import open_questions
from workflows.people.persons import own_accounts

_UNDER_WAY = (
    ClaimState.RECEIVED,
    ClaimState.READ,
    ClaimState.COMPLETE,
    ClaimState.INCOMPLETE,
    ClaimState.IN_QUESTION,
    ClaimState.REFERRED,
    ClaimState.HELD,
)


@dataclass(frozen=True)
class WaitingRow:
    """An answer that waits, with the claim and the question it was given to."""

    number: str
    question: str
    given: WaitingAnswer
    left: str
    """What else of the claim is still left, in words."""


@dataclass(frozen=True)
class DroppedDenial:
    """A claim that was proposed to be denied until papers came."""

    number: str
    word: str
    at: datetime


def waiting_answers(session: Session, person: User) -> list[WaitingRow]:
    """The answers this person may agree to, those that wait longest first."""
    query = (
        select(Claim)
        .where(Claim.state == ClaimState.REFERRED)
        .where(Claim.answers.any(Answer.withdrawn_at.is_(None) & Answer.confirmed_at.is_(None)))
    )
    rows = [
        WaitingRow(claim.number, question.words, question.waiting, _left_beside(claim, question))
        for claim in session.scalars(query)
        for question in asked(session, person, claim)
        if question.waiting and question.waiting.may_agree
    ]
    return sorted(rows, key=lambda row: row.given.at)


def _left_beside(claim: Claim, question: QuestionRow) -> str:
    about = question.event, question.code
    others = [e for e in open_questions(claim) if e.is_left and (e.event, e.code) != about]
    return left_in_words(others)


def dropped_denials(session: Session, person: User) -> list[DroppedDenial]:
    """The denials this person proposed that papers undid, until the claims come to the queue or
    to rest."""
    newer = aliased(Decision)
    is_last = ~exists().where(
        newer.claim_id == Decision.claim_id,
        newer.number > Decision.number,
        newer.proposed_by.is_not(None),
    )
    rows = session.execute(
        select(Claim.number, Claim.state, AuditEvent.at)
        .join(Decision, Decision.claim_id == Claim.id)
        .join(
            AuditEvent,
            (AuditEvent.subject == Claim.__tablename__) & (AuditEvent.subject_id == Claim.id),
        )
        .where(Decision.proposed_by.in_(own_accounts(session, person)), is_last)
        .where(AuditEvent.at >= Decision.made_at)
        .where(AuditEvent.verb == "drop_denial", Claim.state.in_(_UNDER_WAY))
        .order_by(AuditEvent.at)
    )
    return [DroppedDenial(number, CLAIM.states[state], at) for number, state, at in rows]
