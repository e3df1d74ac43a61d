"""Hospital stays as the limits see them: days, moves between hospitals, repeats."""

from datetime import timedelta

from language import _
from rules.facts import PaidStay, Part
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


def question_repeats(sheet: Worksheet, stay: list[Part], benefit: Benefit) -> None:
    """A stay that meets one already paid is the same event, or half of one stay (R7)."""
    for paid in sheet.facts.history:
        if not isinstance(paid, PaidStay) or paid.benefit != benefit or not paid.amount:
            continue
        if _meets(sheet, stay, paid):
            text = _("与已给付的住院（%(day)s 入院）重叠或首尾相接，请人工核对是否同一次住院")
            article = sheet.plan.rulings.transfer.article
            sheet.refer(Code.DUPLICATE_EVENT, article, text % {"day": paid.admitted_on})


def _meets(sheet: Worksheet, stay: list[Part], paid: PaidStay) -> bool:
    """Whether the stays overlap, or one follows on the other as a move to another hospital does."""
    near = sheet.plan.rulings.transfer.value
    ended_on = paid.discharged_on or paid.admitted_on + timedelta(paid.paid_days)
    after = (stay[0].admitted_on - ended_on).days
    before = (paid.admitted_on - stay[-1].discharged_on).days
    return after <= near and before <= near
