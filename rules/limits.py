"""What a cover period still holds for stays: how many, how much, and the least of each."""

from dataclasses import dataclass

from language import _
from rules.draft import Draft
from rules.facts import Coverage, PaidStay
from rules.money import Fen, yuan_text
from rules.plans.shape import Figure, Limit
from rules.verdict import Benefit, Code


@dataclass(frozen=True, slots=True)
class Slip:
    """A part of the sum of one stay before floor and ceiling."""

    article: str
    text: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a plan says of its stays: how many a period, the least of each, the most together."""

    benefit: Benefit
    stays: Limit[int]
    least: Figure[Fen] | None
    period_most: Limit[Fen]


def another_stay(draft: Draft, bounds: Bounds, period: Coverage) -> bool:
    """R5: whether the period holds one more; those received earlier came first."""
    times, _amount = _used(draft, bounds.benefit, period)
    limit = bounds.stays
    if limit.value is not None and times >= limit.value:
        text = _("本保障期已给付 %(times)s 次，最多 %(limit)s 次")
        words = {"times": times, "limit": limit.value}
        draft.leave_out(Code.STAY_LIMIT, limit.article, text % words)
        return False
    if limit.doubtful_beyond(times + 1):
        draft.unconfirmed(limit.article, limit.note)
    return True


def pay_stay(draft: Draft, bounds: Bounds, period: Coverage, slips: list[Slip], days: int) -> None:
    """R4 raises to the least, then the ceiling of the period cuts, from the last line backwards."""
    raised = _up_to_least(bounds, Fen(sum(slip.amount for slip in slips)))
    wanted = [*slips, raised] if raised else slips
    left = whole = _let_through(draft, bounds, period, Fen(sum(slip.amount for slip in wanted)))
    for slip in wanted:
        amount = Fen(min(slip.amount, left))
        if amount:
            draft.pay(bounds.benefit, slip.article, _words(slip, amount), amount)
            left = Fen(left - amount)
            if slip is raised:
                _note_raise(draft, bounds, amount)
    if whole:
        draft.reserve(bounds.benefit, period, days, whole)


def _up_to_least(bounds: Bounds, amount: Fen) -> Slip | None:
    least = bounds.least
    if least is None or amount >= least.value:
        return None
    more = Fen(least.value - amount)
    text = _("不足 %(least)s 元，补足 %(more)s 元")
    words = {"least": yuan_text(least.value), "more": yuan_text(more)}
    return Slip(least.article, text % words, more)


def _note_raise(draft: Draft, bounds: Bounds, more: Fen) -> None:
    if bounds.least is not None:
        text = _("每次住院最低 %(least)s 元，补足 %(more)s 元")
        words = {"least": yuan_text(bounds.least.value), "more": yuan_text(more)}
        draft.note(Code.FLOOR_RAISED, bounds.least.article, text % words)


def _let_through(draft: Draft, bounds: Bounds, period: Coverage, wanted: Fen) -> Fen:
    """What of the sum the ceiling of the period leaves."""
    _times, before = _used(draft, bounds.benefit, period)
    limit = bounds.period_most
    if limit.value is None:
        if limit.doubtful_beyond(before + wanted):
            draft.unconfirmed(limit.article, limit.note)
        return wanted
    left = Fen(max(0, limit.value - before))
    if wanted <= left:
        return wanted
    if not limit.confirmed:
        draft.unconfirmed(limit.article, limit.note)
    words = {"most": yuan_text(limit.value), "before": yuan_text(before), "left": yuan_text(left)}
    if left:
        text = _("本保障期最高 %(most)s 元，已给付 %(before)s 元，本次最多 %(left)s 元")
        draft.note(Code.PERIOD_CAP, limit.article, text % words)
    else:
        text = _("本保障期最高 %(most)s 元，已给付 %(before)s 元")
        draft.leave_out(Code.STAY_LIMIT, limit.article, text % words)
    return left


def _used(draft: Draft, benefit: Benefit, period: Coverage) -> tuple[int, Fen]:
    """Stays and sum of this period: earlier claims, then the stays of this claim so far."""
    times, amount = 0, 0
    for paid in draft.facts.history:
        if isinstance(paid, PaidStay) and period.start <= paid.admitted_on <= period.end:
            times += paid.amount > 0
            amount += paid.amount
    for held in draft.reservations:
        if held.benefit is benefit and held.start == period.start:
            times += held.times
            amount += held.amount
    return times, Fen(amount)


def _words(slip: Slip, paid: Fen) -> str:
    if paid == slip.amount:
        return slip.text
    return _("%(sum)s，限额内给付 %(paid)s 元") % {"sum": slip.text, "paid": yuan_text(paid)}
