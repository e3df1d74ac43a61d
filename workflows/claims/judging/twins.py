"""Two claims for one event: a question, and what a person's answer to it makes of the second."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy.orm import Session

from documents.sealing import KeyRing
from language import _
from models import Claim
from rules import plans
from rules.accidents import may_be_one
from rules.entitlement import entitlement_event
from rules.facts import AccidentEvent, Event, PaidAccident, PaidStay
from rules.facts.case import event_from_json, paid_from_json
from rules.owed import JudgedPart
from rules.questions import Makes, PossibleAnswer, answered, denied
from rules.same_event import is_one, meets
from rules.verdict import Code, Outcome, Reason, ReasonKind
from workflows.claims.judging.facts import other_rights
from workflows.claims.judging.unpaid_stays import unpaid_stays
from workflows.sealed_values.decisions import facts_in, past_of

_TWICE = Code.DUPLICATE_EVENT

# Stands between the fingerprint of an event and its number, where a person told it apart from an
# earlier one.
_ANOTHER = b"#"


def beside_its_twin(keys: KeyRing, claim: Claim, part: JudgedPart) -> JudgedPart:
    """What becomes of the part where another claim holds the right to its event: a question to a
    person, and by his answer a denial or the part as it is. Otherwise the part as it is."""
    if not _twin(keys, claim, part):
        return part
    article, sentence = part.article, _("同一事件已有另一案件取得给付权利")
    asked = Reason(_TWICE, article, sentence, ReasonKind.REFER)
    answer = answered(part.facts, _TWICE)
    if answer is None or not _says_what_becomes(answer, part):
        return part.unpaid(Outcome.REFER, asked)
    if denial := denied(part.facts, asked):
        return part.unpaid(Outcome.DENY, denial)
    return part


def holder_of(session: Session, claim: Claim, event: Event) -> Claim | None:
    """The other claim that holds a right for this event of the member, or for half of it (R7);
    what meets it through stays that were denied comes after what meets it by itself."""
    return next(_holders(session, claim, event), None)


def _holders(session: Session, claim: Claim, event: Event) -> Iterator[Claim]:
    denied = [
        each.stay.paid
        for each in unpaid_stays(session, [claim.member_id])
        if each.claim_id != claim.id and isinstance(each.stay.paid, PaidStay)
    ]
    for between in ([], denied):
        for right in other_rights(claim):
            within = plans.load(right.plan).rulings.transfer.value
            held = event_from_json(facts_in(right.granted_by)["event"])
            if is_one(event, held, within, between):
                yield right.claim


def other_claims_of_it(session: Session, claim: Claim, event: Event) -> list[Claim]:
    """The other claims of the member that a person is asked about, because their event may be this
    one: those that hold a right for it or for what may be it, then those that were denied it."""
    found = [*_holders(session, claim, event), *_near(claim, event)]
    for each in unpaid_stays(session, [claim.member_id]):
        within, stay = plans.load(each.stay.plan).rulings.transfer.value, each.stay.paid
        if each.claim_id != claim.id and isinstance(stay, PaidStay) and meets(event, stay, within):
            found.append(session.get_one(Claim, each.claim_id))
    return list(dict.fromkeys(found))


def _near(claim: Claim, event: Event) -> Iterator[Claim]:
    """The claims that were granted something for what may be the same accident (R30)."""
    if not isinstance(event, AccidentEvent):
        return
    for right in other_rights(claim):
        for paid in paid_from_json(past_of(right)["paid"]):
            if isinstance(paid, PaidAccident) and may_be_one(event, paid):
                yield right.claim


def _says_what_becomes(answer: PossibleAnswer, part: JudgedPart) -> bool:
    """Whether the answer says what becomes of the second claim: the same stay is not paid twice
    as two halves of one, while of one accident several outcomes are paid."""
    if answer.makes is Makes.TOGETHER:
        return isinstance(part.facts.event, AccidentEvent)
    return answer.makes in (Makes.CLEAR, Makes.DENY)


def event_key(keys: KeyRing, claim: Claim, part: JudgedPart) -> bytes:
    """The event in the unique key; one that a person told apart from its twin has a number."""
    event = keys.fingerprint(entitlement_event(part.facts))
    if answered(part.facts, _TWICE) is None:
        return event
    held = _held(claim, part)
    numbered = (event + _ANOTHER + str(number).encode() for number in count(2))
    return next(key for key in numbered if key not in held)


def _twin(keys: KeyRing, claim: Claim, part: JudgedPart) -> bool:
    """Whether another claim already holds the right to this event, under this plan.

    Also before a denial: a repeated claim must not be told that its own twin used up the limit.
    """
    if part.verdict.outcome is Outcome.REFER:
        return False
    event = keys.fingerprint(entitlement_event(part.facts))
    return event in {held[: len(event)] for held in _held(claim, part)}


def _held(claim: Claim, part: JudgedPart) -> set[bytes]:
    """The events to which other claims hold the member's rights under this plan."""
    return {right.event_print for right in other_rights(claim) if right.plan == part.plan.code}
