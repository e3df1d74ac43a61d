"""Rosters we hand out are read back as they were meant."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from documents.rosters.check import check_roster
from documents.rosters.handed_out import (
    RenewalLine,
    write_faulty_rows,
    write_renewal_roster,
    write_template,
)
from documents.rosters.roster_file import RosterRow, open_roster, read_roster
from rules.money import Fen
from rules.plans import load
from tests.sheets import a_card, a_sheet, an_id

PLAN = load("main-2020")
START = date(2026, 1, 1)

words = st.text("甲乙丙丁王李张·ABCabc=+-@123", min_size=1, max_size=12)
fees = st.none() | st.integers(0, 10_000_00).map(Fen)
rosters = st.lists(
    st.builds(
        RosterRow,
        row=st.just(0),
        name=words,
        id_number=st.integers(0, 499).map(an_id),
        unit_name=words,
        phone=st.just("13800000000"),
        employment=st.sampled_from(["", "正式", "合同", "临时"]),
        enrolment=st.sampled_from(["", "新参", "续保", "不续保"]),
        plan=st.sampled_from(["", "main-2020"]),
        bank_name=words,
        card=st.integers(0, 499).map(a_card),
        shares=st.integers(1, 4),
        fee=fees,
        unit_part=fees,
        member_part=fees,
        subsidy=fees,
        notes=words,
    ),
    max_size=30,
)


def cells_of(content: bytes) -> list[list[object]]:
    sheet = load_workbook(BytesIO(content)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


@settings(max_examples=15, deadline=None)
@given(rosters)
def test_a_roster_written_on_our_template_is_read_back_the_same(rows: list[RosterRow]) -> None:
    numbered = [
        RosterRow(**{f: getattr(row, f) for f in row.__slots__} | {"row": at})
        for at, row in enumerate(rows, 2)
    ]
    assert read_roster(write_template(numbered)) == numbered


def test_the_template_holds_headings_without_people_and_is_always_the_same() -> None:
    content = write_template()
    assert content == write_template()
    assert check_roster(content, PLAN, START).rows == ()
    (headings,) = cells_of(content)
    assert " ".join(map(str, headings)) == (
        "序号 单位名称 姓名 证件号码 手机号 用工性质 参保类型 计划代码 会费 单位承担 个人承担 "
        "上级补助 开户行 银行卡号 同意日期 同意书版本 备注"
    )


def test_faulty_rows_go_back_as_they_came_with_what_is_wrong_and_can_be_sent_again() -> None:
    headings = ["序号", "姓名", "身份证号", "自留栏", "银行卡号"]
    rows = [
        [1, "张三", an_id(1), "甲", a_card(1)],
        [2, "", an_id(2)[:-1], "=1+1", "6217"],
        [3, "李四", an_id(1), 12.5, ""],
    ]
    content = a_sheet([["名册"], headings, *rows])
    check = check_roster(content, PLAN, START)
    back = write_faulty_rows(content, check)
    first, *others = cells_of(back)
    assert first == ["原表行号", "问题", *headings]
    assert [line[0] for line in others] == [4, 5]
    assert (
        others[0][1]
        == "姓名：没有姓名\n身份证号：证件号码应为 18 位\n银行卡号：银行卡号应为 16 至 19 位数字"
    )
    assert others[0][2:] == rows[1]
    assert others[1][2:] == rows[2]
    assert b"<f>" not in ZipFile(BytesIO(back)).read("xl/worksheets/sheet1.xml")
    again = check_roster(back, PLAN, START)
    assert [fault.code for fault in again.faults] == ["NAME_MISSING", "ID_INVALID", "CARD_INVALID"]


def test_a_file_without_the_headings_goes_back_with_that_said() -> None:
    content = a_sheet([["姓名", "手机号"], ["张三", "138"]])
    back = cells_of(write_faulty_rows(content, check_roster(content, PLAN, START)))
    assert back[1][:2] == [1, "证件号码：名册缺少表头：证件号码"]


def test_next_years_roster_keeps_everybody_and_enrols_who_may_go_on() -> None:
    lines = [
        RenewalLine("甲", an_id(1), "13800000000", "正式", "中国建设银行", a_card(1)),
        RenewalLine("乙", an_id(2), left_on=date(2025, 8, 1)),
        RenewalLine("丙", an_id(3, date(1965, 1, 1))),
        RenewalLine("丁", an_id(4, date(1965, 1, 2))),
    ]
    content = write_renewal_roster("甲单位", PLAN, START, lines)
    check = check_roster(content, PLAN, START)
    assert [row.name for row in check.rows] == ["甲", "乙", "丙", "丁"]
    assert [row.name for row in check.sound] == ["甲", "丁"]
    assert check.faults == ()
    first, gone, old, _last = check.rows
    assert (first.fee, first.subsidy, first.enrolment) == (11000, 3000, "续保")
    assert (gone.enrolment, gone.notes, gone.fee) == ("不续保", "2025-08-01 已退休或离开单位", None)
    assert old.notes == "2026-01-01 已超过 60 周岁"
    assert open_roster(content).headings.row == 1
