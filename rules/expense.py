"""Article 4.2: optional plans that pay a percentage of what the settlement sheet says."""

from language import _
from rules.facts import CAUSES, HospitalStay, Part
from rules.limits import another_stay, pay_rest, pay_stay, used
from rules.money import Fen, percent_text, yuan_text
from rules.plans.shape import MedicalExpense
from rules.stays import (
    EXPENSE,
    began_on,
    days_in,
    is_counted,
    paid_halves,
    question_repeats,
    question_what_was_paid,
    separate_stays,
    with_halves,
)
from rules.verdict import Code, VerdictLine
from rules.worksheet import Worksheet

WHOLE = 10_000


def judge_expense(sheet: Worksheet, event: HospitalStay, terms: MedicalExpense) -> None:
    """A percentage for each hospital, at least and at most so much a stay, so many stays."""
    if event.cause not in sheet.plan.rulings.cause.value and event.cause in CAUSES:
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
    for stay in separate_stays(event, sheet.plan.rulings.transfer.value):
        _judge_stay(sheet, terms, stay)


def _lacks_sums(terms: MedicalExpense, part: Part) -> bool:
    if terms.basis.value == "fund_paid":
        return part.fund_paid is None
    return part.own_share is None or part.deductible is None


def _judge_stay(sheet: Worksheet, terms: MedicalExpense, stay: list[Part]) -> None:
    lines = [_line(sheet, terms, part) for part in stay]
    halves = paid_halves(sheet, stay)
    period = sheet.cover_on(began_on(stay, halves))
    times, before = used(sheet, EXPENSE, period) if period else (0, 0)
    counts = 0 if is_counted(halves) else 1
    if period is None or (counts and not another_stay(sheet, terms.stays, times)):
        question_what_was_paid(sheet, halves, period, Fen(0))
        return
    question_repeats(sheet, stay, halves)
    lines = [line for line in lines if line.amount]
    days = sum(map(days_in, stay))
    others = [part for part in with_halves(stay, halves) if part not in stay]
    whole = sum([line.amount for line in lines]) + sum(
        [_sum_of(terms, part, _known_rate(sheet, terms, part)) for part in others]
    )
    if halves and whole:
        had = sum([half.paid_days for half in halves])
        pay_rest(
            sheet, terms, EXPENSE, period, before, lines, Fen(whole), halves, had + days, counts
        )
    elif lines:
        pay_stay(sheet, terms, period, before, lines, days)
    else:
        text = _("结算单上没有可以给付的金额")
        sheet.leave_out(Code.CAUSE_NOT_COVERED, terms.basis.article, text)


def _sum_of(terms: MedicalExpense, part: Part, rate: int) -> Fen:
    return Fen((_basis(terms, part) * rate + WHOLE // 2) // WHOLE)


def _line(sheet: Worksheet, terms: MedicalExpense, part: Part) -> VerdictLine:
    basis, rate = _basis(terms, part), _rate(sheet, terms, part)
    amount = _sum_of(terms, part, rate)
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
    rank = sheet.hospitals.rank_of(part.hospital, part.admitted_on)
    if rank is None and not terms.rates.value.same:
        text = _("%(hospital)s属省、市还是区级无法从医院名录查到，请人工核定")
        words = {"hospital": part.hospital.name}
        sheet.refer(Code.HOSPITAL_UNKNOWN, terms.rates.article, text % words)
    return _known_rate(sheet, terms, part)


def _known_rate(sheet: Worksheet, terms: MedicalExpense, part: Part) -> int:
    rank = sheet.hospitals.rank_of(part.hospital, part.admitted_on)
    return terms.rates.value.of(rank or "province")
