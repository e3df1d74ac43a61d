"""What an .xlsx hides or strikes through; runs in the child process only.

The reader of values knows nothing of looks, so the few parts of the file that do are read here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from documents.packets.file_limits import MOST_COLUMNS

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAX_PART = 200 * 1024 * 1024
_OFF = {"0", "false", "off"}


@dataclass
class SheetMarks:
    """The hidden columns (from 0) and rows (from 1) of a sheet, and the rows struck through."""

    hidden_columns: list[int] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    struck_rows: set[int] = field(default_factory=set)


def marks_of(source: BinaryIO) -> dict[str, SheetMarks]:
    """The marks of each sheet by its name; none where the file is no .xlsx or says it otherwise."""
    try:
        with ZipFile(source) as package:
            return dict(_marks(package))
    except (BadZipFile, KeyError, ValueError, NotImplementedError, etree.LxmlError):
        return {}
    finally:
        source.seek(0)


def _marks(package: ZipFile) -> Iterator[tuple[str, SheetMarks]]:
    links = {
        str(each.get("Id")): str(each.get("Target"))
        for each in _root(package, "xl/_rels/workbook.xml.rels")
    }
    struck = _struck_styles(package)
    for sheet in _root(package, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = links[str(sheet.get(_LINK))]
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield str(sheet.get("name")), _sheet_marks(package, part, struck)


def _root(package: ZipFile, part: str) -> etree._Element:
    _refuse_overblown(package, part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(package.read(part), parser)


def _struck_styles(package: ZipFile) -> set[str]:
    """The numbers of the cell styles whose font is struck through."""
    if "xl/styles.xml" not in package.namelist():
        return set()
    styles = _root(package, "xl/styles.xml")
    struck = set()
    for number, font in enumerate(styles.iterfind(f"{_MAIN}fonts/{_MAIN}font")):
        strike = font.find(f"{_MAIN}strike")
        if strike is not None and strike.get("val") not in _OFF:
            struck.add(str(number))
    formats = enumerate(styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"))
    return {str(number) for number, each in formats if each.get("fontId") in struck}


def _sheet_marks(package: ZipFile, part: str, struck: set[str]) -> SheetMarks:
    _refuse_overblown(package, part)
    marks, at = SheetMarks(), 0
    with package.open(part) as content:
        wanted = [f"{_MAIN}{name}" for name in ("col", "row")]
        for _event, element in etree.iterparse(content, tag=wanted, resolve_entities=False):
            if element.tag == f"{_MAIN}col":
                if _is_on(element, "hidden"):
                    first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                    marks.hidden_columns += range(first - 1, min(last, MOST_COLUMNS))
                continue
            at = int(element.get("r", at + 1))
            if _is_on(element, "hidden"):
                marks.hidden_rows.add(at)
            if _is_struck(element, struck):
                marks.struck_rows.add(at)
            element.clear()
    return marks


def _is_struck(row: etree._Element, struck: set[str]) -> bool:
    """Whether most of the filled cells are struck through: one alone may be a corrected value."""
    filled = [cell for cell in row.iterchildren(f"{_MAIN}c") if len(cell)]
    return 2 * sum(cell.get("s") in struck for cell in filled) > len(filled)


def _is_on(element: etree._Element, which: str) -> bool:
    return str(element.get(which, "0")) not in _OFF


def _refuse_overblown(package: ZipFile, part: str) -> None:
    if package.getinfo(part).file_size > _MAX_PART:
        raise ValueError
