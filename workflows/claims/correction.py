"""What a person corrects on a claim: a value, a page's kind, a finding; each is an event."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.masks import mask_numbers
from documents.reading.fields import FIELD_NAMES, SETTLEMENT_SUMS, FieldName
from language import _
from models import Claim, Document, Field, Finding, User
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules import plans
from rules.errors import BadInput, FieldFault, Refused
from rules.facts import event_from_json
from rules.illnesses import illness_name, lists
from rules.owed import MAIN_PLAN
from workflows.claims.departures import needs_why
from workflows.claims.document_check import MAY_ALSO_CLAIM, MISSING_PAPER, MUST_BE_KEYED
from workflows.claims.event import (
    established,
    illness_lists_of,
    is_read_from_papers,
    papers_shown,
    stays_not_asked_for,
)
from workflows.claims.events_read import (
    ACCIDENT,
    ILLNESS,
    STAY,
    is_separate,
    kind_of,
    overruled,
    read_event,
    said_of,
    stay_shown,
    which_stay,
)
from workflows.claims.field_forms import DAYS, as_kept, fault_in_words, fault_of
from workflows.claims.pages import page_of
from workflows.claims.payees import PAYEE_FIELDS
from workflows.claims.reversal import reverse
from workflows.claims.revision import is_under_revision
from workflows.claims.settlement_sums import contradiction
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import Made, item, lapse, note_maker
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.sealed_values import field_value, id_number_of, seal_field, values_of


def correct_field(
    session: Session, office: Office, person: User, claim: Claim, name: str, value: str
) -> None:
    """Key a value, or confirm the one that was read; it then counts as certain."""
    _may_touch(person, claim)
    name = _field_named(name)
    value = as_kept(name, value)
    # A returned claim is decided: nothing changes but what the bank needs to know.
    if claim.state == ClaimState.RETURNED and name not in PAYEE_FIELDS:
        raise Refused(_("退票的案件只能更正收款信息"))
    if claim.state == ClaimState.RETURNED and name == FieldName.MEMBER_NAME:
        raise Refused(_("退票的案件不能更改收款人姓名"))
    if claim.is_relief and name not in PAYEE_FIELDS:
        raise Refused(_("二次救助案件只能更正收款信息"))
    if sentence := fault_of(name, value):
        raise Refused(fault_in_words(name, value, sentence), "value")
    if name in DAYS and value > (today := office.today().isoformat()):
        words = {"field": _(FIELD_NAMES[name]), "day": value, "today": today}
        raise Refused(_("%(field)s %(day)s 晚于今天 %(today)s") % words, "value")
    if name == FieldName.ID_NUMBER:
        _refuse_another_member(session, office, claim, value)
    field = next((field for field in claim.fields if field.name == name), None)
    changed = field is None or field_value(office.keys, field) != value
    before = field.value.hex() if field else None
    if field is None:
        field = Field(claim_id=claim.id, name=name.value, value=b"", confidence=1.0)
        claim.fields.append(field)
    field.value = seal_field(office.keys, claim.id, name, value)
    field.confidence, field.corrected_by = 1.0, person.id
    if changed:
        lapse(session, claim, office.clock(), item(name))
    _close_findings(session, office, person, claim, subject=name.value)
    now = office.clock()
    after = field.value.hex()
    keyed: dict[str, Any] = {"field": name, "before": before, "after": after, "changed": changed}
    record(session, claim, "correct", now, person.id, **keyed)


def _refuse_another_member(session: Session, office: Office, claim: Claim, id_number: str) -> None:
    """What was decided for one member is not revised into a claim of another."""
    member = claim.member
    if member is None or id_number == id_number_of(office.keys, member):
        return
    if is_under_revision(session, claim):
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
    if kind not in set(Kind):
        raise Refused(_("没有这种材料：%(kind)s") % {"kind": kind})
    before, page.kind = page.kind, Kind(kind).value
    page.kind_confidence, page.kind_by = 1.0, person.id
    if before != page.kind:
        lapse(session, claim, office.clock(), item(str(page_id)))
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
    if (finding.code, finding.subject) == (MISSING_PAPER, Kind.DEATH_CERTIFICATE):
        raise Refused(_("死亡证明须有材料，不能只作说明"))
    told = told_reason(reason, _("请写明原因"))
    finding.answered_by, finding.closed_at = person.id, office.clock()
    note_maker(session, claim, person, item(finding.subject))
    record(
        session,
        claim,
        "answer",
        office.clock(),
        person.id,
        finding=finding.code,
        about=finding.subject,
        reason=told,
    )


def recheck(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Send the claim through the document check again, with what has been corrected."""
    _may_touch(person, claim)
    if not can_recheck(claim):
        raise Refused(_("案件 %(number)s 现在不需要重新审核") % {"number": claim.number})
    check_again(session, office, person, claim)


def check_again(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    verb: str = "recheck",
    **detail: object,
) -> None:
    """Take back the decision in force and move the claim to the document check again."""
    require_may_undo(person, claim)
    reverse(session, claim, office)
    # Papers that came after an approval were filed unread: now they count.
    verb = "add_papers" if _has_unread_papers(session, claim) else verb
    claim.look_again_on = None
    advance(session, claim, verb, office, person, **detail)


# What the papers say of a stay may not be read yet; what people say is checked beside this.
_ANY_STAY = {
    "kind": STAY,
    "cause": "illness",
    "admitted_on": "2000-01-01",
    "discharged_on": "2000-01-02",
    "hospital": {"name": "—"},
}


def establish(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    event: Mapping[str, object],
    number: int | None = None,
    reason: str = "",
) -> None:
    """Keep what a person established about the event of this number, and check the claim again.

    The number after the last one adds an event; without a number the first event of its kind is
    meant, or a new one. It needs a reason once the claim was judged, and where it says other than
    the papers or is the ground of a denial. BadInput says at once what the rules could not read.
    """
    events = _may_establish(office, person, claim)
    if number is None:
        kinds = [kind_of(each) for each in events]
        kind = kind_of(event)
        number = kinds.index(kind) if kind in kinds else len(events)
    if number > len(events):
        raise Refused(_("案件没有第 %(number)s 个事件") % {"number": number + 1})
    told = events[number] if number < len(events) else {}
    of_same_kind = event.get("kind", told.get("kind")) == told.get("kind")
    events[number:] = [
        overruled(told, event) if of_same_kind else dict(event),
        *events[number + 1 :],
    ]
    own = [which_stay(each) for each in events if is_read_from_papers(each)]
    if len(set(own)) < len(own) or events.count(events[number]) > 1:
        raise Refused(_("这个事件与案件的另一事件相同"))
    if kind_of(events[number]) == STAY:
        _require_sums_that_fit(office, claim, events[number])
        event_from_json(overruled(_ANY_STAY, said_of(events[number])))
        _refuse_no_move(read_event(papers_shown(office, claim), events[number]))
    else:
        event_from_json(events[number])
    if kind_of(events[number]) == ILLNESS:
        _refuse_illness_of_no_own_plan(claim, events[number])
    _refuse_the_future(office, events[number])
    if claim.decisions or needs_why(papers_shown(office, claim), events[number]):
        reason = told_reason(reason, _("请写明原因"))
    _keep_events(session, office, person, claim, events, reason)


def _refuse_the_future(office: Office, told: Mapping[str, Any]) -> None:
    """FieldFault where something is said to happen after today."""
    today = office.today().isoformat()
    days = [(name, told.get(name)) for name in ("diagnosed_on", "happened_on")]
    days += [("transfers", each["discharged_on"]) for each in told.get("transfers", [])]
    for path, day in days:
        if day and str(day) > today:
            wrong = _("%(day)s 晚于今天 %(today)s") % {"day": day, "today": today}
            raise FieldFault(f"{path}: {wrong}", path, wrong)


def _refuse_illness_of_no_own_plan(claim: Claim, told: Mapping[str, Any]) -> None:
    """FieldFault where an illness stands only on lists of plans that the member never had."""
    if claim.member is None:
        return
    named = told["illness"] if isinstance(told["illness"], list) else [told["illness"]]
    own = illness_lists_of(claim)
    for name, illnesses in lists().items():
        for code in named:
            if code in illnesses and not any(code in lists()[each] for each in own):
                wrong = _("“%(illness)s”所属的计划，会员从未参加过") % {
                    "illness": illness_name(code)
                }
                raise FieldFault(f"illness: {wrong}", f"illness_{name}", wrong)


def _refuse_no_move(stay: Mapping[str, Any]) -> None:
    """FieldFault where a stay is told as a move that is a stay of its own (R7)."""
    within = plans.load(MAIN_PLAN).rulings.transfer.value
    for before, move in pairwise([stay, *stay.get("transfers", [])]):
        left_on, admitted_on = str(before["discharged_on"]), str(move["admitted_on"])
        if is_separate(left_on, admitted_on, within):
            words = {"in": admitted_on, "out": left_on}
            wrong = _(
                "%(in)s 入院与 %(out)s 出院相隔超过一日，是另一次住院，请在识读字段“后续住院”中填写"
            )
            raise FieldFault(f"transfers: {wrong % words}", "transfers", wrong % words)


def _require_sums_that_fit(office: Office, claim: Claim, told: Mapping[str, object]) -> None:
    """BadInput where what was told of the sums cannot be true beside what the papers say."""
    if set(SETTLEMENT_SUMS) & told.keys():
        printed = (*SETTLEMENT_SUMS, FieldName.MEDICAL_EXPENSE_TOTAL)
        values = values_of(office.keys, claim, *printed) if which_stay(told) == 1 else {}
        if sentence := contradiction({**values, **told}):
            raise BadInput(sentence)


def ask_for(session: Session, office: Office, person: User, claim: Claim, kind: str) -> None:
    """Ask for an event of this kind too, as the papers show it, and check the claim again."""
    events = _may_establish(office, person, claim)
    if kind not in (STAY, ILLNESS, ACCIDENT):
        raise Refused(_("没有这种事件：%(kind)s") % {"kind": kind})
    new: list[dict[str, object]] = [{"kind": kind}]
    if kind == STAY:
        new = [stay_shown(n) for n in stays_not_asked_for(events, papers_shown(office, claim))]
    if not new or (kind != STAY and kind in map(kind_of, events)):
        raise Refused(_("这个事件与案件的另一事件相同"))
    _keep_events(session, office, person, claim, [*events, *new])


def drop_event(
    session: Session, office: Office, person: User, claim: Claim, number: int, reason: str = ""
) -> None:
    """Take back an event that the claim does not ask for; one at least remains.

    It needs a reason once the claim was judged.
    """
    events = _may_establish(office, person, claim)
    if not 0 <= number < len(events):
        raise Refused(_("案件没有第 %(number)s 个事件") % {"number": number + 1})
    if len(events) == 1:
        raise Refused(_("案件至少要有一个事件；不再申请的案件请撤回"))
    if claim.decisions:
        reason = told_reason(reason, _("请写明原因"))
    leave_out(session, office, person, claim, number, reason)


def _offer_no_more(office: Office, person: User, claim: Claim, kind: str) -> None:
    """The papers go on to show what was dropped or joined; it is offered no second time."""
    same = (each for each in claim.findings if (each.code, each.subject) == (MAY_ALSO_CLAIM, kind))
    finding = next(same, None)
    if finding is None:
        finding = Finding(claim_id=claim.id, code=MAY_ALSO_CLAIM, subject=kind, detail={})
        claim.findings.append(finding)
    finding.answered_by, finding.closed_at = person.id, office.clock()


def leave_out(
    session: Session, office: Office, person: User, claim: Claim, number: int, reason: str
) -> None:
    """Have the claim judged without this one of its events; the caller has asked for the right."""
    events = established(claim, papers_shown(office, claim))
    kind = kind_of(events.pop(number))
    if kind not in map(kind_of, events):
        _offer_no_more(office, person, claim, kind)
    _keep_events(session, office, person, claim, events, reason)


def _may_establish(office: Office, person: User, claim: Claim) -> list[dict[str, object]]:
    """What is established of the claim's events so far."""
    require(person, Act.CORRECT)
    if claim.is_relief:
        raise Refused(_("二次救助由评审会决定，没有可填写的事件"))
    return established(claim, papers_shown(office, claim))


def _keep_events(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    events: list[dict[str, object]],
    reason: str = "",
) -> None:
    before, claim.events = claim.events, events
    note_maker(session, claim, person, Made.EVENTS)
    reason = mask_numbers(reason.strip())
    check_again(session, office, person, claim, before=before, after=events, reason=reason)


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


def _has_unread_papers(session: Session, claim: Claim) -> bool:
    unread = select(Document.id).where(Document.claim_id == claim.id, ~Document.pages.any())
    return session.scalar(unread.limit(1)) is not None


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
