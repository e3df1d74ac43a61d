"""Article 4.1.2: a sum at the first diagnosis of a listed illness."""

from language import _
from rules.cover import chain_start
from rules.facts import CoverPeriod, IllnessEvent, PaidIllness
from rules.illnesses import illness_name, listed_as, lists
from rules.money import Fen, yuan_text
from rules.plans.shape import IllnessTerms, Window
from rules.questions import with_ground
from rules.verdict import Benefit, Code
from rules.worksheet import Worksheet

ILLNESS = Benefit.CRITICAL_ILLNESS


def judge_illness(sheet: Worksheet, event: IllnessEvent, terms: IllnessTerms) -> None:
    """4.1.2 with R9 to R13: several illnesses at once are one payment."""
    if event.to_name:
        _ask_which(sheet, event, terms)
        return
    listed = _listed(sheet, event, terms)
    _require_first_diagnosis(sheet, event, terms)
    period = sheet.cover_on(event.diagnosed_on)
    if period is None or not listed:
        return
    payable = _not_yet_paid(sheet, event, terms, period, listed)
    day = _day_of_cover(sheet, event, period)
    window = _window(sheet, day, terms)
    if payable and window:
        _pay(sheet, day, period, terms, window)


def _ask_which(sheet: Worksheet, event: IllnessEvent, terms: IllnessTerms) -> None:
    """R34: papers only suggest the class; a person names it, or says that it is none."""
    if sheet.cover_on(event.diagnosed_on) is None:
        return
    suggested = [illness_name(illness) for illness in _on_list(event, terms)]
    text = _("材料提示可能为%(names)s，请人工核定病种")
    if not suggested:
        text = _("诊断为%(names)s，请人工核定是否属于本计划的病种")
    names = "、".join(suggested or map(illness_name, event.illnesses))
    sheet.refer(Code.ILLNESS_TO_NAME, terms.illnesses.article, text % {"names": names}, names)


def _day_of_cover(sheet: Worksheet, event: IllnessEvent, period: CoverPeriod) -> int:
    """R9, R10: the first day of the unbroken renewals is day 1."""
    start = chain_start(sheet.plan, sheet.facts.coverages, period)
    return (event.diagnosed_on - start).days + 1


def _listed(sheet: Worksheet, event: IllnessEvent, terms: IllnessTerms) -> list[str]:
    """The illnesses that the plan names; of a list not known whole a person decides."""
    if listed := _on_list(event, terms):
        return listed
    names = "、".join(map(illness_name, event.illnesses))
    text = _("%(illness)s不在本计划的病种之列") % {"illness": names}
    if not terms.complete.value:
        sheet.refer(Code.ILLNESS_NOT_LISTED, terms.illnesses.article, text, names)
        return list(event.illnesses)
    sheet.leave_out(Code.ILLNESS_NOT_LISTED, terms.illnesses.article, text, terms.illnesses.doubt)
    return []


def _on_list(event: IllnessEvent, terms: IllnessTerms) -> list[str]:
    """The classes of the plan's list that the illnesses of the event are, each once."""
    known = lists()[terms.illnesses.value]
    found = (listed_as(illness, known) for illness in event.illnesses)
    return list(dict.fromkeys(filter(None, found)))


def _require_first_diagnosis(sheet: Worksheet, event: IllnessEvent, terms: IllnessTerms) -> None:
    article = terms.windows[0].article
    if event.first_doubted:
        text = with_ground(_("经办认为不是首次确诊"), event.ground)
        sheet.refer(Code.FIRST_DIAGNOSIS, article, text)
    elif not event.first_diagnosis:
        text = with_ground(_("不是首次确诊"), event.ground)
        sheet.leave_out(Code.NOT_FIRST_DIAGNOSIS, article, text)


def _not_yet_paid(
    sheet: Worksheet,
    event: IllnessEvent,
    terms: IllnessTerms,
    period: CoverPeriod,
    listed: list[str],
) -> bool:
    """R11: one payment ends the benefit of its period, and an illness is never paid twice."""
    again, known = set(listed), lists()[terms.illnesses.value]
    for paid in sheet.facts.history:
        if not isinstance(paid, PaidIllness) or not paid.amount:
            continue
        again -= {paid.illness, listed_as(paid.illness, known)}
        if not again or period.start <= paid.diagnosed_on <= period.end:
            text = _("已于 %(day)s 确诊的重大疾病给付过互助金") % {"day": paid.diagnosed_on}
            article = sheet.plan.rulings.once.article
            sheet.leave_out(Code.ILLNESS_ALREADY_PAID, article, text)
            return False
    return bool(event.first_diagnosis or event.first_doubted)


def _window(sheet: Worksheet, day: int, terms: IllnessTerms) -> Window | None:
    """R9: the window this day of cover lies in."""
    reached = [window for window in terms.windows if window.from_day <= day]
    if reached:
        return reached[-1]
    text = _("确诊在生效第 %(day)s 日，观察期为 %(waiting)s 日")
    words = {"day": day, "waiting": terms.waiting.value}
    sheet.leave_out(Code.WAITING_PERIOD, terms.waiting.article, text % words)
    return None


def _pay(
    sheet: Worksheet, day: int, period: CoverPeriod, terms: IllnessTerms, window: Window
) -> None:
    amount = Fen(window.pays * period.shares)
    words = {
        "day": day,
        "one": yuan_text(window.pays),
        "shares": period.shares,
        "sum": yuan_text(amount),
    }
    text = _("确诊在生效第 %(day)s 日：一次性 %(sum)s 元")
    if period.shares > 1:
        text = _("确诊在生效第 %(day)s 日：一次性 %(one)s 元 × %(shares)s 份 = %(sum)s 元")
    sheet.pay(ILLNESS, window.article, text % words, amount)
    if window is not terms.windows[-1]:
        last = terms.windows[-1]
        text = _("确诊在生效第 %(day)s 日，第 %(full)s 日起才给付 %(sum)s 元")
        words = {"day": day, "full": last.from_day, "sum": yuan_text(last.pays)}
        sheet.note(Code.REDUCED_WINDOW, window.article, text % words)
    if terms.illnesses.doubt:
        sheet.unconfirmed(terms.illnesses.article, terms.illnesses.doubt)
    sheet.reserve(ILLNESS, period, 0, amount)
