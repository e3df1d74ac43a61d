"""Hostile or broken spreadsheets end in a sentence, quickly and in little memory."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banking.sheet_rows import ListCell
from banking.sheets import MAX_BYTES, ListColumn, ListRow, amount_cell, write_table
from banking.sheets import read_table as stream_table
from rules.errors import BadInput
from rules.money import Fen

# Each sheet is opened in a process of its own.
pytestmark = pytest.mark.slow

COLUMNS = [ListColumn("账号", "account"), ListColumn("金额", "amount")]
GOOD = write_table(COLUMNS, [["6217", Decimal("1.50")]], "表", datetime(2026, 11, 23, tzinfo=UTC))


def read_table(content: bytes, columns: list[ListColumn]) -> list[ListRow]:
    return list(stream_table(content, columns))


def _members() -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def _with_sheet(change: Callable[[str], str]) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as changed:
        for name, text in _members().items():
            changed.writestr(name, change(text) if "worksheets" in name else text)
    return package.getvalue()


@settings(max_examples=15, deadline=None)
@given(amounts=st.lists(st.integers(1, 10**15 - 1), min_size=1, max_size=200))
def test_an_amount_goes_through_a_number_cell_to_the_fen(amounts: list[int]) -> None:
    lines: list[list[ListCell]] = [["6217", amount_cell(Fen(amount))] for amount in amounts]
    content = write_table(COLUMNS, lines, "表", datetime(2026, 11, 23, tzinfo=UTC))
    assert [row.amount("amount") for row in read_table(content, COLUMNS)] == amounts


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"not a sheet",
        b"PK\x05\x06" + bytes(18),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    ],
)
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_table(content, COLUMNS)


@settings(max_examples=15, deadline=None)
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_package_is_read_or_refused_and_never_breaks(
    place: int, byte: int, cut: bool
) -> None:
    damaged = GOOD[:place] if cut else GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    with suppress(BadInput):
        read_table(damaged, COLUMNS)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_sheet_with_damaged_xml_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    def damage(text: str) -> str:
        place = data.draw(st.integers(0, len(text) - 1))
        return (
            text[:place]
            + data.draw(st.sampled_from(["<", "&", "", '"', "9", "\x00"]))
            + text[place + 1 :]
        )

    with suppress(BadInput):
        for row in read_table(_with_sheet(damage), COLUMNS):
            row.text("account")
            row.amount("amount")


def test_a_package_that_unpacks_without_end_is_refused() -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb:
        for name, text in _members().items():
            if name != "xl/sharedStrings.xml":
                bomb.writestr(name, text)
        with bomb.open("xl/sharedStrings.xml", "w", force_zip64=True) as member:
            member.write(b"<sst><si><t>")
            for _chunk in range(1100):
                member.write(b" " * 1024 * 1024)
    assert len(package.getvalue()) < 8_000_000
    with pytest.raises(BadInput, match="压缩比异常"):
        read_table(package.getvalue(), COLUMNS)


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "AAAA2", "B60000"])
def test_a_far_off_cell_does_not_fill_the_memory(cell: str) -> None:
    content = _with_sheet(lambda text: text.replace('r="B2"', f'r="{cell}"'))
    with pytest.raises(BadInput, match=r"Excel|表格|金额"):
        read_table(content, COLUMNS)[0].amount("amount")


def test_a_damaged_xls_that_aborts_its_reader_is_refused() -> None:
    whole = Path(__file__).with_name("reply.xls").read_bytes()
    # The sector size, in its shift form: the reader multiplies it into an absurd allocation.
    damaged = whole[:30] + b"\x28" + whole[31:]
    with pytest.raises(BadInput, match="不是可以读取的"):
        read_table(damaged, COLUMNS)


def test_a_file_over_the_bound_is_refused_unopened() -> None:
    with pytest.raises(BadInput, match="超过 128 MB"):
        read_table(bytes(MAX_BYTES + 1), COLUMNS)
