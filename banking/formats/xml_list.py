"""Lists as XML: a summary, and an element for each payment with its columns as attributes."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from banking.batch import PaymentBatch
from banking.formats.encoded import encoded
from banking.formats.layout import Layout
from banking.formats.list_lines import lines_of, summary_of
from banking.formats.xml_parts import parts_of
from banking.sheets import ListColumn, ListRow
from language import _
from rules.errors import BadInput


def write(layout: Layout, batch: PaymentBatch) -> bytes:
    return encoded(_parts(layout, batch), layout.charset)


def rows(layout: Layout, content: bytes) -> Iterator[ListRow]:
    """The summary, which must stand first, and each payment, counted from 1."""
    summary, record = layout.words["summary"], layout.words["record"]
    is_first = True
    for number, element in enumerate(parts_of(layout, content, [summary, record])):
        if (element.tag == summary) is not is_first:
            raise BadInput(_("汇总元素 %(tag)s 应在最前，且只有一个") % {"tag": summary})
        columns = layout.summary if is_first else layout.columns
        cells = {column.field: element.get(column.heading, "") for column in columns}
        headings = {column.field: column.heading for column in columns}
        yield ListRow(number, cells, headings, sheet=element.tag)
        is_first = False


def _parts(layout: Layout, batch: PaymentBatch) -> Iterator[str]:
    root, group = layout.words["root"], layout.words["group"]
    yield f'<?xml version="1.0" encoding="{layout.charset.upper()}"?>\n<{root}>\n'
    yield _element(layout.words["summary"], layout.summary, summary_of(layout, batch))
    yield f"<{group}>\n"
    for texts in lines_of(layout, batch):
        yield _element(layout.words["record"], layout.columns, texts)
    yield f"</{group}>\n</{root}>\n"


def _element(tag: str, columns: Sequence[ListColumn], texts: Sequence[str]) -> str:
    values = (
        f'{column.heading}="{escape(text, {chr(34): "&quot;"})}"'
        for column, text in zip(columns, texts, strict=True)
    )
    return f"<{tag} {' '.join(values)}/>\n"
