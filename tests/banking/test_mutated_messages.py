"""Messages of ISO 20022, changed at random, crash nothing and answer no other payment; `make fuzz`
tries 20,000."""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from io import BytesIO
from random import Random

from lxml import etree

from banking.batch import PaymentLine
from banking.iso_replies import is_iso, iso_rows, told_lines
from banking.replies import Reply, read_reply
from banking.reply_match import account_fits, name_fits
from banking.statements import statement_in
from documents.handed_in_sheets import SheetLine, TableSheet
from documents.packets.file_faults import Unusable
from documents.packets.text_tables import lines
from rules.errors import BadInput
from rules.money import yuan
from tests.banking.statements import closing, entry, statement_of
from tests.banking.test_iso_replies import report, status
from tests.banking.test_mutated_replies import BATCH, ODD, PAYMENTS, REPLIES, SEED

CODES = ("ACCC", "ACSC", "RJCT", "PDNG")
OWN = "6227000000000012347"


def messages() -> list[bytes]:
    """What a bank says of each payment, and statements in which they stand among others."""
    says = [(each, code) for code, each in zip(CODES * 2, PAYMENTS, strict=False)]
    entries = [
        entry(yuan(each.amount), each.reference, each.name, way, number=f"A{at}")
        for at, (each, way) in enumerate(zip(PAYMENTS, ("DBIT", "DBIT", "CRDT") * 2, strict=True))
    ]
    others = entry("240.00", "CB2026000001 会费", "某厅工会"), entry("3.21", "结息")
    return [
        report(*(status(each, code, "AC04" if code == "RJCT" else "") for each, code in says)),
        report(*(status(each, code, shown=False) for each, code in says)),
        statement_of(OWN, *entries, *others, closing("12.50", "2026-06-30")),
        statement_of(OWN, *entries, kind="054", tag="Ntfctn"),
    ]


def changed(message: bytes, dice: Random) -> str:
    """The message after some accidents in its elements and its text."""
    document = etree.fromstring(message)
    for _accident in range(dice.randint(0, 4)):
        one, other = (dice.choice(list(document.iter())) for _which in range(2))
        parent = one.getparent()
        match dice.randrange(6):
            case 0 if one.text:
                one.text = as_xml(str(dice.choice(ODD)))
            case 1 if parent is not None:
                parent.remove(one)
            case 2 if parent is not None:
                parent.append(deepcopy(one))
            case 3 if one.text and other.text:
                one.text, other.text = other.text, one.text
            case 4 if one.text:
                place = dice.randrange(len(one.text))
                one.text = one.text[:place] + dice.choice("0123456789*X 张·-") + one.text[place:]
            case 5:
                one.append(deepcopy(other))
    text = str(etree.tostring(document, encoding="unicode"))
    if dice.random() < 0.2:
        place = dice.randrange(len(text))
        text = text[:place] + dice.choice("<>&\"'/ 张0") + text[place + dice.randrange(3) :]
    return text


def as_xml(text: str) -> str:
    """The text without what stands in no document."""
    return text.replace("\x00", "")


def opened(text: str) -> list[TableSheet]:
    """The tables of the message, as the confined process hands them over."""
    sheets: list[TableSheet] = []
    for told in lines(BytesIO(text.encode())):
        if "sheet" in told:
            sheets.append(TableSheet(told["sheet"]))
        else:
            sheets[-1].lines.append(SheetLine(told["at"], told["cells"]))
    return sheets


def assert_true(reply: Reply, sheet: TableSheet) -> None:
    by_reference = {each.reference: each for each in PAYMENTS}
    told = dict(told_lines(sheet))
    answered = [line.reference for line in reply.lines]
    assert len(set(answered)) == len(answered)
    assert {*reply.missing} == by_reference.keys() - {*answered}
    for answer in reply.lines:
        one = told[int(answer.place)]
        assert says_of(one, by_reference[answer.reference], answer.is_told_by_sum)


def says_of(one: Mapping[str, str], payment: PaymentLine, is_by_sum: bool) -> bool:
    """Whether a line names the payment, or shows payee and sum, and whether all that it shows is
    the payment's."""
    is_back = one["direction"] == "CRDT"
    is_told = one["name"] and one["account"] and one["amount"] if is_by_sum else True
    return (
        bool(is_told)
        and (is_by_sum or payment.reference in f"{one['reference']} {one['words']}")
        and (not one["amount"] or Decimal(one["amount"]).scaleb(2) == payment.amount)
        and (is_back or not one["name"] or name_fits(one["name"], payment.name))
        and (is_back or not one["account"] or account_fits(one["account"], payment.account))
    )


def test_no_changed_message_crashes_or_answers_another_payment() -> None:
    dice, read = Random(SEED), 0
    kinds = messages()
    for _message in range(REPLIES):
        try:
            sheets = opened(changed(dice.choice(kinds), dice))
        except Unusable:
            continue
        if not sheets or not is_iso(sheets[0]):
            continue
        try:
            reply = read_reply(iso_rows(sheets[0]), BATCH)
        except BadInput:
            pass
        else:
            assert_true(reply, sheets[0])
            read += 1
        try:
            stated = statement_in(sheets).lines
        except BadInput:
            continue
        for line in stated:
            named = {each.reference for each in PAYMENTS if each.reference in line.words.split()}
            assert named <= line.payments, "a line about a payment of ours says so"
    assert read > REPLIES / 4, "many of them are read in spite of it"
