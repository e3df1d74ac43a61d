"""A part of a decision as people read it: what it is about, and which reasons are for them."""

from documents.letters.contents import DecidedPart
from documents.letters.writing import dates_in_words
from language import _
from models import DecisionPart, DecisionReason
from rules import plans
from rules.facts import AccidentEvent, AccidentOutcome, IllnessEvent
from rules.facts.case import event_from_json
from rules.illnesses import illness_name
from rules.notice import unsaid
from rules.plans.loading import OPTIONAL_PLANS
from rules.questions import questions
from rules.verdict import Benefit, Code, Outcome, ReasonKind
from workflows.sealed_values.decisions import facts_in, reason_text

UNREAD = "unread"
"""The kind of facts of a part whose event the papers do not show."""


def event_in_words(part: DecisionPart) -> str:
    """What the part is about, in a sentence."""
    facts = facts_in(part)
    if facts.get("kind") == Benefit.SECOND_RELIEF:
        return _("在案件 %(number)s 给付之后申请二次救助") % {"number": facts["after"]}
    if facts.get("kind") == UNREAD:
        return _("%(day)s 收到的申请") % {"day": facts["received_on"]}
    event = event_from_json(facts["event"])
    if isinstance(event, IllnessEvent):
        illnesses = "、".join(map(illness_name, event.illnesses))
        return _("%(day)s 确诊%(what)s") % {"day": event.diagnosed_on, "what": illnesses}
    if isinstance(event, AccidentEvent):
        died = event.outcome is AccidentOutcome.DEATH
        words = _("%(day)s 因意外身故") if died else _("%(day)s 发生意外")
        return words % {"day": event.happened_on}
    first, last = event.parts[0], event.parts[-1]
    return _("%(start)s 至 %(end)s 在%(hospital)s住院") % {
        "start": first.admitted_on,
        "end": last.discharged_on,
        "hospital": "、".join(dict.fromkeys(part.hospital.name for part in event.parts)),
    }


def decided_part(part: DecisionPart) -> DecidedPart:
    """The part as a letter names it."""
    plan = plans.load(part.plan)
    period = part.period_start, part.period_end
    event = dates_in_words(event_in_words(part))
    return DecidedPart(plan.name, plan.cited, *period, event)


def is_internal(part: DecisionPart, reason: DecisionReason) -> bool:
    """Whether only the supervisor sees the reason: an unconfirmed value, a question."""
    if reason.kind == ReasonKind.REFER:
        return True
    answered = part.outcome == Outcome.PAY and reason.code in questions()
    return answered or reason.code in (Code.UNCONFIRMED_RULE, Code.COVER_BACKDATED)


def ground_told(part: DecisionPart, reason: DecisionReason) -> str:
    """The ground of a denial; where the notice does not state it, also whose rule it is."""
    rule = unsaid(reason.code)
    if not rule and reason.article == OPTIONAL_PLANS:
        plan = plans.load(part.plan)
        rule = _("按%(plan)s的规定核定") % {"plan": plan.name}
    words = {"ground": reason_text(reason), "rule": rule}
    return _("%(ground)s（%(rule)s）") % words if rule else words["ground"]
