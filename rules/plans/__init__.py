"""The plan editions that ship with the program, and the way to try another."""

from datetime import date
from functools import cache

from language import _
from rules.errors import BadInput
from rules.plans.loading import SHIPPED, load_file
from rules.plans.shape import Plan
from rules.plans.table import PlanRow, table

__all__ = ["Plan", "PlanRow", "available", "choose", "load", "load_file", "table"]


@cache
def available() -> list[Plan]:
    """Every shipped edition, by family and date."""
    plans = [load_file(path) for path in SHIPPED.glob("*.toml")]
    return sorted(plans, key=lambda plan: (plan.family, plan.effective_from))


def load(code: str) -> Plan:
    """The edition with this code; BadInput names the codes there are."""
    for plan in available():
        if plan.code == code:
            return plan
    raise BadInput(
        _("plan：没有这个计划：%(code)s（现有 %(known)s）")
        % {"code": code, "known": "、".join(plan.code for plan in available())}
    )


def family_of(code: str) -> str:
    """The family of a plan; a code without a plan file is returned as its own family."""
    return next((plan.family for plan in available() if plan.code == code), code)


def codes_of(family: str) -> list[str]:
    """The codes of every edition of this family."""
    return [plan.code for plan in available() if plan.family == family]


def choose(family_or_code: str, starts_on: date, /) -> Plan:
    """The edition for a cover period that starts on this day.

    A code means that edition, also outside its dates; a family means the edition of the day.
    """
    for plan in available():
        ended = plan.effective_to is not None and plan.effective_to < starts_on
        if plan.family == family_or_code and plan.effective_from <= starts_on and not ended:
            return plan
    return load(family_or_code)
