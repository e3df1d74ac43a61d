"""What a person establishes about the events of a claim: told, asked for, or left out."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from documents.masks import mask_numbers
from documents.reading.fields import SETTLEMENT_SUMS, SHEET_SUMS
from language import _
from models import Claim, Finding, User
from models.membership import DeathSource
from models.states import ClaimState
from rules import plans
from rules.errors import BadInput, FieldFault, Refused
from rules.facts.case import event_from_json
from rules.illnesses import illness_name, lists
from rules.owed import MAIN_PLAN
from workflows.claims.acts.against_papers import needs_why
from workflows.claims.acts.correction import check_again
from workflows.claims.events.deaths import is_death
from workflows.claims.events.event import (
    established,
    illness_lists_of,
    is_read_from_papers,
    papers_shown,
    stays_to_offer,
)
from workflows.claims.events.events_read import (
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
from workflows.claims.judging.document_check import MAY_ALSO_CLAIM
from workflows.claims.papers.settlement_sums import contradiction
from workflows.engine.office import Office
from workflows.known_deaths import ToldDeath, note_death
from workflows.people.claim_makers import Made, note_maker
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.sealed_values.claims import values_of
from workflows.sealed_values.decisions import events_told, tell_events

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
    told = _told_anew(events[number] if number < len(events) else {}, event)
    events[number:] = [told, *events[number + 1 :]]
    own = [which_stay(each) for each in events if is_read_from_papers(each)]
    if len(set(own)) < len(own) or events.count(told) > 1:
        raise Refused(_("这个事件与案件的另一事件相同"))
    _refuse_what_cannot_be(office, claim, told)
    if claim.decisions or needs_why(papers_shown(office, claim), told):
        reason = told_reason(reason, _("请写明原因"))
    if told.get("first_doubted"):
        told["ground"] = reason
    _keep_events(session, office, person, claim, events, reason)


def _told_anew(before: Mapping[str, object], event: Mapping[str, object]) -> dict[str, object]:
    """The event with what is said of it now; the ground of a former denial is not said again."""
    of_same_kind = event.get("kind", before.get("kind")) == before.get("kind")
    told = overruled(before, event) if of_same_kind else dict(event)
    told.pop("ground", None)
    if event.get("first_diagnosis"):
        told.pop("first_doubted", None)
    elif told.get("first_diagnosis") is False:
        # One person's word alone denies nothing: it becomes a question that two people answer.
        del told["first_diagnosis"]
        told["first_doubted"] = True
    return told


def _refuse_what_cannot_be(office: Office, claim: Claim, told: Mapping[str, Any]) -> None:
    """BadInput where the rules could not read what is told of the event, or it cannot be true."""
    if kind_of(told) == STAY:
        _require_sums_that_fit(office, claim, told)
        event_from_json(overruled(_ANY_STAY, said_of(told)))
        _refuse_no_move(read_event(papers_shown(office, claim), told))
    else:
        event_from_json(told)
    if kind_of(told) == ILLNESS:
        _refuse_illness_of_no_own_plan(claim, told)
    _refuse_the_future(office, told)


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
        values = values_of(office.keys, claim, *SHEET_SUMS) if which_stay(told) == 1 else {}
        if sentence := contradiction({**values, **told}):
            raise BadInput(sentence, next(each for each in SETTLEMENT_SUMS if each in told))


def ask_for(session: Session, office: Office, person: User, claim: Claim, kind: str) -> None:
    """Ask for an event of this kind too, as the papers show it, and check the claim again."""
    events = _may_establish(office, person, claim)
    if kind not in (STAY, ILLNESS, ACCIDENT):
        raise Refused(_("没有这种事件：%(kind)s") % {"kind": kind})
    new: list[dict[str, object]] = [{"kind": kind}]
    if kind == STAY:
        new = [stay_shown(n) for n in stays_to_offer(claim, events, papers_shown(office, claim))]
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
    """The last event of this kind is gone; papers still show one, which is not offered again."""
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
    if claim.state == ClaimState.HELD:
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 搁置中，请先恢复办理，再填写、增加或去掉事件") % words)
    return established(claim, papers_shown(office, claim))


def _keep_events(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    events: list[dict[str, object]],
    reason: str = "",
) -> None:
    before = events_told(claim)
    tell_events(office.keys, claim, events)
    note_maker(session, claim, person, Made.EVENTS)
    if claim.member and any(map(is_death, events)):
        note_death(session, office, ToldDeath(claim.member, DeathSource.EVENT, claim, person))
    reason = mask_numbers(reason.strip())
    check_again(session, office, person, claim, before=before, after=events, reason=reason)
