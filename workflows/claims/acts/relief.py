"""Second relief (二次救助): what a committee grants is paid as a claim of its own."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_numbers
from language import SOURCE, _, speaking
from models import (
    Claim,
    Decision,
    DecisionLine,
    DecisionPart,
    DecisionReason,
    Entitlement,
    Relief,
    User,
)
from models.states import ClaimState, ReliefState
from rules.errors import Forbidden, Refused
from rules.money import Fen, yuan
from rules.verdict import Benefit, Code, Outcome, ReasonKind
from workflows.claims.acts.relief_claim import claim_of
from workflows.claims.judging.carried_rights import carry_over, give_back_paid
from workflows.claims.judging.decision_rows import NewRight
from workflows.claims.judging.relief_review import refuse_overturned
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import open_revisions
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import next_id, numbered
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, may_for, require
from workflows.sealed_values.claims import seal_hardship
from workflows.sealed_values.decisions import (
    seal_facts,
    seal_line,
    seal_past,
    seal_reason,
)

# Relief after a benefit (病后救助) is in the notice's first article; it sets no sum.
ARTICLE = "1"


@dataclass(frozen=True)
class Sitting:
    """When the committee met, and the reference of its minutes."""

    met_on: date
    minutes: str


def apply(
    session: Session, office: Office, person: User, claim: Claim, hardship: str, asked: Fen
) -> Relief:
    """Ask for relief after a claim that was paid; one open application for each claim."""
    require(person, Act.APPLY_RELIEF)
    _refuse_another_unit(person, claim)
    session.refresh(claim, with_for_update=True)
    if claim.state != ClaimState.PAID or claim.is_relief:
        raise Refused(_("互助金到账之后才能申请二次救助"))
    if not hardship.strip():
        raise Refused(_("请写明困难情况"))
    if asked <= 0:
        raise Refused(_("申请金额须大于零"))
    if known := blocking_application(session, claim):
        words = {"claim": claim.number, "number": known.number}
        raise Refused(_("案件 %(claim)s 已有二次救助申请 %(number)s") % words)
    id_ = next_id(session, Relief)
    number = numbered("JZ", office.today(), id_)
    relief = Relief(
        id=id_,
        number=number,
        member_id=claim.member_id,
        after_claim=claim,
        hardship=seal_hardship(office.keys, number, hardship.strip()),
        asked=asked,
        applied_on=office.today(),
        applied_by=person.id,
    )
    start(session, relief, "apply", office, person, after=claim.number, asked=asked)
    return relief


def withdraw(session: Session, office: Office, person: User, relief: Relief) -> None:
    """Take an application back before the committee has decided on it."""
    require(person, Act.APPLY_RELIEF)
    _refuse_another_unit(person, relief.after_claim)
    session.refresh(relief, with_for_update=True)
    if relief.claim_id is not None:
        raise Refused(_("评审决定被退回，须由评审会重新决定"))
    advance(session, relief, "withdraw", office, person)


def grant(
    session: Session, office: Office, person: User, relief: Relief, granted: Fen, sitting: Sitting
) -> Claim:
    """Record that the committee grants a sum: a claim that waits for another supervisor."""
    _sit(session, office, person, relief, sitting)
    if relief.after_claim.state != ClaimState.PAID:
        raise Refused(_("互助金到账之后才能申请二次救助"))
    if not 0 < granted <= relief.asked:
        words = {"asked": yuan(relief.asked)}
        raise Refused(_("救助金额须大于零，且不超过申请的 %(asked)s 元") % words)
    claim = claim_of(session, office, person, relief)
    with speaking(SOURCE):  # what is decided goes into letters to members
        part = _decision(session, office, relief, claim, Outcome.PAY, granted, sitting)
        words = {"day": sitting.met_on.isoformat(), "sum": yuan(granted)}
        line = _("二次救助评审会 %(day)s 决定给付 %(sum)s 元") % words
        reason = _("金额由二次救助评审会决定（%(minutes)s）")
    part.lines = [
        DecisionLine(
            number=1,
            benefit=Benefit.SECOND_RELIEF.value,
            article=ARTICLE,
            text=seal_line(office.keys, line, part.decision_id, part.number, 1),
            amount=granted,
        )
    ]
    minutes = mask_numbers(sitting.minutes.strip())
    reason %= {"minutes": minutes}
    part.reasons = [_reason(office, part, ReasonKind.NOTE, Code.COMMITTEE_DECIDED, reason)]
    _grant_right(session, office, relief, claim, part)
    relief.granted = granted
    _conclude(session, office, person, relief, claim, "grant", sitting, amount=granted)
    return claim


def _grant_right(
    session: Session, office: Office, relief: Relief, claim: Claim, part: DecisionPart
) -> None:
    """Write the right, or carry over the one under which the claim was paid before."""
    session.flush()
    event = f"{Benefit.SECOND_RELIEF}:{relief.after_claim.number}"
    right = NewRight(
        relief.member_id,
        part.plan,
        Benefit.SECOND_RELIEF.value,
        office.keys.fingerprint(event),
        claim.id,
        part.decision_id,
        part.number,
        part.amount,
        past=seal_past(office.keys, part.decision_id, part.number, {"event": event}),
    )
    revised = open_revisions(session, [claim.id])
    places = {(claim.id, part.number): part.event}
    if not carry_over(session, revised, [right], places, office.clock()):
        session.add(Entitlement(**vars(right)))


def refuse(
    session: Session, office: Office, person: User, relief: Relief, reason: str, sitting: Sitting
) -> Claim:
    """Record that the committee grants nothing, and why: a claim that waits to be denied, so that
    another supervisor sees it and the member is told, and may object.
    """
    _sit(session, office, person, relief, sitting)
    reason = told_reason(reason, _("请写明不予救助的原因"))
    claim = claim_of(session, office, person, relief)
    part = _decision(session, office, relief, claim, Outcome.DENY, Fen(0), sitting)
    with speaking(SOURCE):
        words = {"day": sitting.met_on.isoformat(), "reason": reason}
        text = _("二次救助评审会 %(day)s 决定不予救助：%(reason)s") % words
    part.reasons = [_reason(office, part, ReasonKind.DENY, Code.RELIEF_REFUSED, text)]
    give_back_paid(session, open_revisions(session, [claim.id]), office.clock())
    _conclude(session, office, person, relief, claim, "refuse", sitting, reason=reason)
    return claim


def _refuse_another_unit(person: User, claim: Claim) -> None:
    if not may_for(person, claim.unit_id, Act.APPLY_RELIEF):
        raise Forbidden(_("只能为本单位的案件办理二次救助"))


def blocking_application(session: Session, claim: Claim) -> Relief | None:
    """The application that stands in the way of another: open, granted, or not yet denied."""
    return session.scalar(
        select(Relief)
        .outerjoin(Claim, Claim.id == Relief.claim_id)
        .where(
            Relief.after_claim_id == claim.id,
            Relief.state.in_((ReliefState.APPLIED, ReliefState.GRANTED))
            | Claim.state.is_distinct_from(ClaimState.DENIED) & Claim.id.is_not(None),
        )
    )


def _sit(session: Session, office: Office, person: User, relief: Relief, sitting: Sitting) -> None:
    """What every decision of the committee needs: a supervisor, an open application, a day."""
    require(person, Act.DECIDE_RELIEF)
    session.refresh(relief, with_for_update=True)
    if relief.state != ReliefState.APPLIED:
        raise Refused(_("申请 %(number)s 已有决定") % {"number": relief.number})
    refuse_overturned(session, person, relief)
    if not relief.applied_on <= sitting.met_on <= office.today():
        raise Refused(_("评审日期须在申请之后，且不晚于今天"))
    if not sitting.minutes.strip():
        raise Refused(_("请填写会议纪要文号"))


def _decision(
    session: Session,
    office: Office,
    relief: Relief,
    claim: Claim,
    outcome: Outcome,
    amount: Fen,
    sitting: Sitting,
) -> DecisionPart:
    """What the committee decided: one part, under the plan and period of the claim it follows."""
    after = claim.decisions[-1].parts[0] if claim.decisions else _leading_part(session, relief)
    reverse(session, claim, office)
    id_ = next_id(session, Decision)
    facts = {
        "kind": Benefit.SECOND_RELIEF.value,
        "after": relief.after_claim.number,
        "relief": relief.number,
        "met_on": sitting.met_on.isoformat(),
    }
    part = DecisionPart(
        decision_id=id_,
        number=1,
        event=0,
        plan=after.plan,
        outcome=outcome.value,
        amount=amount,
        facts=seal_facts(office.keys, id_, 1, facts),
        period_start=after.period_start,
        period_end=after.period_end,
    )
    decision = Decision(
        id=id_,
        number=len(claim.decisions) + 1,
        outcome=outcome.value,
        amount=amount,
        made_at=office.clock(),
        parts=[part],
    )
    claim.decisions.append(decision)
    return part


def _leading_part(session: Session, relief: Relief) -> DecisionPart:
    """The first part that pays in the last decision of the claim that the relief follows; where
    none pays any more, its first part."""
    return session.scalars(
        select(DecisionPart)
        .join(Decision, Decision.id == DecisionPart.decision_id)
        .where(Decision.claim_id == relief.after_claim_id)
        .order_by(
            Decision.number.desc(),
            (DecisionPart.outcome == Outcome.PAY.value).desc(),
            DecisionPart.number,
        )
        .limit(1)
    ).one()


def _reason(
    office: Office, part: DecisionPart, kind: ReasonKind, code: Code, text: str
) -> DecisionReason:
    sealed = seal_reason(office.keys, text, part.decision_id, part.number, 1)
    return DecisionReason(number=1, kind=kind.value, code=code.value, article=ARTICLE, text=sealed)


def _conclude(
    session: Session,
    office: Office,
    person: User,
    relief: Relief,
    claim: Claim,
    verb: str,
    sitting: Sitting,
    **detail: object,
) -> None:
    """Move the application on, and its claim to the supervisors."""
    relief.claim, relief.met_on = claim, sitting.met_on
    relief.minutes = mask_numbers(sitting.minutes.strip())
    met_on = sitting.met_on.isoformat()
    advance(session, relief, verb, office, person, met_on=met_on, **detail)
    advance(session, claim, "decide_relief", office, person, relief=relief.number, **detail)
