"""The list of claims: who sees which, how many in each state, and one page of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    Text,
    cast,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from console import formatting, labels
from console.queries.counts import StateCount
from models import Claim, Decision, Member, Unit, User
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules.money import Fen
from workflows.claims.acts.overdue_revisions import waits_under_revision
from workflows.claims.acts.taking import holders
from workflows.engine.office import Office
from workflows.people.rights import Act, may
from workflows.people.visibility import claims_seen_by, sees_own_unit_only
from workflows.sealed_values.members import id_number_of

ROWS = 50

FEW = 15
MOST = 9_999
"""The most claims counted in one state; a screen shows that there are more, but not how many."""
_WAITING_FOR = {
    Act.CORRECT: (ClaimState.IN_QUESTION, ClaimState.REFERRED, ClaimState.RETURNED),
    Act.APPROVE: (ClaimState.PROPOSED,),
}

Listed = Select[Claim, Decision | None]

# The oldest comes first in states where a person must act; otherwise the newest.
WAITING = (
    ClaimState.IN_QUESTION,
    ClaimState.REFERRED,
    ClaimState.INCOMPLETE,
    ClaimState.RETURNED,
    ClaimState.PROPOSED,
    ClaimState.HELD,
)


@dataclass(frozen=True)
class Filters:
    """The filters of the list; `after` is the number of the last claim already shown, `late_papers`
    those with papers that came after the decision and that no person has looked at, `revised` those
    that were decided before and wait for people."""

    state: str = ""
    unit: int | None = None
    member: UUID | None = None
    number: str = ""
    after: str = ""
    late_papers: bool = False
    revised: bool = False

    @property
    def oldest_first(self) -> bool:
        return self.late_papers or self.revised or self.state in WAITING


@dataclass(frozen=True)
class ClaimRow:
    number: str
    state: str
    word: str
    days: int
    received_on: date
    benefit: str
    amount: Fen | None
    unit: str
    member: str
    id_number: str
    is_parked: bool
    has_late_papers: bool
    holder: str
    """Who works on it just now; empty where nobody does."""


def claim_counts(session: Session, person: User) -> list[StateCount]:
    """The number of claims in each state that has any, in the order a claim passes them."""
    states = func.unnest(cast(list(CLAIM.states), ARRAY(Text)))
    each = states.table_valued("state", name="each").render_derived()
    seen = select(Claim.id).where(Claim.state == each.c.state, claims_seen_by(person))
    some = seen.limit(MOST + 1).lateral("some")
    counted = select(each.c.state, func.count()).join(some, true()).group_by(each.c.state)
    found: dict[str, int] = dict(session.execute(counted).all())
    return [
        StateCount(
            state, labels.state(CLAIM, state), min(found[state], MOST), is_more=found[state] > MOST
        )
        for state in CLAIM.states
        if state in found
    ]


def units_of_claims(session: Session, person: User) -> list[Unit]:
    """The units that have claims this person may see."""
    with_claims = select(Claim.unit_id).where(claims_seen_by(person))
    return list(session.scalars(select(Unit).where(Unit.id.in_(with_claims)).order_by(Unit.name)))


def claims_found(
    session: Session, office: Office, person: User, filters: Filters
) -> tuple[list[ClaimRow], str]:
    """One page of the list, and the `after` of the next page; empty on the last page."""
    found = session.execute(_query(session, person, filters)).unique().all()
    shown = _rows(session, office, found[:ROWS])
    return shown, shown[-1].number if len(found) > ROWS else ""


def has_late_papers_for(person: User) -> ColumnElement[bool]:
    """Late papers are there for this person to look at: a clerk looks at all of them, a supervisor
    at those that a clerk has looked at."""
    if may(person, Act.REVISE):
        return Claim.late_papers_at.is_not(None)
    return Claim.let_stand_by.is_not(None) if may(person, Act.LET_STAND) else false()


def waiting(session: Session, office: Office, person: User) -> list[ClaimRow]:
    """The claims that have waited longest for something this person may do.

    Among them are held claims whose day has come, and decided ones with papers to look at.
    """
    waiting_for = (states for act, states in _WAITING_FOR.items() if may(person, act))
    states = list(chain.from_iterable(waiting_for))
    is_due = Claim.look_again_on <= office.today() if may(person, Act.HOLD) else false()
    is_late = has_late_papers_for(person)
    query = _query(session, person, Filters()).where(Claim.state.in_(states) | is_due | is_late)
    query = query.order_by(None)
    found = session.execute(query.order_by(Claim.received_at, Claim.id).limit(FEW)).unique().all()
    return _rows(session, office, found)


def under_way(session: Session, office: Office, person: User) -> list[ClaimRow]:
    """The latest claims at the office: with all papers, and not yet decided or paid."""
    done = (
        ClaimState.INCOMPLETE,
        ClaimState.RETURNED,
        ClaimState.WRITTEN_TO_FUND,
        ClaimState.PAID,
        ClaimState.DENIED,
        ClaimState.WITHDRAWN,
        ClaimState.JOINED,
    )
    query = _query(session, person, Filters()).where(Claim.state.not_in(done)).limit(FEW)
    return _rows(session, office, session.execute(query).unique().all())


def oldest_claim_in(session: Session, person: User, state: str) -> str | None:
    """The number of the claim that has waited longest in this state."""
    query = select(Claim.number).where(Claim.state == state, claims_seen_by(person))
    return session.scalar(query.order_by(Claim.received_at, Claim.id).limit(1))


def member_with_number(
    session: Session, office: Office, person: User, id_number: str
) -> UUID | None:
    """The member with this ID number, found by fingerprint; a unit clerk finds only his unit's."""
    print_ = office.keys.fingerprint(id_number.upper())
    query = select(Member.ref).where(Member.id_print == print_)
    if sees_own_unit_only(person):
        query = query.where(Member.unit_id == person.unit_id)
    return session.scalar(query)


def numbers_like(session: Session, person: User, text: str) -> Sequence[str]:
    """Up to two claim numbers that begin or end with the text."""
    query = select(Claim.number).where(_is_number(text), claims_seen_by(person))
    return session.scalars(query.order_by(Claim.number).limit(2)).all()


def _is_number(text: str) -> ColumnElement[bool]:
    """The number begins or ends with the text, which is how people name one; both have an index."""
    begins = Claim.number.startswith(text, autoescape=True)
    ends = func.reverse(Claim.number).startswith(text[::-1], autoescape=True)
    return or_(begins, ends)


def _query(session: Session, person: User, filters: Filters) -> Listed:
    in_force = (Decision.claim_id == Claim.id) & Decision.superseded_at.is_(None)
    query = select(Claim, Decision).outerjoin(Decision, in_force).where(claims_seen_by(person))
    if filters.state:
        query = query.where(Claim.state == filters.state)
    if filters.late_papers:
        query = query.where(has_late_papers_for(person))
    if filters.revised:
        query = query.where(waits_under_revision())
    if filters.unit is not None:
        query = query.where(Claim.unit_id == filters.unit)
    if filters.member is not None:
        query = query.join(Member, Member.id == Claim.member_id).where(Member.ref == filters.member)
    if filters.number:
        query = query.where(_is_number(filters.number))
    return _go_on(session, query, filters).limit(ROWS + 1)


def _go_on(session: Session, query: Listed, filters: Filters) -> Listed:
    key = tuple_(Claim.received_at, Claim.id)
    last = session.scalar(select(Claim).filter_by(number=filters.after)) if filters.after else None
    if filters.oldest_first:
        query = query.where(key > (last.received_at, last.id)) if last else query
        return query.order_by(Claim.received_at, Claim.id)
    query = query.where(key < (last.received_at, last.id)) if last else query
    return query.order_by(Claim.received_at.desc(), Claim.id.desc())


def _rows(
    session: Session, office: Office, found: Sequence[Row[Claim, Decision | None]]
) -> list[ClaimRow]:
    held = holders(session, office, [claim.id for claim, _decision in found])
    return [
        _row(office, claim, decision, held[claim.id].name if claim.id in held else "")
        for claim, decision in found
    ]


def _row(office: Office, claim: Claim, decision: Decision | None, holder: str) -> ClaimRow:
    member = claim.member
    return ClaimRow(
        number=claim.number,
        state=claim.state,
        word=labels.state(CLAIM, claim.state),
        days=(office.today() - claim.received_on).days,
        received_on=claim.received_on,
        benefit=labels.benefit(claim.benefit),
        amount=decision.amount if decision else None,
        unit=claim.unit.name if claim.unit else "",
        member=formatting.name(member.name) if member else "",
        id_number=formatting.value("id_number", id_number_of(office.keys, member))
        if member
        else "",
        is_parked=claim.parked_at is not None,
        has_late_papers=claim.late_papers_at is not None,
        holder=holder,
    )
