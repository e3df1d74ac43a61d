"""Works out what a claim is owed the slow way, from the notice and the rulings alone.

It shares no line and no figure with `rules/`: a mistake has to be made twice to go unseen. Input
and output are plain values; amounts are fen. The answer names each event and plan that may pay: a
sum (0: denied), or None where a person has to decide. What is granted joins the case's history.
"""

from datetime import date
from typing import Any

Case = dict[str, Any]

MAIN = "main-2020", "main-2025"
DAILY = {"main-2020": (5_000, 4_000, 2, 900_000), "main-2025": (5_000, 4_000, None, None)}
ONCE: dict[str, Any] = dict.fromkeys(MAIN, ((31, 50_000), (91, 1_000_000)))
ONCE |= {"illness-2020": ((31, 100_000), (61, 1_000_000)), "women-changchun": ((1, 1_000_000),)}
HURT = dict.fromkeys(MAIN, (2_000_000, 2_000_000, 4_000_000))
HURT |= {"accident-2022": (3_000_000, 3_000_000, 6_000_000)}
HURT |= {"medical-2022": (2_000_000, 2_000_000, 2_000_000)}
RATE = {"province": 1050, "city": 840, "district": 630}
WOMEN = {"breast_cancer", "ovarian_cancer"}
FIFTEEN = {"stroke", "malignant_tumour", "paralysis"}


def owed(case: Case) -> dict[tuple[int, str], int | None]:
    """What each event of the case brings under each plan in force that pays for such events."""
    history = case["history"]
    answer: dict[tuple[int, str], int | None] = {}
    for number, event in enumerate(case["events"]):
        granted = []
        for cover in case["covers"]:
            plan = cover["plan"]
            if not cover["start"] <= event["on"] <= cover["end"] or not _pays_for(plan, event):
                continue
            family = plan.split("-")[0]
            past = [paid for paid in history if paid["plan"].split("-")[0] == family]
            covers = [c for c in case["covers"] if c["plan"].split("-")[0] == family]
            sum_, question = _judge(case, event, cover, covers, past)
            late = _years_after(event.get("out", event["on"]), 2) < case["received_on"]
            future = case["received_on"] < max(event["on"], event.get("out", event["on"]))
            asked = question and question != "half"
            if future or ((asked or case.get("dead")) and sum_ and not late):
                answer[number, plan] = None
            else:
                answer[number, plan] = 0 if late else sum_
                if answer[number, plan] or (not late and question == "half"):
                    granted.append({**event, "plan": plan, "sum": sum_})
        history += granted
    return answer


def _pays_for(plan: str, event: Case) -> bool:
    if event["kind"] == "stay":
        return plan in DAILY or plan == "medical-2022"
    return plan in (ONCE if event["kind"] == "illness" else HURT)


def _judge(
    case: Case, event: Case, cover: Case, covers: list[Case], past: list[Case]
) -> tuple[int, bool | str]:
    """The sum, and whether a person has to decide first."""
    women, age = cover["plan"] == "women-changchun", _age(case["born"], cover["start"])
    if not (18 <= age <= 55 if women else 16 <= age <= 60) or (women and case["sex"] != "F"):
        return 0, False
    if event["kind"] == "stay":
        return _stay(event, cover, [p for p in past if p["kind"] == "stay"])
    if event["kind"] == "illness":
        return _illness(event, cover, covers, [p for p in past if p["kind"] == "illness"])
    return _accident(event, cover, [p for p in past if p["kind"] == "accident"])


def _stay(event: Case, cover: Case, past: list[Case]) -> tuple[int, bool | str]:
    """A stay that pays nothing for its days or its hospital alone may be half of another one."""
    inside = [p for p in past if p["sum"] and cover["start"] <= p["on"] <= cover["end"]]
    days, on, out = (event["out"] - event["on"]).days, event["on"], event["out"]
    met = [p for p in past if (on - p["out"]).days <= 1 and (p["on"] - out).days <= 1]
    over = [p for p in met if max(on, p["on"]) < min(out, p["out"])]
    near = any(p["sum"] or p not in over for p in met)
    half = near and not any(p["sum"] for p in over)
    if event["cause"] == "accident":
        return 0, False
    if cover["plan"] == "medical-2022":
        worked_out = (event["fund_paid"] * RATE[event["rank"]] + 5_000) // 10_000
        return max(10_000, worked_out) if worked_out and (half or len(inside) < 2) else 0, near
    local, elsewhere, times, most = DAILY[cover["plan"]]
    full = times is not None and len(inside) >= times
    if event["level"] < 2 or days < (1 if half else 2):
        return 0, False if full else "half"
    paid_days = min(days, 90)
    sum_ = max(10_000, paid_days * (local if event["city"] == cover["city"] else elsewhere))
    left = sum_ if most is None else max(0, min(sum_, most - sum(p["sum"] for p in inside)))
    return (0 if full and not half else left), near


def _illness(event: Case, cover: Case, covers: list[Case], past: list[Case]) -> tuple[int, bool]:
    listed = WOMEN if cover["plan"] == "women-changchun" else FIFTEEN
    on_list = [each for each in event["named"] if each in listed]
    # Of thirty classes only fifteen are known: any other illness is a question there.
    asked_for = on_list or (event["named"] if cover["plan"] == "illness-2020" else [])
    known = {i for p in past for i in p["named"]}
    again = any(cover["start"] <= p["on"] <= cover["end"] for p in past)
    if not event["first"] or again or not set(asked_for) - known:
        return 0, False
    start = cover["start"]
    for earlier in sorted(covers, key=lambda c: c["start"], reverse=True):
        if earlier["start"] < start and (start - earlier["end"]).days <= 30:
            start = earlier["start"]
    day = (event["on"] - start).days + 1
    reached = [pays for from_day, pays in ONCE[cover["plan"]] if day >= from_day]
    return (reached[-1] if reached else 0) * cover["shares"], not on_list


def _accident(event: Case, cover: Case, past: list[Case]) -> tuple[int, bool]:
    death, disability, in_hospital = (sum_ * cover["shares"] for sum_ in HURT[cover["plan"]])
    same = [p for p in past if p["on"] == event["on"]]
    near = any(0 < abs((p["on"] - event["on"]).days) <= 30 for p in past)
    if event["outcome"] == "death":
        ahead = sum(p["sum"] for p in same if p["outcome"] != "death")
        again = any(p["outcome"] == "death" for p in same)
        return max(0, death - ahead), again or near
    if event["outcome"] == "burn":
        steps = (2, 5, 8) if event["area"] == "head" else (10, 15, 20)
        tenths = (0, 5, 7.5, 10)[sum(event["percent"] >= step for step in steps)]
    else:
        worst = min(event["grades"], default=11)
        tenths = 11 - (max(1, worst - 1) if event["grades"].count(worst) > 1 else worst)
    whole = in_hospital if event["in_hospital"] else disability
    return int(whole * tenths) // 10, bool(same) or near


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _years_after(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)
