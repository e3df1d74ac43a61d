"""Rosters that programs saved as text, as a web page or with looks that say something."""

from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from documents.rosters.check import RosterCheck, check_roster
from documents.rosters.roster_file import read_roster
from rules.errors import BadInput
from rules.plans import load
from tests.documents.rosters.test_handed_out import START
from tests.sheets import an_id

pytestmark = pytest.mark.slow  # each test opens files in child processes

PLAN = load("main-2020")
PEOPLE = [("张三", an_id(1)), ("李四", an_id(2))]
CSV = "\r\n".join(["姓名,身份证号码", *(",".join(each) for each in PEOPLE)])
AS_FORMULAS = "\r\n".join(["姓名,身份证号码", *(f'{name},="{id_}"' for name, id_ in PEOPLE)])
PAGE = (
    "<html><body><table><tr><td><table border=1><tr><th colspan=2>名册</th></tr>"
    "<tr><td rowspan=3>甲单位</td><td>姓名</td><td>身份证<br>号码</td></tr>"
    + "".join(f"<tr><td>{name}</td><td>&nbsp;{number}</td></tr>" for name, number in PEOPLE)
    + "</table></td></tr></table></body></html>"
)
XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名册"><Table>'
    '<Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="String">姓名</Data></Cell>'
    '<Cell><Data ss:Type="String">身份证号码</Data></Cell></Row>'
    + "".join(
        f'<Row><Cell ss:Index="2"><Data ss:Type="String">{name}</Data></Cell>'
        f'<Cell><Data ss:Type="String">{number}</Data></Cell></Row>'
        for name, number in PEOPLE
    )
    + "</Table></Worksheet></Workbook>"
)


@pytest.mark.parametrize(
    ("content", "first"),
    [
        (CSV.encode("gbk"), 2),
        (CSV.encode(), 2),
        (CSV.encode("utf-8-sig"), 2),
        (CSV.encode("utf-16"), 2),
        (CSV.replace(",", "\t").encode("gb18030"), 2),
        (AS_FORMULAS.encode("gbk"), 2),
        (PAGE.encode(), 3),
        (XML.encode(), 4),
    ],
    ids=["GBK", "UTF-8", "with a mark", "UTF-16", "tabs", "formulas", "web page", "XML of 2003"],
)
def test_a_roster_saved_as_text_is_read(content: bytes, first: int) -> None:
    found = [(row.row, row.name, row.id_number) for row in read_roster(content)]
    assert found == [(first + at, name, number) for at, (name, number) in enumerate(PEOPLE)]


def test_a_roster_with_a_password_is_refused_for_its_password() -> None:
    with pytest.raises(BadInput, match="有密码"):
        read_roster(Path(__file__).with_name("password.xlsx").read_bytes())


def checked(strike: bool) -> RosterCheck:
    """Three people; 备注 is hidden, so is the second row, and the third is struck through."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, struck = book.add_worksheet("名册"), book.add_format({"font_strikeout": strike})
        sheet.write_row(0, 0, ["姓名", "身份证号码", "备注"])
        for at in (1, 2, 3):
            sheet.write_row(at, 0, [f"会员{at}", an_id(at)], struck if at == 3 else None)
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
    return check_roster(content.getvalue(), PLAN, START)


def test_what_a_sheet_hides_is_read_and_said() -> None:
    assert checked(strike=False).notes == (
        "读的是工作表“名册”，其中 3 人",
        "第 3 行在表里是隐藏的，也读了",
        "“备注”这几列在表里是隐藏的，也读了",
    )


def test_a_row_struck_through_is_a_fault_and_enrols_nobody() -> None:
    check = checked(strike=True)
    assert [(fault.row, fault.code) for fault in check.faults] == [(4, "STRUCK_OUT")]
    assert [row.name for row in check.sound] == ["会员1", "会员2"]
    assert checked(strike=False).faults == ()
