"""A plan edition as rows a supervisor can read: every figure and ruling, its article, its mark."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from language import N_, _
from rules.facts import SEX_WORDS
from rules.money import Fen, percent_text, yuan_text
from rules.plans.shape import (
    BurnTable,
    Figure,
    IllnessTerms,
    Limit,
    Plan,
    Rates,
    Ruling,
    Rulings,
)
from rules.verdict import BENEFIT_NAMES, Benefit

_BENEFITS = (
    Benefit.HOSPITAL_ALLOWANCE,
    Benefit.MEDICAL_EXPENSE,
    Benefit.CRITICAL_ILLNESS,
    Benefit.ACCIDENT,
)
SECTIONS = {
    "enrolment": N_("参保"),
    **{benefit.value: BENEFIT_NAMES[benefit] for benefit in _BENEFITS},
}
MONEY = {
    "fee": N_("会费"),
    "subsidy": N_("省直机关工会补助"),
    "local_rate": N_("本地每日"),
    "local_most": N_("本地每次最高"),
    "elsewhere_rate": N_("异地每日"),
    "elsewhere_most": N_("异地每次最高"),
    "least": N_("每次最低"),
    "period_most": N_("保障期最高"),
    "death": N_("身故"),
    "disability": N_("伤残最高"),
    "disability_in_hospital": N_("因病住院期间伤残最高"),
}
OTHERS = {
    "term_years": N_("期限（年）"),
    "addition": N_("期中增员"),
    "shares": N_("限参份数"),
    "age_least": N_("最低年龄"),
    "age_most": N_("最高年龄"),
    "sex": N_("性别"),
    "engaged_over_months": N_("临时职工聘用期超过（月）"),
    "everyone_below": N_("全员参保的单位人数（以下）"),
    "participation": N_("参保率（%）"),
    "hospital_level": N_("医院等级（级及以上）"),
    "longer_than_days": N_("住院超过（天）"),
    "stays": N_("保障期内次数"),
    "basis": N_("计算基数"),
    "rates": N_("给付比例（%）：省级／市级／区级"),
    "illnesses": N_("病种名单"),
    "complete": N_("名单完整"),
    "waiting": N_("观察期（日）"),
    "grades": N_("1–10 级给付比例（%）"),
    "raised_by": N_("多处同级提高级数"),
    "burns": N_("烧烫伤给付比例"),
}
WORDS = {
    **SEX_WORDS,
    "fund_paid": N_("医保基金支付额"),
    "own_share_above_deductible": N_("个人支付超过起付线的部分"),
    "fifteen": N_("15 类重大疾病"),
    "women_eight": N_("8 类女工特殊疾病"),
    "own_term_full_fee": N_("从会费到账次日起保满一期，缴全额会费"),
    "True": N_("是"),
    "False": N_("否"),
}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One figure or ruling; `confirmed` False is the mark the supervisor must see."""

    section: str
    name: str
    value: str
    article: str
    confirmed: bool
    note: str = ""


def table(plan: Plan) -> list[PlanRow]:
    """The whole edition: benefits, exclusions, then R1 to R26."""
    return [*_figures(plan), *_exclusions(plan), *_rulings(plan.rulings)]


def _figures(plan: Plan) -> Iterator[PlanRow]:
    for key, title in SECTIONS.items():
        section = getattr(plan, key)
        for field in fields(section) if section else ():
            value = getattr(section, field.name)
            if isinstance(value, Figure | Limit):
                yield _figure(_(title), field.name, value)
        if key == "critical_illness" and plan.critical_illness:
            yield from _windows(plan.critical_illness, _(title))


def _figure(section: str, name: str, figure: Figure[object] | Limit[int]) -> PlanRow:
    title = _(MONEY.get(name) or OTHERS[name])
    return PlanRow(
        section, title, _shown(name, figure.value), figure.article, figure.confirmed, figure.note
    )


def _shown(name: str, value: object) -> str:
    match value:
        case None:
            return "—"
        case int() if name in MONEY:
            return _("%(sum)s 元") % {"sum": yuan_text(Fen(value))}
        case Rates():
            percents = (value.province, value.city, value.district)
            return "／".join(percent_text(percent) for percent in percents)
        case BurnTable():
            return _burns(value)
        case tuple():
            return "／".join(str(each) for each in value)
    word = str(value)
    return _(WORDS[word]) if word in WORDS else word


def _burns(table: BurnTable) -> str:
    places = {_("头颈手部"): table.head, _("其他部位"): table.body}
    return "；".join(
        place + " " + "，".join(f"≥{step.from_percent}%：{step.pays}%" for step in steps)
        for place, steps in places.items()
    )


def _windows(terms: IllnessTerms, section: str) -> Iterator[PlanRow]:
    for window in terms.windows:
        name = _("第 %(day)s 日起") % {"day": window.from_day}
        value = _("%(sum)s 元") % {"sum": yuan_text(window.pays)}
        yield PlanRow(section, name, value, window.article, True)


def _exclusions(plan: Plan) -> Iterator[PlanRow]:
    for each in plan.exclusions:
        yield PlanRow(_("除外情形（转人工）"), each.name, each.code, each.article, True)


def _rulings(rulings: Rulings) -> Iterator[PlanRow]:
    for field in fields(rulings):
        ruling: Ruling[object] = getattr(rulings, field.name)
        title = f"{ruling.id} {ruling.question}"
        note = _("另一种读法：%(other)s。理由：%(reason)s") % {
            "other": ruling.other,
            "reason": ruling.reason,
        }
        yield PlanRow(_("口径"), title, ruling.reading, ruling.article, ruling.confirmed, note)
