"""Lists as texts, their columns parted by a character or as wide as the format says."""

from collections.abc import Iterator, Sequence

from banking.batch import PaymentBatch
from banking.formats.encoded import encoded
from banking.formats.layout import FileKind, Layout
from banking.formats.list_lines import lines_of, summary_of
from banking.sheets import ListColumn, ListRow
from language import _


def write(layout: Layout, batch: PaymentBatch) -> bytes:
    return encoded(_lines(layout, batch), layout.charset)


def rows(layout: Layout, content: bytes) -> Iterator[ListRow | str]:
    # No byte of a longer character in GBK or GB18030 is a line end.
    end = layout.words["line_end"].encode()
    for number, line in enumerate(content.removesuffix(end).split(end), start=1):
        columns = layout.summary if layout.summary and number == 1 else layout.columns
        yield _row(layout, columns, number, line)


def _lines(layout: Layout, batch: PaymentBatch) -> Iterator[str]:
    if layout.summary:
        yield _joined(layout, layout.summary, summary_of(layout, batch))
    for texts in lines_of(layout, batch):
        yield _joined(layout, layout.columns, texts)


def _row(layout: Layout, columns: Sequence[ListColumn], number: int, line: bytes) -> ListRow | str:
    try:
        texts = _parted(layout, columns, line)
    except UnicodeDecodeError:
        words = {"row": number, "charset": layout.charset.upper()}
        return _("第 %(row)s 行不是 %(charset)s 编码") % words
    if len(texts) != len(columns):
        words = {"row": number, "want": len(columns), "have": len(texts)}
        return _("第 %(row)s 行应有 %(want)s 项，实有 %(have)s 项") % words
    headings = {column.field: column.heading for column in columns}
    return ListRow(number, dict(zip(headings, texts, strict=True)), headings)


def _joined(layout: Layout, columns: Sequence[ListColumn], texts: Sequence[str]) -> str:
    if layout.kind is FileKind.SEPARATED:
        line = layout.words["separator"].join(texts)
        return line + layout.words["closing"] + layout.words["line_end"]
    # A Chinese character has two bytes or four.
    return (
        "".join(
            text + " " * (column.width - len(text.encode(layout.charset)))
            for column, text in zip(columns, texts, strict=True)
        )
        + layout.words["line_end"]
    )


def _parted(layout: Layout, columns: Sequence[ListColumn], line: bytes) -> list[str]:
    """The texts of a line; too few where it is shorter than its columns, too many where longer."""
    if layout.kind is FileKind.SEPARATED:
        text = line.decode(layout.charset)
        return text.removesuffix(layout.words["closing"]).split(layout.words["separator"])
    texts = []
    for column in columns:
        if not line:
            break
        texts.append(line[: column.width].decode(layout.charset).rstrip(" "))
        line = line[column.width :]
    return [*texts, line.decode(layout.charset)] if line else texts
