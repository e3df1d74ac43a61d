"""The queue of claims that wait for a supervisor, each exactly as it is shown and approved."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
from rules.approval_limits import ApprovalLimit, limit_for
from rules.money import Fen
from rules.second_look import Draw, Look, LookReason, second_look
from rules.verdict import BENEFIT_NAMES, Outcome
from workflows.claims.acts.relief_payees import notes_of_relief_payees
from workflows.claims.approving.approvals_given import approvers_of
from workflows.claims.approving.by_hand import done_by_hand
from workflows.claims.approving.city_notes import notes_of_cities
from workflows.claims.approving.heir_notes import notes_of_heirs
from workflows.claims.approving.payment_facts import payment_facts
from workflows.claims.approving.return_notes import notes_of_returns
from workflows.claims.approving.returned_cards import looks_at_returned_cards
from workflows.claims.approving.told_by_people import told_by_people
from workflows.claims.events.event import leading_benefit
from workflows.claims.judging.document_check import MAY_ALSO_CLAIM
from workflows.claims.papers.late_papers import unseen_beside
from workflows.claims.paying.difference import notes_of_revisions
from workflows.claims.sums.bank_doubts import notes_of_doubts
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.known_deaths import deaths_taken_back
from workflows.sealed_values.decisions import reason_text

_NOTES = (
    notes_of_doubts,
    notes_of_returns,
    deaths_taken_back,
    unseen_beside,
    notes_of_relief_payees,
    notes_of_cities,
)


# Who looks at a number in full changes nothing, nor does the first of several approvers.
NO_CHANGE = ("reveal", "approve_in_part")
_LAST_CHANGE: ColumnElement[int] = (
    select(func.max(AuditEvent.seq))
    .where(AuditEvent.subject == Claim.__tablename__, AuditEvent.subject_id == Claim.id)
    .where(AuditEvent.verb.not_in(NO_CHANGE))
    .scalar_subquery()
)


@dataclass(frozen=True)
class QueuedClaim:
    """One claim in the queue as it is shown: this decision, this amount, and as `version` the
    event that changed the claim last.

    `given` are the names of the persons whose approval counts already, where the limit asks for
    more than one, and `written` is how many approvals of it there are, also those that count no
    more.
    """

    claim_id: int
    version: int
    number: str
    decision_id: int
    outcome: str
    amount: Fen
    received_at: datetime
    looks: tuple[LookReason, ...]
    limit: ApprovalLimit
    given: tuple[str, ...] = field(default=(), compare=False)
    written: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """What was shown, as one text: claim, version, decision, amount, and the hash of what asks
        for a second look."""
        looks = digest_of(look.in_words for look in self.looks)[:16]
        return f"{self.claim_id}.{self.version}.{self.decision_id}.{self.amount}.{looks}"

    @property
    def lacks_one_approver(self) -> bool:
        """Whether one more approval is the last that its sum asks for."""
        return len(self.given) + 1 >= self.limit.approvers

    @property
    def is_clean(self) -> bool:
        """Nothing about it asks for a second look."""
        return self.outcome == Outcome.PAY and not self.looks


def queue(session: Session, office: Office) -> list[QueuedClaim]:
    """All claims that wait for a supervisor: exceptions first, then the oldest."""
    return sorted(waiting(session, office), key=lambda item: item.is_clean)


def digest_of(keys: Iterable[str]) -> str:
    """A hash over these keys, so that a list that was shortened is noticed."""
    return hashlib.sha256(";".join(keys).encode()).hexdigest()


def claims_named(keys: Iterable[str]) -> list[int]:
    """The ids of the claims that these keys name; a text that is no key is passed over."""
    named = (key.partition(".")[0] for key in keys)
    return [int(claim_id) for claim_id in named if claim_id.isdecimal()]


def waiting(session: Session, office: Office, *which: ColumnElement[bool]) -> list[QueuedClaim]:
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
    outcomes = {row[0]: row[4] for row in rows}
    told, to_heirs = _told(session, office, {row[0]: row[3] for row in rows}, outcomes)
    facts = payment_facts(session, office, outcomes, told, to_heirs)
    draw = Draw(office.settings.sample_seed.get_secret_value(), office.settings.sample_share)
    given = approvers_of(session, [(row[0], row[1]) for row in rows])
    limits = office.settings.approval_limits
    return [
        QueuedClaim(
            *row,
            second_look(facts[row[0]], draw),
            limit_for(row[5], limits),
            given[row[0], row[1]].names,
            given[row[0], row[1]].written,
        )
        for row in rows
    ]


def _told(
    session: Session, office: Office, decisions: Mapping[int, int], outcomes: Mapping[int, str]
) -> tuple[Mapping[int, list[LookReason]], Collection[int]]:
    """By claim, the reasons that the rules, the papers and people gave; and which pay heirs."""
    claim_ids = list(decisions)
    heirs, declined = notes_of_heirs(session, claim_ids), _declined(session, claim_ids)
    said, revised = _reasons(session, decisions.values()), notes_of_revisions(session, claim_ids)
    to_pay = [claim_id for claim_id, outcome in outcomes.items() if outcome == Outcome.PAY]
    by_hand = done_by_hand(session, claim_ids, to_pay)
    by_people = told_by_people(session, office, claim_ids)
    more = [notes(session, claim_ids) for notes in _NOTES]
    returned = looks_at_returned_cards(session, office, set(to_pay) - heirs.keys())
    told = {
        claim_id: [
            *_as(Look.PAYEE_NOT_MEMBER, heirs.get(claim_id, ())),
            *_as(Look.NOTED, revised.get(claim_id, ())),
            *_as(Look.NOTED, (note for notes in more for note in notes.get(claim_id, ()))),
            *_as(Look.NOTED, said[decision_id]),
            *_as(Look.WARNING_ANSWERED, declined[claim_id]),
            *by_hand.get(claim_id, ()),
            *by_people[claim_id],
            *((returned[claim_id],) if claim_id in returned else ()),
        ]
        for claim_id, decision_id in decisions.items()
    }
    return told, heirs.keys()


def _as(code: Look, sentences: Iterable[str]) -> Iterator[LookReason]:
    return (LookReason(code, sentence) for sentence in sentences)


def _reasons(session: Session, decision_ids: Collection[int]) -> defaultdict[int, list[str]]:
    """The reasons of these decisions, in their order."""
    reasons = defaultdict(list)
    for reason in session.scalars(
        select(DecisionReason)
        .where(any_of(DecisionReason.decision_id, decision_ids))
        .order_by(DecisionReason.decision_id, DecisionReason.number)
    ):
        reasons[reason.decision_id].append(reason_text(reason))
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
