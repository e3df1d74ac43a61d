"""Hospital stays as the limits see them: days, moves between hospitals, repeats."""

from collections.abc import Sequence
from datetime import date, timedelta

from language import _
from rules.facts import CoverPeriod, Facts, HospitalStay, PaidStay, Part
from rules.money import Fen, yuan_text
from rules.plans import Plan
from rules.questions import answered, counts_together
from rules.verdict import Benefit, Code, Reason, ReasonKind
from rules.worksheet import Worksheet

ALLOWANCE, EXPENSE = Benefit.HOSPITAL_ALLOWANCE, Benefit.MEDICAL_EXPENSE
"""What plans pay for stays, by the day or by the settlement sheet."""


def days_in(part: Part) -> int:
    """R2: discharge less admission; the same day is no day."""
    return (part.discharged_on - part.admitted_on).days


def separate_stays(event: HospitalStay, within: int) -> list[list[Part]]:
    """R7: a move counts as the same stay when admitted at most `within` days after discharge."""
    stays: list[list[Part]] = [[event]]
    for part in event.transfers:
        if (part.admitted_on - stays[-1][-1].discharged_on).days <= within:
            stays[-1].append(part)
        else:
            stays.append([part])
    return stays


def repeats(facts: Facts, plan: Plan) -> tuple[Reason, ...]:
    """What a person is still asked of the decided stays that those of this event meet (R7)."""
    event = facts.event
    if not isinstance(event, HospitalStay) or not facts.history:
        return ()
    met: list[PaidStay] = []
    for stay in separate_stays(event, plan.rulings.transfer.value):
        met += _met(facts, plan, stay)
    if not met or answered(facts, Code.DUPLICATE_EVENT):
        return ()
    return tuple([_question(plan, paid) for paid in met])


def may_be_half(facts: Facts, plan: Plan) -> bool:
    """Whether a person could say that a stay of the event is half of one already decided."""
    event = facts.event
    if not isinstance(event, HospitalStay):
        return False
    stays = separate_stays(event, plan.rulings.transfer.value)
    return any(halves_of(facts, plan, stay) for stay in stays)


def _benefit(plan: Plan) -> Benefit:
    """What the plan pays for stays."""
    return ALLOWANCE if plan.hospital_allowance else EXPENSE


def _question(plan: Plan, paid: PaidStay) -> Reason:
    text = _("与已核定给付的住院（%(day)s 入院）重叠或首尾相接，请人工核对是否同一次住院")
    if not paid.amount:
        text = _("与未予给付的住院（%(day)s 入院）首尾相接，请人工核对是否同一次住院")
    words = text % {"day": paid.admitted_on}
    return Reason(Code.DUPLICATE_EVENT, plan.rulings.transfer.article, words, ReasonKind.REFER)


def question_repeats(sheet: Worksheet, stay: list[Part], halves: Sequence[PaidStay]) -> None:
    """A stay that meets one already decided is the same event, or half of one stay (R7).

    Without an answer it meets none: `judge` asks first, and takes up no stay before it is answered.
    """
    if not sheet.facts.answers:
        return
    for paid in _met(sheet.facts, sheet.plan, stay):
        if paid not in halves:
            asked = _question(sheet.plan, paid)
            sheet.refer(asked.code, asked.article, asked.text)


def _met(facts: Facts, plan: Plan, stay: Sequence[Part]) -> list[PaidStay]:
    """The decided stays that this one overlaps or follows on, or that follow on it."""
    on, until = stay[0].admitted_on, stay[-1].discharged_on
    benefit = _benefit(plan)
    met: list[PaidStay] = []
    for paid in facts.history:
        if not isinstance(paid, PaidStay) or paid.benefit != benefit:
            continue
        if _meets(plan, on, until, paid) and may_meet(stay, paid):
            met.append(paid)
    return met


def paid_halves(sheet: Worksheet, stay: list[Part]) -> list[PaidStay]:
    """The decided stays that are one with this stay, as a person said (R7), oldest first."""
    if not sheet.facts.answers or not counts_together(sheet.facts, Code.DUPLICATE_EVENT):
        return []
    return halves_of(sheet.facts, sheet.plan, stay)


def halves_of(facts: Facts, plan: Plan, stay: Sequence[Part]) -> list[PaidStay]:
    """The decided stays that would be one with this stay if a person said so, oldest first.

    Stays that overlap this one are none: the same days are not paid twice.
    """
    benefit = _benefit(plan)
    stays = [paid for paid in facts.history if isinstance(paid, PaidStay)]
    known = [paid for paid in stays if paid.benefit == benefit and may_meet(stay, paid)]
    return chained(plan, stay, known)


def chained(plan: Plan, stay: Sequence[Part], known: Sequence[PaidStay]) -> list[PaidStay]:
    """Those of the known stays that meet this one, or one another that does, oldest first; none
    where one has days in common with it."""
    found = list[PaidStay]()
    spans = [(stay[0].admitted_on, stay[-1].discharged_on)]
    for admitted_on, discharged_on in spans:
        for each in known:
            is_repeat = not each.amount and _shares_days(each, found)
            is_new = each not in found and not is_repeat
            if is_new and _meets(plan, admitted_on, discharged_on, each):
                found.append(each)
                spans.append((each.admitted_on, _ended_on(each)))
    if any(_overlaps(stay, each) for each in found):
        return []
    return sorted(found, key=lambda each: each.admitted_on)


def with_halves(stay: list[Part], halves: Sequence[PaidStay]) -> list[Part]:
    """All parts of the whole stay in order of date; of a half without its parts none."""
    parts = [*stay, *(part for half in halves for part in half.parts)]
    return sorted(parts, key=lambda part: (part.admitted_on, part.discharged_on))


def without_parts(halves: Sequence[PaidStay]) -> list[PaidStay]:
    """The halves that were paid before their parts were kept: days and sum must do."""
    return [half for half in halves if not half.parts]


def began_on(stay: list[Part], halves: Sequence[PaidStay]) -> date:
    """The day of admission that chooses the cover period of the whole stay (R8)."""
    if not halves:
        return stay[0].admitted_on
    return min(stay[0].admitted_on, *(each.admitted_on for each in halves))


def is_counted(halves: Sequence[PaidStay]) -> bool:
    """Whether one of the halves took a stay from the period's count."""
    return any(_counts(each) for each in halves)


def question_what_was_paid(
    sheet: Worksheet, halves: Sequence[PaidStay], period: CoverPeriod | None, whole: Fen
) -> bool:
    """Whether what the halves were granted cannot stand beside the whole stay, which is a question.

    Packets in any order bring what one packet brings (R7). More than that was paid where cheaper
    days came later, more was counted where two halves did not yet meet, and another period paid
    where the first day was not known: then the papers belong to the claim that was granted it,
    which is decided anew with all of them.
    """
    had = sum([half.amount for half in halves])
    counted = [half for half in halves if _counts(half)]
    is_elsewhere = any(
        period is None or not period.start <= half.admitted_on <= period.end for half in counted
    )
    if had <= whole and len(counted) < 2 and not is_elsewhere:
        return False
    words = {"whole": yuan_text(whole), "had": yuan_text(Fen(had))}
    text = _("同一次住院合计 %(whole)s 元，已核定给付 %(had)s 元，须并入已核定给付的案件后重新办理")
    sheet.refer(Code.DUPLICATE_EVENT, sheet.plan.rulings.transfer.article, text % words)
    return True


def _counts(paid: PaidStay) -> bool:
    return paid.amount > 0 and not paid.continues


def may_meet(stay: Sequence[Part], paid: PaidStay) -> bool:
    """Whether it was paid, or paid nothing alone and may be half of this one."""
    return bool(paid.amount or (paid.parts and not _overlaps(stay, paid)))


def _shares_days(stay: PaidStay, others: Sequence[PaidStay]) -> bool:
    """Whether the stay has more than the day of a move in common with another one."""
    return any(_overlap(_spans(stay), _spans(each)) for each in others)


def _meets(plan: Plan, admitted_on: date, discharged_on: date, paid: PaidStay) -> bool:
    """Whether the stays overlap, or one follows on the other as a move to another hospital does."""
    near = plan.rulings.transfer.value
    if (admitted_on - _ended_on(paid)).days > near:
        return False
    return (paid.admitted_on - discharged_on).days <= near


def _overlaps(stay: Sequence[Part], paid: PaidStay) -> bool:
    """Whether they share more than the day of a move."""
    return _overlap([(part.admitted_on, part.discharged_on) for part in stay], _spans(paid))


_Span = tuple[date, date]


def _spans(paid: PaidStay) -> list[_Span]:
    """The days in each hospital; of a stay whose parts were not kept all its days."""
    spans = [(part.admitted_on, part.discharged_on) for part in paid.parts]
    return spans or [(paid.admitted_on, _ended_on(paid))]


def _overlap(some: Sequence[_Span], others: Sequence[_Span]) -> bool:
    """A stay without a night overlaps the one between whose first and last day it lies."""
    return any(
        on < other_until and other_on < until
        for on, until in some
        for other_on, other_until in others
    )


def _ended_on(paid: PaidStay) -> date:
    return paid.discharged_on or paid.admitted_on + timedelta(paid.paid_days)
