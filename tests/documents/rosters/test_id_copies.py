"""A roster and the copies of its people's ID cards are compared row by row. People are made up."""

import pytest

from documents.kinds import Kind
from documents.rosters.id_copies import CopyResult, IdCard, cards_on, compare
from documents.rosters.roster_file import RosterRow
from tests.desk import a_page, an_id_number

NUMBER, OTHER = an_id_number(), an_id_number("19900101")
ROWS = (RosterRow(2, "张三", NUMBER), RosterRow(3, "李四", OTHER))


def results(*cards: IdCard) -> list[CopyResult]:
    return [each.result for each in compare(ROWS, cards)]


@pytest.mark.parametrize(
    ("card", "result"),
    [
        (IdCard("张三", NUMBER), CopyResult.SAME),
        (IdCard("张 三", NUMBER), CopyResult.SAME),
        (IdCard("张山", NUMBER), CopyResult.NAME_DIFFERS),
        (IdCard("", NUMBER), CopyResult.NAME_DIFFERS),
        (IdCard("张三", an_id_number("19700101")), CopyResult.NUMBER_DIFFERS),
        (IdCard("张三", ""), CopyResult.NUMBER_DIFFERS),
        (IdCard("王五", an_id_number("19700101")), CopyResult.MISSING),
    ],
)
def test_each_row_is_told_how_it_stands_to_its_copy(card: IdCard, result: CopyResult) -> None:
    assert results(card) == [result, CopyResult.MISSING]


def test_the_copy_of_another_row_is_not_taken_for_ones_own() -> None:
    assert results(IdCard("张三", OTHER)) == [CopyResult.MISSING, CopyResult.NAME_DIFFERS]


def test_a_clearer_copy_answers_what_an_earlier_one_left_open() -> None:
    cards = IdCard("张", NUMBER), IdCard("张三", NUMBER)
    assert results(*cards) == results(*reversed(cards)) == [CopyResult.SAME, CopyResult.MISSING]


def test_a_name_with_a_middle_dot_is_the_same_in_each_form() -> None:
    rows = (RosterRow(2, "阿卜杜拉·买买提", NUMBER),)
    [row] = compare(rows, [IdCard("阿卜杜拉•买买提", NUMBER)])
    assert row.result is CopyResult.SAME


def test_only_the_fronts_of_cards_are_looked_at() -> None:
    front = a_page(Kind.ID_CARD_FRONT, "姓名 张三", f"公民身份号码 {NUMBER}")
    back = a_page(Kind.ID_CARD_BACK, "中华人民共和国", "居民身份证")
    assert list(cards_on([back, front])) == [IdCard("张三", NUMBER)]
