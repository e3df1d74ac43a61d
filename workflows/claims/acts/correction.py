"""What a person corrects on a claim: a value, a page's kind, a finding; each is an event."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from documents.kinds import NOT_NAMED_BY_HAND, Kind
from documents.reading.fields import FIELD_NAMES, FieldName
from language import _
from models import Claim, Field, Finding, User
from models.machines.claims import CLAIM
from models.membership import DeathSource
from models.states import ClaimState
from rules.errors import Refused
from workflows.claims.judging.document_check import (
    MISSING_PAPER,
    MUST_BE_KEYED,
    OF_ALL_PAPERS,
)
from workflows.claims.judging.found_faults import DISAGREEMENT, ask_again
from workflows.claims.judging.payee_check import PAYEE_UNCONFIRMED
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import is_under_revision
from workflows.claims.papers import reading
from workflows.claims.papers.field_forms import DAYS, as_kept, fault_in_words, fault_of
from workflows.claims.papers.pages import page_of
from workflows.claims.papers.reviewed import (
    FIELD_UNSURE,
    note_confirmed,
    note_kind_review,
    note_review,
)
from workflows.claims.sums.payees import PAYEE_FIELDS
from workflows.claims.sums.returned_payments import returned_payments
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.known_deaths import ToldDeath, note_death
from workflows.people.claim_makers import item, lapse, note_maker
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.sealed_values.claims import field_value, seal_field
from workflows.sealed_values.members import id_number_of


class FoundAt(NamedTuple):
    """Where on the claim's papers a value stands: the page, and the box on it."""

    page_id: int
    box: tuple[int, int, int, int]


def correct_field(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    name: str,
    value: str,
    place: FoundAt | None = None,
) -> None:
    """Key a value, or confirm the one that was read; it then counts as certain.

    `place` is where the papers say it, if it was taken from there.
    """
    _may_touch(person, claim)
    name = _field_named(name)
    value = as_kept(name, value)
    _refuse_what_cannot_be_keyed(office, claim, name, value)
    _refuse_another_person(session, office, claim, name, value)
    field = next((field for field in claim.fields if field.name == name), None)
    before = field_value(office.keys, field) if field else None
    changed = before != value
    note_review(session, office, name, field, changed=changed)
    if field is None:
        field = Field(claim_id=claim.id, name=name.value, value=b"", confidence=1.0)
        claim.fields.append(field)
    field.value = seal_field(office.keys, claim.id, name, value)
    field.confidence, field.corrected_by = 1.0, person.id
    if place:
        field.page_id, field.box = place.page_id, list(place.box)
    if name == FieldName.BANK_CARD_NUMBER:
        claim.card_print = office.keys.fingerprint(value)
    if changed:
        lapse(session, claim, office.clock(), item(name))
    keyed: dict[str, Any] = {"field": name, "before": before, "after": value}
    keyed |= {"changed": changed, "chosen": _is_disputed(claim, name)}
    _close_findings(session, office, person, claim, subject=name.value)
    record(session, claim, "correct", office.clock(), person.id, **keyed)


def _is_disputed(claim: Claim, name: FieldName) -> bool:
    """Whether the papers tell different values and nobody has chosen one yet."""
    open_ = (finding for finding in claim.findings if finding.closed_at is None)
    return any((finding.code, finding.subject) == (DISAGREEMENT, name) for finding in open_)


def _refuse_what_cannot_be_keyed(office: Office, claim: Claim, name: FieldName, value: str) -> None:
    # A returned claim is decided: nothing changes but what the bank needs to know.
    if claim.state == ClaimState.RETURNED and name not in PAYEE_FIELDS:
        raise Refused(_("退票的案件只能更正收款信息"))
    if claim.is_relief and name not in (FieldName.BANK_CARD_NUMBER, FieldName.BANK_NAME):
        raise Refused(_("二次救助案件只能更正收款信息中的卡号和开户行，不能更改收款人"))
    if sentence := fault_of(name, value):
        raise Refused(fault_in_words(name, value, sentence), "value")
    if name in DAYS and value > (today := office.today().isoformat()):
        words = {"field": _(FIELD_NAMES[name]), "day": value, "today": today}
        raise Refused(_("%(field)s %(day)s 晚于今天 %(today)s") % words, "value")


def _refuse_another_person(
    session: Session, office: Office, claim: Claim, name: FieldName, value: str
) -> None:
    """What was decided for one member is not made a claim of another, and money that came back is
    not paid under another name: that is a mistake in the decision, which is revised."""
    is_revised = is_under_revision(session, claim)
    came_back = not is_revised and bool(returned_payments(claim))
    if came_back and name == FieldName.MEMBER_NAME:
        raise Refused(_("退票的案件不能更改收款人姓名；姓名确有错误的，由经办重新办理"))
    member = claim.member
    if name != FieldName.ID_NUMBER or member is None:
        return
    if value == id_number_of(office.keys, member):
        return
    if came_back:
        raise Refused(_("退票的案件不能改为另一会员"))
    if is_revised:
        raise Refused(
            _("案件 %(number)s 正在重新办理，不能改为另一会员；误付的请不予给付并追回，另立新案")
            % {"number": claim.number}
        )


def name_kind(
    session: Session, office: Office, person: User, claim: Claim, page_id: int, kind: str
) -> None:
    """Say what kind of paper a page is."""
    _may_touch(person, claim)
    page = page_of(session, claim, page_id)
    if page is None:
        raise Refused(_("案件中没有这一页"))
    if kind not in set(Kind) - NOT_NAMED_BY_HAND:
        raise Refused(_("没有这种材料：%(kind)s") % {"kind": kind})
    note_kind_review(session, office, page, changed=page.kind != kind)
    before, page.kind = page.kind, Kind(kind).value
    page.kind_confidence, page.kind_by = 1.0, person.id
    if before != page.kind:
        lapse(session, claim, office.clock(), item(str(page_id)))
    if page.kind == Kind.DEATH_CERTIFICATE and claim.member:
        told = ToldDeath(claim.member, DeathSource.CERTIFICATE, claim, person)
        note_death(session, office, told)
    _close_findings(session, office, person, claim, subject=str(page_id))
    now = office.clock()
    record(
        session, claim, "name_kind", now, person.id, page=page_id, before=before, after=page.kind
    )


def answer(
    session: Session, office: Office, person: User, claim: Claim, finding_id: int, reason: str
) -> None:
    """Close a finding as it is, with a reason: the paper is not needed, the person is right."""
    _may_touch(person, claim)
    finding = next((f for f in claim.findings if f.id == finding_id and not f.closed_at), None)
    if finding is None:
        raise Refused(_("这一项已经处理过"))
    if finding.code in MUST_BE_KEYED:
        raise Refused(_("这一项须填写正确的值，不能只作说明"))
    if finding.code == PAYEE_UNCONFIRMED:
        raise Refused(_("收款账户须由第二人核对，不能只作说明"))
    if not may_be_accepted(finding):
        raise Refused(_("死亡证明须有材料，不能只作说明"))
    accept_as_it_is(session, office, person, claim, finding, told_reason(reason, _("请写明原因")))


def may_be_accepted(finding: Finding) -> bool:
    """Whether a person may say that nothing has to be keyed or shown."""
    is_of_death = (finding.code, finding.subject) == (MISSING_PAPER, Kind.DEATH_CERTIFICATE)
    return finding.code not in {*MUST_BE_KEYED, PAYEE_UNCONFIRMED} and not is_of_death


def accept_as_it_is(
    session: Session, office: Office, person: User, claim: Claim, finding: Finding, reason: str
) -> None:
    """Close the finding in the name of the person, who then cannot approve the claim."""
    if finding.code == FIELD_UNSURE:
        note_confirmed(session, office, claim, finding.subject)
    finding.answered_by, finding.closed_at = person.id, office.clock()
    note_maker(session, claim, person, item(finding.subject))
    told = {"finding": finding.code, "about": finding.subject, "reason": reason}
    record(session, claim, "answer", office.clock(), person.id, **told)


def recheck(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Send the claim through the document check again, with what has been corrected."""
    _may_touch(person, claim)
    if not can_recheck(claim):
        raise Refused(_("案件 %(number)s 现在不需要重新审核") % {"number": claim.number})
    check_again(session, office, person, claim)


def check_again(
    session: Session,
    office: Office,
    person: User | None,
    claim: Claim,
    verb: str = "recheck",
    **detail: object,
) -> None:
    """Take back the decision in force and move the claim to the document check again.

    No person asks for it where the day of a hold has come.
    """
    if person:
        require_may_undo(person, claim)
    reverse(session, claim, office)
    # Papers that came after an approval were filed unread: now they count.
    if reading.has_unread(session, claim):
        ask_again(office, claim, OF_ALL_PAPERS)
        verb = "add_papers"
    claim.look_again_on = None
    advance(session, claim, verb, office, person, **detail)


def require_may_undo(person: User, claim: Claim) -> None:
    """Refused where a supervisor proposed to deny the claim and the person is no supervisor."""
    if is_proposed_for_denial(claim):
        require(person, Act.APPROVE)


def is_proposed_for_denial(claim: Claim) -> bool:
    """Whether a denial that a supervisor proposed waits for another one."""
    in_force = [each for each in claim.decisions if each.superseded_at is None]
    return claim.state == ClaimState.PROPOSED and any(each.proposed_by for each in in_force)


def can_correct(claim: Claim) -> bool:
    """Whether anything of the claim may still be keyed by a clerk."""
    if is_proposed_for_denial(claim):
        return False
    if claim.is_relief:
        return claim.state in (ClaimState.REFERRED, ClaimState.RETURNED)
    return can_recheck(claim) or claim.state == ClaimState.RETURNED


def can_recheck(claim: Claim) -> bool:
    """Whether the document check can look again; what the relief committee decided it cannot."""
    return not claim.is_relief and CLAIM.move("recheck", claim.state) is not None


def _field_named(name: str) -> FieldName:
    if name not in set(FieldName):
        raise Refused(_("没有这一项：%(name)s") % {"name": name})
    return FieldName(name)


def _may_touch(person: User, claim: Claim) -> None:
    require(person, Act.CORRECT)
    if is_proposed_for_denial(claim):
        raise Refused(_("审批人已提请不予给付，须先由审批人退回，才能更正"))
    if not can_correct(claim):
        raise Refused(_("案件 %(number)s 现在不能修改") % {"number": claim.number})


def _close_findings(
    session: Session, office: Office, person: User, claim: Claim, subject: str
) -> None:
    """Close the findings about this subject; the next check finds whether it was enough."""
    for finding in claim.findings:
        if finding.subject == subject:
            finding.answered_by, finding.closed_at = None, finding.closed_at or office.clock()
    note_maker(session, claim, person, item(subject))
