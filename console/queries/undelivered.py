"""Money that the bank sent back and that waits for its payee, and what was written to the fund."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from console import formatting
from models import AuditEvent, Claim, UnclaimedSum, User
from models.states import ClaimState
from rules.money import Fen
from workflows.claims.paying.written_to_fund import (
    Undelivered,
    first_return,
    last_return,
    proposals,
    undelivered,
    written_from,
)
from workflows.claims.sums.unclaimed import in_the_fund
from workflows.engine.office import BEIJING, Office
from workflows.engine.sealed_details import detail_of
from workflows.people.persons import own_accounts

ROWS = 200


@dataclass(frozen=True)
class UndeliveredClaim:
    """A claim with money that came back: how much, since when, and from when the fund may take it.

    Both days are None where the bank never had a part of it: that is to be paid again.
    `proposed_by` is empty unless another person has yet to agree to `reason`; `proposal` is the
    number of that event in the claim's history.
    """

    number: str
    member: str
    unit: str
    amount: Fen
    returned_on: date | None
    days: int
    written_from: date | None
    is_due: bool
    proposed_by: str
    proposal: int | None
    reason: str
    proposed_by_me: bool


@dataclass(frozen=True)
class SumInTheFund:
    """What of a claim lies in the fund: since when, by which two persons, and why."""

    number: str
    member: str
    unit: str
    amount: Fen
    returned_on: date
    written_on: date
    proposed_by: str
    written_by: str
    reason: str


def undelivered_claims(session: Session, office: Office, person: User) -> list[UndeliveredClaim]:
    """The returned claims, the longest wait first."""
    query = (
        select(Claim)
        .where(Claim.state == ClaimState.RETURNED)
        .order_by(first_return(), Claim.id)
        .limit(ROWS)
        .options(joinedload(Claim.member), joinedload(Claim.unit), selectinload(Claim.payments))
    )
    rows = _undelivered(session, office, person, session.scalars(query).all())
    return sorted(rows, key=lambda row: row.returned_on or office.today())


def undelivered_of(
    session: Session, office: Office, person: User, claim: Claim
) -> UndeliveredClaim | None:
    """The same of this claim; None where it is not returned."""
    found = [claim] if claim.state == ClaimState.RETURNED else []
    return next(_undelivered(session, office, person, found), None)


def count_for_the_fund(session: Session, office: Office, person: User) -> int:
    """How many returned claims this person may propose for the fund now, or agree to."""
    return sum(
        (row.is_due or bool(row.proposed_by)) and not row.proposed_by_me
        for row in undelivered_claims(session, office, person)
    )


def sums_in_the_fund(session: Session) -> list[SumInTheFund]:
    """What lies in the fund, newest first."""
    query = (
        select(Claim)
        .where(Claim.state == ClaimState.WRITTEN_TO_FUND)
        .order_by(Claim.id.desc())
        .limit(ROWS)
        .options(joinedload(Claim.member), joinedload(Claim.unit))
    )
    found = (sum_in_the_fund(session, claim) for claim in session.scalars(query))
    return [row for row in found if row]


def sum_in_the_fund(session: Session, claim: Claim) -> SumInTheFund | None:
    """What of this claim lies there; None where nothing does."""
    rows: Sequence[UnclaimedSum] = in_the_fund(session, claim)
    if not rows:
        return None
    first = rows[0]
    return SumInTheFund(
        number=claim.number,
        member=formatting.name(claim.member.name) if claim.member else "",
        unit=claim.unit.name if claim.unit else "",
        amount=Fen(sum(row.amount for row in rows)),
        returned_on=max(row.returned_on for row in rows),
        written_on=first.written_at.astimezone(BEIJING).date(),
        proposed_by=session.get_one(User, first.proposed_by).name,
        written_by=session.get_one(User, first.written_by).name,
        reason=first.reason,
    )


def _undelivered(
    session: Session, office: Office, person: User, claims: Sequence[Claim]
) -> Iterator[UndeliveredClaim]:
    owed: defaultdict[int, list[Undelivered]] = defaultdict(list)
    for each in undelivered(session, claims):
        owed[each.claim_id].append(each)
    waiting = proposals(session, [claim.id for claim in claims])
    for claim in claims:
        yield _row(session, office, person, claim, owed[claim.id], waiting.get(claim.id))


def _row(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    owed: Sequence[Undelivered],
    proposal: AuditEvent | None,
) -> UndeliveredClaim:
    since = last_return([each.returned_on for each in owed])
    first = written_from(office, since) if since else None
    by = session.get_one(User, proposal.actor_id) if proposal else None
    return UndeliveredClaim(
        number=claim.number,
        member=formatting.name(claim.member.name) if claim.member else "",
        unit=claim.unit.name if claim.unit else "",
        amount=Fen(sum(each.amount for each in owed)),
        returned_on=since,
        days=(office.today() - since).days if since else 0,
        written_from=first,
        is_due=first is not None and office.today() >= first,
        proposed_by=by.name if by else "",
        proposal=proposal.seq if proposal else None,
        reason=str(detail_of(proposal)["reason"]) if proposal else "",
        proposed_by_me=by is not None and by.id in own_accounts(session, person),
    )
