"""The queue of claims that wait for a supervisor, each exactly as it is shown and approved."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from language import _
from models import (
    AuditEvent,
    Claim,
    Decision,
    DecisionReason,
    Finding,
)
from models.states import ClaimState
from rules.money import Fen
from rules.verdict import BENEFIT_NAMES, Outcome
from workflows.claims.acts.relief_payees import notes_of_relief_payees
from workflows.claims.approving.by_hand import KeyedValue, done_by_hand, keyed_by_hand
from workflows.claims.approving.city_notes import notes_of_cities
from workflows.claims.approving.heir_notes import (
    ReplacedHeirs,
    UnreadHeir,
    notes_of_heirs,
    replaced_heirs,
    unread_heirs,
)
from workflows.claims.approving.touches import Touch, touches_of
from workflows.claims.events.event import leading_benefit
from workflows.claims.judging.document_check import MAY_ALSO_CLAIM
from workflows.claims.papers.late_papers import unseen_beside
from workflows.claims.paying.difference import notes_of_revisions
from workflows.claims.sums.bank_doubts import notes_of_doubts
from workflows.engine.rows import any_of
from workflows.known_deaths import deaths_taken_back

_NOTES = (
    notes_of_doubts,
    deaths_taken_back,
    unseen_beside,
    notes_of_relief_payees,
    notes_of_cities,
)


# Who looks at a number in full changes nothing.
LOOK = "reveal"
_LAST_CHANGE: ColumnElement[int] = (
    select(func.max(AuditEvent.seq))
    .where(AuditEvent.subject == Claim.__tablename__, AuditEvent.subject_id == Claim.id)
    .where(AuditEvent.verb != LOOK)
    .scalar_subquery()
)


@dataclass(frozen=True)
class QueuedClaim:
    """One claim in the queue as it is shown: this decision, this amount, and as `version` the
    event that changed the claim last."""

    claim_id: int
    version: int
    number: str
    decision_id: int
    outcome: str
    amount: Fen
    received_at: datetime
    notes: tuple[str, ...]
    touches: tuple[Touch, ...] = ()
    keyed: tuple[KeyedValue, ...] = ()
    replaced: tuple[ReplacedHeirs, ...] = ()
    unread: tuple[UnreadHeir, ...] = ()

    @property
    def key(self) -> str:
        """What was shown, as one text: claim, version, decision and amount."""
        return f"{self.claim_id}.{self.version}.{self.decision_id}.{self.amount}"

    @property
    def is_clean(self) -> bool:
        """Nothing about it asks for a second look."""
        return self.outcome == Outcome.PAY and not (
            self.notes or self.touches or self.keyed or self.replaced or self.unread
        )


def queue(session: Session) -> list[QueuedClaim]:
    """All claims that wait for a supervisor: exceptions first, then the oldest."""
    return sorted(waiting(session), key=lambda item: item.is_clean)


def digest_of(keys: Iterable[str]) -> str:
    """A hash over these keys, so that a list that was shortened is noticed."""
    return hashlib.sha256(";".join(keys).encode()).hexdigest()


def claims_named(keys: Iterable[str]) -> list[int]:
    """The ids of the claims that these keys name; a text that is no key is passed over."""
    named = (key.partition(".")[0] for key in keys)
    return [int(claim_id) for claim_id in named if claim_id.isdecimal()]


def waiting(session: Session, *which: ColumnElement[bool]) -> list[QueuedClaim]:
    """The claims that wait, or these of them, the oldest first."""
    rows = session.execute(
        select(
            Claim.id,
            _LAST_CHANGE,
            Claim.number,
            Decision.id,
            Decision.outcome,
            Decision.amount,
            Claim.received_at,
        )
        .join(Decision, (Decision.claim_id == Claim.id) & Decision.superseded_at.is_(None))
        .where(Claim.state == ClaimState.PROPOSED, *which)
        .order_by(Claim.received_at, Claim.id)
    ).all()
    reasons = _reasons(session, [decision_id for _, _, _, decision_id, *_ in rows])
    claim_ids = [claim_id for claim_id, *_ in rows]
    declined, notes = _declined(session, claim_ids), notes_of_heirs(session, claim_ids)
    touches = touches_of(session, claim_ids)
    by_hand = done_by_hand(session, claim_ids, [row[0] for row in rows if row[4] == Outcome.PAY])
    keyed, replaced = keyed_by_hand(session, claim_ids), replaced_heirs(session, claim_ids)
    unread = unread_heirs(session, claim_ids)
    for claim_id, revised in notes_of_revisions(session, claim_ids).items():
        notes[claim_id] += revised
    for more in _NOTES:
        for claim_id, said in more(session, claim_ids).items():
            notes[claim_id] += said
    return [
        QueuedClaim(
            *row,
            (*notes[row[0]], *reasons[row[3]], *declined[row[0]], *by_hand.get(row[0], ())),
            touches.get(row[0], ()),
            keyed.get(row[0], ()),
            replaced.get(row[0], ()),
            unread.get(row[0], ()),
        )
        for row in rows
    ]


def _reasons(session: Session, decision_ids: list[int]) -> defaultdict[int, list[str]]:
    """The reasons of these decisions, in their order."""
    reasons = defaultdict(list)
    for decision_id, sentence in session.execute(
        select(DecisionReason.decision_id, DecisionReason.text)
        .where(any_of(DecisionReason.decision_id, decision_ids))
        .order_by(DecisionReason.decision_id, DecisionReason.number)
    ):
        reasons[decision_id].append(sentence)
    return reasons


def _declined(session: Session, claim_ids: list[int]) -> defaultdict[int, list[str]]:
    """What the papers suggest beyond what is asked for, and a clerk did not ask for."""
    declined = defaultdict(list)
    for claim_id, kind in session.execute(
        select(Finding.claim_id, Finding.subject)
        .where(any_of(Finding.claim_id, claim_ids), Finding.code == MAY_ALSO_CLAIM)
        .where(Finding.answered_by.is_not(None))
        .order_by(Finding.id)
    ):
        words = {"benefit": _(BENEFIT_NAMES[leading_benefit([{"kind": kind}])])}
        declined[claim_id].append(_("材料显示可能还可享受%(benefit)s，经办未申请") % words)
    return declined
