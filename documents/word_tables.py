"""Writes tables as a Word file (.docx), for the binder: each with title and notes."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents.outgoing_text import without_hidden
from documents.tables import NUMBERS, Shape, Table, TableCell

_A4 = Mm(297), Mm(210)
_FONT = "宋体"
_END = b"</w:tbl>"

ShownCell = Callable[[TableCell, Shape], str]


def write_word_tables(tables: Sequence[Table], created_at: datetime, shown: ShownCell) -> bytes:
    """A .docx with these tables in landscape; `shown` says how a cell reads."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = created_at
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _A4
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(9)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    for table in tables:
        _write_head(document, table)
    content = io.BytesIO()
    document.save(content)
    return _with_rows(content, [_rows(table, shown) for table in tables])


def _write_head(document: WordDocument, table: Table) -> None:
    """Title, notes and a grid without rows."""
    title = document.add_paragraph().add_run(table.title)
    title.bold, title.font.size = True, Pt(14)
    for note in table.notes:
        document.add_paragraph(note)
    document.add_table(rows=0, cols=len(table.columns), style="Table Grid")


def _with_rows(content: io.BytesIO, grids: Sequence[Iterator[str]]) -> bytes:
    """The file with these rows in its empty grids, one after the other.

    Written past python-docx, which takes minutes and half a gigabyte for the twenty thousand
    vouchers of a large month.
    """
    filled = io.BytesIO()
    with ZipFile(content) as source, ZipFile(filled, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            head, *behind = source.read(part).split(_END)
            with target.open(part, "w") as file:
                file.write(head)
                for rows, rest in zip(grids, behind, strict=False):
                    file.writelines(row.encode() for row in rows)
                    file.write(_END + rest)
    return filled.getvalue()


def _rows(table: Table, shown: ShownCell) -> Iterator[str]:
    shapes = [column.shape for column in table.columns]
    # The headings are repeated on every page.
    yield _row([column.heading for column in table.columns], shapes, "<w:tblHeader/>")
    for line in table.lines:
        yield _row([shown(*each) for each in zip(line, shapes, strict=True)], shapes)


def _row(texts: Sequence[str], shapes: Sequence[Shape], kind: str = "") -> str:
    cells = "".join(map(_cell, texts, shapes))
    return f"<w:tr><w:trPr>{kind}</w:trPr>{cells}</w:tr>"


def _cell(text: str, shape: Shape) -> str:
    to_the_right = '<w:pPr><w:jc w:val="right"/></w:pPr>' if shape in NUMBERS else ""
    said = f'<w:r><w:t xml:space="preserve">{escape(without_hidden(text))}</w:t></w:r>'
    return f"<w:tc><w:p>{to_the_right}{said}</w:p></w:tc>"
