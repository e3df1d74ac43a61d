"""Applications for second relief: waiting for the committee, and decided."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from console import formatting, labels
from console.not_found import NotFound
from documents.masks import mask_numbers
from models import Claim, Relief, User
from models.machines.claims import CLAIM, RELIEF
from models.states import ClaimState, ReliefState
from rules.money import Fen
from workflows.claims.acts.relief import blocking_application
from workflows.engine.office import Office
from workflows.people.rights import Act, may
from workflows.people.visibility import claims_seen_by
from workflows.sealed_values.claims import hardship_of

ROWS = 200


@dataclass(frozen=True)
class ReliefRow:
    """`is_in_doubt`: the claim that it followed was decided anew with another sum."""

    number: str
    state: str
    word: str
    applied_on: date
    unit: str
    member: str
    after: str
    benefit: str
    asked: Fen
    granted: Fen | None
    met_on: date | None
    claim: str
    claim_state: str
    claim_word: str
    is_in_doubt: bool


@dataclass(frozen=True)
class ReliefView:
    """One application; `moves` are the moves still permitted, `is_back`: it was sent back."""

    row: ReliefRow
    hardship: str
    minutes: str
    applied_by: str
    paid_before: Fen
    moves: frozenset[str]
    is_back: bool


@dataclass(frozen=True)
class ReliefOfClaim:
    """Relief on the screen of a claim: its application, and whether one may be made."""

    number: str
    word: str
    after: str
    asked: Fen
    may_apply: bool


def applications(session: Session, person: User) -> list[ReliefRow]:
    """Applications that wait or are in doubt, oldest first; then those decided, newest first."""
    waits = (Relief.state == ReliefState.APPLIED) | Relief.look_again_for.is_not(None)
    query = (
        select(Relief)
        .join(Claim, Claim.id == Relief.after_claim_id)
        .where(claims_seen_by(person))
        .order_by(waits.desc(), case((waits, Relief.id), else_=-Relief.id))
        .limit(ROWS)
        .options(
            joinedload(Relief.member),
            joinedload(Relief.after_claim).joinedload(Claim.unit),
            joinedload(Relief.claim),
        )
    )
    return [_row(relief) for relief in session.scalars(query)]


def application_numbered(session: Session, person: User, number: str) -> Relief:
    """The application of this number, if the person may see the claim it follows."""
    query = select(Relief).join(Claim, Claim.id == Relief.after_claim_id)
    relief = session.scalar(query.where(Relief.number == number, claims_seen_by(person)))
    if relief is None:
        raise NotFound(number)
    return relief


def application_view(session: Session, office: Office, person: User, relief: Relief) -> ReliefView:
    """All of the committee's sheet; the need is shown only to those who work on it."""
    works_on_it = may(person, Act.APPLY_RELIEF) or may(person, Act.DECIDE_RELIEF)
    moves = {move.verb for move in RELIEF.out_of(relief.state)} - {"reopen"}
    is_back = relief.state == ReliefState.APPLIED and relief.claim_id is not None
    return ReliefView(
        row=_row(relief),
        hardship=mask_numbers(hardship_of(office.keys, relief)) if works_on_it else "",
        minutes=relief.minutes or "",
        applied_by=session.get_one(User, relief.applied_by).name,
        paid_before=Fen(sum(right.amount for right in relief.after_claim.rights)),
        moves=frozenset(moves - {"withdraw"} if is_back else moves),
        is_back=is_back,
    )


def relief_of_claim(session: Session, claim: Claim) -> ReliefOfClaim:
    """The latest application that follows this claim, or that this claim pays."""
    query = select(Relief).where(
        (Relief.after_claim_id == claim.id) | (Relief.claim_id == claim.id)
    )
    last = session.scalar(query.order_by(Relief.id.desc()).limit(1))
    is_paid = claim.state == ClaimState.PAID and not claim.is_relief
    return ReliefOfClaim(
        number=last.number if last else "",
        word=labels.state(RELIEF, last.state) if last else "",
        after=last.after_claim.number if last else "",
        asked=last.asked if last else Fen(0),
        may_apply=is_paid and blocking_application(session, claim) is None,
    )


def _row(relief: Relief) -> ReliefRow:
    after, claim = relief.after_claim, relief.claim
    return ReliefRow(
        number=relief.number,
        state=relief.state,
        word=labels.state(RELIEF, relief.state),
        applied_on=relief.applied_on,
        unit=after.unit.name if after.unit else "",
        member=formatting.name(relief.member.name),
        after=after.number,
        benefit=labels.benefit(after.benefit),
        asked=relief.asked,
        granted=Fen(relief.granted) if relief.granted is not None else None,
        met_on=relief.met_on,
        claim=claim.number if claim else "",
        claim_state=claim.state if claim else "",
        claim_word=labels.state(CLAIM, claim.state) if claim else "",
        is_in_doubt=relief.look_again_for is not None,
    )
