"""Puts the rows of a long table into an .xlsx, one after the other.

The library that makes our workbooks keeps every cell in memory, or lays them on the disk in clear.
So it makes the workbook with the headings alone, and the rows are written here in its own form.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from string import ascii_uppercase
from typing import IO
from xml.sax.saxutils import escape

ListCell = str | int | Decimal | None
"""None: the cell is absent; Decimal: an amount with two places."""

_SHEET, _TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_ROWS = re.compile("<sheetData>.*</sheetData>", re.DOTALL)
_EXTENT = re.compile('(?<=<dimension ref=")[^"]*')
_TABLE = re.compile("<sst .*</sst>", re.DOTALL)
_XMLNS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LETTERS = ascii_uppercase  # a bank's list has no more columns
# A spreadsheet program takes _x0041_ for the character of that number.
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")


class _Texts:
    """The texts of a workbook: each is written once, and a cell names its place."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.used = 0

    def place(self, text: str) -> int:
        self.used += 1
        return self.places.setdefault(text, len(self.places))

    def xml(self) -> Iterator[str]:
        yield f'<sst xmlns="{_XMLNS}" count="{self.used}" uniqueCount="{len(self.places)}">'
        for text in self.places:
            plain = _ESCAPE.sub(r"_x005F\g<0>", text)
            yield f"<si><t>{escape(plain)}</t></si>"
        yield "</sst>"


def with_rows(
    package: bytes, headings: Sequence[str], rows: Iterable[Sequence[ListCell]], count: int
) -> bytes:
    """The workbook with these rows, `count` of them, under its headings; always the same bytes.

    Its first style is that of texts, its second that of amounts.
    """
    texts, target = _Texts(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            content = source.read(name).decode()
            # Uncompressed and with a fixed time and system: the same bytes on every machine.
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 0
            with made.open(member, "w") as file:
                if name == _SHEET:
                    extent = f"A1:{_LETTERS[len(headings) - 1]}{count + 1}"
                    content = _EXTENT.sub(extent, content, count=1)
                    _write(file, content, _ROWS, _sheet(headings, rows, texts))
                elif name == _TEXTS:
                    _write(file, content, _TABLE, texts.xml())
                else:
                    file.write(content.encode())
    return target.getvalue()


def _write(file: IO[bytes], content: str, gap: re.Pattern[str], parts: Iterable[str]) -> None:
    """The content with these parts where the pattern stands in it."""
    before, after = gap.split(content)
    file.write(before.encode())
    for part in parts:
        file.write(part.encode())
    file.write(after.encode())


def _sheet(
    headings: Sequence[str], rows: Iterable[Sequence[ListCell]], texts: _Texts
) -> Iterator[str]:
    spans = f"1:{len(headings)}"
    yield "<sheetData>"
    cells = "".join(
        f'<c r="{letter}1" t="s"><v>{texts.place(heading)}</v></c>'
        for letter, heading in zip(_LETTERS, headings, strict=False)
    )
    yield f'<row r="1" spans="{spans}">{cells}</row>'
    for number, row in enumerate(rows, start=2):
        cells = "".join(
            _cell(f"{letter}{number}", cell, texts)
            for letter, cell in zip(_LETTERS, row, strict=False)
            if cell is not None
        )
        yield f'<row r="{number}" spans="{spans}">{cells}</row>'
    yield "</sheetData>"


def _cell(place: str, cell: str | int | Decimal, texts: _Texts) -> str:
    if isinstance(cell, str):
        return f'<c r="{place}" s="1" t="s"><v>{texts.place(cell)}</v></c>'
    style = ' s="2"' if isinstance(cell, Decimal) else ""
    return f'<c r="{place}"{style}><v>{cell}</v></c>'
