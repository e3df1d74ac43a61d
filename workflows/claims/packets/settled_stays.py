"""What a row of a settlement file is for: a claim that holds its stay, or a new one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.reading.agreement import agree
from documents.reading.field_names import FieldName
from documents.settlements.settlement_file import SettledStay
from documents.settlements.stay_paper import paper_digest, reads_back
from models import Claim, Document, Member
from models.states import ClaimState
from rules.money import yuan
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import values_by_claim

_OF_A_STAY = (FieldName.HOSPITAL_NAME, FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)
_SUMS = {
    FieldName.MEDICAL_EXPENSE_TOTAL: "total",
    FieldName.FUND_PAID: "fund",
    FieldName.OWN_SHARE: "own",
}
_UNDECIDED = frozenset(
    {
        ClaimState.RECEIVED,
        ClaimState.READ,
        ClaimState.INCOMPLETE,
        ClaimState.IN_QUESTION,
        ClaimState.COMPLETE,
        ClaimState.REFERRED,
    }
)


class StayOutcome(StrEnum):
    """What becomes of a row."""

    OPENS = "opens"
    """No claim holds the stay."""
    JOINS = "joins"
    """A claim that holds it is not decided: the row is one paper more."""
    DIFFERS = "differs"
    """A claim that holds it says otherwise: a person looks at both."""
    HELD = "held"
    """A claim holds it and says the same, or has the row already."""
    WITHDRAWN = "withdrawn"
    """Only a claim that was withdrawn holds it; nobody asks for it any more."""
    NO_MEMBER = "no_member"
    """The register does not know the person."""
    ANOTHER_NAME = "another_name"
    """The register knows the number under another name."""
    NOT_READ_BACK = "not_read_back"
    """The reader would take the row for something else."""


@dataclass(frozen=True)
class PlacedStay:
    """A row, what becomes of it, and the member and the claim that it concerns."""

    stay: SettledStay
    outcome: StayOutcome
    member: Member | None = None
    claim: Claim | None = None


def placed(session: Session, office: Office, stays: Sequence[SettledStay]) -> list[PlacedStay]:
    """What each row is for, as things stand now."""
    prints = {stay.id_number: office.keys.fingerprint(stay.id_number) for stay in stays}
    members = {
        member.id_print: member
        for member in session.scalars(
            select(Member).where(any_of(Member.id_print, prints.values()))
        )
    }
    known = _claims_of(session, office, [member.id for member in members.values()])
    papers = _papers_of(session, [claim.id for each in known.values() for claim, _v in each])
    return [_placed(stay, members.get(prints[stay.id_number]), known, papers) for stay in stays]


Known = Mapping[int, Sequence[tuple[Claim, Mapping[str, str]]]]


def _claims_of(session: Session, office: Office, member_ids: Collection[int]) -> Known:
    """The claims of these members with what each says of its stay, the oldest first."""
    claims = session.scalars(
        select(Claim)
        .where(any_of(Claim.member_id, member_ids), Claim.state != ClaimState.JOINED)
        .order_by(Claim.id)
    ).all()
    ids = [claim.id for claim in claims if not claim.is_relief]
    values = values_by_claim(session, office.keys, ids, *_OF_A_STAY, *_SUMS)
    found: defaultdict[int, list[tuple[Claim, Mapping[str, str]]]] = defaultdict(list)
    for claim in claims:
        if claim.member_id is not None and not claim.is_relief:
            found[claim.member_id].append((claim, values.get(claim.id, {})))
    return found


def _papers_of(session: Session, claim_ids: Collection[int]) -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    query = select(Document.claim_id, Document.sha256).where(any_of(Document.claim_id, claim_ids))
    for claim_id, sha256 in session.execute(query):
        found[claim_id].add(sha256)
    return found


def _placed(
    stay: SettledStay, member: Member | None, known: Known, papers: Mapping[int, set[str]]
) -> PlacedStay:
    if member is None:
        return PlacedStay(stay, StayOutcome.NO_MEMBER)
    if member.name != stay.name:
        return PlacedStay(stay, StayOutcome.ANOTHER_NAME, member)
    if not reads_back(stay):
        return PlacedStay(stay, StayOutcome.NOT_READ_BACK, member)
    digest = paper_digest(stay)
    holding = list(_holding(stay, digest, known.get(member.id, ()), papers))
    if not holding:
        return PlacedStay(stay, StayOutcome.OPENS, member)
    live = [each for each in holding if each[0].state != ClaimState.WITHDRAWN]
    if not live:
        return PlacedStay(stay, StayOutcome.WITHDRAWN, member, holding[0][0])
    claim, values = live[0]
    outcome = _beside(stay, claim, values, digest in papers.get(claim.id, ()))
    return PlacedStay(stay, outcome, member, claim)


def _holding(
    stay: SettledStay,
    digest: str,
    claims: Sequence[tuple[Claim, Mapping[str, str]]],
    papers: Mapping[int, set[str]],
) -> Iterator[tuple[Claim, Mapping[str, str]]]:
    for claim, values in claims:
        if digest in papers.get(claim.id, ()) or is_of_this_stay(
            values, f"{stay.admitted_on}", stay.hospital
        ):
            yield claim, values


def is_of_this_stay(values: Mapping[str, str], admitted_on: str, hospital: str) -> bool:
    """Whether a claim with these values holds the stay that began on this day at this hospital."""
    name = values.get(FieldName.HOSPITAL_NAME, "")
    is_same_day = values.get(FieldName.ADMITTED_ON) == admitted_on
    return is_same_day and bool(name) and agree(FieldName.HOSPITAL_NAME, name, hospital)


def _beside(
    stay: SettledStay, claim: Claim, values: Mapping[str, str], has_it: bool
) -> StayOutcome:
    if has_it:
        return StayOutcome.HELD
    if not _says_the_same(stay, values):
        return StayOutcome.DIFFERS
    return StayOutcome.JOINS if claim.state in _UNDECIDED else StayOutcome.HELD


def _says_the_same(stay: SettledStay, values: Mapping[str, str]) -> bool:
    sums = {name: getattr(stay, told) for name, told in _SUMS.items()}
    said = {name: yuan(fen) for name, fen in sums.items() if fen is not None}
    said[FieldName.DISCHARGED_ON] = f"{stay.discharged_on}"
    return all(values.get(name, value) == value for name, value in said.items())
