"""What a plan file must fulfil beyond its shape: figures that agree with each other."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise

from language import _
from rules.illnesses import lists
from rules.money import Fen, yuan
from rules.plans.shape import BurnStep, HospitalAllowance, IllnessTerms, Plan, Ruling, Rulings


@dataclass(frozen=True)
class PlanFault:
    """One figure that cannot stand as it is."""

    key: str
    problem: str
    value: object


def faults(plan: Plan) -> Iterator[PlanFault]:
    """Everything wrong with a plan of the right shape."""
    if plan.effective_to is not None and plan.effective_to < plan.effective_from:
        yield PlanFault("effective_to", _("早于 effective_from"), plan.effective_to)
    if plan.enrolment.age_most.value < plan.enrolment.age_least.value:
        yield PlanFault("enrolment.age_most", _("小于 age_least"), plan.enrolment.age_most.value)
    yield from _numbering(plan.rulings)
    if plan.hospital_allowance is not None:
        yield from _allowance(plan.hospital_allowance, plan.rulings.day_cap.value)
    if plan.critical_illness is not None:
        yield from _illness(plan.critical_illness)
    if plan.accident is not None:
        yield from _grades(plan.accident.grades.value)
        yield from _steps("accident.burns.value.head", plan.accident.burns.value.head)
        yield from _steps("accident.burns.value.body", plan.accident.burns.value.body)


def _numbering(rulings: Rulings) -> Iterator[PlanFault]:
    for number, field in enumerate(fields(rulings), start=1):
        ruling: Ruling[object] = getattr(rulings, field.name)
        if ruling.id != f"R{number}":
            yield PlanFault(
                f"rulings.{field.name}.id", _("应为 R%(number)s") % {"number": number}, ruling.id
            )


def _allowance(terms: HospitalAllowance, day_cap: int) -> Iterator[PlanFault]:
    pairs = {
        "local_most": (terms.local_rate.value, terms.local_most.value),
        "elsewhere_most": (terms.elsewhere_rate.value, terms.elsewhere_most.value),
    }
    for key, (rate, most) in pairs.items():
        if rate * day_cap != most:
            should = yuan(Fen(rate * day_cap))
            problem = _("与日标准 × %(days)s 天不符，应为 %(most)s")
            yield PlanFault(
                f"hospital_allowance.{key}",
                problem % {"days": day_cap, "most": should},
                yuan(most),
            )


def _illness(terms: IllnessTerms) -> Iterator[PlanFault]:
    if terms.illnesses.value not in lists():
        yield PlanFault("critical_illness.illnesses", _("没有这个病种名单"), terms.illnesses.value)
    first = terms.windows[0].from_day
    if first != terms.waiting.value + 1:
        yield PlanFault("critical_illness.windows", _("应从观察期满的次日开始"), first)
    for earlier, later in pairwise(terms.windows):
        if later.from_day <= earlier.from_day:
            yield PlanFault("critical_illness.windows", _("起始日须依次增大"), later.from_day)


def _grades(percents: tuple[int, ...]) -> Iterator[PlanFault]:
    for worse, milder in pairwise(percents):
        if milder > worse:
            yield PlanFault("accident.grades", _("较轻等级的比例大于较重等级"), milder)


def _steps(key: str, steps: tuple[BurnStep, ...]) -> Iterator[PlanFault]:
    for lower, upper in pairwise(steps):
        if upper.from_percent <= lower.from_percent or upper.pays < lower.pays:
            yield PlanFault(key, _("面积和比例须依次增大"), upper.from_percent)
