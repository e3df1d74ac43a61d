"""Article 4.1.1: a sum for each day in hospital for illness."""

from functools import lru_cache

from language import _
from rules.facts import CAUSES, HospitalStay, PaidStay, Part
from rules.hospitals import LEVELS
from rules.limits import another_stay, pay_rest, pay_stay, used
from rules.money import Fen, yuan_text
from rules.plans.shape import HospitalAllowance
from rules.stays import (
    ALLOWANCE,
    began_on,
    days_in,
    is_counted,
    paid_halves,
    question_repeats,
    question_what_was_paid,
    separate_stays,
    with_halves,
    without_parts,
)
from rules.verdict import Code, VerdictLine
from rules.worksheet import Worksheet

Share = tuple[Part, int, Fen]
"""The part of a stay in one hospital, how many days of it are paid, and the rate of a day."""


def judge_allowance(sheet: Worksheet, event: HospitalStay, terms: HospitalAllowance) -> None:
    """4.1.1 with R1 to R8 and R15, for each stay the event holds."""
    if event.cause not in sheet.plan.rulings.cause.value and event.cause in CAUSES:
        text = _("住院津贴限因病住院，意外造成的住院不予给付")
        sheet.deny(Code.CAUSE_NOT_COVERED, sheet.plan.rulings.cause.article, text)
    for stay in separate_stays(event, sheet.plan.rulings.transfer.value):
        halves = paid_halves(sheet, stay)
        if halves:
            _judge_whole(sheet, terms, stay, halves)
        else:
            _judge_alone(sheet, terms, stay)


def _judge_alone(sheet: Worksheet, terms: HospitalAllowance, stay: list[Part]) -> None:
    """A stay that is no half of another one."""
    period = sheet.cover_on(stay[0].admitted_on)
    shares = _long_enough(sheet, terms, stay, _at_their_rates(sheet, terms, stay, stay))
    if period is None:
        return
    times, before = used(sheet, ALLOWANCE, period)
    if not another_stay(sheet, terms.stays, times) or not shares:
        return
    question_repeats(sheet, stay, ())
    paid = _within_day_cap(sheet, _less_first_day(sheet, terms, shares), 0)
    pay_stay(sheet, terms, period, before, _lines(terms, paid, stay), _days(paid))


def _judge_whole(
    sheet: Worksheet, terms: HospitalAllowance, stay: list[Part], halves: list[PaidStay]
) -> None:
    """A stay with its other halves (R7): what both come to, less what was paid."""
    period = sheet.cover_on(began_on(stay, halves))
    partless = without_parts(halves)
    rests_on_days = not partless
    shares = _at_their_rates(sheet, terms, with_halves(stay, halves), stay)
    if rests_on_days:
        shares = _long_enough(sheet, terms, stay, shares)
    times, before = used(sheet, ALLOWANCE, period) if period else (0, 0)
    counts = 0 if is_counted(halves) else 1
    is_full = counts and period and not another_stay(sheet, terms.stays, times)
    if period is None or is_full or not shares:
        stands = [] if period is None or is_full else partless
        whole = Fen(sum([half.amount for half in stands]))
        question_what_was_paid(sheet, halves, period, whole)
        return
    question_repeats(sheet, stay, halves)
    shares = _less_first_day(sheet, terms, shares) if rests_on_days else shares
    had = sum([half.paid_days for half in partless])
    paid = _within_day_cap(sheet, shares, had)
    lines = _lines(terms, paid, stay)
    whole, days = Fen(sum([days * rate for _part, days, rate in paid])), had + _days(paid)
    pay_rest(sheet, terms, ALLOWANCE, period, before, lines, whole, halves, days, counts)


def _days(shares: list[Share]) -> int:
    total = 0
    for _part, days, _rate in shares:
        total += days
    return total


def _at_their_rates(
    sheet: Worksheet, terms: HospitalAllowance, parts: list[Part], own: list[Part]
) -> list[Share]:
    """4.1 and R6: hospitals of the level asked for, each at the rate of its city.

    An unknown hospital counts as the best: if even that pays nothing, the denial stands. Nothing is
    asked or said of hospitals that are not this claim's own.
    """
    shares: list[Share] = []
    for part in parts:
        hospital = sheet.hospitals.filled_in(part.hospital, part.admitted_on)
        city, level = hospital.city, hospital.level
        if level is not None and level < terms.hospital_level.value:
            if part in own:
                _refuse_level(sheet, terms, hospital.name, level)
            continue
        if (level is None or city is None) and part in own:
            _ask_for_hospital(sheet, terms, hospital.name)
        rate = terms.local_rate if _is_local(sheet, city) else terms.elsewhere_rate
        shares.append((part, days_in(part), rate.value))
    return shares


def _is_local(sheet: Worksheet, city: str | None) -> bool:
    unit_city = sheet.facts.unit_city
    return city is None or unit_city is None or sheet.hospitals.same_city(city, unit_city)


def _refuse_level(sheet: Worksheet, terms: HospitalAllowance, name: str, level: int) -> None:
    needed = terms.hospital_level
    sheet.leave_out(
        Code.HOSPITAL_LEVEL,
        needed.article,
        _("%(hospital)s为%(level)s医院，须为%(needed)s及以上医院")
        % {"hospital": name, "level": _(LEVELS[level]), "needed": _(LEVELS[needed.value])},
    )


def _ask_for_hospital(sheet: Worksheet, terms: HospitalAllowance, name: str) -> None:
    text = _("%(hospital)s的等级或所在市无法从医院名录查到，请人工核定") % {"hospital": name}
    sheet.refer(Code.HOSPITAL_UNKNOWN, terms.hospital_level.article, text, name)


def _long_enough(
    sheet: Worksheet, terms: HospitalAllowance, stay: list[Part], shares: list[Share]
) -> list[Share]:
    """R1, R2: the days that count, if there are enough of them."""
    days = _days(shares) if shares else sum(map(days_in, stay))
    if days > terms.longer_than_days.value:
        return shares
    sheet.leave_out(
        Code.STAY_TOO_SHORT,
        terms.longer_than_days.article,
        _("住院 %(days)s 天，未超过 %(limit)s 天")
        % {"days": days, "limit": terms.longer_than_days.value},
    )
    return []


def _less_first_day(sheet: Worksheet, terms: HospitalAllowance, shares: list[Share]) -> list[Share]:
    """R1 in its other reading: the days that had to be exceeded are not paid."""
    if sheet.plan.rulings.first_day.value == "threshold":
        return shares
    kept: list[Share] = []
    unpaid = terms.longer_than_days.value
    for part, days, rate in shares:
        skipped = min(unpaid, days)
        unpaid -= skipped
        kept.append((part, days - skipped, rate))
    return kept


def _within_day_cap(sheet: Worksheet, shares: list[Share], had: int) -> list[Share]:
    """R3, R7: one cap for the whole stay, taken in order of date; `had` days of it are paid."""
    cap = sheet.plan.rulings.day_cap
    days = had + _days(shares)
    if days <= cap.value:
        return shares
    words = {"days": days, "cap": cap.value, "had": had}
    text = _("住院 %(days)s 天，按最多 %(cap)s 天给付")
    if had:
        text = _("同一次住院共 %(days)s 天，已核定给付 %(had)s 天，合计最多 %(cap)s 天")
    kept: list[Share] = []
    left = max(0, cap.value - had)
    say = sheet.note if left else sheet.leave_out
    say(Code.STAY_DAY_CAP, cap.article, text % words)
    for part, part_days, rate in shares:
        paid = min(left, part_days)
        kept.append((part, paid, rate))
        left -= paid
    return kept


def _lines(terms: HospitalAllowance, paid: list[Share], own: list[Part]) -> list[VerdictLine]:
    """One for each hospital of this claim; the days of other halves were paid before."""
    moved, lines = len(paid) > 1, []
    for part, days, rate in paid:
        if days and part in own:
            lines.append(_line(terms, part, days, rate, moved))
    return lines


def _line(terms: HospitalAllowance, part: Part, days: int, rate: Fen, moved: bool) -> VerdictLine:
    """12 天 × 50 元 = 600 元; after a move with the hospital in front."""
    text = _sum_text(_("%(days)s 天 × %(rate)s 元 = %(sum)s 元"), days, rate)
    if moved:
        words = {"hospital": part.hospital.name, "sum": text}
        text = _("%(hospital)s：%(sum)s") % words
    return VerdictLine(ALLOWANCE, terms.local_rate.article, text, Fen(days * rate))


@lru_cache(maxsize=1024)
def _sum_text(text: str, days: int, rate: Fen) -> str:
    """The sum in words. It names no person: the same few days and rates come with many claims."""
    words = {"days": days, "rate": yuan_text(rate), "sum": yuan_text(Fen(days * rate))}
    return text % words
