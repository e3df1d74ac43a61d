"""Compares a bank's reply with its batch: one outcome for each payment, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass

from banking.batch import PaymentBatch, PaymentLine
from banking.formats import layout
from banking.reply_match import Matched, match, references
from banking.reply_table import reply_rows
from banking.results import BankOutcome, understand_line
from banking.sheets import ListColumn, ListRow, bounds
from documents.handed_in_sheets import sheets_of
from documents.packets.file_limits import USUAL_LIMITS, Limits
from language import _
from rules.errors import BadInput
from rules.money import Fen, yuan

RESULT = ListColumn("处理结果", "result", width=20)


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
    is_told_by_sum: bool
    """Whether the bank names no reference of ours: payee and sum fit this payment alone."""


@dataclass(frozen=True)
class Reply:
    """A reply that fits its batch; `missing` are references without an answer, still unknown."""

    lines: tuple[ReplyLine, ...]
    missing: tuple[str, ...]

    def total(self, outcome: BankOutcome) -> Fen:
        return Fen(sum(line.amount for line in self.lines if line.outcome is outcome))


def open_reply(
    format_code: str, content: bytes, limits: Limits = USUAL_LIMITS
) -> Sequence[ListRow]:
    """The lines of a reply to a file of this format; BadInput where none can be told."""
    rows = reply_rows(sheets_of(content, bounds(limits)), layout(format_code).columns)
    if not rows:
        raise BadInput(_("回盘文件中没有一笔结果"))
    return rows


def read_reply(rows: Sequence[ListRow], batch: PaymentBatch) -> Reply:
    """What the lines say of the batch; BadInput if anything in them does not fit it."""
    matched = match(rows, batch)
    if not matched.pairs and references(rows):
        raise BadInput(
            _("回盘文件不属于批次 %(number)s：没有一笔业务编号相符") % {"number": batch.number}
        )
    if faults := [*_total_faults(rows, batch), *matched.faults]:
        raise BadInput("\n".join(faults))
    answered = {payment.reference for _row, payment in matched.pairs}
    return Reply(
        lines=tuple(_line(row, each, matched) for row, each in matched.pairs),
        missing=tuple(p.reference for p in batch.payments if p.reference not in answered),
    )


def _total_faults(rows: Sequence[ListRow], batch: PaymentBatch) -> list[str]:
    """Faults of count and sum: a reply for part of a batch may have less, never more."""
    count, total = len(rows), Fen(sum(row.amount("amount") for row in rows))
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


def _line(row: ListRow, payment: PaymentLine, matched: Matched) -> ReplyLine:
    result = understand_line(row.text("result").split("\n"), row.text("reason"))
    return ReplyLine(
        row=row.number,
        reference=payment.reference,
        outcome=result.outcome,
        code=result.code,
        reason_text=result.words,
        advice=result.advice,
        amount=payment.amount,
        is_told_by_sum=payment.reference in matched.by_sum,
    )
