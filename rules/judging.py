"""Judge one claim: the facts, the plan edition and the register in, the verdict out."""

from dataclasses import replace
from datetime import date

from language import _
from rules.accident import judge_accident
from rules.allowance import judge_allowance
from rules.clauses import benefit_article
from rules.cover import covering, later_by_years
from rules.exclusions import concerns
from rules.expense import judge_expense
from rules.facts import (
    CAUSES,
    AccidentEvent,
    Answered,
    Event,
    ExclusionSign,
    Facts,
    HospitalStay,
    IllnessEvent,
    PayeeKind,
)
from rules.hospitals import Register, shipped
from rules.illness import judge_illness
from rules.money import Fen
from rules.notice import clause
from rules.plans import Plan
from rules.stays import may_be_half, repeats
from rules.verdict import Code, Outcome, Verdict
from rules.worksheet import Worksheet

HEIRS = PayeeKind.HEIRS
BEFORE_THE_REPEAT = {
    Code.DISCHARGE_BEFORE_ADMISSION,
    Code.EVENT_IN_FUTURE,
    Code.SETTLEMENT_WANTED,
}
"""Questions whose answer decides whether and which stays meet, or without which no sum is known."""


def judge(facts: Facts, plan: Plan, hospitals: Register | None = None) -> Verdict:
    """What is owed for one event and by which article; the same input gives the same verdict.

    A stay that meets one already decided is a question (R7), unless it is denied whatever the
    answer: as another stay, and as half of the same one.
    """
    if not repeats(facts, plan):
        return _judge_as_told(facts, plan, hospitals)
    apart = _judge_as_told(_answering(facts, "another"), plan, hospitals)
    is_denied = apart.outcome is Outcome.DENY
    if is_denied and may_be_half(facts, plan):
        together = _judge_as_told(_answering(facts, "together"), plan, hospitals)
        is_denied = together.outcome is Outcome.DENY
    return apart if is_denied else as_question(apart, facts, plan)


def as_question(apart: Verdict, facts: Facts, plan: Plan) -> Verdict:
    """The question whether a stay is one with those it meets, beside what else is asked of it.

    `apart` is what it comes to as another one.
    """
    others = apart.reasons if apart.outcome is Outcome.REFER else ()
    if any(reason.code in BEFORE_THE_REPEAT for reason in others):
        return apart
    asked = (*others, *repeats(facts, plan))
    return Verdict(Outcome.REFER, Fen(0), plan.code, apart.period, (), asked, ())


def _answering(facts: Facts, answer: str) -> Facts:
    said = Answered(Code.DUPLICATE_EVENT, answer)
    return replace(facts, answers=(*facts.answers, said))


def _judge_as_told(facts: Facts, plan: Plan, hospitals: Register | None) -> Verdict:
    """Dates that cannot be right are a question before anything else is asked."""
    event = facts.event
    on, ended_on = event.on, event.ended_on
    sheet = Worksheet(facts, plan, hospitals or shipped(), covering(facts.coverages, on))
    if isinstance(event, HospitalStay):
        _question_order(sheet, event)
    if on > facts.received_on or ended_on > facts.received_on:
        _question_future(sheet, max(on, ended_on))
    if sheet.questions:
        return sheet.close_as_question()
    if sheet.denials:
        return sheet.close()
    _judge_terms(sheet, event, on, ended_on)
    return sheet.close()


def _judge_terms(sheet: Worksheet, event: Event, on: date, ended_on: date) -> None:
    """What the plan says of an event whose dates can be right."""
    facts = sheet.facts
    if facts.member is None or not facts.coverages:
        _deny_stranger(sheet)
    _question_exclusion(sheet, event)
    if facts.payee is HEIRS:
        _question_heirs(sheet)
    if sheet.period and sheet.period.handed_in_on:
        _note_backdated(sheet, on, sheet.period.handed_in_on)
    _require_in_time(sheet, ended_on)
    _judge_event(sheet, event)


def _judge_event(sheet: Worksheet, event: Event) -> None:
    plan = sheet.plan
    if isinstance(event, HospitalStay) and plan.hospital_allowance:
        judge_allowance(sheet, event, plan.hospital_allowance)
    elif isinstance(event, HospitalStay) and plan.medical_expense:
        judge_expense(sheet, event, plan.medical_expense)
    elif isinstance(event, IllnessEvent) and plan.critical_illness:
        judge_illness(sheet, event, plan.critical_illness)
    elif isinstance(event, AccidentEvent) and plan.accident:
        judge_accident(sheet, event, plan.accident)
    else:
        text = _("%(plan)s不含此项待遇") % {"plan": plan.name}
        sheet.deny(Code.CAUSE_NOT_COVERED, benefit_article(plan, event), text)


def _question_future(sheet: Worksheet, day: date) -> None:
    """No event was later than the day its papers came in."""
    text = _("事件日期 %(day)s 晚于收件日期 %(received)s")
    dates = {"day": day, "received": sheet.facts.received_on}
    article = benefit_article(sheet.plan, sheet.facts.event)
    sheet.refer(Code.EVENT_IN_FUTURE, article, text % dates)


def _question_order(sheet: Worksheet, event: HospitalStay) -> None:
    left_on = event.admitted_on
    for part in event.parts:
        if part.admitted_on < left_on:
            text = _("转入日期 %(in)s 早于上一医院的出院日期 %(out)s")
            dates = {"in": part.admitted_on, "out": left_on}
            article = sheet.plan.rulings.transfer.article
            sheet.refer(Code.DISCHARGE_BEFORE_ADMISSION, article, text % dates)
        left_on = part.discharged_on
        if left_on < part.admitted_on:
            text = _("出院日期 %(out)s 早于入院日期 %(in)s")
            dates = {"out": left_on, "in": part.admitted_on}
            article = sheet.plan.rulings.days.article
            sheet.refer(Code.DISCHARGE_BEFORE_ADMISSION, article, text % dates)


def _deny_stranger(sheet: Worksheet) -> None:
    """Of a person on no roster, or without any cover."""
    text = _("未参加%(plan)s") % {"plan": sheet.plan.name}
    sheet.deny(Code.NOT_A_MEMBER, sheet.plan.rulings.age.article, text)


def _question_exclusion(sheet: Worksheet, event: Event) -> None:
    """An event that may be an exclusion, by its marks or its cause, is for a person to decide."""
    suspected = event.exclusion
    if suspected is None and isinstance(event, HospitalStay) and event.cause not in CAUSES:
        suspected = event.cause
    if suspected is not None:
        first = ExclusionSign(suspected, event.exclusion_words, event.exclusion_page)
        for sign in (first, *event.further_signs):
            _question_sign(sheet, sign)


def _question_sign(sheet: Worksheet, sign: ExclusionSign) -> None:
    """R33, by the plan's own list."""
    plan = sheet.plan
    if not concerns(plan, sign):
        return
    named = {each.code: each for each in plan.exclusions}.get(sign.exclusion)
    what = named.name if named else sign.exclusion
    article = named.article if named else benefit_article(plan, sheet.facts.event)
    words: dict[str, object] = {"plan": plan.name, "clause": clause(article), "what": what}
    words |= {"words": sign.words, "page": sign.page}
    text = _("疑属%(plan)s（%(clause)s）的除外情形：%(what)s，请人工核定")
    if sign.words:
        text = _(
            "疑属%(plan)s（%(clause)s）的除外情形：%(what)s（材料写有“%(words)s”），请人工核定"
        )
    if sign.words and sign.page:
        text = _(
            "疑属%(plan)s（%(clause)s）的除外情形：%(what)s"
            "（第 %(page)s 页写有“%(words)s”），请人工核定"
        )
    sheet.refer(Code.EXCLUSION_SUSPECTED, article, text % words, what)


def _question_heirs(sheet: Worksheet) -> None:
    """R25: heirs are always confirmed by a person."""
    text = _("领取人不是会员本人，请人工核对继承材料")
    sheet.refer(Code.PAYEE_NOT_MEMBER, sheet.plan.rulings.payee.article, text)


def _note_backdated(sheet: Worksheet, day: date, handed_in_on: date) -> None:
    """R31: a supervisor let the cover pass; who approves this event knows that it came first."""
    if day < handed_in_on:
        text = _("事件日期 %(day)s 早于名册报送或会费登记之日 %(handed_in)s，起保日曾经审批准予")
        words = {"day": day, "handed_in": handed_in_on}
        sheet.note(Code.COVER_BACKDATED, sheet.plan.rulings.start.article, text % words)


def _require_in_time(sheet: Worksheet, ended_on: date) -> None:
    """R21: the day itself, years later, is still in time."""
    late = sheet.plan.rulings.late
    if later_by_years(sheet.facts.received_on, ended_on, late.value):
        text = _("收件日期距 %(day)s 已超过 %(years)s 年")
        dates = {"day": ended_on, "years": late.value}
        sheet.deny(Code.CLAIM_TOO_LATE, late.article, text % dates)
