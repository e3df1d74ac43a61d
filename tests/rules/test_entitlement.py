"""What makes an entitlement the same, and the limits its counters keep."""

from datetime import date
from pathlib import Path

import pytest

from rules.entitlement import Ceiling, ceilings, entitlement_event
from rules.facts import (
    AccidentEvent,
    AccidentOutcome,
    Event,
    Facts,
    Hospital,
    HospitalStay,
    IllnessEvent,
    MemberFacts,
    Part,
    Sex,
)
from rules.hospitals import Register, load_file
from rules.plans import load
from rules.verdict import Benefit

ON = date(2026, 3, 2)


def key(event: Event, register: Register | None = None) -> str:
    member = MemberFacts(date(1985, 3, 17), Sex.FEMALE)
    facts = Facts("main-2020", ON, member, "长春市", (), (), event)
    return entitlement_event(facts, register)


def a_stay(*names: str) -> HospitalStay:
    out = date(2026, 3, 12)
    first, *moved = map(Hospital, names)
    transfers = tuple(Part(each, ON, out) for each in moved)
    return HospitalStay(first, ON, out, cause="illness", transfers=transfers)


@pytest.mark.parametrize("name", ["吉林大学第一医院", "吉大一院", "吉林大学 第一医院"])
def test_a_stay_is_the_same_however_the_hospital_was_written(name: str) -> None:
    expected = "hospital_allowance:2026-03-02:吉林大学第一医院"
    assert key(a_stay(name)) == key(a_stay(name, "无名医院")) == expected


def test_the_official_name_is_that_of_the_day_of_admission(tmp_path: Path) -> None:
    own = tmp_path / "hospitals.toml"
    own.write_text(
        """
        [counties]
        [[hospital]]
        name = "新名医院"
        aliases = ["旧名医院"]
        city = "长春市"
        level = 2
        valid_from = 2026-03-02
        source = "批文"
        """,
        encoding="utf-8",
    )
    assert key(a_stay("旧名医院"), load_file(own)).endswith("新名医院")
    assert key(a_stay("旧名医院")).endswith("旧名医院")


def test_an_unknown_hospital_is_its_own_name() -> None:
    assert key(a_stay("无名 医院（东）")) == "hospital_allowance:2026-03-02:无名医院(东)"


def test_several_illnesses_are_the_same_in_any_order() -> None:
    one = IllnessEvent(("stroke", "paralysis"), ON, True)
    other = IllnessEvent(("paralysis", "stroke"), ON, True)
    assert key(one) == key(other) == "critical_illness:2026-03-02:paralysis+stroke"


def test_death_after_disability_is_an_entitlement_of_its_own() -> None:
    assert key(AccidentEvent(ON, AccidentOutcome.DEATH)) == "accident:2026-03-02:death"
    assert key(AccidentEvent(ON, AccidentOutcome.DISABILITY)) == "accident:2026-03-02:disability"


@pytest.mark.parametrize(
    ("code", "benefit", "times", "amount"),
    [
        ("main-2020", Benefit.HOSPITAL_ALLOWANCE, 2, 900_000),
        ("main-2020", Benefit.CRITICAL_ILLNESS, 1, 1_000_000),
        ("main-2020", Benefit.ACCIDENT, None, 4_000_000),
        ("main-2020", Benefit.MEDICAL_EXPENSE, None, None),
        ("main-2025", Benefit.HOSPITAL_ALLOWANCE, None, None),
        ("main-2025", Benefit.CRITICAL_ILLNESS, 1, 1_000_000),
        ("medical-2022", Benefit.MEDICAL_EXPENSE, 2, None),
        ("medical-2022", Benefit.CRITICAL_ILLNESS, None, None),
        ("medical-old", Benefit.MEDICAL_EXPENSE, None, 550_000),
        ("illness-2020", Benefit.CRITICAL_ILLNESS, 1, 10_000_000),
    ],
)
def test_the_ceilings_of_a_period(
    code: str, benefit: Benefit, times: int | None, amount: int | None
) -> None:
    ceiling = ceilings(load(code), benefit)
    assert isinstance(ceiling, Ceiling)
    assert (ceiling.times, ceiling.amount) == (times, amount)
