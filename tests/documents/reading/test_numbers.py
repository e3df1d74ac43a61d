"""ID, card and phone numbers (all made up, with right check digits), days and amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import check_digits
from documents.reading import numbers
from documents.reading.agreement import WELL_READ


def _complete(first_17: str) -> str:
    return first_17 + check_digits.id_check_digit(first_17)


ID = _complete("22010219850317152")
ID_X = next(
    number
    for number in (_complete(f"22010219900101{serial:03d}") for serial in range(1, 99))
    if number.endswith("X")
)
CARD = next(
    c for c in (f"621700123456789012{d}" for d in range(10)) if check_digits.card_number_is_valid(c)
)


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"{ID[:6]} {ID[6:14]} {ID[14:]}",
        " ".join(ID),
        f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
        ID.replace("0", "O"),
        ID.replace("1", "l", 2),
    ],
)
def test_an_id_number_is_read_through_spaces_and_look_alikes(text: str) -> None:
    found = numbers.first(numbers.find_ids, text)
    assert found is not None
    assert (found.value, found.quality) == (ID, 1.0)


@pytest.mark.parametrize("last", ["X", "x", "×", "*"])
def test_the_last_x_is_upper_case_however_it_was_printed(last: str) -> None:
    found = numbers.first(numbers.find_ids, ID_X[:17] + last)
    assert found is not None
    assert (found.value, found.quality) == (ID_X, 1.0)


def test_a_lost_last_x_is_put_back_with_doubt() -> None:
    found = numbers.first(numbers.find_ids, ID_X[:17])
    assert found is not None
    assert found.value == ID_X
    assert found.quality < 0.85


def test_an_id_number_that_fails_its_check_is_read_as_it_stands_with_doubt() -> None:
    wrong = ID[:17] + ("0" if ID[17] != "0" else "1")
    found = numbers.first(numbers.find_ids, wrong)
    assert found is not None
    assert found.value == wrong
    assert found.quality < 0.85


@pytest.mark.parametrize("text", ["2201**********1528", "22010219850317", CARD + "1"])
def test_masked_short_and_long_numbers_are_no_ids(text: str) -> None:
    assert list(numbers.find_ids(text)) == []


@given(st.integers(0, 10**17 - 1), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes_the_id_check(start: int, place: int, step: int) -> None:
    number = _complete(f"{start:017d}")
    digit = str((int(number[place]) + step) % 10)
    assert not check_digits.id_number_is_valid(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    "text", [CARD, " ".join(CARD[i : i + 4] for i in range(0, 19, 4)), f"No.{CARD}", CARD + " 元"]
)
def test_a_card_number_is_read_in_groups_or_whole(text: str) -> None:
    found = numbers.first(numbers.find_cards, text)
    assert found is not None
    assert (found.value, found.quality) == (CARD, 1.0)


def test_an_id_number_that_lost_its_x_is_no_card_number() -> None:
    """Seventeen digits may pass for a card: so they did on a photo, and questioned the real one."""
    assert check_digits.card_number_is_valid("22018419850521200")
    assert numbers.first(numbers.find_cards, "22018419850521200") is None


def test_an_id_number_is_no_card_number() -> None:
    assert numbers.first(numbers.find_cards, ID) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13844012345", "13844012345"),
        ("138-4401-2345", "13844012345"),
        ("138 4401 2345", "13844012345"),
        ("+86 13844012345", "13844012345"),
        ("0431-88512345", "043188512345"),
        ("1384|0l2O45", None),
        ("138|4401234", "13814401234"),
        ("l38440O2345", "13844002345"),
    ],
)
def test_phone_numbers(text: str, expected: str | None) -> None:
    found = numbers.first(numbers.find_phones, text)
    assert (found.value if found else None) == expected


@pytest.mark.parametrize("text", ["12天", "12 日", "12", "1 2 天", "12.0天", "十二天", "十二 日"])
def test_days(text: str) -> None:
    found = numbers.first(numbers.find_days, text)
    assert found is not None
    assert found.value == 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¥12,345.67", "12345.67"),
        ("V18214.34", "18214.34"),
        ("12345.67元", "12345.67"),
        ("¥ 12 345.67", "12345.67"),
        ("12.345.67", "12345.67"),
        ("84,570.27", "84570.27"),
        ("600元", "600.00"),
        ("0.50", "0.50"),
        ("9000 日期", "9000.00"),
        ("共 3 张 9000.00", "9000.00"),
    ],
)
def test_amounts_have_two_places(text: str, expected: str) -> None:
    found = numbers.first(numbers.find_amounts, text)
    assert found is not None
    assert found.value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("800  0.00", "800.00"),
        ("800  1  85%", "800.00"),
        ("9 5000.00", "5000.00"),
        ("5000.00  3789.50", "5000.00"),
        ("9 800.00", "9800.00"),
    ],
)
def test_of_figures_that_stand_apart_one_is_read_with_doubt(text: str, expected: str) -> None:
    found = numbers.first(numbers.find_amounts, text)
    assert found is not None
    assert found.value == expected
    assert found.quality < WELL_READ


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.23万元", "12300.00"),
        ("3万元", "30000.00"),
        ("1.234567万", "12345.67"),
        ("总金额:12345.6", "12345.60"),
        ("¥0.5元", "0.50"),
    ],
)
def test_an_amount_that_is_not_written_to_the_fen_is_read_with_doubt(
    text: str, expected: str
) -> None:
    [found] = numbers.find_amounts(text)
    assert found.value == expected
    assert found.quality < WELL_READ


@pytest.mark.parametrize("text", ["2026.3.2", "80.5%", "1.5万元"])
def test_what_is_no_sum_with_one_place_is_not_read_as_one(text: str) -> None:
    assert [one.value for one in numbers.find_amounts(text) if one.value != "15000.00"] == []


def test_a_date_in_words_is_no_count_of_days() -> None:
    assert list(numbers.find_days("二〇二六年三月二十一日")) == []


def test_a_part_of_an_amount_is_never_read_as_the_amount() -> None:
    assert [one.value for one in numbers.find_amounts("84.570.27")] == ["84570.27"]


@pytest.mark.parametrize(
    ("length", "is_usual"), [(12, False), (15, False), (16, True), (19, True), (20, False)]
)
def test_a_card_number_has_16_to_19_digits_and_others_are_a_poorer_guess(
    length: int, is_usual: bool
) -> None:
    number = next(
        number
        for number in ("6217001234567891234567"[: length - 1] + str(last) for last in range(10))
        if not check_digits.card_number_is_valid(number)
    )
    found = numbers.first(numbers.find_cards, number)
    assert found is not None
    assert found.value == number
    assert found.quality == (0.5 if is_usual else 0.4)


@pytest.mark.parametrize("text", ["9  1级护理", "9  2次", "9  2026-03-11", "9 12"])
def test_the_days_end_where_the_column_ends(text: str) -> None:
    found = numbers.first(numbers.find_days, text)
    assert found is not None
    assert found.value == 9


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("999999999.00", "999999999.00"),
        ("1000000000.00", None),
        ("9999999", "9999999.00"),
        ("10000000", None),
    ],
)
def test_an_amount_has_nine_digits_at_most_and_seven_without_cents(
    text: str, expected: str | None
) -> None:
    found = numbers.first(numbers.find_amounts, text)
    assert (found.value if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("九天", 9),
        ("十天", 10),
        ("二十天", 20),
        ("三十一天", 31),
        ("一百二十天", None),
        ("天", None),
        ("12.5天", None),
    ],
)
def test_days_in_words(text: str, expected: int | None) -> None:
    found = numbers.first(numbers.find_days, text)
    assert (found.value if found else None) == expected


@pytest.mark.parametrize(("text", "expected"), [("400天", 400), ("401天", None)])
def test_a_stay_has_four_hundred_days_at_most(text: str, expected: int | None) -> None:
    found = numbers.first(numbers.find_days, text)
    assert (found.value if found else None) == expected
