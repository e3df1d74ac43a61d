"""Files of many payments are made in bounded time and memory; the benchmark runs 100,000."""

import pytest

from benchmarks.bank_files import MOST_MEGABYTES, MOST_SECONDS, USUAL, cost_of

_PAYMENTS = 5_000


@pytest.mark.slow
@pytest.mark.parametrize("code", ["ccb-list", "pain.001.001.09"])
def test_a_file_of_many_payments_keeps_to_its_share_of_time_and_memory(code: str) -> None:
    cost = cost_of(code, _PAYMENTS)
    # A share of the time, and a second for the start of the reader.
    assert cost.seconds < MOST_SECONDS * _PAYMENTS / USUAL + 1
    # The program itself and its libraries are some 45 MB of it.
    assert cost.megabytes < MOST_MEGABYTES / 4
