"""The questions a referred claim asks, with the answers this person may give or agree to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from console.queries.other_claims import OtherClaim, other_claims
from language import _
from models import Answer, Claim, User
from rules.questions import Makes, PossibleAnswer, Question, questions
from workflows.claims.acts.answers import AskedQuestion, may_agree, offered, open_questions
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, may
from workflows.sealed_values.decisions import why_of


@dataclass(frozen=True)
class WaitingAnswer:
    """An answer that a second person must agree to; `may_agree` says whether the reader can."""

    id: int
    words: str
    by: str
    at: datetime
    reason: str
    is_mine: bool
    may_agree: bool


@dataclass(frozen=True)
class QuestionRow:
    """One question, the sentences that ask it, and what may be answered.

    `by_facts` are the words of the answers that are given in the form of the event, `by_heirs` of
    those that are given in the form of the heirs, both for who has these forms; `by_clerks` says
    that only clerks can answer.
    """

    event: int
    code: str
    words: str
    sentences: tuple[str, ...]
    claims: tuple[OtherClaim, ...]
    """The other claims that it asks about."""
    answers: tuple[PossibleAnswer, ...]
    by_facts: tuple[str, ...]
    by_heirs: tuple[str, ...]
    by_clerks: bool
    by_supervisors: tuple[str, ...]
    """The answers that only a supervisor can give, for who cannot."""
    needs_paper: bool
    waiting: WaitingAnswer | None
    given: WaitingAnswer | None
    """The answer that counts already, and is judged with once the others are agreed to."""


def asked(session: Session, person: User, claim: Claim) -> Iterator[QuestionRow]:
    """Every open question of the claim, in the order of its events."""
    for each in open_questions(claim):
        yield _row(session, person, claim, each)


def left_in_words(left: Sequence[AskedQuestion]) -> str:
    """The questions that are still left, each with what it waits for; empty if none is."""
    if not left:
        return ""
    each = (
        (_("%(question)s（待另一人确认）") if question.waiting else _("%(question)s（待答复）"))
        % {"question": _(questions()[question.code].words)}
        for question in left
    )
    return _("尚余：%(questions)s") % {"questions": _("；").join(each)}


def _row(session: Session, person: User, claim: Claim, question: AskedQuestion) -> QuestionRow:
    kind, answers = questions()[question.code], tuple(offered(question, person))
    return QuestionRow(
        event=question.event,
        code=question.code.value,
        words=kind.words,
        sentences=question.sentences,
        claims=tuple(other_claims(session, claim, question)),
        answers=answers,
        by_facts=_in_a_form(person, kind, Makes.FACTS),
        by_heirs=_in_a_form(person, kind, Makes.HEIRS),
        by_clerks=not answers and not may(person, Act.CORRECT),
        by_supervisors=_by_supervisors(person, kind),
        needs_paper=any("paper" in each.needs for each in answers),
        waiting=_waiting(session, person, question, question.waiting),
        given=_waiting(session, person, question, None if question.is_left else question.given),
    )


def _by_supervisors(person: User, kind: Question) -> tuple[str, ...]:
    found = tuple(each.words for each in kind.answers if each.who == "supervisor")
    return () if may(person, Act.APPROVE) else found


def _in_a_form(person: User, kind: Question, makes: Makes) -> tuple[str, ...]:
    found = tuple(each.words for each in kind.answers if each.makes is makes)
    return found if may(person, Act.CORRECT) else ()


def _waiting(
    session: Session, person: User, question: AskedQuestion, given: Answer | None
) -> WaitingAnswer | None:
    if given is None:
        return None
    return WaitingAnswer(
        id=given.id,
        words=given.chosen.words,
        by=session.get_one(User, given.answered_by).name,
        at=given.answered_at,
        reason=why_of(given),
        is_mine=given.answered_by in own_accounts(session, person),
        may_agree=may_agree(session, person, given),
    )
