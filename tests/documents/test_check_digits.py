"""Numbers below are made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from documents.check_digits import (
    birth_date_of,
    card_number_is_valid,
    id_check_digit,
    id_number_is_valid,
    sex_of,
)
from rules.facts import Sex


def an_id(first_17: str) -> str:
    return first_17 + id_check_digit(first_17)


def a_card(length: int) -> str:
    body = ("621700" + "1" * 20)[: length - 1]
    return body + str(luhn.calc_check_digit(body))


def test_the_check_character_is_that_of_the_standard() -> None:
    # The example of GB 11643-1999.
    assert id_check_digit("11010519491231002") == "X"
    assert id_number_is_valid("11010519491231002X")


@pytest.mark.parametrize(
    "first_17",
    [
        "22010419000101001",
        "22010420000229001",
        # Code 220173 is younger than the person.
        "22017319550602001",
    ],
)
def test_a_right_id_number_is_valid(first_17: str) -> None:
    assert id_number_is_valid(an_id(first_17))


@pytest.mark.parametrize(
    "number",
    [
        "",
        an_id("22010418991231001"),
        an_id("22010418500317001"),
        an_id("22010419000229001"),
        an_id("22010419850931001"),
        an_id("22010419851301001"),
        an_id("22010400000317001"),
        "220104198503170010",
        "2201041985031700l8",
        "11010519491231002x",
        "11010519491231002×",
        "11010519491231002XX",
        " 11010519491231002X",
        "２２０１０４１９８５０３１７００１８",
        "２２０１０４１９８５０３１７００1",
        # Fifteen places are the form given up in 2013.
        "220104850317001",
        "22010485031700X",
    ],
)
def test_a_wrong_id_number_is_not_valid(number: str) -> None:
    assert not id_number_is_valid(number)


@given(st.text("0123456789Xx ", max_size=20) | st.text(max_size=20))
def test_no_text_makes_the_check_stumble(text: str) -> None:
    assert not id_number_is_valid(text) or birth_date_of(text) >= date(1900, 1, 1)
    assert not card_number_is_valid(text) or text.isdigit()


def test_birth_date_and_sex_stand_in_the_number() -> None:
    woman, man = an_id("22010419850317002"), an_id("22010419850317001")
    assert birth_date_of(woman) == date(1985, 3, 17)
    assert sex_of(woman) is Sex.FEMALE
    assert sex_of(man) is Sex.MALE


@pytest.mark.parametrize(
    ("length", "valid"), [(15, 0), (16, 1), (17, 1), (18, 1), (19, 1), (20, 0)]
)
def test_a_card_has_sixteen_to_nineteen_digits(length: int, valid: int) -> None:
    assert luhn.is_valid(a_card(length))
    assert card_number_is_valid(a_card(length)) == bool(valid)


@pytest.mark.parametrize(
    "number",
    ["", "6217", "6217000000000000018x", "６２１７" * 4, "62170000000000000１２", "x" * 19],
)
def test_what_is_not_digits_of_card_length_is_no_card(number: str) -> None:
    assert not card_number_is_valid(number)


def test_every_single_wrong_digit_of_a_number_is_noticed() -> None:
    for number, is_valid in (
        (an_id("22010419850317001"), id_number_is_valid),
        (a_card(19), card_number_is_valid),
    ):
        for at in range(17):
            wrong = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
            assert not is_valid(wrong)
