"""What stands in each column of a bank's list, and the payments that its lines say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from banking.batch import PaymentBatch, PaymentLine
from banking.cards import is_own_bank
from banking.formats.layout import AmountUnit, Layout
from banking.sheets import ListColumn, ListRow
from language import _
from rules.errors import BadInput
from rules.money import Fen, yuan

_FEN = re.compile(r"[1-9][0-9]{0,14}")
_UNREAD = Fen(1)
"""Stands for an amount that cannot be read, so that the other faults of its line are told too."""


def summary_of(layout: Layout, batch: PaymentBatch) -> list[str]:
    """The texts of the line that stands over the payments."""
    return _texts(layout.summary, _of_batch(layout, batch))


def lines_of(layout: Layout, batch: PaymentBatch) -> Iterator[list[str]]:
    """The texts of each payment's line, one for each column."""
    values = _of_batch(layout, batch)
    marks_banks = any(column.field == "crosses" for column in layout.columns)
    for position, payment in enumerate(batch.payments, start=1):
        values.update(
            position=str(position),
            reference=payment.reference,
            name=payment.name,
            account=payment.account,
            bank_name=payment.bank_name,
            cnaps=payment.cnaps or "",
            amount=_spelled(layout, payment.amount),
            purpose=payment.purpose,
            crosses=_crosses(layout, batch, payment) if marks_banks else "",
        )
        yield _texts(layout.columns, values)


def _of_batch(layout: Layout, batch: PaymentBatch) -> dict[str, str]:
    return {
        "number": batch.number,
        "execute_on": f"{batch.execute_on:%Y%m%d}",
        "count": str(batch.count),
        "total": _spelled(layout, batch.total),
        "payer_name": batch.payer.name,
        "payer_account": batch.payer.account,
        "payer_bank": batch.payer.bank_name,
    }


def _texts(columns: Sequence[ListColumn], values: dict[str, str]) -> list[str]:
    return [column.text or values.get(column.field, "") for column in columns]


def _spelled(layout: Layout, amount: Fen) -> str:
    return str(amount) if layout.amounts is AmountUnit.FEN else yuan(amount)


def _crosses(layout: Layout, batch: PaymentBatch, payment: PaymentLine) -> str:
    """The mark for another bank; empty if unknown, and the bank then determines it."""
    own = is_own_bank(batch.payer.bank_name, payment.bank_name, payment.account)
    # The bank takes the mark of another bank only together with that bank's name or number.
    if own is None or not (own or payment.bank_name or payment.cnaps):
        return ""
    return layout.words["own_bank" if own else "other_bank"]


def in_yuan(layout: Layout, row: ListRow) -> ListRow:
    """The line with its amount in yuan; BadInput unless it is one."""
    if layout.amounts is AmountUnit.YUAN:
        return row
    return replace(row, cells={**row.cells, "amount": yuan(_amount(layout, row))})


class ListReading:
    """Reads a list line by line; `faults` has a sentence for each fault met so far."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.faults: list[str] = []

    def payments(self, rows: Iterable[ListRow | str]) -> Iterator[tuple[ListRow, PaymentLine]]:
        """Each line with the payment it says; a text among the rows says what is wrong with one."""
        lines = iter(rows)
        said = next(lines, None) if self.layout.summary else None
        count, total = 0, Fen(0)
        for position, row in enumerate(lines, start=1):
            if isinstance(row, str):
                self.faults.append(row)
                continue
            payment = self._payment(row, position)
            count, total = count + 1, Fen(total + payment.amount)
            yield row, payment
        if isinstance(said, str):
            self.faults.append(said)
        elif said is not None and not self.faults:
            self._compare(said, self.layout.summary)
            self._expect(said, "count", str(count))
            self._expect(said, "total", _spelled(self.layout, total))

    def _payment(self, row: ListRow, position: int) -> PaymentLine:
        self._compare(row, self.layout.columns)
        if "position" in row.headings:
            self._expect(row, "position", str(position))
        return PaymentLine(
            reference=self._text(row, "reference"),
            name=self._text(row, "name"),
            account=self._text(row, "account"),
            bank_name=self._text(row, "bank_name"),
            cnaps=self._text(row, "cnaps") or None,
            amount=self._amount(row),
            purpose=self._text(row, "purpose"),
        )

    def _compare(self, row: ListRow, columns: Sequence[ListColumn]) -> None:
        for column in columns:
            if column.text:
                self._expect(row, column.field, column.text)

    def _expect(self, row: ListRow, field: str, want: str) -> None:
        if self._text(row, field) != want:
            self.faults.append(row.fault(field, _("应为 %(want)s") % {"want": want}))

    def _text(self, row: ListRow, field: str) -> str:
        try:
            return row.text(field)
        except BadInput as fault:
            self.faults.append(str(fault))
            return ""

    def _amount(self, row: ListRow) -> Fen:
        try:
            return _amount(self.layout, row)
        except BadInput as fault:
            self.faults.append(str(fault))
            return _UNREAD


def _amount(layout: Layout, row: ListRow) -> Fen:
    if layout.amounts is AmountUnit.YUAN:
        return row.amount("amount")
    spelled = row.text("amount")
    if not _FEN.fullmatch(spelled):
        value = {"value": spelled[:30]}
        raise BadInput(row.fault("amount", _("不是有效金额：%(value)s") % value))
    return Fen(int(spelled))
