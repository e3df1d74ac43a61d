"""What a layout can print of a case, and which field of a truth file each of these facts tells."""

from datetime import date, datetime, time
from random import Random

from samples.case import Case
from samples.form import facts
from samples.wording import Wording, yuan

_FIGURES = "〇一二三四五六七八九"
_DOTS = ("·", "・", "﹒", "•", " · ", "·", "·")
TELLS = {
    "member_name": ("name",),
    "id_number": ("id",),
    "bank_card_number": ("card", "card_in_fours"),
    "bank_name": ("bank",),
    "phone": ("phone",),
    "unit_name": ("unit",),
    "hospital_name": ("hospital",),
    "admitted_on": ("in", "in_at", "in_spelt"),
    "discharged_on": ("out", "out_at", "out_spelt"),
    "days_in_hospital": ("days", "days_spelt"),
    "diagnoses": (
        "illness",
        "commas",
        "semicolons",
        "numbered",
        "pluses",
        "slashed",
        "coded",
        "text",
    ),
    "medical_expense_total": ("total", "total_grouped", "total_short", "total_wan"),
    "fund_paid": ("fund",),
    "own_share": ("own",),
}
"""The facts that print each field."""


def told_by(names: set[str]) -> set[str]:
    """The fields that a paper tells which prints these facts."""
    return {field for field, facts in TELLS.items() if not names.isdisjoint(facts)}


def layout_facts(case: Case, rng: Random) -> dict[str, object]:
    """The facts that the layouts name; days are dates, so that a layout says how they look."""
    stay = case.stay
    dot = rng.choice(_DOTS)
    return {
        **facts(case, Wording(rng)),
        "name": case.person.name.replace("·", dot),
        "payee": case.payee.name.replace("·", dot),
        "born": case.person.born_on,
        "in": stay.admitted_on,
        "in_at": _at(stay.admitted_on, rng),
        "in_spelt": spelt(stay.admitted_on),
        "out": stay.discharged_on,
        "out_at": _at(stay.discharged_on, rng),
        "out_spelt": spelt(stay.discharged_on),
        "applied": case.applied_on,
        "days": stay.days,
        "days_spelt": _spelt_number(stay.days),
        "commas": "，".join(one.text for one in stay.diagnoses),
        "semicolons": "；".join(one.text for one in stay.diagnoses),
        "pluses": "+".join(one.text for one in stay.diagnoses),
        "slashed": "/".join(one.text for one in stay.diagnoses),
        "coded": "，".join(f"{one.icd} {one.text}" for one in stay.diagnoses),
        "numbered": " ".join(f"{n}.{one.text}" for n, one in enumerate(stay.diagnoses, 1)),
        "total_grouped": f"{stay.expense_fen // 100:,}.{stay.expense_fen % 100:02d}",
        "total_short": yuan(stay.expense_fen).rstrip("0").rstrip("."),
        "total_wan": f"{stay.expense_fen / 10**6:.6f}".rstrip("0") + "万元",
        "level": "一二三"[stay.hospital.level - 1] + rng.choice(("级甲等", "级")),
    }


def spelt(day: date) -> str:
    """二〇二六年三月十二日."""
    year = "".join(_FIGURES[int(figure)] for figure in str(day.year))
    return f"{year}年{_spelt_number(day.month)}月{_spelt_number(day.day)}日"


def _spelt_number(number: int) -> str:
    """A number from 1 to 99 in words."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_FIGURES[tens]}十"
    return head + (_FIGURES[ones] if ones or not tens else "")


def _at(day: date, rng: Random) -> datetime:
    clock = time(rng.randrange(7, 18), rng.randrange(60), rng.randrange(60))
    return datetime.combine(day, clock)
