"""Adds papers to a claim: they are read with the others, or filed if the claim is decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import AuditEvent, Claim, Document, Maker, Objection, User
from models.machines.claims import CLAIM
from models.states import ClaimState, ObjectionState
from workflows.claims.acts.correction import is_proposed_for_denial
from workflows.claims.judging.document_check import OF_ALL_PAPERS
from workflows.claims.judging.found_faults import ask_again
from workflows.claims.judging.reversal import can_reverse, reverse
from workflows.claims.papers.late_papers import wait_for_a_look
from workflows.claims.papers.new_card import OF_NEW_CARDS
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import Made, note_maker
from workflows.sealed_values.files import document_name, seal_document_name

_CAME_BACK = (ClaimState.RETURNED, ClaimState.NEW_PAPERS)


def take_papers(
    session: Session,
    office: Office,
    claim: Claim,
    added: int,
    person: User | None = None,
    objection: Objection | None = None,
) -> str:
    """Have the claim's added papers read; a sentence that says so where they are only filed.

    What comes to a joined claim is given to the claim it was joined to as well. What is filed waits
    for a person to look at it, or for the hearing of the objection it is for.
    """
    is_heard = objection is not None and objection.state == ObjectionState.REGISTERED
    if claim.is_relief:
        note = _("案件 %(n)s 由救助评审会决定，材料只附卷")
    elif _is_judged_again(session, claim):
        _judge_again(session, office, claim, added, person)
        return ""
    elif is_heard:
        note = _("案件 %(n)s 已经审批，材料随异议附卷，由听取异议的人查看")
    elif claim.state == ClaimState.JOINED:
        return _pass_on(session, office, claim, person)
    elif claim.state in _CAME_BACK:
        note = _("案件 %(n)s 已退票，材料只用来核对收款账户；如影响结果，由经办重新办理")
    else:
        note = _("案件 %(n)s 已经审批，材料先附卷；如影响结果，由经办重新办理")
    if not is_heard:
        wait_for_a_look(claim, office.clock())
    actor_id = person.id if person else None
    record(session, claim, "late_papers", office.clock(), actor_id, papers=added)
    if claim.state in _CAME_BACK and not claim.is_relief:
        _read_after_return(session, office, claim, added, person)
    return note % {"n": claim.number}


def _is_judged_again(session: Session, claim: Claim) -> bool:
    """Whether papers that come now are judged with the others: nothing was paid, or it is revised,
    and no money that was decided came back."""
    if claim.state in _CAME_BACK or CLAIM.move("add_papers", claim.state) is None:
        return False
    return can_reverse(session, claim)


def _judge_again(
    session: Session, office: Office, claim: Claim, added: int, person: User | None
) -> None:
    """Have the papers judged with the others. What was said of those alone is asked again."""
    if is_proposed_for_denial(claim):
        actor_id = person.id if person else None
        record(session, claim, "drop_denial", office.clock(), actor_id, papers=added)
    reverse(session, claim, office)
    ask_again(office, claim, OF_ALL_PAPERS)
    claim.look_again_on = None
    claim.fence += 1
    advance(session, claim, "add_papers", office, person, papers=added)


def _read_after_return(
    session: Session, office: Office, claim: Claim, added: int, person: User | None
) -> None:
    """Have papers read that may show the new card. What was said of earlier ones is asked again."""
    ask_again(office, claim, OF_NEW_CARDS)
    claim.fence += 1
    advance(session, claim, "add_papers", office, person, papers=added)


def _pass_on(session: Session, office: Office, claim: Claim, person: User | None) -> str:
    target = joined_to(session, claim)
    told = {"n": claim.number, "to": target.number}
    note = _("案件 %(n)s 已并入案件 %(to)s，材料已转入案件 %(to)s") % told
    filed = hand_over(session, office, claim, target, person)
    return _("；").join(filter(None, (note, filed)))


def joined_to(session: Session, claim: Claim) -> Claim:
    """The claim to which this one, which is joined, was joined; locked."""
    number = session.scalars(
        select(AuditEvent.detail["joined_to"].as_string())
        .filter_by(subject=Claim.__tablename__, subject_id=claim.id)
        .where(AuditEvent.verb.in_(("join", "merge")))
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).one()
    return session.scalars(select(Claim).filter_by(number=number).with_for_update()).one()


def hand_over(
    session: Session,
    office: Office,
    source: Claim,
    target: Claim,
    person: User | None,
    by: int | None = None,
    reason: str = "",
) -> str:
    """Give the papers of one claim to another and have them read there; a sentence where they are
    only filed. `by` is who answered with this reason that they belong there.

    Who handed them in cannot approve the other claim either.
    """
    added = copy_papers(session, office, source, target)
    if not added:
        return ""
    senders = select(Maker.user_id).filter_by(claim_id=source.id, about=Made.PAPERS)
    for sender in session.scalars(select(User).where(User.id.in_(senders))):
        note_maker(session, target, sender, Made.PAPERS)
    actor_id = person.id if person else None
    now, number = office.clock(), source.number
    record(session, target, "take_in", now, actor_id, joined=number, by=by, reason=reason)
    return take_papers(session, office, target, added, person)


@dataclass(frozen=True)
class ArrivedFile:
    """A stored file as it came with a packet."""

    packet_id: int
    sha256: str
    name: str
    media_type: str
    bytes: int
    page_count: int


def add_files(session: Session, office: Office, claim: Claim, files: Iterable[ArrivedFile]) -> int:
    """Add the files that the claim does not have yet; how many."""
    have = set(session.scalars(select(Document.sha256).filter_by(claim_id=claim.id)))
    new = {file.sha256: file for file in files if file.sha256 not in have}
    for file in new.values():
        name = seal_document_name(office.keys, claim.id, file.sha256, file.name)
        session.add(Document(claim_id=claim.id, **{**vars(file), "name": name}))
    return len(new)


def copy_papers(session: Session, office: Office, source: Claim, target: Claim) -> int:
    """Give the papers of one claim to another, except those it has; how many."""
    session.flush()
    session.expire(source, ["documents"])
    files = [
        ArrivedFile(
            packet_id=document.packet_id,
            sha256=document.sha256,
            name=document_name(office.keys, document),
            media_type=document.media_type,
            bytes=document.bytes,
            page_count=document.page_count,
        )
        for document in source.documents
    ]
    added = add_files(session, office, target, files)
    session.flush()
    session.expire(target, ["documents"])
    return added
