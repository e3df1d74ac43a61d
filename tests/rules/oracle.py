"""Works out what a claim is owed the slow way, from the notice and the rulings alone.

It shares no line and no figure with `rules/`: a mistake has to be made twice to go unseen. Amounts
are fen. The answer names each event and family of plans that may pay: a sum (0: denied), or None
where a person has to decide; with `one_stay` one has said that stays which meet are one.
"""

from datetime import date
from typing import Any

Case = dict[str, Any]

MAIN = "main-2020", "main-2025"
DAILY = {"main-2020": (5_000, 4_000, 2, 900_000), "main-2025": (5_000, 4_000, 99, 10**9)}
ONCE: dict[str, Any] = dict.fromkeys(MAIN, ((31, 50_000), (91, 1_000_000)))
ONCE |= {"illness-2020": ((31, 100_000), (61, 1_000_000)), "women-changchun": ((1, 1_000_000),)}
HURT = dict.fromkeys(MAIN, (2_000_000, 2_000_000, 4_000_000))
HURT |= {"medical-2022": (2_000_000,) * 3, "accident-2022": (3_000_000, 3_000_000, 6_000_000)}
RATE = {"province": 1050, "city": 840, "district": 630}
WOMEN = {"breast_cancer", "ovarian_cancer"}
FIFTEEN = {"stroke", "malignant_tumour", "paralysis"}
PAYS = {"stay": {*DAILY, "medical-2022"}, "illness": {*ONCE}, "accident": {*HURT}}


def owed(case: Case, *, one_stay: bool = False) -> dict[tuple[int, str], int | None]:
    """What each event brings under each family of plans; it joins the case's history."""
    answer: dict[tuple[int, str], int | None] = {}
    for number, event in enumerate(case["events"]):
        chain = halves(event, case["history"])
        apart, both = _grant(case, event, []), _grant(case, event, chain)
        ways = {f: {apart.get(f, 0), both.get(f, 0)} for f in {**apart, **both}}
        if chain and all(each == {0} for each in ways.values()):
            found = apart
        elif chain and one_stay:
            found = both
            case.setdefault("one_stay", set()).add(number)
        else:
            found = {f: None if ways[f] != {0} else 0 for f in ways} if chain else apart
            found = {f: sum_ for f, sum_ in found.items() if sum_ != 0 or f in apart}
        # A sheet without a sum for this plan says nothing of the stay.
        sums = [part["fund_paid"] for each in (event, *chain) for part in each.get("parts", ())]
        known = {f for f, sum_ in found.items() if sum_ or (sum_ == 0 and sums)}
        known -= {"medical"} if sums and not any(sums) else set()
        if event["kind"] == "stay" and (event["cause"] == "accident" or _is_late(case, event)):
            known = set()
        elif event["kind"] == "stay" and not found:
            known = {""}
        for family in known:
            first = not any(p["counts"] for p in chain if p["family"] == family)
            own = {"family": family, "sum": found.get(family), "counts": first}
            case["history"].append({**event, **own})
        answer |= {(number, family): sum_ for family, sum_ in found.items()}
    return answer


def halves(event: Case, history: list[Case], family: str = "") -> list[Case]:
    """The decided stays which this one may be one with, as this family of plans or all know them;
    none where it has days of one of them."""
    stays = [p for p in history if event["kind"] == p["kind"] == "stay"]
    if family:
        own = [p for p in stays if p["family"] == family]
        known = [p["parts"] for p in own]
        stays = own + [{**p, "sum": 0} for p in stays if p["parts"] not in known]
    stays = [p for p in stays if p["sum"] or not overlap(event, p)]
    found: list[Case] = []
    for reached in (ahead := [event]):
        for p in stays:
            is_known = p in found or (not p["sum"] and any(overlap(p, each) for each in found))
            if not is_known and _meet(reached, p):
                found.append(p)
                ahead.append(p)
    return [] if any(overlap(event, p) for p in found) else found


def _grant(case: Case, event: Case, chain: list[Case]) -> dict[str, int | None]:
    """The event, with the stays it is one with, under the plans of the first day of all."""
    on = min([event["on"], *(p["on"] for p in chain)])
    late = _is_late(case, event)
    future = case["received_on"] < event.get("out", event["on"])
    found: dict[str, int | None] = {p["family"]: None for p in chain if p["sum"]}
    for cover in case["covers"]:
        if cover["start"] <= on <= cover["end"] and cover["plan"] in PAYS[event["kind"]]:
            family = cover["plan"].split("-")[0]
            past = [p for p in case["history"] if p["family"] == family]
            own = halves(event, case["history"], family) if chain else []
            sum_, asked = _judge(case, event, cover, past, own)
            asked = sum_ < 0 or (bool(sum_) and (asked or case.get("dead", False)))
            found[family] = None if asked else sum_
    no_more = late or event.get("cause") == "accident"
    return {f: None if future else 0 if no_more else sum_ for f, sum_ in found.items()}


def _judge(
    case: Case, event: Case, cover: Case, past: list[Case], chain: list[Case]
) -> tuple[int, bool]:
    """The sum, and whether a person decides first; below nothing where others cannot stand."""
    women, age = cover["plan"] == "women-changchun", _age(case["born"], cover["start"])
    if not (18 <= age <= 55 if women else 16 <= age <= 60) or (women and case["sex"] != "F"):
        return -sum(p["sum"] for p in chain), False
    if event["kind"] == "stay":
        stays = [p for p in case["history"] if p["kind"] == "stay"]
        known = [p for p in stays if (p in past and p["sum"]) or not overlap(event, p)]
        asked = not chain and any(_meet(event, p) for p in known)
        return _stay(event, cover, past, chain), asked
    if event["kind"] == "illness":
        return _illness(event, cover, case["covers"], [p for p in past if p["kind"] == "illness"])
    return _accident(event, cover, [p for p in past if p["kind"] == "accident"])


def _stay(event: Case, cover: Case, past: list[Case], chain: list[Case]) -> int:
    inside = [p for p in past if p["kind"] == "stay" and _is_in(cover, p["on"]) and p["sum"]]
    others = [p for p in inside if p["counts"] and p not in chain]
    counted = [p for p in chain if p["sum"] and p["counts"]]
    parts = [*event["parts"]]
    for part in (part for p in chain for part in p["parts"]):
        parts += [] if part in parts else [part]
    if cover["plan"] == "medical-2022":
        times, most = 2, 10**9
        whole = sum((part["fund_paid"] * RATE[part["rank"]] + 5_000) // 10_000 for part in parts)
    else:
        local, elsewhere, times, most = DAILY[cover["plan"]]
        rates = [  # One for each day, the first ninety of which are paid.
            local if part["city"] == cover["city"] else elsewhere
            for part in sorted(parts, key=lambda part: (part["on"], part["out"]))
            for _ in range((part["out"] - part["on"]).days if part["level"] > 1 else 0)
        ]
        whole = sum(rates[:90]) if len(rates) > 1 else 0
    whole = max(whole, 10_000) if whole and (counted or len(others) < times) else 0
    rest = whole - sum(p["sum"] for p in chain)
    if rest < 0 or len(counted) > 1 or not all(_is_in(cover, p["on"]) for p in counted):
        return -1
    return max(0, int(min(rest, most - sum(p["sum"] for p in inside))))


def _illness(event: Case, cover: Case, covers: list[Case], past: list[Case]) -> tuple[int, bool]:
    listed = WOMEN if cover["plan"] == "women-changchun" else FIFTEEN
    on_list = [each for each in event["named"] if each in listed]
    # Of thirty classes only fifteen are known: any other illness is a question there.
    asked_for = on_list or (event["named"] if cover["plan"] == "illness-2020" else [])
    known = {i for p in past for i in p["named"]}
    again = any(cover["start"] <= p["on"] <= cover["end"] for p in past)
    if not event["first"] or again or not set(asked_for) - known:
        return 0, False
    start, family = cover["start"], cover["plan"].split("-")[0]
    for earlier in sorted(covers, key=lambda c: c["start"], reverse=True):
        is_own = earlier["plan"].split("-")[0] == family
        if is_own and earlier["start"] < start and (start - earlier["end"]).days <= 30:
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


def _is_in(cover: Case, day: date) -> bool:
    return bool(cover["start"] <= day <= cover["end"])


def _meet(one: Case, other: Case) -> bool:
    return bool(max((one["on"] - other["out"]).days, (other["on"] - one["out"]).days) <= 1)


def overlap(one: Case, other: Case) -> bool:
    both = ((a, b) for a in one["parts"] for b in other.get("parts", ()))
    return any(max(a["on"], b["on"]) < min(a["out"], b["out"]) for a, b in both)


def _is_late(case: Case, event: Case) -> bool:
    out: date = event.get("out") or event["on"]
    return bool(_years_after(out, 2) < case["received_on"])


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _years_after(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)
