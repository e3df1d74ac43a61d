"""Names that a program could take for a formula, a separator or a tag, in each kind of file that is
written: they stand there as they are, or the file is refused with the row and the field."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from banking import formats
from banking.batch import Payer, PaymentBatch, PaymentLine
from console.pages.download import attachment
from documents.handed_in_sheets import sheets_of
from documents.letters.writing import write
from documents.packets.file_limits import USUAL_LIMITS
from documents.rosters.styled_workbook import Book
from documents.tables import Table, TableColumn, write_tables
from rules.errors import BadInput
from rules.money import Fen
from tests.documents.letters.test_writing import DENIAL, words

MADE = datetime(2026, 3, 2, tzinfo=UTC)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝HYPERLINK(1)"]
ESCAPES = ["_x0041_", "a_x005F_x0041_"]
SEPARATORS = ["a,b", 'a"b', "a;b|c", "a<b>&amp;c]]>", "{{ 7 * 7 }}{% x %}", "http://a.b/"]
NAMES = [*FORMULAS, *ESCAPES, *SEPARATORS]
REFUSED: dict[str, set[str]] = {
    "abc-fixed": set(),
    "abc-text": {*FORMULAS, "a,b", 'a"b'},
    "bar-text": {*FORMULAS, "a;b|c", 'a"b'},
    "bocom-xml": set(),
    "ccb-list": set(ESCAPES),
    "pain.001.001.09": set(),
}


def cells(content: bytes) -> list[object]:
    return [
        cell
        for sheet in sheets_of(content, USUAL_LIMITS)
        for line in sheet.lines
        for cell in line.cells
    ]


def formulas(content: bytes) -> list[str]:
    """What a spreadsheet program would work out, or follow, in this file."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [name for name in package.namelist() if "sheet" in name and name.endswith(".xml")]
        return [
            mark
            for name in parts
            for mark in re.findall("<f>|<hyperlink", package.read(name).decode())
        ]


def a_batch(name: str, payer: str = "某某工会") -> PaymentBatch:
    payment = PaymentLine("R1", name, "6217000000000012345", "", None, Fen(60000), "")
    party = Payer(payer, "6227000000000012347", "中国建设银行某支行", None)
    return PaymentBatch("PC-1", MADE, MADE.date(), party, (payment,))


def test_tables_show_each_name_as_a_text() -> None:
    table = Table("表", "标题", (TableColumn("姓名"),), [(name,) for name in NAMES])
    content = write_tables([table], MADE)
    assert formulas(content) == []
    shown = cells(content)
    assert [name for name in NAMES if name not in shown] == ["a_x005F_x0041_"], "its reader errs"


def test_rosters_show_each_name_as_a_text() -> None:
    book = Book()
    page = book.page("名册")
    for row, name in enumerate(NAMES, 1):
        page.put(row, 0, name)
    content = book.content()
    assert formulas(content) == []
    assert set(NAMES) - set(map(str, cells(content))) == {"a_x005F_x0041_"}


@pytest.mark.parametrize("code", list(REFUSED))
def test_bank_files_carry_a_name_as_it_is_or_refuse_it(code: str) -> None:
    refused = set()
    for name in NAMES:
        try:
            content = formats.write(code, a_batch(name)).content
        except BadInput:
            refused.add(name)
        else:
            assert [line.name for line in formats.read(code, content)] == [name]
    assert refused == REFUSED[code]


def test_a_payer_whose_name_is_too_long_for_a_format_is_said() -> None:
    long = a_batch("张三", payer="某" * 141)
    with pytest.raises(BadInput, match="付款方 户名：超过 140 个字符"):
        formats.write("pain.001.001.09", long)
    assert formats.write("ccb-list", long), "it does not stand there"


def test_letters_show_each_name_as_a_text() -> None:
    for name in NAMES:
        assert name in words(write(replace(DENIAL, member_name=name)))


def test_a_file_name_stays_in_its_header() -> None:
    for name in [*NAMES, "a\r\nSet-Cookie: b=c", "a/../b", "张三.xlsx"]:
        header = attachment(b"", name, "text/plain").headers["Content-Disposition"]
        assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w%.~/-]+", header, re.ASCII)
