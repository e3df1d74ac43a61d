"""How many supervisors approve a sum: both edges of each limit."""

import pytest

from rules.approval_limits import (
    ApprovalLimit,
    ApproverGap,
    ApproverLevel,
    approver_gaps,
    ceiling_of,
    is_above,
    limit_for,
)
from rules.money import Fen

SET = {50_000: 3, 20_000: 2}


@pytest.mark.parametrize(
    ("amount", "above", "approvers"),
    [
        (0, 0, 1),
        (2_000_000, 0, 1),
        (2_000_001, 2_000_000, 2),
        (5_000_000, 2_000_000, 2),
        (5_000_001, 5_000_000, 3),
    ],
)
def test_the_highest_limit_that_a_sum_passes_says_how_many(
    amount: int, above: int, approvers: int
) -> None:
    assert limit_for(Fen(amount), SET) == ApprovalLimit(Fen(above), approvers)


def test_an_office_without_limits_asks_for_one() -> None:
    assert limit_for(Fen(9_000_000), {}) == ApprovalLimit(Fen(0), 1)


def test_more_money_never_asks_fewer_approvers() -> None:
    assert limit_for(Fen(6_000_000), {20_000: 3, 50_000: 1}) == ApprovalLimit(Fen(5_000_000), 3)
    assert limit_for(Fen(6_000_000), {20_000: 0}) == ApprovalLimit(Fen(2_000_000), 1)


ORDINARY, SENIOR = {ApproverLevel.ORDINARY}, {ApproverLevel.SENIOR}
CEILINGS = {ApproverLevel.ORDINARY: 50_000}


@pytest.mark.parametrize(("amount", "above"), [(0, False), (5_000_000, False), (5_000_001, True)])
def test_a_level_approves_up_to_its_ceiling(amount: int, above: bool) -> None:
    assert is_above(Fen(amount), ceiling_of(ApproverLevel.ORDINARY, CEILINGS)) == above


def test_a_level_that_is_not_named_has_no_ceiling() -> None:
    assert not is_above(Fen(9_000_000), ceiling_of(ApproverLevel.SENIOR, CEILINGS))


@pytest.mark.parametrize(
    ("persons", "gaps"),
    [
        ([], [(0, 1, 0), (2_000_000, 2, 0), (5_000_000, 3, 0)]),
        ([ORDINARY], [(2_000_000, 2, 1), (5_000_000, 3, 0)]),
        ([SENIOR, SENIOR], [(5_000_000, 3, 2)]),
        ([SENIOR, SENIOR, ORDINARY], [(5_000_000, 3, 2)]),
        ([SENIOR, SENIOR, ORDINARY | SENIOR], []),
    ],
)
def test_a_limit_tells_when_fewer_may_approve_than_it_asks_for(
    persons: list[set[ApproverLevel]], gaps: list[tuple[int, int, int]]
) -> None:
    assert approver_gaps(SET, CEILINGS, persons) == [ApproverGap(Fen(a), n, m) for a, n, m in gaps]


def test_sums_that_no_level_may_approve_are_told() -> None:
    assert approver_gaps({}, CEILINGS, [ORDINARY]) == [ApproverGap(Fen(5_000_000), 1, 0)]
