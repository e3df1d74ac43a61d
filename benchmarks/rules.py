"""How many verdicts a second the rules give on one core, beside two ways of doing the same.

Run from the project root: `.venv/bin/python -m benchmarks.rules`.
The claims are a mix of every benefit and of pay, deny and refer. The peers, in the same run:
`by hand` does the sum of the hospital allowance alone, with its figures in code and no words,
reasons or articles: the least Python can do. `from JSON` is `huzhu assess`: read, judge, write.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rules.assessing import assess
from rules.facts import (
    AccidentEvent,
    AccidentOutcome,
    CoverPeriod,
    Event,
    Facts,
    Hospital,
    HospitalStay,
    IllnessEvent,
    MemberFacts,
    PaidStay,
    Sex,
)
from rules.facts.case import to_json
from rules.judging import judge
from rules.money import Fen
from rules.plans import load

START = date(2025, 7, 1)
HOSPITAL = Hospital("吉林大学第一医院", "长春市", 3)
ELSEWHERE = Hospital("四平市中心医院")
TARGET = 80_000


def a_claim(event: Event) -> Facts:
    return Facts(
        "main-2020",
        date(2026, 6, 20),
        MemberFacts(date(1985, 3, 17), Sex.FEMALE),
        "长春市",
        (
            CoverPeriod(START - timedelta(365), START - timedelta(1)),
            CoverPeriod(START, date(2026, 6, 30)),
        ),
        (PaidStay(date(2025, 9, 2), 10, Fen(50_000)),),
        event,
    )


def a_stay(days: int, hospital: Hospital = HOSPITAL) -> HospitalStay:
    on = date(2025, 12, 2)
    return HospitalStay(hospital, on, on + timedelta(days), cause="illness")


def the_mix() -> list[Facts]:
    """Twenty claims as an office meets them: mostly stays, one in five not paid."""
    events: list[Event] = [a_stay(days) for days in (3, 5, 7, 8, 9, 12, 14, 21, 45, 120)]
    events += [a_stay(days, ELSEWHERE) for days in (2, 10, 16)]
    events += [a_stay(1), a_stay(9, Hospital("无名医院")), a_stay(9, Hospital("某院", "长春市", 1))]
    events += [IllnessEvent(("stroke",), START + timedelta(200), True)]
    events += [
        AccidentEvent(START, AccidentOutcome.DISABILITY, (5, 5)),
        AccidentEvent(START, AccidentOutcome.DEATH),
    ]
    third = tuple(PaidStay(date(2025, month, 2), 10, Fen(50_000)) for month in (8, 10))
    return [*map(a_claim, events), replace(a_claim(a_stay(10)), history=third)]


def by_hand(facts: Facts) -> int:
    """The hospital allowance alone, with no words: what a script of one page would do."""
    event = facts.event
    if not isinstance(event, HospitalStay):
        return 0
    part = event.parts[0]
    days = (part.discharged_on - part.admitted_on).days
    used = [paid for paid in facts.history if isinstance(paid, PaidStay)]
    if days < 2 or len(used) > 1 or (part.hospital.level or 0) < 2:
        return 0
    rate = 5000 if part.hospital.city == facts.unit_city else 4000
    total = sum(paid.amount for paid in used)
    return min(max(min(days, 90) * rate, 10_000), 900_000 - total)


def per_second(work: Callable[[Facts], object], claims: Sequence[Facts], seconds: float) -> float:
    """The best of many short rounds, so that other work on the machine counts little."""
    best, until = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        for facts in claims:
            work(facts)
        best = max(best, len(claims) / (time.perf_counter() - began))
    return best


def main() -> int:
    claims, plan = the_mix(), load("main-2020")
    texts = {id(facts): json.dumps(to_json(facts)) for facts in claims}
    paid = sum(judge(facts, plan).amount > 0 for facts in claims)
    judged = per_second(lambda facts: judge(facts, plan), claims, 5)
    single = per_second(lambda facts: judge(facts, plan), [claims[5]] * 20, 5)
    peer = per_second(by_hand, claims, 2)
    assessed = per_second(lambda facts: assess(texts[id(facts)]), claims, 5)
    print(f"claims in the mix             {len(claims)}, of them paid {paid}")
    print(f"verdicts a second, mix        {judged:>10,.0f}   target {TARGET:,}")
    print(f"verdicts a second, one stay   {single:>10,.0f}")
    print(f"cases a second, from JSON     {assessed:>10,.0f}   ratio {assessed / judged:.2f}")
    print(f"sums a second, by hand        {peer:>10,.0f}   ratio {peer / judged:.1f}")
    print(f"a million claims replayed in  {1_000_000 / judged:>10.0f} s on one core")
    return 0 if judged >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
