"""The tables of a text file as lines: CSV, a web page named .xls, Excel's XML of 2003; runs in the
child process only."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree, html

from documents.packets import iso_messages
from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import MOST_COLUMNS

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;，|"
_UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""How programs write a number that Excel is to keep as text: ="220104198503170027"."""

_Row = tuple[int, list[str]]


def lines(source: BinaryIO) -> Iterator[dict[str, Any]]:
    """{"sheet": name} for each table, then {"at": row, "cells": […]} for its filled rows."""
    text = _decoded(source.read())
    if not text.lstrip().startswith("<") and not any(sign in text for sign in _DELIMITERS):
        raise Unusable(FileFault.DAMAGED)
    for name, rows in _tables(text):
        yield {"sheet": name}
        for at, cells in rows:
            filled = [_AS_TEXT.sub(r"\1", cell.strip()) for cell in cells[:MOST_COLUMNS]]
            if any(filled):
                yield {"at": at, "cells": filled}


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.strip() and not _UNPRINTED.search(text):
            return text
    raise Unusable(FileFault.DAMAGED)


def _tables(text: str) -> Iterator[tuple[str, Iterator[_Row]]]:
    beginning = text.lstrip()[:2000]
    if not beginning.startswith("<"):
        yield "", _separated(text)
    elif iso_messages.NAMESPACE in beginning:
        yield from iso_messages.tables(text)
    elif _SPREADSHEET[1:-1] in beginning:
        yield from _worksheets(text)
    else:
        yield from _web_tables(text)


def _separated(text: str) -> Iterator[_Row]:
    beginning = text[:10_000]
    delimiter = max(_DELIMITERS, key=beginning.count)
    try:
        yield from enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1)
    except csv.Error as error:
        raise Unusable(FileFault.DAMAGED) from error


def _web_tables(text: str) -> Iterator[tuple[str, Iterator[_Row]]]:
    """Each table without a table in it; what stands around it is layout."""
    try:
        page = html.document_fromstring(text.encode(), html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError) as error:
        raise Unusable(FileFault.DAMAGED) from error
    for number, table in enumerate(page.xpath("//table[not(.//table)]"), 1):
        yield f"表 {number}", enumerate(_web_rows(table), 1)


def _web_rows(table: html.HtmlElement) -> Iterator[list[str]]:
    """The rows; a cell over several rows or columns stands in the first of them."""
    held: dict[int, int] = {}  # for each column, how many more rows a cell from above covers
    for row in table.xpath(".//tr"):
        cells: list[str] = []
        for cell in row.xpath("./td|./th"):
            _step_over(cells, held)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            place = len(cells)
            cells += [str(cell.text_content()), *[""] * (wide - 1)]
            if high > 1:
                held.update(dict.fromkeys(range(place, place + wide), high - 1))
        _step_over(cells, held)
        yield cells


def _step_over(cells: list[str], held: dict[int, int]) -> None:
    while held.get(len(cells), 0) > 0:
        held[len(cells)] -= 1
        cells.append("")


def _span(cell: html.HtmlElement, which: str) -> int:
    said = str(cell.get(which, "1"))
    return min(max(int(said), 1), MOST_COLUMNS) if said.isascii() and said.isdigit() else 1


def _worksheets(text: str) -> Iterator[tuple[str, Iterator[_Row]]]:
    safe = etree.XMLParser(resolve_entities=False, no_network=True, encoding="utf-8")
    try:
        book = etree.fromstring(text.encode(), safe)
    except etree.LxmlError as error:
        raise Unusable(FileFault.DAMAGED) from error
    for sheet in book.iter(f"{_SPREADSHEET}Worksheet"):
        yield sheet.get(f"{_SPREADSHEET}Name", ""), _worksheet_rows(sheet)


def _worksheet_rows(sheet: etree._Element) -> Iterator[_Row]:
    """The rows; one that says its number stands there, and so does a cell."""
    at = 0
    for row in sheet.iter(f"{_SPREADSHEET}Row"):
        at = _index(row, at + 1)
        cells: list[str] = []
        for cell in row.iterchildren(f"{_SPREADSHEET}Cell"):
            place = min(_index(cell, len(cells) + 1) - 1, MOST_COLUMNS)
            cells += [""] * (place - len(cells))
            data = cell.find(f"{_SPREADSHEET}Data")
            cells.append("" if data is None else "".join(data.itertext()))
        yield at, cells


def _index(element: etree._Element, otherwise: int) -> int:
    said = str(element.get(f"{_SPREADSHEET}Index", ""))
    return int(said) if said.isascii() and said.isdigit() else otherwise
