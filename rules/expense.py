"""Article 4.2: optional plans that pay a percentage of what the settlement sheet says."""

from language import _
from rules.facts import CAUSES, HospitalStay, Part
from rules.limits import another_stay, pay_stay, used
from rules.money import Fen, percent_text, yuan_text
from rules.plans.shape import MedicalExpense
from rules.stays import (
    began_on,
    days_in,
    is_counted,
    paid_halves,
    question_repeats,
    separate_stays,
)
from rules.verdict import Benefit, Code, VerdictLine
from rules.worksheet import Worksheet

EXPENSE = Benefit.MEDICAL_EXPENSE
WHOLE = 10_000


def judge_expense(sheet: Worksheet, event: HospitalStay, terms: MedicalExpense) -> None:
    """A percentage for each hospital, at least and at most so much a stay, so many stays."""
    if event.cause in CAUSES and event.cause not in sheet.plan.rulings.cause.value:
        text = _("本待遇限因病住院")
        sheet.deny(Code.CAUSE_NOT_COVERED, sheet.plan.rulings.cause.article, text)
    missing = [part for part in event.parts if _lacks_sums(terms, part)]
    if missing and sheet.cover_on(event.on) is None:
        return
    for part in missing:
        text = _("缺少%(hospital)s结算单上的金额") % {"hospital": part.hospital.name}
        sheet.refer(Code.SETTLEMENT_WANTED, terms.basis.article, text, part.hospital.name)
    if missing:
        # No sum can be worked out: the question stands alone, or its answer has denied the part.
        return
    for stay in separate_stays(event.parts, sheet.plan.rulings.transfer.value):
        _judge_stay(sheet, terms, stay)


def _lacks_sums(terms: MedicalExpense, part: Part) -> bool:
    if terms.basis.value == "fund_paid":
        return part.fund_paid is None
    return part.own_share is None or part.deductible is None


def _judge_stay(sheet: Worksheet, terms: MedicalExpense, stay: list[Part]) -> None:
    lines = [_line(sheet, terms, part) for part in stay]
    earlier = paid_halves(sheet, stay, EXPENSE)
    period = sheet.cover_on(began_on(stay, earlier))
    if period is None:
        return
    times, before = used(sheet, EXPENSE, period)
    counts = 0 if is_counted(earlier) else 1
    if counts and not another_stay(sheet, terms.stays, times):
        return
    question_repeats(sheet, stay, EXPENSE, earlier)
    lines = [line for line in lines if line.amount]
    if lines:
        pay_stay(sheet, terms, period, before, lines, sum(map(days_in, stay)), counts)
    else:
        text = _("结算单上没有可以给付的金额")
        sheet.leave_out(Code.CAUSE_NOT_COVERED, terms.basis.article, text)


def _line(sheet: Worksheet, terms: MedicalExpense, part: Part) -> VerdictLine:
    basis, rate = _basis(terms, part), _rate(sheet, terms, part)
    amount = Fen((basis * rate + WHOLE // 2) // WHOLE)
    text = _("%(basis)s 元 × %(rate)s%% = %(amount)s 元") % {
        "basis": yuan_text(basis),
        "rate": percent_text(rate),
        "amount": yuan_text(amount),
    }
    return VerdictLine(EXPENSE, terms.rates.article, text, amount)


def _basis(terms: MedicalExpense, part: Part) -> Fen:
    """The sum on the settlement sheet the plan takes its percentage of."""
    if terms.basis.value == "fund_paid":
        return part.fund_paid or Fen(0)
    return Fen(max(0, (part.own_share or 0) - (part.deductible or 0)))


def _rate(sheet: Worksheet, terms: MedicalExpense, part: Part) -> int:
    """By the rank of the hospital; an unknown one counts as the best and is a question."""
    rates = terms.rates.value
    rank = sheet.hospitals.rank_of(part.hospital, part.admitted_on)
    if rank is None and not rates.same:
        text = _("%(hospital)s属省、市还是区级无法从医院名录查到，请人工核定")
        name = part.hospital.name
        sheet.refer(Code.HOSPITAL_UNKNOWN, terms.rates.article, text % {"hospital": name}, name)
    return rates.of(rank or "province")
