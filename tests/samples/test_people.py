"""The made-up people pass every check that real ones do."""

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from stdnum import luhn
from stdnum.cn import ric, uscc

from samples.make import HERE
from samples.people import id_number, made_up_person
from samples.unit import COVER_START, HEADINGS, sample_unit


@given(st.integers())
def test_an_id_number_ends_in_its_check_digit_and_names_birthday_and_sex(seed: int) -> None:
    person = made_up_person(Random(seed))
    assert person.id_number[-1] == ric.calc_check_digit(person.id_number)
    assert person.id_number[6:14] == f"{person.born_on:%Y%m%d}"
    assert (int(person.id_number[16]) % 2 == 1) == (person.sex == "男")


@given(st.integers())
def test_a_bank_card_passes_luhn(seed: int) -> None:
    assert luhn.is_valid(made_up_person(Random(seed)).card_number)


def test_a_published_id_number_comes_out_right() -> None:
    assert id_number("110105", date(1949, 12, 31), 2) == "11010519491231002X"


def test_the_units_code_is_valid() -> None:
    assert uscc.is_valid(sample_unit().code)


def test_every_member_is_between_16_and_60_when_the_cover_starts() -> None:
    assert all(16 <= one.age_on(COVER_START) <= 60 for one in sample_unit().members)


def test_some_member_was_born_before_the_county_of_the_number_existed() -> None:
    elders = [one for one in sample_unit().members if one.born_on.year < 1970]
    assert any(not ric.is_valid(one.id_number) for one in elders)


def test_the_roster_lists_the_members_under_the_headings_we_hand_out() -> None:
    book = CalamineWorkbook.from_path(HERE / "roster.xlsx")
    heads, *rows = book.get_sheet_by_index(0).to_python()
    members = sample_unit().members
    assert tuple(heads) == HEADINGS
    assert [(row[2], row[3], row[13]) for row in rows] == [
        (one.name, one.id_number, one.card_number) for one in members
    ]
    assert len({one.id_number for one in members}) == len(members)
