"""Stays of one event that are further than a day apart are judged one by one (R7, R8, R27)."""

import json

from rules.assessing import assess


def test_a_stay_more_than_a_day_after_another_is_judged_under_the_plans_of_its_own_day() -> None:
    hospital = {"name": "吉林大学第一医院"}
    sums = {"fund_paid": "8000.00", "own_share": "2000.00"}
    second = {"hospital": hospital, "admitted_on": "2026-07-01", "discharged_on": "2026-07-11"}
    event = {
        "kind": "hospital_stay",
        "cause": "illness",
        "hospital": hospital,
        "admitted_on": "2026-01-05",
        "discharged_on": "2026-01-15",
        "transfers": [second | sums],
    }
    covers = [
        {"plan": "main-2020", "start": "2026-01-01", "end": "2026-12-31"},
        {"plan": "medical-2022", "start": "2026-06-01", "end": "2027-05-31"},
    ]
    case = {
        "received_on": "2026-08-01",
        "member": {"birth_date": "1985-03-17", "sex": "F"},
        "unit_city": "长春市",
        "coverages": covers,
        "history": [],
        "events": [event],
    }
    answer = json.loads(assess(json.dumps(case)))
    assert answer["amount"] == "1840.00"
    assert [(each["plan"], each["amount"]) for each in answer["parts"]] == [
        ("main-2020", "500.00"),
        ("main-2020", "500.00"),
        ("medical-2022", "840.00"),
    ]
