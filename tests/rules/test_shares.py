"""Shares of heirs add up to the whole, and the money divided by them to the fen."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import BadInput
from rules.money import Fen
from rules.shares import divide, require_whole, share_from, share_text

THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("text", "share"),
    [("1/3", THIRD), ("50%", Fraction(1, 2)), (" 33.5％ ", Fraction(67, 200)), ("1/1", 1)],
)
def test_a_share_is_read_as_people_write_it(text: str, share: Fraction) -> None:
    assert share_from(text) == share


@pytest.mark.parametrize("text", ["", "half", "0%", "0/3", "1/0", "101%", "4/3", "-1/2", "0.5"])
def test_what_is_no_share_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(BadInput, match="份额应"):
        share_from(text)


def test_three_thirds_are_the_whole() -> None:
    require_whole([THIRD] * 3)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([Fraction(1, 2), Fraction(49, 100)], "^份额合计为 99%，应为 100%$"),
        ([Fraction(1, 2), Fraction(51, 100)], "^份额合计为 101%，应为 100%$"),
        ([THIRD, THIRD], "合计为 2/3"),
        ([Fraction(3333, 10000)] * 3, "合计为 99.99%"),
    ],
)
def test_shares_that_are_not_the_whole_are_refused_with_their_sum(
    shares: list[Fraction], told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        require_whole(shares)


def test_a_share_is_shown_in_percent_where_that_is_exact() -> None:
    shares = THIRD, Fraction(1, 2), Fraction(1, 8), Fraction(1, 20000)
    assert [share_text(share) for share in shares] == ["1/3", "50%", "12.5%", "1/20000"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("半", "份额应写作 1/3 或 50%：半"),
        ("0%", "份额应大于 0，不超过全部：0%"),
    ],
)
def test_what_is_no_share_is_refused_at_its_field(text: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        share_from(text)
    assert (str(refusal.value), refusal.value.at) == (words, "share")


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (2_000_000, [THIRD] * 3, [666_667, 666_667, 666_666]),
        (2_000_000, [Fraction(1, 2)] * 2, [1_000_000, 1_000_000]),
        (1, [Fraction(1, 4), Fraction(3, 4)], [0, 1]),
        (100, [THIRD, THIRD], [50, 50]),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainders(
    amount: int, shares: list[Fraction], parts: list[int]
) -> None:
    assert divide(Fen(amount), shares) == parts


@given(
    st.integers(1, 10_000_000),
    st.lists(st.fractions(Fraction(1, 1000), 1, max_denominator=1000), min_size=1, max_size=9),
)
def test_the_parts_are_the_amount_and_none_is_a_fen_off(
    amount: int, shares: list[Fraction]
) -> None:
    parts = divide(Fen(amount), shares)
    assert sum(parts) == amount
    whole = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - amount * share / whole) < 1
