"""Capitals say exactly the amount, and say it as the banks' rules want."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.letters.amounts import capitals
from rules.errors import BadInput
from rules.money import Fen, fen

_UNITS = {"仟": 1000, "佰": 100, "拾": 10}
_CENTS = {"角": 10, "分": 1}
AMOUNTS = st.one_of(
    st.integers(0, 5_000_000),
    st.integers(0, 10**14 - 1),
    # Many empty places, where the rules are.
    st.lists(st.sampled_from("000000000123456789"), min_size=1, max_size=14).map(
        lambda digits: int("".join(digits))
    ),
)


def read_back(text: str) -> int:
    """Fen from capitals, by adding up what is said."""
    total = group = digit = 0
    for char in text:
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
        elif char in _UNITS:
            group, digit = group + digit * _UNITS[char], 0
        elif char in "万亿元":
            weight = {"万": 10**6, "亿": 10**10, "元": 100}[char]
            total, group, digit = total + (group + digit) * weight, 0, 0
        elif char in _CENTS:
            total, digit = total + digit * _CENTS[char], 0
    return total


@given(AMOUNTS)
def test_capitals_say_exactly_the_amount(amount: int) -> None:
    assert read_back(capitals(Fen(amount))) == amount


@given(AMOUNTS)
def test_empty_places_are_said_once_and_never_before_a_unit(amount: int) -> None:
    text = capitals(Fen(amount))
    assert "零零" not in text
    assert not any("零" + unit in text.removeprefix("零元") for unit in "元万亿仟佰拾角分整")
    assert text.startswith("零") == (amount == 0)


@given(AMOUNTS)
def test_an_empty_place_between_two_digits_is_never_skipped(amount: int) -> None:
    skipped = r"仟[^零万亿](?!佰)|佰[^零万亿](?!拾)|[万亿][^零](?!仟)"
    assert not re.search(skipped, capitals(Fen(amount)).partition("元")[0])


@given(AMOUNTS)
def test_nothing_can_be_added_at_the_end(amount: int) -> None:
    assert capitals(Fen(amount)).endswith(("整", "分"))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        # The examples of the annex itself.
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # The scheme's own sums.
        ("100", "壹佰元整"),
        ("600", "陆佰元整"),
        ("4500", "肆仟伍佰元整"),
        ("10000", "壹万元整"),
        ("14000", "壹万肆仟元整"),
        # The corners.
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.11", "壹角壹分"),
        ("10", "壹拾元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("1001000", "壹佰万壹仟元整"),
        ("100000001.01", "壹亿零壹元零壹分"),
        ("7000006602", "柒拾亿零陆仟陆佰零贰元整"),
        ("-600", "负陆佰元整"),
    ],
)
def test_known_amounts(figures: str, words: str) -> None:
    assert capitals(fen(figures)) == words


@pytest.mark.parametrize("amount", [10**14, -(10**14)])
def test_an_amount_beyond_the_words_is_refused(amount: int) -> None:
    with pytest.raises(BadInput, match="金额过大"):
        capitals(Fen(amount))
