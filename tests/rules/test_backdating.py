"""Receipts entered late, and cover from before the roster."""

import json
from datetime import date

from rules.assessing import assess
from rules.backdating import begins_before_roster, is_entered_late

MONDAY = date(2026, 6, 15)


def test_a_receipt_may_be_three_working_days_old() -> None:
    assert not is_entered_late(date(2026, 6, 12), date(2026, 6, 17))
    assert is_entered_late(date(2026, 6, 12), date(2026, 6, 18))


def test_holidays_do_not_make_a_receipt_late_and_a_make_up_day_does() -> None:
    assert not is_entered_late(date(2026, 9, 30), date(2026, 10, 8))
    assert not is_entered_late(date(2026, 6, 18), date(2026, 6, 24))
    assert is_entered_late(date(2026, 10, 7), date(2026, 10, 12))


def test_cover_may_begin_on_the_day_the_roster_comes() -> None:
    assert not begins_before_roster(MONDAY, MONDAY)
    assert begins_before_roster(date(2026, 6, 14), MONDAY)


def test_an_event_before_the_roster_came_says_so_with_both_days() -> None:
    cover = {"start": "2026-01-01", "end": "2026-12-31", "handed_in_on": "2026-03-03"}
    case = {
        "plan": "main-2020",
        "received_on": "2026-04-20",
        "member": {"birth_date": "1985-03-17", "sex": "F"},
        "unit_city": "长春市",
        "coverages": [cover],
        "history": [],
        "event": {"kind": "accident", "happened_on": "2026-03-02", "outcome": "death"},
    }
    reasons = json.loads(assess(json.dumps(case)))["reasons"]
    [note] = [reason["text"] for reason in reasons if reason["code"] == "COVER_BACKDATED"]
    assert note == ("事件日期 2026-03-02 早于名册报送或会费登记之日 2026-03-03，起保日曾经审批准予")
