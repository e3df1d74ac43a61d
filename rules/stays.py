"""Hospital stays as the limits see them: days, moves between hospitals, repeats."""

from collections.abc import Sequence
from datetime import date, timedelta

from language import _
from rules.facts import PaidStay, Part
from rules.questions import answered, counts_together
from rules.verdict import Benefit, Code
from rules.worksheet import Worksheet


def days_in(part: Part) -> int:
    """R2: discharge less admission; the same day is no day."""
    return (part.discharged_on - part.admitted_on).days


def separate_stays(parts: tuple[Part, ...], within: int) -> list[list[Part]]:
    """R7: a move counts as the same stay when admitted at most `within` days after discharge."""
    stays = [[parts[0]]]
    for part in parts[1:]:
        if (part.admitted_on - stays[-1][-1].discharged_on).days <= within:
            stays[-1].append(part)
        else:
            stays.append([part])
    return stays


def question_repeats(
    sheet: Worksheet, stay: list[Part], benefit: Benefit, halves: Sequence[PaidStay]
) -> None:
    """A stay that meets one already decided is the same event, or half of one stay (R7)."""
    for paid in _met(sheet, stay, benefit, halves):
        text = _("与已给付的住院（%(day)s 入院）重叠或首尾相接，请人工核对是否同一次住院")
        if not paid.amount:
            text = _("与未予给付的住院（%(day)s 入院）首尾相接，请人工核对是否同一次住院")
        article = sheet.plan.rulings.transfer.article
        sheet.refer(Code.DUPLICATE_EVENT, article, text % {"day": paid.admitted_on})


def may_be_half(sheet: Worksheet, stay: list[Part], benefit: Benefit) -> bool:
    """Whether it is open that the stay is half of one already decided; stays that overlap are
    none."""
    met = _met(sheet, stay, benefit, ())
    is_open = bool(met) and answered(sheet.facts, Code.DUPLICATE_EVENT) is None
    return is_open and not any(_overlaps(stay, each) for each in met)


def _met(
    sheet: Worksheet, stay: list[Part], benefit: Benefit, halves: Sequence[PaidStay]
) -> list[PaidStay]:
    return [
        paid
        for paid in _earlier_stays(sheet, stay, benefit)
        if paid not in halves and _meets(sheet, stay[0].admitted_on, stay[-1].discharged_on, paid)
    ]


def paid_halves(sheet: Worksheet, stay: list[Part], benefit: Benefit) -> list[PaidStay]:
    """The decided stays that are one with this stay, as a person said (R7), oldest first.

    Stays that overlap this one are none: the same days are not paid twice.
    """
    if not counts_together(sheet.facts, Code.DUPLICATE_EVENT):
        return []
    paid, found = _earlier_stays(sheet, stay, benefit), list[PaidStay]()
    spans = [(stay[0].admitted_on, stay[-1].discharged_on)]
    for admitted_on, discharged_on in spans:
        for each in paid:
            is_repeat = not each.amount and _shares_days(each, found)
            is_new = each not in found and not is_repeat
            if is_new and _meets(sheet, admitted_on, discharged_on, each):
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
    return min([stay[0].admitted_on, *(each.admitted_on for each in halves)])


def is_counted(halves: Sequence[PaidStay]) -> bool:
    """Whether one of the halves took a stay from the period's count."""
    return any(each.amount and not each.continues for each in halves)


def _earlier_stays(sheet: Worksheet, stay: list[Part], benefit: Benefit) -> list[PaidStay]:
    """The stays that were paid, and those that paid nothing alone and may be half of this one."""
    return [
        paid
        for paid in sheet.facts.history
        if isinstance(paid, PaidStay)
        and paid.benefit == benefit
        and (paid.amount or (paid.parts and not _overlaps(stay, paid)))
    ]


def _shares_days(stay: PaidStay, others: Sequence[PaidStay]) -> bool:
    """Whether the stay has more than the day of a move in common with another one."""
    return any(
        max(stay.admitted_on, each.admitted_on) < min(_ended_on(stay), _ended_on(each))
        for each in others
    )


def _meets(sheet: Worksheet, admitted_on: date, discharged_on: date, paid: PaidStay) -> bool:
    """Whether the stays overlap, or one follows on the other as a move to another hospital does."""
    near = sheet.plan.rulings.transfer.value
    after = (admitted_on - _ended_on(paid)).days
    before = (paid.admitted_on - discharged_on).days
    return after <= near and before <= near


def _overlaps(stay: list[Part], paid: PaidStay) -> bool:
    """Whether they share more than the day of the move."""
    starts = max(stay[0].admitted_on, paid.admitted_on)
    return starts < min(stay[-1].discharged_on, _ended_on(paid))


def _ended_on(paid: PaidStay) -> date:
    return paid.discharged_on or paid.admitted_on + timedelta(paid.paid_days)
