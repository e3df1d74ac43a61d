"""Every fault of a roster is found at its row and column, and nothing else is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.rosters.check import RosterCheck, check_roster
from rules.plans import load
from tests.sheets import Rows, a_card, a_sheet, an_id

PLAN = load("main-2020")
WOMEN = load("women-changchun")
START = date(2026, 1, 1)
HEADINGS = ["序号", "姓名", "身份证号", "性别", "用工性质", "备注", "银行卡号"]
NAME, NUMBER, SEX, STAFF, NOTES, CARD = range(1, 7)


def checked(*rows: Sequence[object], headings: list[str] = HEADINGS) -> RosterCheck:
    return check_roster(a_sheet([["参保名册"], headings, *rows]), PLAN, START)


def found(check: RosterCheck) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in check.faults]


def a_row(at: int, born_on: date = date(1985, 3, 17)) -> list[object]:
    return [at, "张三", an_id(at, born_on), "女", "正式", "", a_card(at)]


@dataclass(frozen=True)
class Fault:
    """One way to spoil a row, and what is to be found."""

    column: int
    code: str
    value: Callable[[int], object]
    also: tuple[tuple[int, object], ...] = ()


FAULTS = (
    Fault(NAME, "NAME_MISSING", lambda at: ""),
    Fault(NUMBER, "ID_MISSING", lambda at: ""),
    Fault(NUMBER, "ID_INVALID", lambda at: int(an_id(at)[:17] + "0")),
    Fault(NUMBER, "ID_INVALID", lambda at: an_id(at)[:17] + "012"[int(an_id(at)[16]) % 3] + "0"),
    Fault(NUMBER, "ID_INVALID", lambda at: an_id(at)[:6] + an_id(at)[8:17]),
    Fault(NUMBER, "AGE_BELOW", lambda at: an_id(at, date(2010, 1, 2))),
    Fault(NUMBER, "AGE_ABOVE", lambda at: an_id(at, date(1965, 1, 1))),
    Fault(NUMBER, "DUPLICATE_IN_FILE", lambda at: an_id(0)),
    Fault(SEX, "SEX_MISMATCH", lambda at: "男"),
    Fault(STAFF, "TEMPORARY_UNDER_A_YEAR", lambda at: "临时", ((NOTES, "聘用11个月"),)),
    Fault(NOTES, "RETIRED", lambda at: "退休返聘"),
    Fault(CARD, "CARD_INVALID", lambda at: a_card(at)[:15]),
    Fault(CARD, "CARD_INVALID", lambda at: a_card(at)[:-2] + "00" + a_card(at)[-1]),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.none() | st.sampled_from(FAULTS), min_size=1, max_size=40))
def test_each_fault_put_in_is_found_where_it_is_and_nothing_else(
    faults: list[Fault | None],
) -> None:
    rows, expected = [a_row(0)], []
    for at, fault in enumerate(faults, 1):
        row = a_row(at)
        if fault is not None:
            row[fault.column] = fault.value(at)
            for column, value in fault.also:
                row[column] = value
            expected.append((at + 3, HEADINGS[fault.column], fault.code))
        rows.append(row)
    check = checked(*rows)
    assert found(check) == expected
    assert len(check.rows) == len(rows)
    assert len(check.sound) == len(rows) - len(expected)
    assert not any(re.search(r"\d{6}", fault.text) for fault in check.faults)


@pytest.mark.parametrize(
    ("born_on", "codes"),
    [
        (date(2010, 1, 1), []),
        (date(2010, 1, 2), ["AGE_BELOW"]),
        (date(1965, 1, 2), []),
        (date(1965, 1, 1), ["AGE_ABOVE"]),
    ],
)
def test_sixteen_and_sixty_are_both_inside_on_the_first_day(
    born_on: date, codes: list[str]
) -> None:
    assert [code for _row, _column, code in found(checked(a_row(1, born_on)))] == codes


def test_a_row_shows_all_its_faults_in_the_order_of_the_columns() -> None:
    spoilt = [1, "", an_id(1, date(1960, 1, 1)), "男", "退休", "", "6217"]
    assert found(checked(spoilt)) == [
        (3, "姓名", "NAME_MISSING"),
        (3, "身份证号", "AGE_ABOVE"),
        (3, "性别", "SEX_MISMATCH"),
        (3, "用工性质", "RETIRED"),
        (3, "银行卡号", "CARD_INVALID"),
    ]


def test_a_number_that_stands_three_times_names_the_first_row_twice() -> None:
    check = checked(a_row(1), a_row(1), a_row(2), a_row(1))
    assert [(fault.row, "第 3 行" in fault.text) for fault in check.faults] == [
        (4, True),
        (6, True),
    ]


def test_two_numbers_that_lost_their_digits_are_not_called_the_same() -> None:
    lost = [float(an_id(1)), float(an_id(1))]
    check = checked(*([at, "张三", number, "女", "正式", "", ""] for at, number in enumerate(lost)))
    assert [code for _row, _column, code in found(check)] == ["ID_INVALID", "ID_INVALID"]
    assert all("末几位已丢失" in fault.text for fault in check.faults)


@pytest.mark.parametrize(
    ("staff", "notes", "codes"),
    [
        ("临时", "聘用11个月", ["TEMPORARY_UNDER_A_YEAR"]),
        ("临时工（8个月）", "", ["TEMPORARY_UNDER_A_YEAR"]),
        ("临时", "聘用12个月", ["TEMPORARY_UNDER_A_YEAR"]),
        ("临时", "聘期一年", ["TEMPORARY_UNDER_A_YEAR"]),
        ("临时", "聘用13个月", []),
        ("临时", "聘用期一年零一天", []),
        ("临时", "聘期1年10天", []),
        ("临时", "聘用11个月29天", ["TEMPORARY_UNDER_A_YEAR"]),
        ("临时", "聘期一年以上", []),
        ("临时", "", ["TEMPORARY_WITHOUT_TERM"]),
        ("临时", "表现好", ["TEMPORARY_WITHOUT_TERM"]),
        ("合同", "聘用8个月", []),
    ],
)
def test_only_temporary_staff_of_over_a_year_may_join(
    staff: str, notes: str, codes: list[str]
) -> None:
    check = checked([1, "张三", an_id(1), "女", staff, notes, ""])
    assert found(check) == [(3, "用工性质", code) for code in codes]


def test_a_plan_that_asks_for_no_term_takes_temporary_staff_without_one() -> None:
    row = [1, "张三", an_id(1), "女", "临时", "", ""]
    assert check_roster(a_sheet([HEADINGS, row]), WOMEN, START).faults == ()


def test_the_kind_of_staff_and_their_state_are_both_read_from_one_roster() -> None:
    headings = ["姓名", "证件号码", "用工性质", "人员类别", "在职状态", "聘用期"]
    check = checked(
        ["甲", an_id(1), "正式", "干部", "在职", ""],
        ["乙", an_id(2), "正式", "干部", "退休", ""],
        ["丙", an_id(3), "合同", "离退休人员", "", ""],
        ["丁", an_id(4), "", "临时工", "在职", "8个月"],
        headings=headings,
    )
    assert found(check) == [
        (4, "在职状态", "RETIRED"),
        (5, "人员类别", "RETIRED"),
        (6, "人员类别", "TEMPORARY_UNDER_A_YEAR"),
    ]


def test_who_has_left_and_a_state_that_is_not_understood_are_faults_of_their_cell() -> None:
    headings = ["姓名", "证件号码", "用工性质", "在职状态"]
    words = ["离职", "不在职", "否", "已退", "死亡", "停职", "在岗", ""]
    people = [[word or "空", an_id(at), "正式", word] for at, word in enumerate(words, 1)]
    check = checked(*people, ["丁", an_id(9), "离职人员", "在职"], headings=headings)
    assert found(check) == [
        *((row, "在职状态", "NOT_IN_SERVICE") for row in range(3, 8)),
        (8, "在职状态", "STATUS_UNKNOWN"),
        (11, "用工性质", "NOT_IN_SERVICE"),
    ]


def test_a_term_in_words_counts_beside_the_first_day() -> None:
    headings = ["姓名", "证件号码", "用工性质", "聘用日期", "备注"]
    check = checked(
        ["甲", an_id(1), "临时", "2025-10-01", "合同期两年"],
        ["乙", an_id(2), "临时", "2023-10-01", "合同期一年"],
        ["丙", an_id(3), "临时", "2025-10-01", "合同期一年"],
        ["丁", an_id(4), "临时", "2025-10-01", ""],
        headings=headings,
    )
    assert found(check) == [
        (5, "用工性质", "TEMPORARY_UNDER_A_YEAR"),
        (6, "用工性质", "TEMPORARY_UNDER_A_YEAR"),
    ]


@pytest.mark.parametrize(("days", "faulty"), [(-1, False), (0, True), (1, True)])
def test_temporary_staff_are_in_from_the_day_after_a_full_year(days: int, faulty: bool) -> None:
    since = date(2025, 1, 1) + timedelta(days)
    row: list[object] = ["张三", an_id(1), "临时", since.isoformat()]
    check = checked(row, headings=["姓名", "证件号码", "用工性质", "入职日期"])
    assert [code for *_, code in found(check)] == ["TEMPORARY_UNDER_A_YEAR"] * faulty


def test_the_date_of_birth_is_compared_with_the_number() -> None:
    headings = ["姓名", "证件号码", "出生年月"]
    good, bad = ["甲", an_id(1), "1985年3月"], ["乙", an_id(2), "1985年4月"]
    assert found(checked(good, bad, headings=headings)) == [(4, "出生年月", "BIRTH_MISMATCH")]


def test_a_missing_heading_is_a_fault_and_no_row_is_read() -> None:
    check = checked([1, "张三"], headings=["序号", "姓名"])
    assert (found(check), check.rows) == ([(2, "证件号码", "HEADING_MISSING")], ())
    nothing: Rows = [["随便写的"]]
    assert found(check_roster(a_sheet(nothing), PLAN, START)) == [
        (1, "姓名", "HEADING_MISSING"),
        (1, "证件号码", "HEADING_MISSING"),
    ]


def test_rows_of_another_plan_are_judged_by_it_and_kept_apart() -> None:
    headings = ["姓名", "证件号码", "计划代码", "份数"]
    man, woman, old = an_id(1, sex="男"), an_id(2), an_id(3, date(1966, 5, 1))
    check = checked(
        ["甲", man, "main-2020", 1],
        ["乙", woman, "", ""],
        ["乙", woman, "women-changchun", 1],
        ["甲", man, "women-changchun", 1],
        ["丙", old, "女职工特殊疾病互助保障计划", 1],
        ["乙", woman, "accident-2022", 4],
        ["丙", old, "accident-2022", 5],
        ["丙", old, "no-such", 1],
        headings=headings,
    )
    assert found(check) == [
        (6, "证件号码", "SEX_NOT_ALLOWED"),
        (7, "证件号码", "AGE_ABOVE"),
        (9, "份数", "SHARES_TOO_MANY"),
        (10, "计划代码", "PLAN_UNKNOWN"),
    ]
    assert [row.row for row in check.sound] == [3, 4]
    assert [row.row for row in check.beside] == [5, 8]


def test_ages_come_from_the_plan() -> None:
    content = a_sheet([["姓名", "证件号码"], ["甲", an_id(1, date(1969, 12, 1))]])
    assert check_roster(content, PLAN, START).faults == ()
    assert [fault.code for fault in check_roster(content, WOMEN, START).faults] == ["AGE_ABOVE"]


def test_who_is_marked_as_not_renewing_is_neither_judged_nor_enrolled() -> None:
    headings = ["姓名", "证件号码", "参保类型"]
    check = checked(["甲", an_id(1, date(1960, 1, 1)), "不续保"], headings=headings)
    assert (len(check.rows), check.sound, check.faults) == (1, (), ())


def test_what_cannot_be_understood_is_said_rather_than_left_out() -> None:
    headings = ["姓名", "证件号码", "会费", "份数"]
    check = checked(["甲", an_id(1), "一百一", "x"], headings=headings)
    assert found(check) == [(3, "会费", "VALUE_UNREADABLE"), (3, "份数", "VALUE_UNREADABLE")]


@pytest.mark.parametrize(
    ("heading", "said", "is_alone"),
    [
        ("单位名称", "个人", True),
        ("单位名称", "无", True),
        ("单位名称", "无单位", True),
        ("单位名称", "自由职业者", True),
        ("单位名称", "个体私营企业协会", False),
        ("用工性质", "灵活就业", True),
        ("用工性质", "合同", False),
        ("备注", "以个人名义参保", True),
        ("备注", "个人缴费部分已交", False),
    ],
)
def test_who_joins_by_himself_is_told_by_row_and_column(
    heading: str, said: str, is_alone: bool
) -> None:
    roster = a_sheet([["姓名", "证件号码", heading], ["张三", an_id(1), said]])
    unit = "个体私营企业协会机关工会"
    told = [
        (each.row, each.column, each.code)
        for each in check_roster(roster, PLAN, START, unit).faults
    ]
    assert told == ([(2, heading, "INDIVIDUAL")] if is_alone else [])


BESIDE = ["单位名称", "姓名", "身份证号", "手机号", "份数", "会费"]


def test_a_short_phone_another_fee_and_another_unit_are_told_by_row_and_column() -> None:
    def row(at: int, unit: str, phone: str, fee: object) -> list[object]:
        return [unit, "张三", an_id(at, date(1985, 3, 17)), phone, 1, fee]

    rows = [
        row(1, "某厅机关工会", "13800000000", 110),
        row(2, "", "0431-88123456", ""),
        row(3, "另一单位工会", "13800000000", 110),
        row(4, "某厅机关工会", "8812345", 110),
        row(5, "某厅机关工会", "138 0000 0000", 100),
    ]
    check = check_roster(a_sheet([BESIDE, *rows]), PLAN, START, "吉林省某厅机关工会")
    assert [(fault.row, fault.column, fault.code, fault.text) for fault in check.faults] == [
        (
            4,
            "单位名称",
            "ANOTHER_UNITS_ROW",
            "此行的单位“另一单位工会”不是报送单位“吉林省某厅机关工会”",
        ),
        (5, "手机号", "PHONE_INVALID", "手机号应为 11 位，现有 7 位（座机须连同区号）"),
        (6, "会费", "FEE_DIFFERS", "会费应为 110 元（1 份），不是 100 元"),
    ]
    assert [each.row for each in check.sound] == [2, 3]
