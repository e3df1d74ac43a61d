"""ISO 20022 pain.001: writer and reader side by side, both against the official schema."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import cache
from xml.sax.saxutils import escape

from lxml import etree

from banking.batch import Payer, PaymentBatch, PaymentLine
from banking.formats.encoded import encoded
from banking.formats.layout import FOLDER, Layout
from banking.formats.pain001_elements import MessageElements, Totals
from banking.formats.schema_faults import schema_faults
from banking.formats.xml_parts import parts_of
from language import _
from rules.errors import BadInput
from rules.money import Fen, yuan

_Node = tuple[str, "str | Sequence[_Node]"]
"""An element: its tag, and its text or what stands in it."""


def write(layout: Layout, batch: PaymentBatch) -> bytes:
    return encoded(_document(layout, batch), layout.charset)


def read(layout: Layout, content: bytes) -> Iterator[PaymentLine]:
    """The payments one after the other; counts and sums are computed again and must agree."""
    elements = MessageElements(layout)
    header, transfer, instruction = map(elements.tag, ("GrpHdr", "CdtTrfTxInf", "PmtInf"))
    said, whole, part = ("", Fen(0)), Totals(), Totals()
    tags = [header, transfer, instruction]
    for element in parts_of(layout, content, tags, _schema(layout.words["schema"])):
        if element.tag == transfer:
            payment = elements.payment(element)
            whole.add(payment)
            part.add(payment)
            yield payment
        elif element.tag == header:
            said = elements.said(element)
        else:
            part.refuse_other(elements.said(element))
            part = Totals()
    whole.refuse_other(said)


def faults(layout: Layout, content: bytes) -> list[str]:
    """Everything in the message that is not as the schema or its own totals say."""
    try:
        payments = tuple(read(layout, content))
    except BadInput as fault:
        return schema_faults(_schema(layout.words["schema"]), content) or [str(fault)]
    sentence = _("第 %(row)s 笔 %(field)s：%(why)s")
    found = layout.faults(payments)
    return [sentence % {**vars(fault), "field": _(fault.field)} for fault in found]


def _document(layout: Layout, batch: PaymentBatch) -> Iterator[str]:
    yield "<?xml version='1.0' encoding='UTF-8'?>\n"
    yield f'<Document xmlns="{layout.words["namespace"]}">\n  <CstmrCdtTrfInitn>\n'
    yield _written(_header(batch), 2)
    yield "    <PmtInf>\n"
    for node in _instruction(layout, batch):
        yield _written(node, 3)
    for payment in batch.payments:
        yield _written(_transfer(layout, batch, payment), 3)
    yield "    </PmtInf>\n  </CstmrCdtTrfInitn>\n</Document>\n"


def _header(batch: PaymentBatch) -> _Node:
    created_at = batch.created_at.astimezone(UTC)
    return (
        "GrpHdr",
        [
            ("MsgId", batch.number),
            ("CreDtTm", created_at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            *_count_and_sum(batch),
            ("InitgPty", [("Nm", batch.payer.name)]),
        ],
    )


def _instruction(layout: Layout, batch: PaymentBatch) -> Iterator[_Node]:
    day = batch.execute_on.isoformat()
    yield "PmtInfId", batch.number
    yield "PmtMtd", layout.words["method"]
    yield from _count_and_sum(batch)
    yield "ReqdExctnDt", [("Dt", day)] if layout.words["execute_on"] == "Dt" else day
    yield "Dbtr", _party(layout, batch, batch.payer)
    yield "DbtrAcct", [*_account(batch.payer), ("Ccy", layout.words["currency"])]
    yield "DbtrAgt", _agent(layout, batch, batch.payer)
    yield "ChrgBr", layout.words["charges"]


def _transfer(layout: Layout, batch: PaymentBatch, payment: PaymentLine) -> _Node:
    nodes: list[_Node] = [
        ("PmtId", [("EndToEndId", payment.reference)]),
        ("Amt", [(f'InstdAmt Ccy="{layout.words["currency"]}"', yuan(payment.amount))]),
    ]
    if _is_guided(layout, batch) or payment.cnaps or payment.bank_name:
        nodes.append(("CdtrAgt", _agent(layout, batch, payment)))
    nodes.append(("Cdtr", _party(layout, batch, payment)))
    nodes.append(("CdtrAcct", _account(payment)))
    if _is_guided(layout, batch):
        nodes.append(("Purp", [("Cd", layout.words["purpose"])]))
    if payment.purpose:
        nodes.append(("RmtInf", [("Ustrd", payment.purpose)]))
    return "CdtTrfTxInf", nodes


def _count_and_sum(batch: PaymentBatch) -> Sequence[_Node]:
    return [("NbOfTxs", str(batch.count)), ("CtrlSum", yuan(batch.total))]


def _party(layout: Layout, batch: PaymentBatch, party: Payer | PaymentLine) -> Sequence[_Node]:
    return [("Nm", party.name), *_address(layout, batch)]


def _account(party: Payer | PaymentLine) -> Sequence[_Node]:
    return [("Id", [("Othr", [("Id", party.account)])])]


def _agent(layout: Layout, batch: PaymentBatch, party: Payer | PaymentLine) -> Sequence[_Node]:
    nodes: list[_Node] = []
    if party.cnaps:
        system: Sequence[_Node] = [
            ("ClrSysId", [("Cd", layout.words["clearing_system"])]),
            ("MmbId", party.cnaps),
        ]
        nodes.append(("ClrSysMmbId", system))
    if party.bank_name:
        nodes.append(("Nm", party.bank_name))
    return [("FinInstnId", [*nodes, *_address(layout, batch)])]


def _address(layout: Layout, batch: PaymentBatch) -> Sequence[_Node]:
    """The country: all that is known of where payees and branches are, and all that banks need."""
    country = [("Ctry", layout.words["country"])]
    return [("PstlAdr", country)] if _is_guided(layout, batch) else []


def _is_guided(layout: Layout, batch: PaymentBatch) -> bool:
    """Whether the message has what banks ask for beyond the schema."""
    first_on = layout.guided_from
    return first_on is None or batch.created_at.astimezone(UTC).date() >= first_on


def _written(node: _Node, depth: int) -> str:
    tag, inside = node
    indent, end = "  " * depth, tag.partition(" ")[0]
    if isinstance(inside, str):
        return f"{indent}<{tag}>{escape(inside)}</{end}>\n"
    parts = "".join(_written(part, depth + 1) for part in inside)
    return f"{indent}<{tag}>\n{parts}{indent}</{end}>\n"


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FOLDER / name))
