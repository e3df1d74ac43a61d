"""Takes payments and totals out of the elements of a pain.001 message."""

from dataclasses import dataclass

from lxml import etree

from banking.batch import PaymentLine
from banking.formats.layout import Layout
from language import _
from rules.errors import BadInput
from rules.money import Fen, fen, yuan

_NO_MONEY = Fen(0)
_FIELDS = {
    "reference": "PmtId/EndToEndId",
    "name": "Cdtr/Nm",
    "account": "CdtrAcct/Id/Othr/Id",
    "bank_name": "CdtrAgt/FinInstnId/Nm",
    "cnaps": "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId",
    "amount": "Amt/InstdAmt",
    "purpose": "RmtInf/Ustrd",
    "currency": "Amt/InstdAmt/@Ccy",
    "count": "NbOfTxs",
    "sum": "CtrlSum",
}


class MessageElements:
    """The elements of one edition of the message, by what they say."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._namespace = layout.words["namespace"]
        self._paths = {field: self._path(path) for field, path in _FIELDS.items()}

    def tag(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}"

    def payment(self, transfer: etree._Element) -> PaymentLine:
        reference = self._text(transfer, "reference")
        if self._text(transfer, "currency") != self._layout.words["currency"]:
            raise BadInput(_("业务 %(reference)s 的币种不是人民币") % {"reference": reference})
        return PaymentLine(
            reference=reference,
            name=self._text(transfer, "name"),
            account=self._text(transfer, "account"),
            bank_name=self._text(transfer, "bank_name"),
            cnaps=self._text(transfer, "cnaps") or None,
            amount=fen(self._text(transfer, "amount")),
            purpose=self._text(transfer, "purpose"),
        )

    def said(self, header: etree._Element) -> tuple[str, Fen]:
        """The count and the sum that stand there."""
        return self._text(header, "count"), fen(self._text(header, "sum"))

    def _path(self, path: str) -> etree.XPath:
        steps = "/".join(step if step[0] == "@" else f"p:{step}" for step in path.split("/"))
        return etree.XPath(f"string({steps})", namespaces={"p": self._namespace})

    def _text(self, element: etree._Element, field: str) -> str:
        return str(self._paths[field](element))


@dataclass
class Totals:
    """Count and sum of the payments read so far."""

    count: int = 0
    sum: Fen = _NO_MONEY

    def add(self, payment: PaymentLine) -> None:
        self.count, self.sum = self.count + 1, Fen(self.sum + payment.amount)

    def refuse_other(self, said: tuple[str, Fen]) -> None:
        if said != (str(self.count), self.sum):
            words = {"said": said[0], "sum": yuan(said[1])}
            words |= {"count": str(self.count), "total": yuan(self.sum)}
            raise BadInput(
                _("文件头写明 %(said)s 笔 %(sum)s 元，逐笔合计为 %(count)s 笔 %(total)s 元") % words
            )
