"""What a cover period still holds for stays: how many, how much, and the least of each."""

from collections.abc import Sequence

from language import _
from rules.facts import CoverPeriod, PaidStay
from rules.money import Fen, yuan_text
from rules.plans.shape import Figure, HospitalAllowance, Limit, MedicalExpense
from rules.stays import question_what_was_paid
from rules.verdict import Benefit, Code, VerdictLine, total
from rules.worksheet import Worksheet

Terms = HospitalAllowance | MedicalExpense


def used(sheet: Worksheet, benefit: Benefit, period: CoverPeriod) -> tuple[int, int]:
    """Stays and sum of this period: earlier claims, then the stays of this claim so far."""
    times, amount = 0, 0
    for paid in sheet.facts.history:
        if not isinstance(paid, PaidStay) or paid.benefit != benefit:
            continue
        if period.start <= paid.admitted_on <= period.end:
            times += paid.amount > 0 and not paid.continues
            amount += paid.amount
    for held in sheet.reservations:
        if held.benefit is benefit and held.start == period.start:
            times += held.times
            amount += held.amount
    return times, amount


def another_stay(sheet: Worksheet, limit: Limit[int], times: int) -> bool:
    """R5: whether the period holds one more; those received earlier came first."""
    if limit.value is not None and times >= limit.value:
        text = _("本保障期已核定给付 %(times)s 次，最多 %(limit)s 次")
        words = {"times": times, "limit": limit.value}
        sheet.leave_out(Code.STAY_LIMIT, limit.article, text % words, limit.doubt)
        return False
    if limit.doubtful_beyond(times + 1):
        sheet.unconfirmed(limit.article, limit.note)
    return True


def pay_stay(
    sheet: Worksheet,
    terms: Terms,
    period: CoverPeriod,
    before: int,
    lines: list[VerdictLine],
    days: int,
) -> None:
    """R4 raises to the least, then the ceiling of the period cuts, from the last line backwards."""
    benefit, worked_out, least = lines[0].benefit, total(lines), terms.least
    if least is not None and worked_out < least.value:
        lines = [*lines, _up_to_least(sheet, benefit, least, worked_out)]
        worked_out = least.value
    let_through = _let_through(sheet, terms.period_most, before, worked_out)
    if let_through < worked_out:
        lines = _within(lines, let_through, _("%(sum)s，限额内给付 %(paid)s 元"))
    sheet.lines += lines
    if let_through:
        sheet.reserve(benefit, period, days, Fen(let_through))


def pay_rest(
    sheet: Worksheet,
    terms: Terms,
    benefit: Benefit,
    period: CoverPeriod,
    before: int,
    lines: list[VerdictLine],
    whole: Fen,
    halves: Sequence[PaidStay],
    days: int,
    times: int,
) -> None:
    """R7: what the whole stay comes to with its other halves, less what was paid for those, so that
    packets handed in one by one bring what one packet would.

    `whole` is the sum of all parts that are known, `days` are those of the whole stay. More than
    the lines of this claim is for days of a half that was not paid; less takes back what raised a
    half to the least (R4).
    """
    whole = _with_partless(terms, whole, halves)
    if question_what_was_paid(sheet, halves, period, whole):
        return
    had = Fen(sum([half.amount for half in halves]))
    words = {"whole": yuan_text(whole), "had": yuan_text(had)}
    said = _("同一次住院合计 %(whole)s 元，已核定给付 %(had)s 元") % words
    rest = Fen(whole - had)
    lines = _lines_of_rest(sheet, benefit, lines, rest, said)
    let_through = _let_through(sheet, terms.period_most, before, rest) if rest else 0
    sheet.lines += _within(lines, let_through, _("%(sum)s，限额内给付 %(paid)s 元"))
    if let_through:
        new_days = max(0, days - sum([half.paid_days for half in halves]))
        sheet.reserve(benefit, period, new_days, Fen(let_through), times)


def _with_partless(terms: Terms, known: Fen, halves: Sequence[PaidStay]) -> Fen:
    """What the whole stay comes to: its known parts, what the halves without parts were granted,
    and never below the least (R4)."""
    whole = Fen(known + sum([half.amount for half in halves if not half.parts]))
    return whole if terms.least is None else max(whole, terms.least.value)


def _lines_of_rest(
    sheet: Worksheet, benefit: Benefit, lines: list[VerdictLine], rest: Fen, said: str
) -> list[VerdictLine]:
    """The lines of this claim, raised or cut to the rest; why there is none is put down."""
    article, more = sheet.plan.rulings.transfer.article, Fen(rest - total(lines))
    if more > 0:
        text = _("%(said)s，另补 %(more)s 元") % {"said": said, "more": yuan_text(more)}
        return [*lines, VerdictLine(benefit, article, text, more)]
    if not rest and Code.STAY_DAY_CAP not in [reason.code for reason in sheet.left_out]:
        sheet.leave_out(Code.STAY_DAY_CAP, article, said)
    return _within(lines, rest, _("%(sum)s，%(said)s，给付 %(paid)s 元"), said)


def _within(lines: list[VerdictLine], most: int, text: str, said: str = "") -> list[VerdictLine]:
    """The lines as far as the sum reaches; the text explains the one that is cut."""
    kept = []
    for line in lines:
        if most:
            kept.append(line if line.amount <= most else _cut(line, most, text, said))
            most -= kept[-1].amount
    return kept


def _up_to_least(
    sheet: Worksheet, benefit: Benefit, least: Figure[Fen], worked_out: int
) -> VerdictLine:
    more = Fen(least.value - worked_out)
    words = {"least": yuan_text(least.value), "more": yuan_text(more)}
    reason = _("每次住院最低 %(least)s 元，补足 %(more)s 元")
    sheet.note(Code.FLOOR_RAISED, least.article, reason % words)
    text = _("不足 %(least)s 元，补足 %(more)s 元")
    return VerdictLine(benefit, least.article, text % words, more)


def _let_through(sheet: Worksheet, limit: Limit[Fen], before: int, wanted: int) -> int:
    """What of the sum the ceiling of the period leaves."""
    if limit.value is None:
        if limit.doubtful_beyond(before + wanted):
            sheet.unconfirmed(limit.article, limit.note)
        return wanted
    left = max(0, limit.value - before)
    if wanted > left:
        _explain_ceiling(sheet, limit, limit.value, before, left)
    return min(wanted, left)


def _explain_ceiling(
    sheet: Worksheet, limit: Limit[Fen], most: Fen, before: int, left: int
) -> None:
    words = {
        "most": yuan_text(most),
        "before": yuan_text(Fen(before)),
        "left": yuan_text(Fen(left)),
    }
    if left:
        text = _("本保障期最高 %(most)s 元，已核定给付 %(before)s 元，本次最多 %(left)s 元")
        sheet.note(Code.PERIOD_CAP, limit.article, text % words)
        if limit.doubt:
            sheet.unconfirmed(limit.article, limit.doubt)
    else:
        text = _("本保障期最高 %(most)s 元，已核定给付 %(before)s 元")
        sheet.leave_out(Code.STAY_LIMIT, limit.article, text % words, limit.doubt)


def _cut(line: VerdictLine, left: int, text: str, said: str) -> VerdictLine:
    words = {"sum": line.text, "said": said, "paid": yuan_text(Fen(left))}
    return line._replace(text=text % words, amount=Fen(left))
