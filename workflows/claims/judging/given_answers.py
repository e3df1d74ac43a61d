"""The answers kept of a claim: which of them count, and which are withdrawn."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models import Answer, Claim
from rules.facts import Event
from rules.facts.case import event_from_json
from rules.facts.claim import AnsweredOf
from rules.verdict import Code
from workflows.people import claim_makers
from workflows.people.claim_makers import lapse
from workflows.sealed_values.decisions import about_of, why_of


def answers_of(claim: Claim, events: Sequence[Event]) -> Iterator[AnsweredOf]:
    """The answers that count: agreed to, and about the events as they are now.

    An answer stays with its event, also where an event before it has been dropped since.
    """
    for each in claim.answers:
        about = None if each.withdrawn_at or waits(each) else event_from_json(about_of(each))
        if about in events:
            said = " ".join(why_of(each).split()) or None
            yield AnsweredOf(Code(each.question), each.answer, said, event=events.index(about))


def waits(answer: Answer) -> bool:
    """Whether a second person must still agree to it."""
    return answer.chosen.confirmed and answer.confirmed_at is None


def withdraw_answers(session: Session, claim: Claim, at: datetime, *questions: Code) -> None:
    """Let the answers to these questions, or to all, count no longer: the rules ask again."""
    for each in claim.answers:
        if each.withdrawn_at or (questions and each.question not in questions):
            continue
        withdraw_answer(session, claim, each, at)


def withdraw_answer(session: Session, claim: Claim, given: Answer, at: datetime) -> None:
    """Let this answer count no longer; who gave it is then no maker of what stands."""
    given.withdrawn_at = at
    lapse(session, claim, at, claim_makers.answer(given.id))
