"""The rules against an oracle written apart: what each claim is owed, to the fen."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from rules.facts import (
    AccidentEvent,
    AccidentOutcome,
    Event,
    Hospital,
    HospitalStay,
    IllnessEvent,
    MemberFacts,
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
    Part,
    Sex,
)
from rules.facts.claim import ClaimFacts, PaidUnder, PlanCover
from rules.money import Fen
from rules.owed import JudgedPart, judge_claim
from rules.verdict import Outcome
from tests.rules.oracle import FIFTEEN, PLANS, WOMEN, Case, owed

CASES = 10_000
UNLISTED = ["gout"]
FAMILIES = ["main", "illness-2020", "accident-2022", "medical-2022", "women-changchun"]
PLAN_OF = {"main": "main-2020", "medical": "medical-2022", "illness": "illness-2020"}
PLAN_OF |= {"accident": "accident-2022", "women": "women-changchun"}
FIRST = date(2024, 1, 1)


def a_case(draw: Random) -> Case:
    """A member with one to four plans, their renewals, a history, and one to three events."""
    families = draw.sample(FAMILIES, draw.randint(1, 4))
    covers = [cover for family in families for cover in _covers(draw, family)]
    covers.sort(key=lambda cover: cover["start"])
    case = {
        "born": date(draw.randint(1962, 2009), draw.randint(1, 12), draw.randint(1, 28)),
        "sex": draw.choice("FM"),
        "covers": covers,
        "events": [an_event(draw) for _ in range(draw.randint(1, 3))],
        "received_on": date(2026, 1, 1) + timedelta(draw.randint(0, 400)),
    }
    return case | {"history": _history(draw, covers)}


def _covers(draw: Random, family: str) -> list[Case]:
    """Up to three periods of a year (two for women's), some unbroken, some not."""
    found, start = [], FIRST + timedelta(draw.randint(0, 300))
    for _ in range(draw.randint(1, 3)):
        plan = family
        if family == "main":
            plan = "main-2025" if start >= date(2025, 5, 21) else "main-2020"
        years = 2 if family == "women-changchun" else 1
        end = start.replace(year=start.year + years) - timedelta(1) if start.day < 29 else start
        shares = draw.choice([1, 1, 2, 3]) if family in ("illness-2020", "accident-2022") else 1
        city = draw.choice(["长春市", "四平市"])
        found.append({"plan": plan, "start": start, "end": end, "shares": shares, "city": city})
        start = end + timedelta(draw.choice([1, 2, 30, 31, 32, 90]))
    return found


def an_event(draw: Random) -> Case:
    on = FIRST + timedelta(draw.randint(200, 1050))
    match draw.choice(["stay", "stay", "illness", "accident"]):
        case "stay":
            return a_stay(draw, on)
        case "illness":
            return an_illness(draw, on)
        case _:
            grades = [draw.randint(1, 10) for _ in range(draw.choice([0, 1, 1, 2, 3]))]
            outcome = draw.choice(["disability", "disability", "burn", "death"])
            own = {"grades": grades, "outcome": outcome, "in_hospital": draw.random() < 0.3}
            percent = Decimal(draw.choice(["1.9", "2", "4.9", "5", "8", "10", "14.9", "15", "20"]))
            own |= {"area": draw.choice(["head", "body"]), "percent": percent}
            return {"kind": "accident", "on": on, "out": on, "parts": ()} | own


def an_illness(draw: Random, on: date) -> Case:
    named = draw.sample([*sorted(FIFTEEN), *sorted(WOMEN), *UNLISTED], draw.choice([1, 1, 2]))
    own = {"named": named, "first": draw.random() < 0.9}
    return {"kind": "illness", "on": on, "out": on, "parts": ()} | own


def a_stay(draw: Random, on: date) -> Case:
    """In one hospital, or moved to a second and third one, on the day of discharge or the next."""
    parts: list[Case] = []
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        first = parts[-1]["out"] + timedelta(draw.choice([0, 0, 1])) if parts else on
        days = draw.choice([0, 1, 2, 3, 10, 45, 89, 90, 91, 120])
        level, rank = draw.choice([1, 2, 3]), draw.choice(["province", "city", "district"])
        own = {"on": first, "out": first + timedelta(days), "level": level, "rank": rank}
        own["city"] = draw.choice(["长春市", "四平市"])
        own["fund_paid"] = draw.choice([0, 99_99, 1_234_56, 20_000_00, 300_000_00])
        parts.append(own)
    cause = draw.choice(["illness"] * 5 + ["accident"])
    return {"kind": "stay", "on": on, "out": parts[-1]["out"], "cause": cause, "parts": parts}


def _history(draw: Random, covers: list[Case]) -> list[Case]:
    """Some events that were paid before, each under a plan of the member that pays for such."""
    paid = []
    for _ in range(draw.choice([0, 0, 1, 2, 3])):
        event, cover = an_event(draw), draw.choice(covers)
        if event["kind"] in PLANS[cover["plan"]]:
            family = cover["plan"].split("-")[0]
            own = {"sums": {family: draw.randint(1, 900) * 1_000}, "counts": [family]}
            paid.append(event | own)
    return paid


def as_facts(case: Case) -> ClaimFacts:
    return ClaimFacts(
        received_on=case["received_on"],
        member=MemberFacts(case["born"], Sex(case["sex"])),
        unit_city=None,
        covers=tuple(
            PlanCover(c["start"], c["end"], c["shares"], plan=c["plan"], city=c["city"])
            for c in case["covers"]
        ),
        history=tuple(
            PaidUnder(PLAN_OF[family], each)
            for paid in case["history"]
            for family, sum_ in paid["sums"].items()
            for each in _as_paid(paid, family, Fen(sum_))
        ),
        events=tuple(map(as_event, case["events"])),
    )


def as_event(event: Case) -> Event:
    if event["kind"] == "illness":
        return IllnessEvent(tuple(event["named"]), event["on"], event["first"])
    if event["kind"] == "accident":
        outcome = AccidentOutcome(event["outcome"])
        is_burn = outcome is AccidentOutcome.BURN
        return AccidentEvent(
            event["on"],
            outcome,
            grades=tuple(event["grades"]) if outcome is AccidentOutcome.DISABILITY else None,
            area=event["area"] if is_burn else None,
            percent=event["percent"] if is_burn else None,
            in_hospital_for_illness=event["in_hospital"],
        )
    first, *moves = map(_as_part, event["parts"])
    own = {field.name: getattr(first, field.name) for field in fields(Part)}
    return HospitalStay(**own, cause=event["cause"], transfers=tuple(moves))


def _as_part(part: Case) -> Part:
    hospital = Hospital("某院", part["city"], part["level"], part["rank"])
    return Part(hospital, part["on"], part["out"], Fen(part["fund_paid"]))


def _as_paid(paid: Case, family: str, sum_: Fen) -> list[Paid]:
    if paid["kind"] == "illness":
        return [PaidIllness(each, paid["on"], sum_) for each in paid["named"]]
    if paid["kind"] == "accident":
        return [PaidAccident(paid["on"], AccidentOutcome(paid["outcome"]), sum_)]
    parts = tuple(map(_as_part, paid["parts"]))
    days = min(90, sum((part["out"] - part["on"]).days for part in paid["parts"]))
    stay = PaidStay(paid["on"], days, sum_, discharged_on=paid["out"], parts=parts)
    return [replace(stay, benefit="medical_expense") if family == "medical" else stay]


@pytest.mark.parametrize("seed", range(10))
def test_every_claim_is_granted_what_the_oracle_grants(seed: int) -> None:
    draw = Random(seed)
    for _ in range(CASES // 10):
        case = a_case(draw)
        granted = by_family(judge_claim(as_facts(case)))
        expected = owed(case)
        # What no plan in force pays for is refused once, by whichever plan says why.
        unanswered = {key: sum_ for key, sum_ in granted.items() if key not in expected}
        assert {key: sum_ for key, sum_ in granted.items() if key in expected} == expected, case
        assert all(sum_ in (0, None) for sum_ in unanswered.values()), case


def test_a_stay_without_a_night_beside_one_that_used_up_the_days_is_denied_without_a_question() -> (
    None
):
    """It is too short (R1), and a day between the first and the last of a stay is no move from it
    (R7)."""
    case = a_case(Random(1)) | {"history": [], "received_on": date(2026, 6, 30), "sex": "M"}
    year = {"shares": 1, "city": "长春市"}
    case["born"], case["covers"] = (
        date(1970, 8, 24),
        [
            {"plan": "medical-2022", "start": date(2024, 8, 11), "end": date(2025, 8, 10)} | year,
            {"plan": "main-2020", "start": date(2025, 3, 17), "end": date(2026, 3, 16)} | year,
        ],
    )
    sheet = {"level": 2, "rank": "province", "city": "长春市", "fund_paid": 20_000_00}
    case["events"] = [
        {"kind": "stay", "cause": "illness", "on": on, "out": out, "parts": [
            {"on": on, "out": out} | sheet | {"level": level, "fund_paid": paid}
        ]}
        for on, out, level, paid in (
            (date(2025, 3, 1), date(2025, 9, 27), 1, 20_000_00),
            (date(2025, 6, 6), date(2025, 11, 19), 2, 20_000_00),
            (date(2025, 11, 16), date(2025, 11, 16), 2, 0),
        )
    ]  # fmt: skip
    granted, expected = by_family(judge_claim(as_facts(case))), owed(case)
    assert granted == expected
    assert expected[1, "main"] == 4_500_00
    assert expected[2, "main"] == 0


def by_family(parts: Sequence[JudgedPart]) -> dict[tuple[int, str], int | None]:
    """What each event brings under each family of plans; None where a person has to decide."""
    return {
        (part.event, part.plan.family): None
        if part.verdict.outcome is Outcome.REFER
        else part.verdict.amount
        for part in parts
    }
