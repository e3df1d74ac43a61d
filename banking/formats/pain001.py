"""ISO 20022 pain.001.001.09: writer and reader side by side, both against the official schema."""

from datetime import UTC
from functools import cache
from pathlib import Path

from lxml import etree

from banking.batch import Payer, PaymentBatch, PaymentLine
from banking.formats.layout import load
from language import _
from rules.errors import BadInput
from rules.money import Fen, fen, yuan

LAYOUT = load("pain001")
_NS = LAYOUT.words["namespace"]
_IN = {"p": _NS}


def write(batch: PaymentBatch) -> bytes:
    document = etree.Element(f"{{{_NS}}}Document", nsmap={None: _NS})
    initiation = etree.SubElement(document, f"{{{_NS}}}CstmrCdtTrfInitn")
    _write_header(initiation, batch)
    _write_instruction(initiation, batch)
    content: bytes = etree.tostring(
        document, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    _validated(content)
    return content


def read(content: bytes) -> tuple[PaymentLine, ...]:
    """The payments of the message; its counts and sums are computed again and must agree."""
    initiation = _validated(content).find("p:CstmrCdtTrfInitn", _IN)
    payments = tuple(map(_payment, initiation.iterfind("p:PmtInf/p:CdtTrfTxInf", _IN)))
    _check_totals(initiation.find("p:GrpHdr", _IN), payments)
    for instruction in initiation.iterfind("p:PmtInf", _IN):
        own = tuple(map(_payment, instruction.iterfind("p:CdtTrfTxInf", _IN)))
        _check_totals(instruction, own)
    return payments


def _write_header(initiation: etree._Element, batch: PaymentBatch) -> None:
    _add(initiation, "GrpHdr/MsgId", batch.number)
    header = initiation[-1]
    created_at = batch.created_at.astimezone(UTC)
    _add(header, "CreDtTm", created_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _add(header, "NbOfTxs", str(batch.count))
    _add(header, "CtrlSum", yuan(batch.total))
    _add(header, "InitgPty/Nm", batch.payer.name)


def _write_instruction(initiation: etree._Element, batch: PaymentBatch) -> None:
    _add(initiation, "PmtInf/PmtInfId", batch.number)
    instruction = initiation[-1]
    _add(instruction, "PmtMtd", LAYOUT.words["method"])
    _add(instruction, "NbOfTxs", str(batch.count))
    _add(instruction, "CtrlSum", yuan(batch.total))
    _add(instruction, "ReqdExctnDt/Dt", batch.execute_on.isoformat())
    _add(instruction, "Dbtr/Nm", batch.payer.name)
    _add(instruction, "DbtrAcct/Id/Othr/Id", batch.payer.account)
    _add(instruction[-1], "Ccy", LAYOUT.words["currency"])
    _write_agent(instruction, "DbtrAgt", batch.payer)
    _add(instruction, "ChrgBr", LAYOUT.words["charges"])
    for payment in batch.payments:
        _write_transfer(instruction, payment)


def _write_transfer(instruction: etree._Element, payment: PaymentLine) -> None:
    _add(instruction, "CdtTrfTxInf/PmtId/EndToEndId", payment.reference)
    transfer = instruction[-1]
    _add(transfer, "Amt/InstdAmt", yuan(payment.amount)).set("Ccy", LAYOUT.words["currency"])
    if payment.cnaps or payment.bank_name:
        _write_agent(transfer, "CdtrAgt", payment)
    _add(transfer, "Cdtr/Nm", payment.name)
    _add(transfer, "CdtrAcct/Id/Othr/Id", payment.account)
    if payment.purpose:
        _add(transfer, "RmtInf/Ustrd", payment.purpose)


def _write_agent(parent: etree._Element, tag: str, party: Payer | PaymentLine) -> None:
    agent = etree.SubElement(parent, f"{{{_NS}}}{tag}")
    institution = etree.SubElement(agent, f"{{{_NS}}}FinInstnId")
    if party.cnaps:
        _add(institution, "ClrSysMmbId/ClrSysId/Cd", LAYOUT.words["clearing_system"])
        _add(institution[-1], "MmbId", party.cnaps)
    if party.bank_name:
        _add(institution, "Nm", party.bank_name)


def _add(parent: etree._Element, path: str, text: str) -> etree._Element:
    """Append new elements down this path and put the text into the last."""
    for tag in path.split("/"):
        parent = etree.SubElement(parent, f"{{{_NS}}}{tag}")
    parent.text = text
    return parent


def _payment(transfer: etree._Element) -> PaymentLine:
    reference = _text(transfer, "PmtId/EndToEndId")
    amount = transfer.find("p:Amt/p:InstdAmt", _IN)
    if amount is None or amount.get("Ccy") != LAYOUT.words["currency"]:
        raise BadInput(_("业务 %(reference)s 的币种不是人民币") % {"reference": reference})
    return PaymentLine(
        reference=reference,
        name=_text(transfer, "Cdtr/Nm"),
        account=_text(transfer, "CdtrAcct/Id/Othr/Id"),
        bank_name=_text(transfer, "CdtrAgt/FinInstnId/Nm"),
        cnaps=_text(transfer, "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId") or None,
        amount=fen(amount.text),
        purpose=_text(transfer, "RmtInf/Ustrd"),
    )


def _check_totals(header: etree._Element, payments: tuple[PaymentLine, ...]) -> None:
    count, total = len(payments), Fen(sum(payment.amount for payment in payments))
    said = _text(header, "NbOfTxs"), fen(_text(header, "CtrlSum"))
    if said != (str(count), total):
        raise BadInput(
            _("文件头写明 %(said)s 笔 %(sum)s 元，逐笔合计为 %(count)s 笔 %(total)s 元")
            % {"said": said[0], "sum": yuan(said[1]), "count": count, "total": yuan(total)}
        )


def _text(element: etree._Element, path: str) -> str:
    return str(element.findtext("/".join(f"p:{tag}" for tag in path.split("/")), "", _IN))


def _validated(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        document = etree.fromstring(content, parser)
        if document.getroottree().docinfo.internalDTD is not None:
            raise BadInput(_("%(format)s 文件不得带有 DOCTYPE") % {"format": LAYOUT.code})
        _schema().assertValid(document)
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as fault:
        raise BadInput(
            _("文件不符合 %(format)s：%(fault)s") % {"format": LAYOUT.code, "fault": fault}
        ) from fault
    return document


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name(LAYOUT.words["schema"])))
