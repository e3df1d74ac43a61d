"""The approval queue for a supervisor: every item with its person, sum and reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from console import formatting, labels
from console.queries.heirs_paid import HeirPaid, MemberPaid, paid_to
from models import Claim, Decision, DecisionPart, User
from models.states import ClaimState
from rules import plans
from rules.money import Fen
from workflows.claims.approving import approval_queue
from workflows.claims.approving.approval_queue import QueuedClaim
from workflows.claims.approving.hindrances import hindrances
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.decisions import facts_in, line_text

ROWS = 200


@dataclass(frozen=True)
class QueueRow:
    """One item with its claim in words; the form sends the key back."""

    item: QueuedClaim
    days: int
    benefit: str
    outcome: str
    unit: str
    member: str
    payee: MemberPaid | None = None
    """The member as the bank's file will name him; None where his heirs are paid, or nothing is."""
    to_heirs: tuple[HeirPaid, ...] = ()
    sums: tuple[str, ...] = ()
    """How the amount was worked out, step by step; of several parts each step names its plan."""
    hindrance: str = ""
    """Why this person cannot approve it, and who can change that; empty if he can."""


@dataclass(frozen=True)
class Queue:
    """The first rows of the queue, with count and sum of all of it."""

    rows: tuple[QueueRow, ...]
    digest: str
    count: int
    sum: Fen
    clean: int


def queue_as_shown(session: Session, office: Office, person: User) -> Queue:
    """The items that wait for approval, exceptions first."""
    items = approval_queue.queue(session, office)
    shown = items[:ROWS]
    claims = {
        claim.id: claim
        for claim in session.scalars(
            select(Claim).where(Claim.id.in_([item.claim_id for item in shown]))
        )
    }
    blocked = hindrances(session, office, person, claims.values(), shown)
    paid, own = paid_to(session, office, claims.values())
    parts = _parts_of(session, list(claims))
    rows = [
        replace(
            _row(office, item, claims[item.claim_id], parts.get(item.claim_id, [])),
            payee=own.get(item.claim_id) if item.amount else None,
            to_heirs=tuple(paid.get(item.claim_id, ())),
            hindrance=blocked.get(item.claim_id, ""),
        )
        for item in shown
    ]
    return Queue(
        rows=tuple(rows),
        digest=approval_queue.digest_of(item.key for item in shown),
        count=len(items),
        sum=Fen(sum(item.amount for item in items)),
        clean=sum(item.is_clean for item in items),
    )


def chosen_items(
    session: Session, office: Office, keys: Sequence[str]
) -> tuple[list[QueuedClaim], list[str]]:
    """The items with these keys, and the keys whose claim has changed since they were shown."""
    now = {item.key: item for item in approval_queue.queue(session, office)}
    return [now[key] for key in keys if key in now], [key for key in keys if key not in now]


def numbers_of_keys(session: Session, keys: Sequence[str]) -> list[str]:
    """The numbers of the claims these keys name."""
    ids = approval_queue.claims_named(keys)
    return list(session.scalars(select(Claim.number).where(Claim.id.in_(ids)).order_by(Claim.id)))


def waiting_item(session: Session, office: Office, claim: Claim) -> QueuedClaim | None:
    """This claim as it waits for approval; None if it does not."""
    if claim.state != ClaimState.PROPOSED:
        return None
    return next(iter(approval_queue.waiting(session, office, Claim.id == claim.id)), None)


def _parts_of(session: Session, claims: Sequence[int]) -> dict[int, list[DecisionPart]]:
    """The parts of the decision in force of each claim, event by event."""
    found: dict[int, list[DecisionPart]] = {}
    for claim_id, part in session.execute(
        select(Decision.claim_id, DecisionPart)
        .join(Decision, Decision.id == DecisionPart.decision_id)
        .where(any_of(Decision.claim_id, claims), Decision.superseded_at.is_(None))
        .order_by(DecisionPart.decision_id, DecisionPart.number)
        .options(selectinload(DecisionPart.lines))
    ):
        found.setdefault(claim_id, []).append(part)
    return found


def _sums(parts: Sequence[DecisionPart]) -> Iterator[str]:
    for part in parts:
        for line in part.lines:
            text = line_text(line)
            plan = plans.load(part.plan).name
            yield labels.about(plan, text) if len(parts) > 1 else text


def _row(
    office: Office,
    item: QueuedClaim,
    claim: Claim,
    parts: Sequence[DecisionPart],
) -> QueueRow:
    told = [facts_in(part).get("event") for part in parts]
    events = labels.events([event for event in told if isinstance(event, dict)])
    return QueueRow(
        item=item,
        days=(office.today() - claim.received_on).days,
        benefit=events if " + " in events else labels.benefit(claim.benefit),
        outcome=labels.outcome(item.outcome),
        unit=claim.unit.name if claim.unit else "",
        member=formatting.name(claim.member.name) if claim.member else "",
        sums=tuple(_sums(parts)),
    )
