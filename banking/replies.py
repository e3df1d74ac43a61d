"""Compares a bank's reply with its batch: one outcome for each payment, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass

from banking.batch import PaymentBatch, PaymentLine
from banking.formats import layout
from banking.results import BankOutcome, understand
from banking.sheets import ListColumn, ListRow, read_table, shown
from documents.packets.file_limits import USUAL_LIMITS, Limits
from language import _
from rules.errors import BadInput
from rules.money import Fen, yuan

RESULT = ListColumn("处理结果", "result", width=20)
_ANSWERED = ("account", "name", "amount", "reference")
_FOOTER = ("合计", "总计")


@dataclass(frozen=True)
class ReplyLine:
    """What the bank reports about one payment."""

    row: int  # as the spreadsheet program numbers it
    reference: str
    outcome: BankOutcome
    code: str  # empty: the bank gave no code that we know
    reason_text: str  # plain Chinese
    advice: str  # what the office does next; empty: nothing
    amount: Fen


@dataclass(frozen=True)
class Reply:
    """A reply that fits its batch; `missing` are references without an answer, still unknown."""

    lines: tuple[ReplyLine, ...]
    missing: tuple[str, ...]

    def total(self, outcome: BankOutcome) -> Fen:
        return Fen(sum(line.amount for line in self.lines if line.outcome is outcome))


def read_reply(
    format_code: str, content: bytes, batch: PaymentBatch, limits: Limits = USUAL_LIMITS
) -> Reply:
    """Read the sent columns with 处理结果 in front; BadInput if anything does not fit the batch."""
    rows = _rows(read_table(content, _columns(format_code), limits))
    payments = {payment.reference: payment for payment in batch.payments}
    if not rows:
        raise BadInput(_("回盘文件中没有一笔结果"))
    if not any(row.text("reference") in payments for row in rows):
        raise BadInput(
            _("回盘文件不属于批次 %(number)s：没有一笔业务编号相符") % {"number": batch.number}
        )
    if faults := _total_faults(rows, batch) + _faults(rows, payments):
        raise BadInput("\n".join(faults))
    answered = {row.text("reference") for row in rows}
    return Reply(
        lines=tuple(map(_line, rows)),
        missing=tuple(reference for reference in payments if reference not in answered),
    )


def references(format_code: str, content: bytes, limits: Limits = USUAL_LIMITS) -> set[str]:
    """The references that a reply answers, whichever batch it belongs to."""
    rows = _rows(read_table(content, _columns(format_code), limits))
    return {row.text("reference") for row in rows}


def _columns(format_code: str) -> list[ListColumn]:
    sent = [column for column in layout(format_code).columns if column.field in _ANSWERED]
    if not sent:
        raise BadInput(_("%(format)s 没有表格式回盘") % {"format": format_code})
    return [RESULT, *sent]


def _rows(rows: Sequence[ListRow]) -> Sequence[ListRow]:
    """The rows without the bank's footer; the sum in the footer must be that of the rows."""
    if not rows or not any(
        str(cell).strip().startswith(_FOOTER) for cell in rows[-1].cells.values()
    ):
        return rows
    lines, footer = rows[:-1], rows[-1]
    total = _sum(lines)
    if str(footer.cells["amount"]).strip() and footer.amount("amount") != total:
        raise BadInput(
            footer.fault("amount", _("合计与逐笔相加的 %(total)s 元不符") % {"total": yuan(total)})
        )
    return lines


def _total_faults(rows: Sequence[ListRow], batch: PaymentBatch) -> list[str]:
    """Faults of count and sum: a reply for part of a batch may have less, never more."""
    count, total = len(rows), _sum(rows)
    if count == batch.count and total == batch.total:
        return []
    if count < batch.count and total < batch.total:
        return []
    return [
        _("回盘文件共 %(count)s 笔 %(total)s 元，批次 %(number)s 为 %(want)s 笔 %(sum)s 元，不符")
        % {
            "count": count,
            "total": yuan(total),
            "number": batch.number,
            "want": batch.count,
            "sum": yuan(batch.total),
        }
    ]


def _faults(rows: Sequence[ListRow], payments: dict[str, PaymentLine]) -> list[str]:
    faults = []
    seen: dict[str, int] = {}
    for row in rows:
        reference = row.text("reference")
        if first := seen.get(reference):
            faults.append(row.fault("reference", _("与第 %(first)s 行重复") % {"first": first}))
        seen.setdefault(reference, row.number)
        if payment := payments.get(reference):
            faults += _differences(row, payment)
        else:
            faults.append(
                row.fault("reference", _("“%(value)s”不在本批次中") % {"value": reference[:40]})
            )
    return faults


def _differences(row: ListRow, payment: PaymentLine) -> list[str]:
    pairs = {
        "account": (row.text("account"), payment.account),
        "name": (row.text("name"), payment.name),
        "amount": (yuan(row.amount("amount")), yuan(payment.amount)),
    }
    return [
        row.fault(
            field,
            _("“%(have)s”与批次中的“%(want)s”不符")
            % {"have": shown(field, have), "want": shown(field, want)},
        )
        for field, (have, want) in pairs.items()
        if have != want
    ]


def _line(row: ListRow) -> ReplyLine:
    result = understand(row.text("result"))
    return ReplyLine(
        row=row.number,
        reference=row.text("reference"),
        outcome=result.outcome,
        code=result.code,
        reason_text=result.words,
        advice=result.advice,
        amount=row.amount("amount"),
    )


def _sum(rows: Sequence[ListRow]) -> Fen:
    return Fen(sum(row.amount("amount") for row in rows))
