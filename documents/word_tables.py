"""Writes tables as a Word file (.docx), for the binder: each with title and notes."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents.tables import NUMBERS, Shape, Table, TableCell

_A4 = Mm(297), Mm(210)
_FONT = "宋体"

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
        _write(document, table, shown)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _write(document: WordDocument, table: Table, shown: ShownCell) -> None:
    title = document.add_paragraph().add_run(table.title)
    title.bold, title.font.size = True, Pt(14)
    for note in table.notes:
        document.add_paragraph(note)
    grid = document.add_table(
        rows=1 + len(table.lines), cols=len(table.columns), style="Table Grid"
    )
    lines = [[column.heading for column in table.columns]]
    shapes = [column.shape for column in table.columns]
    lines += [[shown(*each) for each in zip(line, shapes, strict=True)] for line in table.lines]
    for row, line in zip(grid.rows, lines, strict=True):
        for cell, text, shape in zip(row.cells, line, shapes, strict=True):
            cell.text = text
            if shape in NUMBERS:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
