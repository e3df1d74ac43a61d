"""What people said of a claim that its decision rests on, and what each word made of the sum."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import N_
from models import Answer, AuditEvent, Claim, User
from rules.money import Fen
from rules.questions import answer_to
from rules.verdict import Code, Outcome
from workflows.claims.given_answers import waits
from workflows.engine.rows import any_of

EVENT_TOLD = N_("填写或更正事件")

_TELLING = ("recheck", "add_papers")
_DECIDING = ("propose", "refer", "propose_denial")


class PastDecision(NamedTuple):
    """What was decided at one time."""

    outcome: str
    amount: Fen


@dataclass(frozen=True)
class Touch:
    """One answer, or one event told by a person: by whom, when, why, and the results around it.

    `words` are what was said, for gettext; a result is None where nothing had been decided.
    """

    by: tuple[str, ...]
    at: datetime
    words: str
    reason: str
    before: PastDecision | None
    after: PastDecision | None = None
    question: tuple[object, object] | None = None


def touches_of(session: Session, claim_ids: Sequence[int]) -> dict[int, tuple[Touch, ...]]:
    """The touches of these claims that count, oldest first; untouched claims are left out."""
    said = select(AuditEvent.subject_id).where(
        AuditEvent.subject == Claim.__tablename__,
        any_of(AuditEvent.subject_id, claim_ids),
        (AuditEvent.verb == "answer_question")
        | (AuditEvent.verb.in_(_TELLING) & AuditEvent.detail.has_key("after")),
    )
    touched = set(session.scalars(said))
    live = _live_answers(session, touched)
    found = {}
    for claim_id, events in _histories(session, touched).items():
        if counting := tuple(_touches(events, live[claim_id])):
            found[claim_id] = counting
    return found


def _histories(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, list[tuple[AuditEvent, str]]]:
    events = session.execute(
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject == Claim.__tablename__,
            any_of(AuditEvent.subject_id, claim_ids),
            AuditEvent.verb.in_(("answer_question", "confirm_answer", *_TELLING, *_DECIDING)),
        )
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    by_claim = defaultdict(list)
    for event, name in events:
        by_claim[event.subject_id].append((event, name or ""))
    return by_claim


def _live_answers(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, set[tuple[object, ...]]]:
    """Event, question and answer of what counts."""
    live: defaultdict[int, set[tuple[object, ...]]] = defaultdict(set)
    kept = select(Answer).where(any_of(Answer.claim_id, claim_ids), Answer.withdrawn_at.is_(None))
    for each in session.scalars(kept):
        if not waits(each):
            live[each.claim_id].add((each.event, each.question, each.answer))
    return live


def _touches(
    events: Sequence[tuple[AuditEvent, str]], live: set[tuple[object, ...]]
) -> list[Touch]:
    found: list[Touch] = []
    result: PastDecision | None = None
    for event, name in events:
        told = event.detail
        if event.verb in _DECIDING:
            result = _result(event)
            found = [each if each.after else replace(each, after=result) for each in found]
        elif event.verb == "confirm_answer":
            about = told["event"], told["question"]
            found = [
                replace(each, by=(*each.by, name)) if each.question == about else each
                for each in found
            ]
        elif touch := _touch(event, name, result, live):
            # A later answer to the same question takes the place of the earlier one.
            kept = [each for each in found if not each.question or each.question != touch.question]
            found = [*kept, touch]
    return found


def _touch(
    event: AuditEvent, name: str, before: PastDecision | None, live: set[tuple[object, ...]]
) -> Touch | None:
    told = event.detail
    if event.verb in _TELLING:
        words, question, counts = EVENT_TOLD, None, "after" in told
    else:
        question = told["event"], told["question"]
        words = answer_to(Code(str(told["question"])), str(told["answer"])).words
        counts = (*question, told["answer"]) in live
    if not counts:
        return None
    reason = str(told.get("reason") or "")
    return Touch((name,), event.at, words, reason, before, question=question)


def _result(event: AuditEvent) -> PastDecision:
    outcome = event.detail.get("outcome", Outcome.DENY.value)
    amount = event.detail.get("amount", 0)
    assert isinstance(amount, int)
    return PastDecision(str(outcome), Fen(amount))
