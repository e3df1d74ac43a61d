"""What people entered that a claim's decision rests on, and how each entry changed the sum."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from language import N_
from models import Answer, AuditEvent, Claim, User
from rules.money import Fen
from rules.questions import answer_to
from rules.verdict import Code, Outcome
from workflows.claims.judging.given_answers import waits
from workflows.engine.rows import any_of
from workflows.engine.sealed_details import detail_of

EVENT_TOLD = N_("填写或更正事件")
PAPERS_TAKEN_IN = N_("并入案件 %(number)s 的材料")

_TELLING = ("recheck", "add_papers")
_DECIDING = ("propose", "refer", "propose_denial")

AnswerKey = int | tuple[int, str, str]
"""Which answer: its id; in an older history its event, question and answer."""


class PastDecision(NamedTuple):
    """What was decided at one time."""

    outcome: str
    amount: Fen


@dataclass(frozen=True)
class Touch:
    """One answer, one event told by a person, or the papers of a claim that was joined to this one:
    by whom, when, why, and the results around it.

    `words` are what was said, for gettext; `joined` is the number of the joined claim they name. A
    result is None where nothing had been decided. `given` tells which answer it is, None where it
    is none.
    """

    by: tuple[str, ...]
    at: datetime
    words: str
    reason: str
    before: PastDecision | None
    after: PastDecision | None = None
    given: AnswerKey | None = None
    joined: str = ""


def touches_of(session: Session, claim_ids: Sequence[int]) -> dict[int, tuple[Touch, ...]]:
    """The touches of these claims that count, oldest first; untouched claims are left out."""
    said = select(AuditEvent.subject_id).where(
        AuditEvent.subject == Claim.__tablename__,
        any_of(AuditEvent.subject_id, claim_ids),
        AuditEvent.verb.in_(("answer_question", "take_in"))
        | (AuditEvent.verb.in_(_TELLING) & AuditEvent.detail.has_key("after")),
    )
    touched = set(session.scalars(said))
    if not touched:
        return {}
    live = _live_answers(session, touched)
    found = {}
    for claim_id, events in _histories(session, touched).items():
        if counting := tuple(_touches(events, live[claim_id])):
            found[claim_id] = counting
    return found


def _histories(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, list[tuple[AuditEvent, tuple[str, ...]]]]:
    """The events of each claim, each with who answered, where it says so, and who acted."""
    verbs = ("answer_question", "confirm_answer", "take_in", *_TELLING, *_DECIDING)
    answerer = aliased(User)
    events = session.execute(
        select(AuditEvent, answerer.name, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .outerjoin(answerer, answerer.id == AuditEvent.detail["by"].as_integer())
        .where(
            AuditEvent.subject == Claim.__tablename__,
            any_of(AuditEvent.subject_id, claim_ids),
            AuditEvent.verb.in_(verbs),
        )
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    by_claim = defaultdict(list)
    for event, *names in events:
        by_claim[event.subject_id].append((event, tuple(name for name in names if name)))
    return by_claim


def _live_answers(session: Session, claim_ids: Collection[int]) -> Mapping[int, set[AnswerKey]]:
    """The answers that count: their ids, and event, question and answer, since an older history
    has no ids."""
    live: defaultdict[int, set[AnswerKey]] = defaultdict(set)
    kept = select(Answer).where(any_of(Answer.claim_id, claim_ids), Answer.withdrawn_at.is_(None))
    for each in session.scalars(kept):
        if not waits(each):
            live[each.claim_id] |= {each.id, (each.event, each.question, each.answer)}
    return live


def _touches(
    events: Sequence[tuple[AuditEvent, tuple[str, ...]]], live: set[AnswerKey]
) -> list[Touch]:
    found: list[Touch] = []
    result: PastDecision | None = None
    for event, names in events:
        told = event.detail
        if event.verb in _DECIDING:
            result = _result(event)
            found = [each if each.after else replace(each, after=result) for each in found]
        elif event.verb == "confirm_answer":
            given = _answer_in(told)
            found = [
                replace(each, by=(*each.by, *names)) if each.given == given else each
                for each in found
            ]
        elif touch := _touch(event, names, result, live):
            found.append(touch)
    return found


def _touch(
    event: AuditEvent,
    names: tuple[str, ...],
    before: PastDecision | None,
    live: set[AnswerKey],
) -> Touch | None:
    told = event.detail
    reason = str(detail_of(event).get("reason") or "")
    if event.verb == "take_in":
        joined = str(told["joined"])
        return Touch(names, event.at, PAPERS_TAKEN_IN, reason, before, joined=joined)
    if event.verb in _TELLING:
        words, given, counts = EVENT_TOLD, None, "after" in told
    else:
        given = _answer_in(told)
        words = answer_to(Code(str(told["question"])), str(told["answer"])).words
        counts = given in live
    if not counts:
        return None
    return Touch(names, event.at, words, reason, before, given=given)


def _answer_in(told: Mapping[str, Any]) -> AnswerKey:
    """Which answer the history tells of."""
    return told.get("given") or (told["event"], told["question"], told["answer"])


def _result(event: AuditEvent) -> PastDecision:
    outcome = event.detail.get("outcome", Outcome.DENY.value)
    amount = event.detail.get("amount", 0)
    assert isinstance(amount, int)
    return PastDecision(str(outcome), Fen(amount))
