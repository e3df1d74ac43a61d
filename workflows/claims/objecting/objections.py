"""Objections (异议): registered within the days the letter gives, heard by people without a part
in the decision, and answered by a letter; one that is upheld sends the claim its way again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from documents.masks import mask_numbers
from language import N_, _
from models import (
    Approval,
    ApprovalItem,
    Claim,
    Decision,
    Document,
    Letter,
    Maker,
    Objection,
    Packet,
    User,
)
from models.states import ClaimState
from rules.errors import BadInput, OwnWork, Refused
from workflows.claims.judging import revision
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.letters.terms import last_day_to_object
from workflows.claims.packets.uploads import upload_with_objection
from workflows.engine.moves import advance, start
from workflows.engine.office import BEIJING, Office
from workflows.engine.rows import next_id, numbered
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, may, require, require_for
from workflows.sealed_values.claims import seal_objection

OBJECTORS = {"member": N_("会员本人"), "heir": N_("继承人"), "unit": N_("单位")}

_TELLS_THE_DECISION = (LetterKind.PAYMENT_NOTICE, LetterKind.DENIAL_NOTICE)
# What came back is put before a supervisor again under the same decision.
_DECIDED = frozenset(
    {
        ClaimState.PROPOSED,
        ClaimState.APPROVED,
        ClaimState.PAYABLE,
        ClaimState.SENT,
        ClaimState.PAID,
        ClaimState.RETURNED,
        ClaimState.NEW_PAPERS,
        ClaimState.WRITTEN_TO_FUND,
        ClaimState.DENIED,
    }
)


@dataclass(frozen=True)
class NewObjection:
    """Who objects, on which day, and in which words; `made_by` is member, heir or unit."""

    made_on: date
    made_by: str
    name: str
    words: str


@dataclass(frozen=True)
class Term:
    """The decision that may be objected to, the day of its letter, and the last day in time."""

    decision_id: int
    letter_on: date
    object_by: date


def term_of(session: Session, office: Office, claim: Claim) -> Term | None:
    """Until when the decision in force may be objected to; None where nothing is decided."""
    if claim.state not in _DECIDED:
        return None
    decision_id = session.scalar(
        select(Decision.id).filter_by(claim_id=claim.id, superseded_at=None)
    )
    if decision_id is None:
        return None
    occasion = occasions.of_decision(decision_id)
    to_an_heir = (Letter.kind == LetterKind.HEIR_NOTICE) & Letter.occasion.like(
        occasions.of_any_heir(decision_id)
    )
    # The last heir who is written to has all the days too.
    wanted_at = session.scalar(
        select(func.max(Letter.wanted_at)).where(
            Letter.claim_id == claim.id,
            (Letter.kind.in_(_TELLS_THE_DECISION) & (Letter.occasion == occasion)) | to_an_heir,
        )
    )
    if wanted_at is None:
        return None
    letter_on = wanted_at.astimezone(BEIJING).date()
    return Term(decision_id, letter_on, last_day_to_object(office, letter_on))


def register(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    said: NewObjection,
    late_reason: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> Objection:
    """Take down an objection to the decision in force; one that is late needs a supervisor, who
    says why it is let in (R29). `files` are the papers it brings, for the person who hears it."""
    require_for(person, claim.unit_id, Act.OBJECT)
    session.refresh(claim, with_for_update=True)
    term = term_of(session, office, claim)
    if term is None:
        raise Refused(_("案件 %(number)s 现在没有可以提出异议的决定") % {"number": claim.number})
    late_reason = mask_numbers(late_reason.strip())
    _check(office, person, said, term, late_reason)
    objection = _taken_down(session, office, person, claim, said, term, late_reason)
    try:
        with session.begin_nested():
            start(session, objection, "register", office, person, claim=claim.number)
    except IntegrityError as error:
        raise Refused(_("案件 %(number)s 已有异议待听取") % {"number": claim.number}) from error
    _keep_out_approvers(session, claim)
    if files:
        objection.claim = claim
        upload_with_objection(session, office, person, objection, files)
    return objection


def _taken_down(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    said: NewObjection,
    term: Term,
    late_reason: str,
) -> Objection:
    id_ = next_id(session, Objection)
    number = numbered("YY", office.today(), id_)
    return Objection(
        id=id_,
        number=number,
        claim_id=claim.id,
        decision_id=term.decision_id,
        made_on=said.made_on,
        made_by=said.made_by,
        said=seal_objection(office.keys, number, said.name.strip(), said.words.strip()),
        letter_on=term.letter_on,
        object_by=term.object_by,
        late_reason=late_reason if _is_late(office, said, term) else None,
        registered_by=person.id,
        registered_at=office.clock(),
    )


def _check(office: Office, person: User, said: NewObjection, term: Term, late_reason: str) -> None:
    if said.made_by not in OBJECTORS:
        raise BadInput(_("异议人须是会员本人、继承人或单位，不是：%(who)s") % {"who": said.made_by})
    if not said.name.strip():
        raise Refused(_("请填写异议人姓名"))
    if not said.words.strip():
        raise Refused(_("请写明异议内容"))
    days = {
        "made": said.made_on.isoformat(),
        "letter": term.letter_on.isoformat(),
        "last": term.object_by.isoformat(),
        "today": office.today().isoformat(),
    }
    if not term.letter_on <= said.made_on <= office.today():
        raise Refused(
            _("异议日期 %(made)s 须在决定通知 %(letter)s 当日或之后，且不晚于今天 %(today)s") % days
        )
    if not _is_late(office, said, term) or (may(person, Act.HEAR) and late_reason):
        return
    if said.made_on <= term.object_by:
        raise Refused(
            _(
                "异议称于 %(made)s 提出，登记时已过 7 天，也过了期限 %(last)s；"
                "须由审批人员写明受理原因"
            )
            % days
        )
    raise Refused(
        _(
            "异议于 %(made)s 提出，已过期限 %(last)s（决定通知 %(letter)s 起算）；"
            "逾期的须由审批人员写明受理原因"
        )
        % days
    )


def _keep_out_approvers(session: Session, claim: Claim) -> None:
    """R29: whose decision is objected to approves no later one, why ever the claim is revised."""
    query = select(User).where(
        User.id.in_(
            select(Approval.approver_id)
            .join(ApprovalItem, ApprovalItem.approval_id == Approval.id)
            .where(ApprovalItem.claim_id == claim.id)
        )
    )
    for approver in session.scalars(query):
        note_maker(session, claim, approver, Made.OBJECTION)


def _is_late(office: Office, said: NewObjection, term: Term) -> bool:
    """Whether it was made after the last day, or is said to have been made in time long ago."""
    noted_by = said.made_on + timedelta(days=office.settings.objection_noted_days)
    return said.made_on > term.object_by or office.today() > max(term.object_by, noted_by)


def uphold(
    session: Session, office: Office, person: User, objection: Objection, reason: str
) -> None:
    """The objection is right: the claim goes its way again, and the objector is told so."""
    claim, reason = _hear(session, office, person, objection, "uphold", reason)
    revision.revise_after_objection(session, office, person, claim, objection, reason)


def reject(
    session: Session, office: Office, person: User, objection: Objection, reason: str
) -> None:
    """The decision stands; the answer quotes the reason."""
    _hear(session, office, person, objection, "reject", reason)


def locked(session: Session, objection: Objection) -> Claim:
    """The claim of the objection; both are locked and read anew, the claim first."""
    claim = session.get_one(Claim, objection.claim_id, with_for_update=True, populate_existing=True)
    session.refresh(objection, with_for_update=True)
    return claim


def _hear(
    session: Session, office: Office, person: User, objection: Objection, verb: str, reason: str
) -> tuple[Claim, str]:
    require(person, Act.HEAR)
    reason = told_reason(reason, _("请写明听取异议的结论和理由"))
    claim = locked(session, objection)
    if had_a_part(session, person, claim):
        raise OwnWork(_("本人参与过此案的办理或审批，异议须由他人听取"))
    if objection.registered_by in own_accounts(session, person):
        raise OwnWork(_("登记异议的人不能听取这一异议，须由他人听取"))
    objection.heard_by, objection.heard_at = person.id, office.clock()
    objection.reason = reason
    advance(session, objection, verb, office, person, reason=reason)
    occasion = occasions.of_objection(objection.id)
    want_letters(session, office, LetterKind.OBJECTION_ANSWER, {claim: occasion})
    # The hearing is written first: a trigger refuses makers as hearers.
    session.flush()
    note_maker(session, claim, person, Made.OBJECTION)
    return claim, reason


def papers_of_objection(session: Session, objection: Objection) -> Sequence[Document]:
    """The papers that the objection brought, as far as they have been taken in."""
    query = select(Document).join(Packet, Packet.id == Document.packet_id)
    mine = query.where(Packet.objection_id == objection.id, Document.claim_id == objection.claim_id)
    return session.scalars(mine.order_by(Document.id)).all()


def had_a_part(session: Session, person: User, claim: Claim) -> bool:
    """Whether the person made or approved anything of the claim."""
    accounts = own_accounts(session, person)
    made = exists().where(Maker.claim_id == claim.id, Maker.user_id.in_(accounts))
    approved = exists().where(
        ApprovalItem.approval_id == Approval.id,
        ApprovalItem.claim_id == claim.id,
        Approval.approver_id.in_(accounts),
    )
    return bool(session.scalar(select(or_(made, approved))))
