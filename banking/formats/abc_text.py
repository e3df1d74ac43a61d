"""The comma-separated 代发 text: writer and reader side by side."""

from banking.batch import PaymentBatch, PaymentLine
from banking.formats.layout import load
from banking.sheets import ListRow
from language import _
from rules.errors import BadInput
from rules.money import yuan

LAYOUT = load("abc_text")
_END = "\r\n"


def write(batch: PaymentBatch) -> bytes:
    lines = (
        f"{position},{p.account},{p.name},{yuan(p.amount)},{p.reference}{_END}"
        for position, p in enumerate(batch.payments, start=1)
    )
    return "".join(lines).encode(LAYOUT.charset)


def rows(content: bytes) -> tuple[ListRow, ...]:
    try:
        lines = content.decode(LAYOUT.charset).removesuffix(_END).split(_END)
    except UnicodeDecodeError as damage:
        charset = LAYOUT.charset.upper()
        raise BadInput(_("文件不是 %(charset)s 编码") % {"charset": charset}) from damage
    return tuple(_row(number, line) for number, line in enumerate(lines, start=1))


def read(content: bytes) -> tuple[PaymentLine, ...]:
    return tuple(map(_payment, rows(content)))


def _row(number: int, line: str) -> ListRow:
    values = line.split(",")
    if len(values) != len(LAYOUT.columns):
        raise BadInput(
            _("第 %(row)s 行应有 %(want)s 项，实有 %(have)s 项")
            % {"row": number, "want": len(LAYOUT.columns), "have": len(values)}
        )
    fields = [column.field for column in LAYOUT.columns]
    headings = {column.field: column.heading for column in LAYOUT.columns}
    row = ListRow(number, dict(zip(fields, values, strict=True)), headings)
    if row.text("position") != str(number):
        raise BadInput(row.fault("position", _("应为 %(want)s") % {"want": number}))
    return row


def _payment(row: ListRow) -> PaymentLine:
    return PaymentLine(
        reference=row.text("reference"),
        name=row.text("name"),
        account=row.text("account"),
        bank_name="",
        cnaps=None,
        amount=row.amount("amount"),
        purpose="",
    )
