"""Facts read from the JSON object of a case, and written as one."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from language import N_, _
from rules.errors import BadInput, FieldFault
from rules.facts.events import Event, EventKind
from rules.facts.paid import Paid
from rules.facts.values import Facts

_Read = TypeVar("_Read")

_CASE = TypeAdapter(Facts)
_PAID: TypeAdapter[tuple[Paid, ...]] = TypeAdapter(tuple[Paid, ...])
_EVENT: TypeAdapter[Event] = TypeAdapter(Event, config=ConfigDict(extra="forbid"))

# What `kind` and `benefit` may say, and what holds a payment under its plan: pydantic puts it into
# the path of what is wrong, the case does not.
_CLASSES = {*EventKind, "hospital_allowance", "medical_expense", "paid"}

# Of a claim of a person on no roster nothing more is known.
_UNSAID: dict[str, object] = {"member": None, "unit_city": None, "history": ()}


def from_json(case: Mapping[str, object]) -> Facts:
    """The facts of one case; BadInput names the first field that does not fit, and its value."""
    return read(_CASE, case)


def read(adapter: TypeAdapter[_Read], case: Mapping[str, object]) -> _Read:
    """The facts in the form of the adapter; BadInput names the first field that does not fit."""
    said = _without_null(case)
    try:
        facts = adapter.validate_python(_UNSAID | said if isinstance(said, dict) else said)
    except ValidationError as error:
        raise _refusal("", error) from None
    if isinstance(said, dict) and said.get("coverages"):
        for name in ("member", "unit_city"):
            if getattr(facts, name) is None:
                raise BadInput(_("%(field)s：缺少此项") % {"field": name})
    return facts


def event_from_json(event: object) -> Event:
    """The event of a case alone; BadInput names the field."""
    try:
        return _EVENT.validate_python(_without_null(event))
    except ValidationError as error:
        raise _refusal("event", error) from None


def paid_from_json(entries: object) -> tuple[Paid, ...]:
    """Payments made earlier, as `paid_to_json` wrote them."""
    return _PAID.validate_python(entries)


def paid_to_json(paid: tuple[Paid, ...]) -> list[object]:
    """What later claims of the member have to know of a payment."""
    entries: list[object] = _PAID.dump_python(paid, mode="json", exclude_none=True)
    return entries


def to_json(facts: Facts) -> dict[str, object]:
    """The case these facts would be read from; what was not said is left out."""
    case: dict[str, object] = _CASE.dump_python(
        facts, mode="json", by_alias=True, exclude_none=True
    )
    return case


def _without_null(value: object) -> object:
    """A field that is null is a field that was not said."""
    if isinstance(value, dict):
        return {key: _without_null(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_null(each) for each in value]
    return value


# What pydantic calls a fault, and what we call it.
_PROBLEMS = {
    "string_unicode": N_("不认识的字段"),
    "int_type": N_("应为整数"),
    "bool_type": N_("应为 true 或 false"),
    "tuple_type": N_("应为列表"),
    "dataclass_type": N_("应为对象"),
    "model_attributes_type": N_("应为对象"),
    "too_short": N_("至少一种"),
    "greater_than_equal": N_("不得小于 %(ge)s"),
    "less_than_equal": N_("不得大于 %(le)s"),
    "enum": N_("应为 %(words)s 之一"),
    "literal_error": N_("应为 %(words)s 之一"),
    "union_tag_invalid": N_("应为 %(words)s 之一"),
}
_UNKNOWN = "unexpected_keyword_argument"
_MISSING = "missing", "missing_below", "union_tag_not_found"


def _refusal(above: str, error: ValidationError) -> FieldFault:
    """The fault in words; a misspelt field rather than the one that is missing for it."""
    faults = error.errors(include_url=False)
    fault = next((each for each in faults if each["type"] == _UNKNOWN), faults[0])
    known = fault.get("ctx", {})
    below = str(known.get("field", known.get("discriminator", ""))).strip("'")
    path = _path(above, *fault["loc"], below)
    wrong = _wrong(fault, known)
    words = {"field": path or _("案件"), "wrong": wrong}
    return FieldFault(_("%(field)s：%(wrong)s") % words, path, wrong)


def _wrong(fault: ErrorDetails, known: dict[str, Any]) -> str:
    """What is wrong with the field, and its value."""
    kind = fault["type"]
    if kind == _UNKNOWN:
        return _("不认识的字段")
    if kind in _MISSING:
        return _("缺少此项")
    expected = known.get("expected_tags", known.get("expected", ""))
    known |= {"words": "、".join(re.findall(r"'([^']*)'", expected))}
    ours = _PROBLEMS.get(kind)
    should = _(ours) % known if ours else known.get("error", fault["msg"])
    words = {"should": str(should), "value": _shown(known.get("tag", fault["input"]))}
    return _("%(should)s：%(value)s") % words


def _path(*steps: str | int) -> str:
    """As the case writes it, history[0].amount; which class was tried is no step of it."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step and step not in _CLASSES:
            path += f".{_shown(step)}"
    return path.removeprefix(".")


def _shown(value: object) -> str:
    """A value as one line of a sentence: cut, and without what no screen can show."""
    shown = str(value)[:80]
    return "".join(sign if sign.isprintable() else "?" for sign in shown)
