"""What a claim is owed, in fen, worked out from the notice and the rulings, apart from `rules/`."""

from typing import Any

Case = dict[str, Any]
W, RATES = 10_000_00, {"province": 1050, "city": 840, "district": 630}
MAIN = {"stay": (50_00, 40_00), "illness": {31: 500_00, 91: W}, "accident": (2 * W, 4 * W)}
PLANS: dict[str, Case] = {"main-2020": MAIN | {"times": 2, "most": 9_000_00}, "main-2025": MAIN}
PLANS["medical-2022"] = {"stay": RATES, "accident": (2 * W, 2 * W), "times": 2}
PLANS["illness-2020"] = {"illness": {31: 1_000_00, 61: W}}
PLANS |= {"women-changchun": {"illness": {1: W}}, "accident-2022": {"accident": (3 * W, 6 * W)}}
WOMEN, FIFTEEN = {"breast_cancer", "ovarian_cancer"}, {"stroke", "malignant_tumour", "paralysis"}


def owed(case: Case, *, one_stay: bool = False) -> dict[tuple[int, str], int | None]:
    """What each family of plans pays, None if people decide; `one_stay` joins stays that meet."""
    answer: dict[tuple[int, str], int | None] = {}
    for number, event in enumerate(case["events"]):
        earliest = case["received_on"].replace(year=case["received_on"].year - 2)
        event = event | {"barred": event.get("cause") == "accident" or event["out"] < earliest}
        chain = [] if event["barred"] else halves(event, case["history"])
        chain = [] if any(overlap(event, p) for p in chain) else chain
        apart, both = _grant(case, event, []), _grant(case, event, chain)
        pays = [f for f in {**apart, **both} if {apart.get(f, 0), both.get(f, 0)} != {0}]
        found = both if one_stay and pays else apart | dict.fromkeys(pays if chain else ())
        answer |= {(number, family): sum_ for family, sum_ in found.items()}
        # A sheet without a sum for the medical plan says nothing of the stay.
        told = found if any(p["fund_paid"] for p in event["parts"]) else found | {"medical": None}
        is_open = event["barred"] or (found and {*told.values()} == {None})
        if event["kind"] != "stay" or not is_open:
            counts = [f for f in found if not any(f in p["counts"] and p["sums"][f] for p in chain)]
            case["history"].append({**event, "sums": found, "counts": counts})
    return answer


def halves(event: Case, history: list[Case]) -> list[Case]:
    """The stays that may be one with it or hold days of it, by what was paid for each."""
    chain = [event]
    for one in chain:
        for p in (p for p in history if event["kind"] == p["kind"] == "stay"):
            meets = max((one["on"] - p["out"]).days, (p["on"] - one["out"]).days) <= 1
            is_new = any(p["sums"].values()) or not any(overlap(p, each) for each in chain)
            chain += [p] if meets and is_new and p not in chain[1:] else []
    return chain[1:]


def overlap(one: Case, other: Case) -> bool:
    both = ((a, b) for a in one["parts"] for b in other["parts"])
    return any(a["on"] < b["out"] and b["on"] < a["out"] for a, b in both)


def _grant(case: Case, event: Case, chain: list[Case]) -> dict[str, int | None]:
    """The event, with the stays it is one with, under the plans of the first day they know of."""
    found: dict[str, int | None] = {f: None for p in chain for f in p["sums"] if p["sums"][f]}
    judge = {"stay": _stay, "illness": _illness, "accident": _accident}[event["kind"]]
    for cover in (c for c in case["covers"] if event["kind"] in PLANS[c["plan"]]):
        family, since = cover["plan"].split("-")[0], cover["start"]
        same = (p for p in case["history"] if p["kind"] == event["kind"])
        past = [p | {"sum": (s := p["sums"].get(family)), "sums": {family: s}} for p in same]
        near = halves(event, past)
        # A plan that paid for one knows those that it paid for, and those that hold other days.
        whole = near if any(p["sums"].get(family) for p in chain) else chain
        if not cover["start"] <= min(p["on"] for p in (event, *whole)) <= cover["end"]:
            continue
        for earlier in (c for c in reversed(case["covers"]) if family in c["plan"]):
            since = earlier["start"] if 0 < (since - earlier["end"]).days <= 30 else since
        age = (int(f"{cover['start']:%Y%m%d}") - int(f"{case['born']:%Y%m%d}")) // 1_00_00
        may = case["sex"] == "F" and 18 <= age <= 55 if family == "women" else 16 <= age <= 60
        may = may and not event["barred"]
        terms = cover | PLANS[cover["plan"]] | {"since": since, "shares": cover["shares"] * may}
        own = [] if not chain or any(overlap(event, p) for p in near) else near
        sum_, asks = judge(event, terms, [p for p in past if p["sum"]], own)
        asks = sum_ > 0 and (asks or bool(near and not own) or case.get("dead", False))
        found[family] = None if asks or sum_ < 0 or case["received_on"] < event["out"] else sum_
    return found


def _stay(event: Case, terms: Case, past: list[Case], own: list[Case]) -> tuple[int, bool]:
    """Below nothing where what was paid cannot stand beside the whole stay."""
    parts = [p for x in {str(s["parts"]): s["parts"] for s in (event, *own)}.values() for p in x]
    if terms["stay"] is RATES:
        whole = sum((part["fund_paid"] * RATES[part["rank"]] + 50_00) // 100_00 for part in parts)
    else:
        paid = sorted((p for p in parts if p["level"] > 1), key=lambda p: p["on"])
        away = [p["city"] != terms["city"] for p in paid for _ in range((p["out"] - p["on"]).days)]
        whole = sum(terms["stay"][each] for each in away[:90]) if len(away) > 1 else 0
    inside = [p for p in past if terms["start"] <= p["on"] <= terms["end"]]
    counts = [p for p in past if terms["plan"].split("-")[0] in p["counts"]]
    counted, others = [p for p in counts if p in own], [p for p in counts if p in inside]
    is_open = terms["shares"] and (counted or len(others) < terms.get("times", 99))
    rest = (max(whole, 100_00) if whole and is_open else 0) - sum(p["sum"] or 0 for p in own)
    if rest < 0 or len(counted) > 1 or not all(p in inside for p in counted):
        return -1, True
    return max(0, min(rest, terms.get("most", 10**9) - sum(p["sum"] for p in inside))), False


def _illness(event: Case, terms: Case, past: list[Case], _: list[Case]) -> tuple[int, bool]:
    of = {} if terms["plan"] == "women-changchun" else dict.fromkeys(WOMEN, "malignant_tumour")
    on_list = {of.get(n, n) for n in event["named"]} & (FIFTEEN if of else WOMEN)
    # Of thirty classes only fifteen are known: any other illness is a question there.
    asked_for = on_list or {*(event["named"] if terms["plan"] == "illness-2020" else ())}
    again = any(terms["start"] <= p["on"] <= terms["end"] for p in past)
    if not event["first"] or again or asked_for <= {of.get(n, n) for p in past for n in p["named"]}:
        return 0, False
    day, steps = (event["on"] - terms["since"]).days + 1, terms["illness"]
    return max(steps[at] if day >= at else 0 for at in steps) * terms["shares"], not on_list


def _accident(event: Case, terms: Case, past: list[Case], _: list[Case]) -> tuple[int, bool]:
    sums = [sum_ * terms["shares"] for sum_ in terms["accident"]]
    near = [p for p in past if abs((p["on"] - event["on"]).days) <= 30]
    if event["outcome"] == "death":
        ahead = [p["sum"] for p in near if p["on"] == event["on"] and p["outcome"] != "death"]
        return max(0, sums[0] - sum(ahead)), len(near) > len(ahead)
    steps = (2, 5, 8) if event["area"] == "head" else (10, 15, 20)
    burnt = (0, 50, 75, 100)[sum(event["percent"] >= step for step in steps)]
    worst = min(event["grades"], default=11)
    graded = 110 - 10 * (max(1, worst - 1) if event["grades"].count(worst) > 1 else worst)
    percent = burnt if event["outcome"] == "burn" else graded
    return sums[event["in_hospital"]] * percent // 100, bool(near)
