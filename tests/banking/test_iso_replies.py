"""What a bank says in ISO 20022 messages: pain.002 of each payment, camt of what was booked."""

import pytest

from banking.batch import PaymentLine
from banking.replies import Reply, open_reply, read_reply
from rules.errors import BadInput
from rules.money import yuan
from tests.banking.test_reply_tables import BATCH

FIRST, SECOND, THIRD = BATCH.payments


def message(kind: str, body: str, declared: str = "UTF-8") -> bytes:
    text = f'<?xml version="1.0" encoding="{declared}"?>\n'
    text += f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}">{body}</Document>'
    return text.encode(declared)


def status(payment: PaymentLine, code: str, reason: str = "", shown: bool = True) -> str:
    """One payment of pain.002.001.10; where `shown`, with what was asked of the bank."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    asked = (
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">{yuan(payment.amount)}</InstdAmt></Amt>'
        f"<Cdtr><Pty><Nm>{payment.name}</Nm></Pty></Cdtr>"
        f"<CdtrAcct><Id><Othr><Id>{payment.account}</Id></Othr></Id></CdtrAcct></OrgnlTxRef>"
    )
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{payment.reference}</OrgnlEndToEndId>"
        f"<TxSts>{code}</TxSts>{why}{asked if shown else ''}</TxInfAndSts>"
    )


def report(*payments: str, group: str = "") -> bytes:
    told = f"<GrpSts>{group}</GrpSts>" if group else ""
    if group:
        told += "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>余额不足</AddtlInf></StsRsnInf>"
    body = "".join(payments)
    return message(
        "pain.002.001.10",
        "<CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>B20261123-01</OrgnlMsgId>"
        f"{told}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{body}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>",
    )


def entry(reference: str, amount: str, direction: str = "DBIT", **more: str) -> str:
    """One entry of camt.053.001.08 with one transaction."""
    told = {"status": "BOOK", "reversal": "", "returned": ""} | more
    reversal = f"<RvslInd>{told['reversal']}</RvslInd>" if told["reversal"] else ""
    back = told["returned"] and f"<RtrInf><Rsn><Cd>{told['returned']}</Cd></Rsn></RtrInf>"
    return (
        f'<Ntry><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{reversal}'
        f"<Sts><Cd>{told['status']}</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>{reference}"
        f"</EndToEndId></Refs>{back}</TxDtls></NtryDtls></Ntry>"
    )


def statement(*entries: str, kind: str = "camt.053.001.08") -> bytes:
    tags = {"052": "Rpt", "053": "Stmt", "054": "Ntfctn"}
    tag = tags[kind[5:8]]
    return message(kind, f"<Bk><{tag}>{''.join(entries)}</{tag}></Bk>")


def read(content: bytes) -> Reply:
    return read_reply(open_reply("pain.001.001.09", content), BATCH)


def told(reply: Reply) -> dict[str, tuple[str, str]]:
    return {line.reference: (line.outcome.value, line.code) for line in reply.lines}


def test_each_status_of_pain_002_is_told_in_our_codes() -> None:
    reply = read(
        report(status(FIRST, "ACCC"), status(SECOND, "RJCT", "AC04"), status(THIRD, "PDNG"))
    )
    assert told(reply) == {
        FIRST.reference: ("credited", "0000"),
        SECOND.reference: ("returned", "3018"),
        THIRD.reference: ("unknown", ""),
    }


def test_a_status_without_what_was_asked_is_told_by_our_reference_alone() -> None:
    reply = read(report(status(FIRST, "ACSC", shown=False), status(SECOND, "RJCT", "ZZ99", False)))
    # A rejection for a reason that nobody knows may hide a time-out.
    assert told(reply) == {
        FIRST.reference: ("credited", "0000"),
        SECOND.reference: ("unknown", ""),
    }


def test_a_status_with_another_sum_waits_for_a_person() -> None:
    other = status(FIRST, "ACCC").replace("600.00", "600.01")
    reply = read(report(other, status(SECOND, "ACCC")))
    assert told(reply) == {SECOND.reference: ("credited", "0000")}
    assert "金额" in reply.odd[0].why


def test_a_status_of_the_whole_message_is_no_result_of_its_payments() -> None:
    with pytest.raises(BadInput, match="银行只对整批答复 RJCT AM04 余额不足"):
        read(report(group="RJCT"))


@pytest.mark.parametrize("kind", ["camt.052.001.08", "camt.053.001.08", "camt.054.001.08"])
def test_what_is_booked_of_ours_arrived_and_other_entries_are_not_looked_at(kind: str) -> None:
    content = statement(
        entry(FIRST.reference, "600.00"),
        entry(SECOND.reference, "4500.50", status="PDNG"),
        entry("NOTPROVIDED", "35.00"),
        entry("CB2026000001", "8800.00", "CRDT"),
        kind=kind,
    )
    reply = read(content)
    assert told(reply) == {
        FIRST.reference: ("credited", "0000"),
        SECOND.reference: ("unknown", ""),
    }
    assert reply.odd == ()


def test_what_comes_in_under_our_reference_came_back_and_a_reversal_too() -> None:
    reply = read(
        statement(
            entry(FIRST.reference, "600.00", "CRDT", returned="AC01"),
            entry(SECOND.reference, "4500.50", "CRDT", reversal="true"),
        )
    )
    assert told(reply) == {
        FIRST.reference: ("returned", "3009"),
        SECOND.reference: ("returned", "3019"),
    }


def test_money_that_left_and_came_back_in_one_statement_is_told_by_neither_line() -> None:
    both = entry(FIRST.reference, "600.00"), entry(FIRST.reference, "600.00", "CRDT")
    reply = read(statement(*both))
    assert (reply.lines, len(reply.odd)) == ((), 2)


def test_an_entry_in_another_currency_counts_for_nothing() -> None:
    [odd] = read(statement(entry(FIRST.reference, "600.00").replace("CNY", "USD"))).odd
    assert odd.amount is None


def test_a_message_in_gb18030_is_read_and_one_with_a_doctype_is_not() -> None:
    named = status(SECOND, "ACCC")
    body = f"<CstmrPmtStsRpt><OrgnlPmtInfAndSts>{named}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>"
    assert told(read(message("pain.002.001.10", body, "gb18030"))) == {
        SECOND.reference: ("credited", "0000")
    }
    hostile = report(status(FIRST, "ACCC")).replace(b"?>", b"?><!DOCTYPE d [<!ENTITY a 'b'>]>", 1)
    with pytest.raises(BadInput):
        read(hostile)
