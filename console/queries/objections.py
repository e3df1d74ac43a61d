"""Objections and revisions: the list of all, and what stands on the screen of one claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from console import labels
from console.not_found import NotFound
from console.queries.recoveries import RecoveryRow, recoveries_of
from console.queries.sheets import FiledPaper, unread_papers
from documents.masks import mask_numbers
from language import _
from models import Claim, Objection, Revision, User
from models.machines.claims import OBJECTION
from models.states import ObjectionState, RevisionCause
from workflows.claims.judging.revision import can_reopen
from workflows.claims.objecting.objections import (
    OBJECTORS,
    had_a_part,
    papers_of_objection,
    term_of,
)
from workflows.claims.paying.difference import CAUSES
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, may
from workflows.people.visibility import claims_seen_by
from workflows.sealed_values.claims import said_in

ROWS = 200


@dataclass(frozen=True)
class ObjectionRow:
    """One objection; `words` are shown to those who work on claims alone."""

    number: str
    state: str
    word: str
    claim: str
    unit: str
    made_on: date
    object_by: date
    made_by: str
    words: str
    late_reason: str
    reason: str
    heard_by: str
    is_open: bool
    papers: tuple[FiledPaper, ...]
    """The papers that it brought."""
    withdrawn_on: date | None
    """The day of the writing in which it is taken back, as somebody registered it."""
    withdrawal: str
    withdrawal_by: str


@dataclass(frozen=True)
class RevisionRow:
    """Why a decided claim went its way again; `is_open` until the new decision is approved."""

    cause: str
    reason: str
    opened_on: date
    opened_by: str
    is_open: bool


@dataclass(frozen=True)
class ObjectionsOfClaim:
    """What stands under 异议与重新办理 on a claim's screen, and which of it this person may do."""

    objections: tuple[ObjectionRow, ...]
    revisions: tuple[RevisionRow, ...]
    recoveries: tuple[RecoveryRow, ...]
    letter_on: date | None
    """None, like `object_by`, where there is no decision to object to."""
    object_by: date | None
    may_object: bool
    may_hear: bool
    may_reopen: bool
    late_papers: tuple[FiledPaper, ...]
    """Papers that came after the decision and wait for a person to look at them."""
    has_late_papers: bool
    may_propose_let_stand: bool
    let_stand_by: str
    """Who proposed that they change nothing, for which reason; empty where none did."""
    let_stand_reason: str
    may_let_stand: bool

    @property
    def is_empty(self) -> bool:
        known = self.objections or self.revisions or self.recoveries
        return not (known or self.may_object or self.may_reopen)


def all_objections(session: Session, office: Office, person: User) -> list[ObjectionRow]:
    """Those that wait to be heard, oldest first; then the others, newest first."""
    waits = Objection.state == ObjectionState.REGISTERED
    query = (
        select(Objection)
        .join(Claim, Claim.id == Objection.claim_id)
        .where(claims_seen_by(person))
        .order_by(waits.desc(), case((waits, Objection.id), else_=-Objection.id))
        .limit(ROWS)
        .options(joinedload(Objection.claim).joinedload(Claim.unit))
    )
    return [_row(session, office, person, each) for each in session.scalars(query)]


def objection_numbered(session: Session, person: User, number: str) -> Objection:
    """The objection of this number, if the person may see its claim."""
    query = select(Objection).join(Claim, Claim.id == Objection.claim_id)
    found = session.scalar(query.where(Objection.number == number, claims_seen_by(person)))
    if found is None:
        raise NotFound(number)
    return found


def objections_of(
    session: Session, office: Office, person: User, claim: Claim
) -> ObjectionsOfClaim:
    """What was objected to, revised and asked back of this claim."""
    made = session.scalars(select(Objection).filter_by(claim_id=claim.id).order_by(Objection.id))
    rows = tuple(_row(session, office, person, each) for each in made)
    mine = own_accounts(session, person)
    term = term_of(session, office, claim)
    waits = any(row.is_open for row in rows)
    return ObjectionsOfClaim(
        objections=rows,
        revisions=tuple(_revisions(session, claim)),
        recoveries=tuple(recoveries_of(session, office, claim)),
        letter_on=term.letter_on if term else None,
        object_by=term.object_by if term else None,
        may_object=may(person, Act.OBJECT) and term is not None and not waits,
        may_hear=may(person, Act.HEAR) and not had_a_part(session, person, claim),
        may_reopen=may(person, Act.REVISE) and can_reopen(session, claim),
        late_papers=_late_papers(session, claim, rows),
        has_late_papers=claim.late_papers_at is not None,
        may_propose_let_stand=may(person, Act.REVISE) and claim.let_stand_by is None,
        let_stand_by=_proposer(session, claim),
        let_stand_reason=claim.let_stand_reason or "",
        may_let_stand=may(person, Act.LET_STAND) and claim.let_stand_by not in {None, *mine},
    )


def _proposer(session: Session, claim: Claim) -> str:
    return session.get_one(User, claim.let_stand_by).name if claim.let_stand_by else ""


def _late_papers(
    session: Session, claim: Claim, rows: Sequence[ObjectionRow]
) -> tuple[FiledPaper, ...]:
    """What is not read, except the papers of an objection that waits to be heard."""
    if claim.late_papers_at is None:
        return ()
    waiting = {paper.id for row in rows if row.is_open for paper in row.papers}
    return tuple(paper for paper in unread_papers(session, claim) if paper.id not in waiting)


def _row(session: Session, office: Office, person: User, each: Objection) -> ObjectionRow:
    name, words = said_in(office.keys, each)
    works_on_it = may(person, Act.SEE_NUMBERS)
    hearer = session.get(User, each.heard_by) if each.heard_by else None
    who = _(OBJECTORS[each.made_by])
    return ObjectionRow(
        number=each.number,
        state=each.state,
        word=labels.state(OBJECTION, each.state),
        claim=each.claim.number,
        unit=each.claim.unit.name if each.claim.unit else "",
        made_on=each.made_on,
        object_by=each.object_by,
        made_by=labels.about(who, name) if works_on_it else who,
        words=mask_numbers(words) if works_on_it else "",
        late_reason=each.late_reason or "",
        reason=each.reason or "",
        heard_by=hearer.name if hearer else "",
        is_open=each.state == ObjectionState.REGISTERED,
        withdrawn_on=each.withdrawal_on,
        withdrawal=each.withdrawal_reason or "",
        withdrawal_by=session.get_one(User, each.withdrawal_by).name if each.withdrawal_by else "",
        papers=tuple(map(FiledPaper.of, papers_of_objection(session, each))),
    )


def _revisions(session: Session, claim: Claim) -> list[RevisionRow]:
    query = select(Revision, User.name).join(User, User.id == Revision.opened_by)
    rows = session.execute(query.where(Revision.claim_id == claim.id).order_by(Revision.id))
    return [
        RevisionRow(
            cause=_(CAUSES[RevisionCause(each.cause)]),
            reason=each.reason,
            opened_on=each.opened_at.date(),
            opened_by=name,
            is_open=each.closed_at is None,
        )
        for each, name in rows
    ]
