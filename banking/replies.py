"""Compares a bank's reply with its batch: an outcome for each payment whose line fits, and the
lines that do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from banking.batch import PaymentBatch, PaymentLine
from banking.formats import layout
from banking.iso_replies import is_iso, iso_rows
from banking.reply_match import Matched, Misfit, match, references
from banking.reply_table import reply_rows
from banking.results import BankOutcome, understand_line
from banking.sheets import ListColumn, ListRow, bounds
from documents.handed_in_sheets import sheets_of
from documents.masks import mask_card, mask_name, mask_numbers
from documents.packets.file_limits import USUAL_LIMITS, Limits
from language import _
from rules.errors import BadInput
from rules.money import Fen

RESULT = ListColumn("处理结果", "result", width=20)
MOST_ODD = 100


@dataclass(frozen=True)
class ReplyLine:
    """What the bank reports about one payment."""

    place: str  # as the spreadsheet program numbers it
    reference: str
    outcome: BankOutcome
    code: str  # empty: the bank gave no code that we know
    reason_text: str  # plain Chinese
    advice: str  # what the office does next; empty: nothing
    amount: Fen
    is_told_by_sum: bool
    """Whether the bank names no reference of ours: payee and sum fit this payment alone."""


@dataclass(frozen=True)
class OddLine:
    """A line that fits no payment, or several, or one that differs; a person looks at it.

    Names and numbers are masked. `reference` is that of the payment it names, empty where it names
    none; `amount` is None where it has no readable one.
    """

    place: str
    reference: str
    name: str
    account: str
    amount: Fen | None
    outcome: BankOutcome
    code: str
    reason_text: str
    why: str


@dataclass(frozen=True)
class Reply:
    """What a reply says of its batch; `missing` are references without an answer, still unknown."""

    lines: tuple[ReplyLine, ...]
    missing: tuple[str, ...]
    odd: tuple[OddLine, ...]

    def total(self, outcome: BankOutcome) -> Fen:
        return Fen(sum(line.amount for line in self.lines if line.outcome is outcome))


def open_reply(
    format_code: str, content: bytes, limits: Limits = USUAL_LIMITS
) -> Sequence[ListRow]:
    """The lines of a reply to a file of this format; BadInput where none can be told."""
    sheets = list(sheets_of(content, bounds(limits)))
    if sheets and is_iso(sheets[0]):
        rows = iso_rows(sheets[0])
    else:
        rows = reply_rows(sheets, layout(format_code).columns)
    if not rows:
        raise BadInput(_("回盘文件中没有一笔结果"))
    return rows


def read_reply(rows: Sequence[ListRow], batch: PaymentBatch) -> Reply:
    """What the lines say of the batch; BadInput if none is about it, or if so many do not fit that
    it is rather another bank's way of writing than another word of the bank."""
    matched = match(rows, batch)
    if not matched.pairs and not any(misfit.payment for misfit in matched.misfits):
        raise BadInput(_not_of(batch, rows, matched))
    if len(matched.misfits) > MOST_ODD:
        words = {"n": len(matched.misfits), "number": batch.number, "why": matched.misfits[0].why}
        sentence = _("回盘文件有 %(n)s 行与批次 %(number)s 不符，请先核对文件：%(why)s")
        raise BadInput(sentence % words)
    answered = {payment.reference for _row, payment in matched.pairs}
    return Reply(
        lines=tuple(_line(row, each, matched) for row, each in matched.pairs),
        missing=tuple(p.reference for p in batch.payments if p.reference not in answered),
        odd=tuple(map(_odd, matched.misfits)),
    )


def _not_of(batch: PaymentBatch, rows: Sequence[ListRow], matched: Matched) -> str:
    if references(rows):
        return _("回盘文件不属于批次 %(number)s：没有一笔业务编号相符") % {"number": batch.number}
    return "\n".join(misfit.why for misfit in matched.misfits[:MOST_ODD])


def _odd(misfit: Misfit) -> OddLine:
    row, payment = misfit.row, misfit.payment
    result = understand_line(row.text("result").split("\n"), row.text("reason"))
    return OddLine(
        place=row.place(),
        reference=payment.reference if payment else "",
        name=mask_name(str(row.cells.get("name", "")).strip()),
        account=mask_card(str(row.cells.get("account", "")).strip()),
        amount=_amount_or_none(row),
        outcome=result.outcome,
        code=result.code,
        reason_text=mask_numbers(result.words),
        why=mask_numbers(misfit.why),
    )


def _amount_or_none(row: ListRow) -> Fen | None:
    """None also where a message does not tell one."""
    try:
        return row.amount("amount")
    except BadInput:
        return None


def _line(row: ListRow, payment: PaymentLine, matched: Matched) -> ReplyLine:
    result = understand_line(row.text("result").split("\n"), row.text("reason"))
    return ReplyLine(
        place=row.place(),
        reference=payment.reference,
        outcome=result.outcome,
        code=result.code,
        reason_text=result.words,
        advice=result.advice,
        amount=payment.amount,
        is_told_by_sum=payment.reference in matched.by_sum,
    )
