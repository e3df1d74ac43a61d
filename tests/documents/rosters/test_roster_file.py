"""Rosters as units really send them."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from documents.packets.file_limits import Limits
from documents.packets.unfit import Unfit
from documents.rosters.roster_file import RosterRow, open_roster, read_roster
from rules.errors import BadInput
from rules.facts import Sex
from rules.money import Fen
from tests.sheets import Rows, a_card, a_sheet, an_id

pytestmark = pytest.mark.slow  # each test opens files in child processes

OLD_EXCEL = Path(__file__).with_name("roster.xls")
PAIR = ["姓名", "身份证号"]


def names(content: bytes) -> list[str]:
    return [row.name for row in read_roster(content)]


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


def test_the_sheet_with_the_headings_is_read_whichever_it_is() -> None:
    other = [["单位名称", "经办人"], ["甲", "乙"]]
    assert names(a_sheet(other, [PAIR, ["张三", an_id(1)]], other)) == ["张三"]


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        (
            ([PAIR, ["张三", an_id(1)]], [PAIR, ["李四", an_id(2)], ["王五", an_id(3)]]),
            "读的是工作表“Sheet1”，工作表“Sheet2”第 2 行 B 列起还有 2 个证件号码没有读入",
        ),
        (
            ([PAIR, ["张三", an_id(1)]], [["李四", an_id(2)]]),
            "工作表“Sheet2”第 1 行 B 列起还有 1 个",
        ),
        (([[*PAIR, *PAIR], ["张三", an_id(1), "李四", an_id(2)]],), "第 2 行 D 列起还有 1 个"),
        (([PAIR, ["张三", an_id(1), "", an_id(2)]],), "第 2 行 D 列起还有 1 个"),
        (([["李四", an_id(2)], PAIR, ["张三", an_id(1)]],), "第 1 行 B 列起还有 1 个"),
    ],
    ids=["another sheet", "without headings", "beside", "beside without headings", "above"],
)
def test_people_outside_the_columns_that_are_read_are_named_and_nobody_is_taken(
    sheets: tuple[Rows, ...], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_roster(a_sheet(*sheets))


@pytest.mark.parametrize("heading", ["社会保障号码", "配偶身份证号"])
def test_a_second_number_that_makes_nobody_more_is_passed_over(heading: str) -> None:
    second = an_id(1) if heading == "社会保障号码" else an_id(2)
    rows = [[*PAIR, heading], ["张三", an_id(1), second]]
    assert names(a_sheet(rows)) == ["张三"]


def test_headings_that_come_again_hold_from_there_on() -> None:
    rows = [
        PAIR,
        ["张三", an_id(1)],
        [],
        ["身份证号", "开户行", "姓名"],
        [an_id(2), "建行", "李四"],
    ]
    first, second = read_roster(a_sheet(rows))
    assert (first.name, first.id_number, first.bank_name) == ("张三", an_id(1), "")
    assert (second.name, second.id_number, second.bank_name) == ("李四", an_id(2), "建行")


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


@pytest.mark.parametrize(
    "last",
    [
        ["合计", ""],
        ["合 计：2 人", ""],
        ["总计", ""],
        ["填表人：张三", ""],
        ["注：以上属实", ""],
        ["人数合计", 2],
        ["共 2 人", ""],
        ["单位负责人：张测", "经办人：李试"],
        ["联系人：王样", "联系电话：0431-88880000"],
        ["经办人", "李试"],
    ],
    ids=lambda last: str(last[0]),
)
def test_a_row_about_the_whole_roster_is_no_person(last: list[object]) -> None:
    rows: Rows = [PAIR, ["张三", an_id(1)], [], PAIR, ["李四", an_id(2)], last]
    roster = open_roster(a_sheet(rows))
    assert [row.name for row in roster.rows()] == ["张三", "李四"]
    assert roster.closing() == [6]


def test_who_has_a_name_like_a_closing_line_is_a_person() -> None:
    rows = [["职务", *PAIR], ["联系人", "张三", an_id(1)], ["负责人", "李四", an_id(2)[:-1] + "？"]]
    assert names(a_sheet(rows)) == ["张三", "李四"]


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


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-02 00:00:00", date(2026, 3, 2)),
        ("2026/3/2 0:00", date(2026, 3, 2)),
        ("2026-03-02T08:00:00+08:00", date(2026, 3, 2)),
        ("02-MAR-2026", date(2026, 3, 2)),
        ("2 March 2026", date(2026, 3, 2)),
        (46083, date(2026, 3, 2)),
        ("46083", date(2026, 3, 2)),
        ("202611", date(2026, 11, 1)),
        ("2026111", None),
        ("26.3.2", None),
        ("3/2/2026", None),
        (2024.3, date(2024, 3, 1)),
        (2024.1, None),
        ("2024.1", None),
        ("19853", None),
        ("2026-02-28T16:00:00Z", None),
        ("2024.10", date(2024, 10, 1)),
        ("02-MAI-2026", None),
    ],
    ids=str,
)
def test_a_day_as_another_system_writes_it_is_that_day_or_a_fault(
    written: str | float, day: date | None
) -> None:
    [row] = read_roster(a_sheet([[*PAIR, "入职日期"], ["甲", an_id(1), written]]))
    assert (row.engaged_on, row.unreadable) == (day, () if day else ("engaged_on",))


def test_a_missing_heading_is_named_with_the_row_where_the_others_are() -> None:
    roster = open_roster(a_sheet([["名册"], ["序号", "姓名", "手机号"], [1, "张三", "138"]]))
    assert (roster.headings.row, roster.missing, list(roster.rows())) == (2, ["证件号码"], [])
    with pytest.raises(BadInput, match="证件号码"):
        read_roster(a_sheet([["姓名"], ["张三"]]))


@pytest.mark.parametrize(
    "content",
    [b"", b"\xd0\xcf\x11\xe0" * 200, b"%PDF-1.7 ", "姓名".encode(), b"\x00a,b"],
    ids=["empty", "half a head", "PDF", "a word", "bytes"],
)
def test_what_is_no_spreadsheet_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(BadInput, match="Excel"):
        read_roster(content)


def test_a_damaged_spreadsheet_harms_only_its_reader() -> None:
    whole = OLD_EXCEL.read_bytes()
    for at in range(512, len(whole), 997):
        with suppress(BadInput, Unfit):
            read_roster(whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :])


def test_a_roster_is_as_large_as_the_limits_and_no_larger() -> None:
    sheet = a_sheet([PAIR, ["张三", an_id(1)], ["李四", an_id(2)]])
    fits = Limits(max_bytes_file=len(sheet), max_rows=3)
    assert len(list(open_roster(sheet, fits).rows())) == 2
    with pytest.raises(BadInput, match="表格超过 2 行"):
        open_roster(sheet, replace(fits, max_rows=2))
    with pytest.raises(Unfit, match="文件超过"):
        open_roster(sheet, replace(fits, max_bytes_file=len(sheet) - 1))
