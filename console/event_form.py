"""The form in which a person establishes what the papers are about, one for each benefit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from console.forms import listed
from console.unlisted_cities import CITY_AGAIN, unlisted
from documents.plain_text import squeezed
from documents.reading import keyed_burns
from documents.reading.further_stays import keyed, written
from documents.typed_values import typed_day, typed_sum
from language import N_, _
from rules.errors import BadInput, FieldFault
from rules.facts import AccidentOutcome, EventKind
from rules.hospitals import LEVELS, RANKS
from rules.illnesses import Illness, lists
from rules.money import Fen, fen
from workflows.claims.events.events_read import as_transfer, from_transfer

_YES, _NO = "yes", "no"
_NOT_LISTED = "none"


@dataclass(frozen=True)
class FormLine:
    """One line of the form; `shape` is text, date or choice."""

    name: str
    label: str
    shape: str = "text"
    value: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


def fields_of(
    kind: str, event: Mapping[str, object], illness_lists: Sequence[str]
) -> list[FormLine]:
    """The form of an event of this kind, with what is read or established already.

    `illness_lists` are those of the member's plans.
    """
    match kind:
        case EventKind.ILLNESS:
            return _illness(event, illness_lists)
        case EventKind.ACCIDENT:
            return _accident(event)
        case _:
            return _stay(event)


def event_from(kind: str, form: Mapping[str, str]) -> dict[str, object]:
    """What the form says, in the words the rules read; what was left empty is not said."""
    match kind:
        case EventKind.ILLNESS:
            found = _illness_from(form)
        case EventKind.ACCIDENT:
            found = _accident_from(form)
        case _:
            found = _stay_from(form)
    if not found:
        raise BadInput(_("请至少填写一项"))
    return found


def in_the_form(kind: str, fault: FieldFault) -> BadInput:
    """The fault by the label of its line, where a case would name the path."""
    names = re.findall(r"[a-z_]+", fault.path)
    labels = {line.name: line.label for line in fields_of(kind, {}, list(lists()))}
    labels |= {name: labels[line] for name, line in _LINES.items() if line in labels}
    name = next((name for name in reversed(names) if name in labels), "")
    words = {"field": labels.get(name, _("事件")), "wrong": fault.wrong}
    at = next((line for path, line in _LINES.items() if path == name), name)
    return BadInput(_("%(field)s：%(wrong)s") % words, at)


# What a case calls otherwise than the form.
_LINES = {
    "illness": "illness_fifteen",
    "in_hospital_for_illness": "in_hospital",
    "transfers": "further",
}

# The sums of the settlement sheet, in yuan as it prints them.
SUMS = {
    "fund_paid": N_("医保基金支付（元）"),
    "own_share": N_("个人支付（元）"),
    "deductible": N_("起付线（元）"),
}


def _stay(event: Mapping[str, object]) -> list[FormLine]:
    hospital = event.get("hospital")
    known: Mapping[str, object] = hospital if isinstance(hospital, Mapping) else {}
    levels = {str(level): _(word) for level, word in reversed(LEVELS.items())}
    causes = {"illness": _("疾病"), "accident": _("意外")}
    ranks = {rank: _(word) for rank, word in RANKS.items()}
    return [
        FormLine("level", _("医院等级"), "choice", _text(known.get("level")), levels),
        FormLine("city", _("医院所在市"), "text", _text(known.get("city"))),
        FormLine("city_again", _(CITY_AGAIN), "text", unlisted(_text(known.get("city")))),
        FormLine("cause", _("住院原因"), "choice", _text(event.get("cause")), causes),
        FormLine(
            "further",
            _("后续住院（医院 入院日 出院日 等级 隶属 所在市，分号分开）"),
            "text",
            _further(event),
        ),
        FormLine("rank", _("医院隶属"), "choice", _text(known.get("rank")), ranks),
        *(FormLine(name, _(word), "text", _text(event.get(name))) for name, word in SUMS.items()),
    ]


def _further(event: Mapping[str, object]) -> str:
    """The transfers of the event, as they are keyed."""
    transfers = event.get("transfers")
    stays = (from_transfer(each) for each in transfers) if isinstance(transfers, list) else ()
    return written(stays)


def _stay_from(form: Mapping[str, str]) -> dict[str, object]:
    hospital: dict[str, object] = {}
    if level := form.get("level"):
        hospital["level"] = _whole(level, _("医院等级"), "level")
    if city := form.get("city", "").strip():
        hospital["city"] = city
    if rank := form.get("rank"):
        hospital["rank"] = rank
    found: dict[str, object] = {"hospital": hospital} if hospital else {}
    if further := form.get("further", "").strip():
        found["transfers"] = [as_transfer(stay) for stay in keyed(further)]
    if cause := form.get("cause"):
        found["cause"] = cause
    for name, word in SUMS.items():
        if text := form.get(name, "").strip():
            found[name] = _sum(text, _(word), name)
    return found


def _illness(event: Mapping[str, object], illness_lists: Sequence[str]) -> list[FormLine]:
    told = event.get("illness", [])
    known = [told] if isinstance(told, str) else told
    assert isinstance(known, list)
    # Left empty, a second list would deny what its plan may owe: a person says that it has none.
    is_told = bool(known) and not event.get("to_name")
    rest = _NOT_LISTED if is_told and len(illness_lists) > 1 else ""
    first = False if event.get("first_doubted") else event.get("first_diagnosis")
    return [
        *(_one_of(lists()[name], name, known, len(illness_lists), rest) for name in illness_lists),
        FormLine("diagnosed_on", _("确诊日期"), "date", _text(event.get("diagnosed_on"))),
        _yes_or_no("first_diagnosis", _("首次确诊"), first),
    ]


def _one_of(
    illnesses: Mapping[str, Illness], name: str, known: Sequence[object], of: int, rest: str
) -> FormLine:
    """One illness of this list; the first of those that are known already, or the rest.

    Where several lists are asked, each can be answered with none of its illnesses.
    """
    names = {code: each.name for code, each in illnesses.items()}
    chosen = next((str(code) for code in known if code in names), rest)
    names |= {_NOT_LISTED: _("不属于本表任何病种")} if of > 1 else {}
    return FormLine(f"illness_{name}", _(_ILLNESS_LISTS[name]), "choice", chosen, names)


_ILLNESS_LISTS = {
    "fifteen": N_("病种（重大疾病）"),
    "women_eight": N_("病种（女工特殊疾病）"),
}


def _illness_from(form: Mapping[str, str]) -> dict[str, object]:
    asked = [name for name in lists() if f"illness_{name}" in form]
    chosen = {name: form[f"illness_{name}"].strip() for name in asked}
    named = [code for code in chosen.values() if code not in ("", _NOT_LISTED)]
    if not named:
        first = f"illness_{next(iter(lists()))}"
        raise BadInput(_("请填写“%(field)s”") % {"field": _("病种")}, first)
    for name, code in chosen.items():
        if not code:
            words = {"field": _(_ILLNESS_LISTS[name])}
            raise BadInput(_("请填写“%(field)s”") % words, f"illness_{name}")
    return {
        "kind": EventKind.ILLNESS.value,
        "illness": named if len(named) > 1 else named[0],
        "diagnosed_on": _day(form, "diagnosed_on", _("确诊日期")),
        "first_diagnosis": _said_yes(form, "first_diagnosis", _("首次确诊")),
    }


OUTCOME_WORDS = {
    AccidentOutcome.DISABILITY: N_("伤残"),
    AccidentOutcome.DEATH: N_("身故"),
    AccidentOutcome.BURN: N_("烧烫伤"),
}


_BURNS = N_("烧烫伤（如 躯干 Ⅲ度 10%，占体表面积；多处用分号分开）")


def _accident(event: Mapping[str, object]) -> list[FormLine]:
    outcomes = {outcome.value: _(word) for outcome, word in OUTCOME_WORDS.items()}
    grades = event.get("grades")
    joined = ",".join(map(str, grades)) if isinstance(grades, list) else ""
    in_hospital, ended = event.get("in_hospital_for_illness"), event.get("treatment_ended", True)
    return [
        FormLine("happened_on", _("事故日期"), "date", _text(event.get("happened_on"))),
        FormLine("outcome", _("结果"), "choice", _text(event.get("outcome")), outcomes),
        FormLine("grades", _("伤残等级（1 至 10，多处用逗号分开）"), "text", joined),
        FormLine("burns", _(_BURNS), "text", keyed_burns.written(event)),
        FormLine("place", _("事故地点"), "text", _text(event.get("place"))),
        FormLine("description", _("事故经过"), "text", _text(event.get("description"))),
        _yes_or_no("in_hospital", _("因病住院期间发生"), in_hospital),
        _yes_or_no("treatment_ended", _("治疗已结束"), ended),
    ]


def _accident_from(form: Mapping[str, str]) -> dict[str, object]:
    outcome = _needed(form, "outcome", _("结果"))
    found: dict[str, object] = {
        "kind": EventKind.ACCIDENT.value,
        "happened_on": _day(form, "happened_on", _("事故日期")),
        "outcome": outcome,
    }
    # Neither changes what a death is paid (R17).
    if outcome != AccidentOutcome.DEATH:
        found["in_hospital_for_illness"] = _said_yes(form, "in_hospital", _("因病住院期间发生"))
        found["treatment_ended"] = _said_yes(form, "treatment_ended", _("治疗已结束"))
    if outcome == AccidentOutcome.DISABILITY:
        grades = listed(form.get("grades", ""))
        found["grades"] = [_whole(grade, _("伤残等级"), "grades") for grade in grades]
    if outcome == AccidentOutcome.BURN:
        burns = keyed_burns.keyed(_needed(form, "burns", _(_BURNS)))
        found["burns"] = [burn._asdict() for burn in burns]
    told = {name: form.get(name, "").strip() for name in ("place", "description")}
    found |= {name: text for name, text in told.items() if text}
    return found


def _needed(form: Mapping[str, str], name: str, label: str) -> str:
    value = form.get(name, "").strip()
    if not value:
        raise BadInput(_("请填写“%(field)s”") % {"field": label}, name)
    return value


def _day(form: Mapping[str, str], name: str, label: str) -> str:
    """The day as the rules write it."""
    text = _needed(form, name, label)
    day = typed_day(text)
    if day is None:
        raise _unfit(label, _("应为日期，如 2026-03-02"), text, name)
    return day.isoformat()


def _whole(text: str, label: str, at: str) -> int:
    plain = squeezed(text)
    if not plain.isdecimal():
        raise _unfit(label, _("应为整数"), text, at)
    return int(plain)


def _sum(text: str, label: str, at: str) -> str:
    """The sum without its signs, once it can be read as one."""
    plain = typed_sum(text)
    try:
        amount = fen(plain)
    except BadInput:
        amount = Fen(-1)
    if amount < 0:
        raise _unfit(label, _("不是金额"), text, at)
    return plain


def _unfit(label: str, should: str, text: str, at: str) -> BadInput:
    words = {"field": label, "should": should, "value": text[:20]}
    return BadInput(_("%(field)s：%(should)s：%(value)s") % words, at)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _yes_or_no(name: str, label: str, known: object) -> FormLine:
    """A question that a person answers; it has no answer until the papers or a person gave one."""
    value = "" if known is None else _YES if known else _NO
    return FormLine(name, label, "choice", value, {_YES: _("是"), _NO: _("否")})


def _said_yes(form: Mapping[str, str], name: str, label: str) -> bool:
    return _needed(form, name, label) == _YES
