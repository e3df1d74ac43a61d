"""How many supervisors approve a sum: both edges of each limit."""

import pytest

from rules.approval_limits import ApprovalLimit, limit_for
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
