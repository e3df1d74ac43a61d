"""Rosters as units really send them."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from documents.packets.unfit import Unfit
from documents.rosters.roster_file import RosterRow, open_roster, read_roster
from rules.errors import BadInput
from rules.facts import Sex
from rules.money import Fen
from tests.sheets import a_card, a_sheet, an_id

pytestmark = pytest.mark.slow  # each test opens files in child processes

OLD_EXCEL = Path(__file__).with_name("roster.xls")
PAIR = ["姓名", "身份证号"]


def test_an_old_excel_file_with_titles_totals_and_signatures_gives_only_its_people() -> None:
    rows = read_roster(OLD_EXCEL.read_bytes())
    assert [(row.row, row.name, row.sex, row.fee) for row in rows] == [
        (4, "王芳", Sex.FEMALE, 1000),
        (5, "李伟", Sex.MALE, 1000),
        (6, "欧阳敏", Sex.FEMALE, 1000),
    ]
    assert [row.id_number for row in rows] == [an_id(1), an_id(2, sex="男"), an_id(3)]


def test_columns_are_found_in_any_order_and_the_row_is_the_sheets_own() -> None:
    cells = [a_card(1), "张三", "正式", 110, an_id(1), "另有说明", 30.5]
    headings = [
        "银行卡号",
        "姓名",
        "用工性质",
        "会费(元)",
        "* 证件\n号码（必填）",
        "备注",
        "个人承担",
    ]
    rows = read_roster(a_sheet([["某单位名册"], [], headings, [], cells]))
    assert rows == [
        RosterRow(
            5,
            "张三",
            an_id(1),
            card=a_card(1),
            employment="正式",
            notes="另有说明",
            fee=Fen(11000),
            member_part=Fen(3050),
        )
    ]


def test_the_first_sheet_with_the_headings_is_read() -> None:
    other = [["单位名称", "经办人"], ["甲", "乙"]]
    assert [
        row.name
        for row in read_roster(
            a_sheet(other, [PAIR, ["张三", an_id(1)]], [PAIR, ["李四", an_id(2)]])
        )
    ] == ["张三"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'220104198503170027", "220104198503170027"),
        (" 220104 19850317 0027 ", "220104198503170027"),
        ("２２０１０４１９８５０３１７００２７", "220104198503170027"),
        ("22010419850317003x", "22010419850317003X"),
        ("22010419850317003Ｘ", "22010419850317003X"),
        ("\u202d220104198503170027\u202c", "220104198503170027"),
        ("220104\u00a019850317\u30000027", "220104198503170027"),
        (220104850317002, "220104850317002"),
        (220104198503170027, "2.20104198503170E+17"),
    ],
)
def test_a_number_is_read_through_what_excel_and_people_add(written: object, meant: str) -> None:
    assert read_roster(a_sheet([PAIR, ["张三", written]]))[0].id_number == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("张　三", "张三"),
        (" 欧阳 敏 ", "欧阳敏"),
        ("阿·买买提", "阿·买买提"),
        ("Ann Lee", "Ann Lee"),
    ],
)
def test_a_name_loses_only_the_spaces_that_spread_it(written: str, meant: str) -> None:
    assert read_roster(a_sheet([PAIR, [written, an_id(1)]]))[0].name == meant


@pytest.mark.parametrize("last", ["合计", "合 计：2 人", "总计", "填表人：张三", "注：以上属实"])
def test_a_row_about_the_whole_roster_is_no_person(last: str) -> None:
    rows = [PAIR, ["张三", an_id(1)], [], PAIR, ["李四", an_id(2)], [last, ""]]
    assert [row.name for row in read_roster(a_sheet(rows))] == ["张三", "李四"]


def test_a_row_that_is_not_filled_in_is_no_person() -> None:
    headings = ["序号", "单位名称", "姓名", "证件号码", "手机号", "计划代码", "会费"]
    waiting = [2, "甲单位", "", "", "", "main-2020", 110]
    some = [3, "甲单位", "", "", "13800000000", "main-2020", 110]
    rows = read_roster(a_sheet([headings, [1, "甲", "张三", an_id(1)], waiting, some]))
    assert [row.row for row in rows] == [2, 4]


def test_days_terms_and_amounts_are_read_in_the_usual_writings() -> None:
    headings = [*PAIR, "出生日期", "入职日期", "聘用期限", "份数", "会费", "性别"]
    rows = read_roster(
        a_sheet(
            [
                headings,
                ["甲", an_id(1), date(1985, 3, 17), "2024年3月", "1年", 2, "¥1,110.5", "男"],
                ["乙", an_id(2), "1985.03", "2024/3/9", 8, "2份", "110元", "女性"],
                ["丙", an_id(3), 19850317, "去年", "很久", "半", "若干", "不详"],
            ]
        )
    )
    first, second, third = rows
    assert (first.birth, second.birth, third.birth) == ("19850317", "198503", "19850317")
    assert (first.engaged_on, second.engaged_on) == (date(2024, 3, 1), date(2024, 3, 9))
    assert (first.engaged_months, second.engaged_months) == (12, 8)
    assert (first.shares, second.shares, first.fee, second.fee) == (2, 2, 111050, 11000)
    assert (first.sex, second.sex) == (Sex.MALE, Sex.FEMALE)
    assert third.unreadable == ("engaged_on", "engaged_months", "shares", "fee", "sex")


def test_a_missing_heading_is_named_with_the_row_where_the_others_are() -> None:
    roster = open_roster(a_sheet([["名册"], ["序号", "姓名", "手机号"], [1, "张三", "138"]]))
    assert (roster.headings.row, roster.missing, list(roster.rows())) == (2, ["证件号码"], [])
    with pytest.raises(BadInput, match="证件号码"):
        read_roster(a_sheet([["姓名"], ["张三"]]))


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0" * 200, "姓名,身份证号".encode()])
def test_what_is_no_spreadsheet_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(BadInput, match="Excel"):
        read_roster(content)


def test_a_damaged_spreadsheet_harms_only_its_reader() -> None:
    whole = OLD_EXCEL.read_bytes()
    for at in range(512, len(whole), 997):
        with suppress(BadInput, Unfit):
            read_roster(whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :])
