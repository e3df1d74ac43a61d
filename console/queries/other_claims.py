"""The other claims of the member that a question asks about, each with where it really stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from language import N_, _
from models import Claim
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules.facts.case import event_from_json
from rules.money import Fen, yuan
from rules.verdict import Code
from workflows.claims.acts.answers import AskedQuestion
from workflows.claims.judging.twins import other_claims_of_it

_ASK_OF_CLAIMS = (Code.DUPLICATE_EVENT, Code.ACCIDENT_NEAR)
_APPROVED = N_("已批准给付 %(sum)s 元，尚未到账（%(state)s）")
_STANDS = {
    ClaimState.PROPOSED: N_("已提议给付 %(sum)s 元，尚未批准（%(state)s）"),
    ClaimState.APPROVED: _APPROVED,
    ClaimState.PAYABLE: _APPROVED,
    ClaimState.SENT: _APPROVED,
    ClaimState.RETURNED: _APPROVED,
    ClaimState.NEW_PAPERS: _APPROVED,
    ClaimState.WRITTEN_TO_FUND: _APPROVED,
    ClaimState.PAID: N_("已给付 %(sum)s 元（%(state)s）"),
}


@dataclass(frozen=True)
class OtherClaim:
    """A claim of the same member, and where it stands in words."""

    number: str
    words: str


def other_claims(session: Session, claim: Claim, question: AskedQuestion) -> Iterator[OtherClaim]:
    """Those that this question is about; nothing where it asks of no other claim."""
    if question.code not in _ASK_OF_CLAIMS:
        return
    for each in other_claims_of_it(session, claim, event_from_json(question.about)):
        yield OtherClaim(each.number, _stands(each))


def _stands(claim: Claim) -> str:
    """A revised claim, which has no decision just now, stands by its state alone."""
    granted = Fen(sum(right.amount for right in claim.rights))
    words = {"sum": yuan(granted), "state": _(CLAIM.states[claim.state])}
    sentence = _STANDS.get(ClaimState(claim.state)) if granted else None
    return _(sentence or N_("现在是“%(state)s”")) % words
