"""The clauses a person may deny a claim by: the plan's exclusions and its terms."""

from collections.abc import Iterator
from dataclasses import dataclass

from language import N_, _
from rules.facts import AccidentEvent, Event, HospitalStay, IllnessEvent
from rules.plans import Plan
from rules.plans.loading import OPTIONAL_PLANS
from rules.verdict import Code


@dataclass(frozen=True, slots=True)
class Clause:
    """One ground for a denial; `key` names it among those of its plan."""

    key: str
    code: Code
    article: str
    words: str


_WORDS = {
    Code.NOT_A_MEMBER: N_("不符合参保条件"),
    Code.NOT_COVERED_ON_EVENT: N_("事发时不在保障期"),
    Code.CAUSE_NOT_COVERED: N_("不属于本计划的保障责任"),
    Code.CLAIM_TOO_LATE: N_("超过申请时限"),
    Code.HOSPITAL_LEVEL: N_("医院等级不够"),
    Code.ILLNESS_NOT_LISTED: N_("不属于本计划的病种"),
    Code.NOT_FIRST_DIAGNOSIS: N_("不是首次确诊"),
    Code.NOT_DISABLING: N_("未构成伤残"),
}


def benefit_article(plan: Plan, event: Event) -> str:
    """The article that grants what the plan pays for such an event; for one that it pays nothing
    for, the article that lets members choose beside the main plan, which pays for every kind."""
    match event:
        case HospitalStay() if terms := plan.hospital_allowance:
            return terms.local_rate.article
        case HospitalStay() if expense := plan.medical_expense:
            return expense.rates.article
        case IllnessEvent() if illness := plan.critical_illness:
            return illness.windows[0].article
        case AccidentEvent() if accident := plan.accident:
            return accident.death.article
        case _:
            return OPTIONAL_PLANS


def clauses(plan: Plan) -> dict[str, Clause]:
    """Every clause of the plan by its key."""
    found = [*_terms(plan), *_exclusions(plan)]
    return {clause.key: clause for clause in found}


def _terms(plan: Plan) -> Iterator[Clause]:
    for code, article in _articles(plan):
        yield Clause(code.value, code, article, _(_WORDS[code]))


def _articles(plan: Plan) -> Iterator[tuple[Code, str]]:
    rulings = plan.rulings
    yield Code.NOT_A_MEMBER, rulings.age.article
    yield Code.NOT_COVERED_ON_EVENT, rulings.period.article
    yield Code.CAUSE_NOT_COVERED, rulings.cause.article
    yield Code.CLAIM_TOO_LATE, rulings.late.article
    if plan.hospital_allowance:
        yield Code.HOSPITAL_LEVEL, plan.hospital_allowance.hospital_level.article
    if plan.critical_illness:
        yield Code.ILLNESS_NOT_LISTED, plan.critical_illness.illnesses.article
        yield Code.NOT_FIRST_DIAGNOSIS, rulings.once.article
    if plan.accident:
        yield Code.NOT_DISABLING, plan.accident.disability.article


def _exclusions(plan: Plan) -> Iterator[Clause]:
    for each in plan.exclusions:
        words = _("属于除外情形：%(what)s") % {"what": each.name}
        yield Clause(each.code, Code.EXCLUDED, each.article, words)
