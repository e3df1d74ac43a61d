"""Money is whole fen; what is no amount is refused, never read as another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import BadInput
from rules.money import Fen, fen, percent_text, yuan, yuan_text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("600", 60000),
        ("600.5", 60050),
        ("600.05", 60005),
        ("1,200.00", 120000),
        ("12,345,678.90", 1234567890),
        (" 0.01 ", 1),
        ("-3.20", -320),
        ("0", 0),
    ],
)
def test_an_amount_is_read(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1.234",
        "1,2",
        "12,34.00",
        "1,2345",
        ",100",
        "1..2",
        ".5",
        "1e3",
        "１００",
        "+5",
        "--1",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="不是金额：") as caught:
        fen(text)
    assert str(caught.value) == f"不是金额：{text}"


@given(st.integers(-(10**12), 10**12))
def test_what_is_written_is_read_back(amount: int) -> None:
    assert fen(yuan(Fen(amount))) == amount
    assert fen(yuan_text(Fen(amount))) == amount


def test_an_amount_of_thousands_of_digits_is_refused_and_cut() -> None:
    with pytest.raises(BadInput) as caught:
        fen("1" * 5000)
    assert str(caught.value) == f"不是金额：{'1' * 30}"


@pytest.mark.parametrize(
    ("amount", "exact", "said"),
    [
        (60000, "600.00", "600"),
        (60050, "600.50", "600.50"),
        (5, "0.05", "0.05"),
        (0, "0.00", "0"),
        (-100, "-1.00", "-1"),
        (-150, "-1.50", "-1.50"),
    ],
)
def test_an_amount_is_written_for_files_and_as_people_say_it(
    amount: int, exact: str, said: str
) -> None:
    assert yuan(Fen(amount)) == exact
    assert yuan_text(Fen(amount)) == said


@pytest.mark.parametrize(
    ("points", "said"), [(1050, "10.5"), (7000, "70"), (840, "8.4"), (1, "0.01")]
)
def test_a_percentage_is_written_short(points: int, said: str) -> None:
    assert percent_text(points) == said
