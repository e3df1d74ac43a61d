"""The questions a referred claim asks, with the answers this person may give or agree to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import Answer, Claim, User
from rules.questions import Makes, PossibleAnswer, answer_to, questions
from workflows.claims.answers import AskedQuestion, offered, open_questions


@dataclass(frozen=True)
class WaitingAnswer:
    """An answer that a second person must agree to."""

    id: int
    words: str
    by: str
    at: datetime
    reason: str
    is_mine: bool


@dataclass(frozen=True)
class QuestionRow:
    """One question, the sentences that ask it, and what may be answered.

    `by_facts` are the words of the answers that are given in the form of the event, `by_heirs` of
    those that are given in the form of the heirs.
    """

    event: int
    code: str
    words: str
    sentences: tuple[str, ...]
    answers: tuple[PossibleAnswer, ...]
    by_facts: tuple[str, ...]
    by_heirs: tuple[str, ...]
    needs_paper: bool
    waiting: WaitingAnswer | None


def asked(session: Session, person: User, claim: Claim) -> Iterator[QuestionRow]:
    """Every open question of the claim, in the order of its events."""
    for each in open_questions(claim):
        yield _row(session, person, each)


def _row(session: Session, person: User, question: AskedQuestion) -> QuestionRow:
    kind, answers = questions()[question.code], tuple(offered(question, person))
    return QuestionRow(
        event=question.event,
        code=question.code.value,
        words=kind.words,
        sentences=question.sentences,
        answers=answers,
        by_facts=tuple(each.words for each in kind.answers if each.makes is Makes.FACTS),
        by_heirs=tuple(each.words for each in kind.answers if each.makes is Makes.HEIRS),
        needs_paper=any("paper" in each.needs for each in answers),
        waiting=_waiting(session, person, question, question.waiting),
    )


def _waiting(
    session: Session, person: User, question: AskedQuestion, given: Answer | None
) -> WaitingAnswer | None:
    if given is None:
        return None
    return WaitingAnswer(
        id=given.id,
        words=answer_to(question.code, given.answer).words,
        by=session.get_one(User, given.answered_by).name,
        at=given.answered_at,
        reason=given.reason,
        is_mine=given.answered_by == person.id,
    )
