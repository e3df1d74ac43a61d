"""Papers of a stay for which a settlement file opened a claim: they go to that claim.

So of file and scans one claim comes, whichever comes first: the file finds the claim of scans that
were read before (`settled_stays.py`), scans that are read later find the claim of the file here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.agreement import agree
from documents.reading.field_names import FieldName
from models import AuditEvent, Claim, Document, Page
from models.states import ClaimState
from rules.verdict import Benefit
from workflows.claims.acts.papers_added import hand_over
from workflows.claims.events.events_read import STAY, kind_of
from workflows.claims.judging.document_check import check
from workflows.claims.papers.papers_read import Papers
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import values_by_claim

_NO_MORE = (ClaimState.JOINED, ClaimState.WITHDRAWN)


def check_papers(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Check the papers of these claims, but for those that belong to a claim of a file."""
    check(session, claims, office, _join_settled)


class _KnownClaim(NamedTuple):
    """A claim of a member, and whether it holds a row of a settlement file."""

    id: int
    holds_row: bool


def _join_settled(session: Session, office: Office, read: Sequence[Papers]) -> list[Papers]:
    """Give papers to the claim that holds their stay, where a settlement file told of it; the
    papers of the claims that are to be judged on their own."""
    single = [papers for papers in read if _is_of_one_stay(papers)]
    known = _claims_of(session, [papers.claim.member_id for papers in single])
    moved: set[int] = set()
    for papers in single:
        if papers.claim.id in moved:
            continue
        target = _target(session, office, papers, known.get(papers.claim.member_id or 0, []))
        if target is not None:
            moved |= {papers.claim.id, target.id}
            hand_over(session, office, papers.claim, target, None)
            advance(session, papers.claim, "merge", office, joined_to=target.number)
    return [papers for papers in read if papers.claim.id not in moved]


def _is_of_one_stay(papers: Papers) -> bool:
    """Whether the claim, on which nobody has decided, asks for one stay and nothing else."""
    kinds = [kind_of(event) for event in papers.events]
    is_new = papers.claim.member_id is not None and papers.claim.complete_at is None
    return is_new and kinds == [STAY] and not papers.are_of_a_dead_member


def _claims_of(
    session: Session, member_ids: Collection[int | None]
) -> Mapping[int, list[_KnownClaim]]:
    """The claims of these members, the oldest first."""
    holds = exists().where(
        Document.claim_id == Claim.id,
        Page.document_id == Document.id,
        Page.kind == Kind.INSURANCE_RECORD,
    )
    query = select(Claim.member_id, Claim.id, holds).where(
        any_of(Claim.member_id, member_ids),
        Claim.state.not_in(_NO_MORE),
        Claim.benefit != Benefit.SECOND_RELIEF,
    )
    found: defaultdict[int, list[_KnownClaim]] = defaultdict(list)
    with session.no_autoflush:
        for member_id, claim_id, holds_row in session.execute(query.order_by(Claim.id)):
            assert member_id is not None
            found[member_id].append(_KnownClaim(claim_id, holds_row))
    return found


def _target(
    session: Session, office: Office, papers: Papers, known: Sequence[_KnownClaim]
) -> Claim | None:
    """The oldest claim that holds this stay. Scans go to a claim that holds a row of a file, a row
    to any claim of scans, and to an older one of a row. None where a person has parted the two."""
    claim, is_row = papers.claim, Kind.INSURANCE_RECORD in papers.shown.kinds
    ids = [each.id for each in known if each.id != claim.id and _takes(each, claim.id, is_row)]
    if not ids:
        return None
    names = (FieldName.ADMITTED_ON, FieldName.HOSPITAL_NAME)
    values = values_by_claim(session, office.keys, ids, *names)
    found = next((id_ for id_ in ids if _is_one(papers.values, values.get(id_, {}))), None)
    if found is None or _was_parted(session, claim):
        return None
    return session.get_one(Claim, found, with_for_update=True)


def _takes(other: _KnownClaim, id_: int, is_row: bool) -> bool:
    if is_row and other.holds_row:
        return other.id < id_
    return is_row or other.holds_row


def _is_one(values: Mapping[str, str], others: Mapping[str, str]) -> bool:
    day, hospital = FieldName.ADMITTED_ON, FieldName.HOSPITAL_NAME
    if day not in others or hospital not in others or hospital not in values:
        return False
    return values.get(day) == others[day] and agree(hospital, values[hospital], others[hospital])


def _was_parted(session: Session, claim: Claim) -> bool:
    query = select(AuditEvent.seq).filter_by(
        subject=Claim.__tablename__, subject_id=claim.id, verb="leave"
    )
    return session.scalar(query.limit(1)) is not None
