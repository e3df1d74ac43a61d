"""Formats that are lists: what is written, what is read, and each fault by row and column."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from banking.batch import PaymentBatch, PaymentLine, line_faults
from banking.formats import sheet_list, text_list, xml_list
from banking.formats.layout import FileKind, Layout
from banking.formats.list_lines import ListReading, in_yuan
from banking.sheets import ListRow
from language import _
from rules.errors import BadInput


class _Shape(Protocol):
    def write(self, layout: Layout, batch: PaymentBatch) -> bytes: ...
    def rows(self, layout: Layout, content: bytes) -> Iterable[ListRow | str]: ...


_SHAPES: dict[FileKind, _Shape] = {
    FileKind.SHEET: sheet_list,
    FileKind.SEPARATED: text_list,
    FileKind.FIXED: text_list,
    FileKind.XML: xml_list,
}


def write(layout: Layout, batch: PaymentBatch) -> bytes:
    return _SHAPES[layout.kind].write(layout, batch)


def read(layout: Layout, content: bytes) -> Iterator[PaymentLine]:
    """The payments one after the other; BadInput after the last if any line has a fault."""
    reading = ListReading(layout)
    for _row, payment in reading.payments(_SHAPES[layout.kind].rows(layout, content)):
        yield payment
    if reading.faults:
        raise BadInput("\n".join(reading.faults))


def rows(layout: Layout, content: bytes) -> tuple[ListRow, ...]:
    """The lines of the payments as they are in the file, amounts in yuan whatever its unit."""
    lines = iter(_SHAPES[layout.kind].rows(layout, content))
    if layout.summary:
        next(lines, None)
    found = []
    for row in lines:
        if isinstance(row, str):
            raise BadInput(row)
        found.append(in_yuan(layout, row))
    return tuple(found)


def faults(layout: Layout, content: bytes) -> list[str]:
    """Everything in the file that its bank would not take, by row and column."""
    reading = ListReading(layout)
    first_row: dict[str, str] = {}
    for row, payment in reading.payments(_SHAPES[layout.kind].rows(layout, content)):
        told = line_faults(payment)
        told += [f"{_(fault.field)}：{fault.why}" for fault in layout.faults([payment])]
        if (first := first_row.setdefault(payment.reference, row.place())) != row.place():
            told.append(_("业务编号与第 %(first)s 行重复") % {"first": first})
        sentence = _("第 %(row)s 行：%(fault)s")
        reading.faults += [sentence % {"row": row.place(), "fault": each} for each in told]
    return reading.faults
