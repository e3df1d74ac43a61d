"""Article 4.1.3: a sum at death by accident, a part of it at disability or burns."""

from collections.abc import Sequence
from datetime import timedelta

from language import _
from rules.accidents import first_day, met, paid_for_it
from rules.burns import burnt_rows
from rules.facts import AccidentEvent, AccidentOutcome, Burn, CoverPeriod
from rules.money import Fen, yuan_text
from rules.plans.shape import AccidentTerms
from rules.verdict import Benefit, Code
from rules.worksheet import Worksheet

ACCIDENT = Benefit.ACCIDENT


def judge_accident(sheet: Worksheet, event: AccidentEvent, terms: AccidentTerms) -> None:
    """4.1.3 with R16 to R20."""
    paid = _paid_before(sheet, event, terms)
    if event.outcome is AccidentOutcome.DEATH:
        period = sheet.cover_on(event.happened_on)
        if period is not None:
            _pay_death(sheet, event, terms, period, paid)
        return
    _question_unfinished_treatment(sheet, event)
    if event.outcome is AccidentOutcome.BURN:
        found, pays = _by_burn(sheet, event.burnt, terms)
    else:
        found, pays = _by_grade(sheet, event.grades or (), terms)
    period = sheet.cover_on(event.happened_on)
    if pays and period is not None:
        _pay_part(sheet, event, terms, period, found, pays, paid)


def _paid_before(sheet: Worksheet, event: AccidentEvent, terms: AccidentTerms) -> Fen:
    """What was paid for this accident (R18, R30); what may have been paid for it is a question."""
    paid_for = paid_for_it(event, sheet.facts)
    for paid, code in met(event, sheet.facts):
        if paid in paid_for:
            continue
        text = _("%(day)s 的意外伤害已核定给付过，请人工核对")
        if code is Code.ACCIDENT_NEAR:
            text = _(
                "与 %(day)s 已核定给付的意外时间相近或地点、经过相同，请人工核对是否同一次意外"
            )
        sheet.refer(code, terms.death.article, text % {"day": paid.happened_on})
    return Fen(sum(paid.amount for paid in paid_for))


def _pay_death(
    sheet: Worksheet, event: AccidentEvent, terms: AccidentTerms, period: CoverPeriod, paid: Fen
) -> None:
    """R17, R18: the sum of death, wherever it happened, less what the accident was paid."""
    whole = Fen(terms.death.value * period.shares)
    left = Fen(whole - paid)
    words = {"sum": yuan_text(whole), "paid": yuan_text(paid), "left": yuan_text(left)}
    article = terms.death.article
    if not paid:
        sheet.pay(ACCIDENT, article, _("意外身故：%(sum)s 元") % words, whole)
    elif left > 0:
        text = _("意外身故：%(sum)s 元 - 已核定给付 %(paid)s 元 = %(left)s 元")
        sheet.pay(ACCIDENT, article, text % words, left)
        text = _("同一意外已核定给付 %(paid)s 元，身故互助金按差额给付")
        sheet.note(Code.PERIOD_CAP, sheet.plan.rulings.then_death.article, text % words)
    else:
        text = _("同一意外已核定给付 %(paid)s 元，不低于身故互助金 %(sum)s 元")
        sheet.leave_out(Code.PERIOD_CAP, sheet.plan.rulings.then_death.article, text % words)
        return
    _reserve(sheet, event, period, left)


def _question_unfinished_treatment(sheet: Worksheet, event: AccidentEvent) -> None:
    """R20: while treatment goes on, nothing is decided before the state on that day is known."""
    ruling = sheet.plan.rulings.day_180
    decides_on = event.happened_on + timedelta(days=ruling.value)
    if not event.treatment_ended and sheet.facts.received_on < decides_on:
        text = _("治疗尚未结束，应以 %(day)s（第 %(days)s 日）的状况评定")
        words = {"day": decides_on, "days": ruling.value}
        sheet.refer(Code.EVENT_IN_FUTURE, ruling.article, text % words)


def _by_grade(sheet: Worksheet, grades: tuple[int, ...], terms: AccidentTerms) -> tuple[str, int]:
    """R16: the worst injury decides; two of the worst raise it, never past grade 1."""
    ruling = sheet.plan.rulings.schedule
    doubt = "" if ruling.confirmed and terms.grades.confirmed else ruling.reading
    if not grades:
        text = _("未评定伤残等级")
        sheet.leave_out(Code.NOT_DISABLING, terms.disability.article, text, doubt)
        return "", 0
    if doubt:
        sheet.unconfirmed(terms.grades.article, doubt)
    worst = grade = min(grades)
    if grades.count(worst) > 1:
        grade = max(1, worst - terms.raised_by.value)
    if grade < worst:
        text = _("%(count)s 处伤残同为 %(worst)s 级，提高为 %(grade)s 级")
        words = {"count": grades.count(worst), "worst": worst, "grade": grade}
        sheet.note(Code.GRADE_RAISED, terms.raised_by.article, text % words)
    return _("伤残 %(grade)s 级") % {"grade": grade}, terms.grades.value[grade - 1]


def _by_burn(sheet: Worksheet, burns: Sequence[Burn], terms: AccidentTerms) -> tuple[str, int]:
    """R19: the regions of one row of the table count together; of two rows the one that pays more
    decides, as the worst of several injuries does (R16)."""
    ruling = sheet.plan.rulings.burns
    doubt = "" if ruling.confirmed and terms.burns.confirmed else ruling.reading
    rows = sorted(burnt_rows(burns, terms.burns.value), key=lambda row: row.pays, reverse=True)
    if not rows or not rows[0].pays:
        text = "；".join(row.short_of for row in rows) or _("烧烫伤未达三度")
        sheet.leave_out(Code.NOT_DISABLING, terms.burns.article, text, doubt)
        return "", 0
    if doubt:
        sheet.unconfirmed(terms.burns.article, doubt)
    worst, *milder = rows
    found = worst.words
    if milder:
        words = {"worst": found, "milder": milder[0].words}
        found = _("%(worst)s（另有%(milder)s，取给付较高的一项）") % words
    return found, worst.pays


def _pay_part(
    sheet: Worksheet,
    event: AccidentEvent,
    terms: AccidentTerms,
    period: CoverPeriod,
    found: str,
    percent: int,
    paid: Fen,
) -> None:
    """R17: the higher sum is for disability from an accident while in hospital for illness."""
    whole = terms.disability_in_hospital if event.in_hospital_for_illness else terms.disability
    insured = Fen(whole.value * period.shares)
    worked_out = Fen(insured * percent // 100)
    amount = Fen(min(worked_out, max(0, insured - paid)))
    words = {
        "found": found,
        "sum": yuan_text(insured),
        "percent": percent,
        "amount": yuan_text(worked_out),
        "paid": yuan_text(paid),
        "left": yuan_text(amount),
    }
    text = _("%(found)s：%(sum)s 元 × %(percent)s%% = %(amount)s 元") % words
    if amount < worked_out:
        text = _("%(text)s，限额内给付 %(left)s 元") % {"text": text, "left": words["left"]}
        why = _("同一意外已核定给付 %(paid)s 元，合计最多 %(sum)s 元") % words
        say = sheet.note if amount else sheet.leave_out
        say(Code.PERIOD_CAP, sheet.plan.rulings.then_death.article, why)
    if amount:
        sheet.pay(ACCIDENT, whole.article, text, amount)
        _reserve(sheet, event, period, amount)


def _reserve(sheet: Worksheet, event: AccidentEvent, period: CoverPeriod, amount: Fen) -> None:
    """R30: each accident has a counter of its own, whatever its outcomes are dated."""
    about = first_day(event, sheet.facts).isoformat()
    sheet.reserve(ACCIDENT, period, 0, amount, about=about)
