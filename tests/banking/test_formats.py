"""Every payment file reads back as it was written, and is the same file wherever it is made."""

import io
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from banking import formats
from banking.batch import Payer, PaymentBatch, PaymentLine
from banking.formats.layout import Layout
from documents.outgoing_text import is_plain
from rules.errors import BadInput
from rules.money import Fen, yuan

Batch = Callable[..., PaymentBatch]
APayment = Callable[..., PaymentLine]
CODES = list(formats.available())
MESSAGES = ["pain.001.001.03", "pain.001.001.09"]
ROOT = Path(__file__).parents[2]

# Rare ideographs of the extensions, minority names, and what a spreadsheet or XML could take amiss.
_ODD = "䶮㛃𫖮𠮷𬎆\U00031350·.'&<>\"=+-@|!_x0041;\\/%()ñ\ue000é０Ａ王李阿"


def _texts(layout: Layout) -> st.SearchStrategy[str]:
    """Texts that the format can carry, as far as it carries any."""
    # Without hidden characters already: a filter over whole texts would drop most of them.
    visible = st.characters(
        codec=layout.charset, exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp"]
    )

    def fits(text: str) -> bool:
        line = PaymentLine("R1", text, "62170001", text, None, Fen(1), text)
        return is_plain(text) and not layout.faults([line])

    return st.text(st.one_of(st.sampled_from(_ODD), visible), max_size=15).filter(fits)


@st.composite
def _batches(draw: st.DrawFn, layout: Layout) -> PaymentBatch:
    texts = _texts(layout)
    size = draw(st.one_of(st.integers(1, 5), st.just(200)))
    people = draw(st.lists(st.tuples(texts.filter(bool), texts, texts), min_size=3, max_size=3))
    amount = draw(st.integers(1, 10**14))
    payments = tuple(
        PaymentLine(
            reference=f"R{place}",
            name=people[place % 3][0],
            account=f"6217{place:015d}",
            bank_name=people[place % 3][1],
            cnaps=f"{place:012d}" if place % 2 or not people[place % 3][1] else None,
            amount=Fen(amount + place),
            purpose=people[place % 3][2],
        )
        for place in range(size)
    )
    created_at = draw(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone is drawn
    payer = Payer("某某工会", "6227000000000012347", "中国建设银行某支行", None)
    return PaymentBatch("PC-1", created_at, created_at.date(), payer, payments)


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_a_file_reads_back_as_the_payments_it_was_made_from(code: str, data: st.DataObject) -> None:
    layout = formats.layout(code)
    batch = data.draw(_batches(layout))
    content = formats.write(code, batch).content
    assert formats.read(code, content) == tuple(map(layout.carried, batch.payments))
    assert formats.faults(code, content) == []


@pytest.mark.slow
@pytest.mark.parametrize("code", ["ccb-list", "bocom-xml", "pain.001.001.03"])
def test_another_process_in_another_place_makes_the_same_bytes(
    code: str, a_batch: Batch, a_payment: APayment
) -> None:
    batch = a_batch(a_payment(1), a_payment(2, name="阿依古丽·买买提", bank_name="吉林银行"))
    script = (
        "import pickle, sys\n"
        "from banking import formats\n"
        "batch = pickle.load(sys.stdin.buffer)\n"
        f"sys.stdout.buffer.write(formats.write({code!r}, batch).content)\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"TZ": "America/New_York", "PYTHONHASHSEED": "7", "LC_ALL": "C"},
        input=pickle.dumps(batch),
        capture_output=True,
        check=True,
    )
    assert made.stdout == formats.write(code, batch).content


@pytest.mark.parametrize("code", CODES)
def test_the_name_of_the_file_states_batch_count_and_sum(
    code: str, a_batch: Batch, a_payment: APayment
) -> None:
    file = formats.write(code, a_batch(a_payment(1), a_payment(2, amount=450050)))
    stem, suffix = file.name.rsplit(".", 1)
    assert stem == "代发_PC20261123-01_2笔_5100.50元"
    assert f".{suffix}" == formats.available()[code].suffix


def test_an_unknown_format_is_refused(a_batch: Batch) -> None:
    with pytest.raises(BadInput, match="没有这种文件格式：mt101"):
        formats.write("mt101", a_batch())


@pytest.mark.parametrize(
    ("code", "field", "heading", "most"),
    [
        ("ccb-list", "name", "户名", 60),
        ("ccb-list", "bank_name", "行名", 60),
        ("ccb-list", "purpose", "摘要", 60),
        ("abc-text", "name", "户名", 60),
        ("pain.001.001.09", "name", "户名", 140),
        ("pain.001.001.09", "bank_name", "行名", 140),
        ("pain.001.001.09", "purpose", "摘要", 140),
    ],
)
def test_a_text_may_fill_its_field_and_not_one_character_more(
    a_batch: Batch, a_payment: APayment, code: str, field: str, heading: str, most: int
) -> None:
    layout = formats.layout(code)
    layout.check(a_batch(replace(a_payment(1), **{field: "张" * most})))  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=f"第 1 笔 {heading}：超过 {most} 个字符"):
        layout.check(a_batch(replace(a_payment(1), **{field: "张" * (most + 1)})))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_the_longest_reference_and_account_go_into_every_format(
    a_batch: Batch, a_payment: APayment, code: str
) -> None:
    limits = formats.layout(code).limits
    account, reference = "6" * min(limits["account"], 32), "R" * limits["reference"]
    formats.layout(code).check(a_batch(replace(a_payment(1, account=account), reference=reference)))


# --- the nine-column list


def _cells(content: bytes) -> list[list[object]]:
    with load_workbook(io.BytesIO(content)) as workbook:
        return [list(row) for row in workbook.get_sheet_by_index(0).to_python()]


def test_the_list_has_the_nine_columns_in_order(
    a_batch: Batch, a_payment: APayment, a_card: Callable[..., str]
) -> None:
    other_bank = a_card("622848")
    batch = a_batch(
        a_payment(1, amount=450050),
        a_payment(2, account=other_bank, bank_name="中国农业银行某支行", cnaps="103241000018"),
        a_payment(3, account=a_card("999999"), purpose=""),
    )
    head, *lines = _cells(formats.write("ccb-list", batch).content)
    assert "·".join(map(str, head)) == "序号·账号·户名·金额·跨行标识·行名·联行行号·摘要·备注"
    assert lines[0] == [
        1,
        batch.payments[0].account,
        "张建国",
        4500.5,
        "0",
        "",
        "",
        "职工互助金",
        "HZ2026-000001",
    ]
    assert lines[1][4:7] == ["1", "中国农业银行某支行", "103241000018"]
    assert lines[2][4:8] == ["", "", "", ""]


def _sheet_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def test_empty_cells_are_absent_and_accounts_are_text(a_batch: Batch, a_payment: APayment) -> None:
    xml = _sheet_xml(formats.write("ccb-list", a_batch(a_payment(1, purpose=""))).content)
    assert re.findall(r'<c r="([A-I])2"', xml) == ["A", "B", "C", "D", "E", "I"]
    assert re.search(r'<c r="B2"[^>]* t="s"', xml)
    assert re.search(r'<c r="D2"[^>]*><v>600', xml)


@pytest.mark.parametrize(
    "name", ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "{=1+1}", "http://x.cn"]
)
def test_a_name_never_becomes_a_formula_or_a_link(
    a_batch: Batch, a_payment: APayment, name: str
) -> None:
    content = formats.write("ccb-list", a_batch(a_payment(1, name=name))).content
    xml = _sheet_xml(content)
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert _cells(content)[1][2] == name


def test_another_bank_is_marked_only_together_with_its_name_or_number(
    a_batch: Batch, a_payment: APayment, a_card: Callable[..., str]
) -> None:
    cards = [a_card("622848", serial=serial) for serial in range(3)]
    batch = a_batch(
        a_payment(1, account=cards[0]),
        a_payment(2, account=cards[1], bank_name="中国农业银行"),
        a_payment(3, account=cards[2], cnaps="103241000018"),
    )
    _head, *lines = _cells(formats.write("ccb-list", batch).content)
    assert [line[4] for line in lines] == ["", "1", "1"]


def test_nothing_of_the_compressor_or_the_system_shows_in_the_package(a_batch: Batch) -> None:
    content = formats.write("ccb-list", a_batch()).content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        created = package.read("docProps/core.xml").decode()
    assert {m.compress_type for m in members} == {zipfile.ZIP_STORED}
    assert {m.date_time for m in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {m.create_system for m in members} == {0}
    assert "2026-11-23T02:03:04Z</dcterms:created>" in created


# --- the comma-separated text


def test_the_text_list_is_what_the_bank_takes(a_batch: Batch, a_payment: APayment) -> None:
    batch = a_batch(a_payment(1), a_payment(2, name="欧阳娜", amount=1))
    first, second = (payment.account for payment in batch.payments)
    assert formats.write("abc-text", batch).content.decode("gbk") == (
        f"1,{first},张建国,600.00,HZ2026-000001\r\n2,{second},欧阳娜,0.01,HZ2026-000002\r\n"
    )


def test_a_name_outside_the_banks_characters_names_row_field_and_character(
    a_batch: Batch, a_payment: APayment
) -> None:
    batch = a_batch(a_payment(1), a_payment(2, name="王䶮"))
    with pytest.raises(BadInput, match="第 2 笔 户名：银行字符集 gbk 中没有“䶮”"):
        formats.write("abc-text", batch)


@pytest.mark.parametrize("name", ["张,1000000", ",张", "张,", '"张'])
def test_a_separator_in_a_name_cannot_shift_the_line(
    a_batch: Batch, a_payment: APayment, name: str
) -> None:
    with pytest.raises(BadInput, match=r'第 1 笔 户名：不能含有“[,"]”'):
        formats.write("abc-text", a_batch(a_payment(1, name=name)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,6217,张三,600.00", "第 1 行应有 5 项，实有 4 项"),
        ("2,6217,张三,600.00,R1", "第 1 行 序号：应为 1"),
        ("1,6217,张三,600.001,R1", "第 1 行 金额：不是有效金额：600.001"),
        ("1,6217,张三,-1.00,R1", "第 1 行 金额：不是有效金额"),
        ("1,6217,张三,NaN,R1", "第 1 行 金额：不是有效金额"),
        ("", "第 1 行应有 5 项"),
    ],
)
def test_a_damaged_text_list_names_row_and_field(line: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        formats.read("abc-text", f"{line}\r\n".encode("gbk"))


def test_a_text_list_in_another_encoding_is_refused() -> None:
    with pytest.raises(BadInput, match="不是 GBK 编码"):
        formats.read("abc-text", b"1,6217,\xff\xff,600.00,R1\r\n")


# --- ISO 20022

_PAIN = "pain.001.001.09"
_NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    """The official schema in a second engine, independent of the one that the writer uses."""
    return xmlschema.XMLSchema(Path(formats.__file__).with_name(f"{_PAIN}.xsd"))


def test_the_message_is_valid_and_says_what_the_batch_says(
    schema: xmlschema.XMLSchema, a_batch: Batch, a_payment: APayment
) -> None:
    batch = a_batch(
        a_payment(1, amount=1), a_payment(2, bank_name="吉林银行某支行", cnaps="313241066661")
    )
    message = formats.write(_PAIN, batch).content.decode()
    assert list(schema.iter_errors(message)) == []
    body = cast("dict[str, Any]", schema.to_dict(message))["CstmrCdtTrfInitn"]
    header, (instruction,) = body["GrpHdr"], body["PmtInf"]
    assert (header["MsgId"], header["NbOfTxs"], str(header["CtrlSum"])) == (
        batch.number,
        "2",
        "600.01",
    )
    assert header["CreDtTm"] == "2026-11-23T02:03:04Z"
    assert instruction["ReqdExctnDt"] == {"Dt": "2026-11-24"}
    first, second = instruction["CdtTrfTxInf"]
    assert first["PmtId"] == {"EndToEndId": "HZ2026-000001"}
    assert first["CdtrAcct"]["Id"] == {"Othr": {"Id": batch.payments[0].account}}
    assert second["CdtrAgt"]["FinInstnId"]["ClrSysMmbId"] == {
        "ClrSysId": {"Cd": "CNAPS"},
        "MmbId": "313241066661",
    }
    assert '<InstdAmt Ccy="CNY">0.01</InstdAmt>' in message
    assert '<InstdAmt Ccy="CNY">600.00</InstdAmt>' in message


def test_the_message_takes_the_money_from_the_payer_who_bears_the_charges(
    schema: xmlschema.XMLSchema, a_batch: Batch, a_payment: APayment
) -> None:
    batch = a_batch(a_payment(1, bank_name="吉林银行某支行", cnaps="313241066661"))
    message = formats.write(_PAIN, batch).content.decode()
    body = cast("dict[str, Any]", schema.to_dict(message))["CstmrCdtTrfInitn"]
    (instruction,) = body["PmtInf"]
    assert (instruction["PmtMtd"], instruction["ChrgBr"]) == ("TRF", "DEBT")
    assert body["GrpHdr"]["InitgPty"] == instruction["Dbtr"] == {"Nm": "某某工会委员会"}
    assert instruction["DbtrAcct"] == {"Id": {"Othr": {"Id": batch.payer.account}}, "Ccy": "CNY"}
    assert instruction["DbtrAgt"]["FinInstnId"] == {
        "ClrSysMmbId": {"ClrSysId": {"Cd": "CNAPS"}, "MmbId": "105241000012"},
        "Nm": "中国建设银行长春某支行",
    }


@pytest.mark.parametrize("code", MESSAGES)
def test_a_message_has_purpose_agent_and_country_as_banks_ask(
    a_batch: Batch, a_payment: APayment, code: str
) -> None:
    batch = replace(
        a_batch(a_payment(1, bank_name="吉林银行某支行", cnaps="313241066661"), a_payment(2)),
        created_at=datetime(2026, 12, 1, tzinfo=UTC),
    )
    message = formats.write(code, batch).content.decode()
    official = xmlschema.XMLSchema(Path(formats.__file__).with_name(f"{code}.xsd"))
    assert list(official.iter_errors(message)) == []
    body = cast("dict[str, Any]", official.to_dict(message))["CstmrCdtTrfInitn"]
    (instruction,) = body["PmtInf"]
    day = "2026-11-24"
    assert instruction["ReqdExctnDt"] == (day if code == "pain.001.001.03" else {"Dt": day})
    assert instruction["Dbtr"]["PstlAdr"] == {"Ctry": "CN"}
    first, second = instruction["CdtTrfTxInf"]
    assert first["Purp"] == second["Purp"] == {"Cd": "BENE"}
    assert first["Cdtr"] == {"Nm": "张建国", "PstlAdr": {"Ctry": "CN"}}
    assert first["CdtrAgt"]["FinInstnId"] == {
        "ClrSysMmbId": {"ClrSysId": {"Cd": "CNAPS"}, "MmbId": "313241066661"},
        "Nm": "吉林银行某支行",
        "PstlAdr": {"Ctry": "CN"},
    }
    assert second["CdtrAgt"]["FinInstnId"] == {"PstlAdr": {"Ctry": "CN"}}


def test_a_message_of_an_older_batch_stays_as_it_was(a_batch: Batch) -> None:
    batch = replace(a_batch(), created_at=datetime(2026, 11, 28, tzinfo=UTC))
    message = formats.write(_PAIN, batch).content.decode()
    assert not re.search("Purp|PstlAdr|CdtrAgt", message)


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("<CtrlSum>601.00</CtrlSum>", "<CtrlSum>601.01</CtrlSum>"),
        ("<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>3</NbOfTxs>"),
        ('"CNY">600.00<', '"CNY">599.99<'),
    ],
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_message_whose_totals_do_not_add_up_is_refused(
    a_batch: Batch, a_payment: APayment, said: str, changed: str, times: int
) -> None:
    message = formats.write(_PAIN, a_batch(a_payment(1), a_payment(2, amount=100))).content.decode()
    assert said in message
    with pytest.raises(BadInput, match="逐笔合计为 2 笔"):
        formats.read(_PAIN, message.replace(said, changed, times).encode())


def test_the_second_total_alone_is_checked_too(a_batch: Batch) -> None:
    message = formats.write(_PAIN, a_batch()).content.decode()
    at = message.rindex("<CtrlSum>600.00")
    with pytest.raises(BadInput, match=r"文件头写明 1 笔 600\.10 元"):
        formats.read(_PAIN, (message[:at] + message[at:].replace("600.00", "600.10", 1)).encode())


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>CASH</PmtMtd>"),
        ("张建国</Nm>", "&e;</Nm>"),
        ("</Document>", ""),
    ],
)
def test_a_message_that_breaks_the_schema_or_xml_is_refused(
    a_batch: Batch, said: str, changed: str
) -> None:
    message = formats.write(_PAIN, a_batch()).content.decode().replace("'", '"')
    assert said in message
    with pytest.raises(BadInput, match=r"文件不符合 pain\.001\.001\.09"):
        formats.read(_PAIN, message.replace(said, changed).encode())


def test_an_outside_entity_is_not_fetched(a_batch: Batch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("保密", "utf-8")
    message = formats.write(_PAIN, a_batch()).content.decode()
    start = message.index("<Document")
    doctype = f'<!DOCTYPE Document [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    attack = doctype + message[start:].replace("张建国", "&e;")
    with pytest.raises(BadInput, match="不得带有 DOCTYPE"):
        formats.read(_PAIN, attack.encode())


def test_another_currency_is_refused(a_batch: Batch) -> None:
    message = formats.write(_PAIN, a_batch()).content.replace(b'Ccy="CNY"', b'Ccy="USD"')
    with pytest.raises(BadInput, match="HZ2026-000001 的币种不是人民币"):
        formats.read(_PAIN, message)


def test_a_long_name_is_named_before_the_schema_is_asked(
    a_batch: Batch, a_payment: APayment
) -> None:
    with pytest.raises(BadInput, match="第 1 笔 户名：超过 140 个字符"):
        formats.write(_PAIN, a_batch(a_payment(1, name="张" * 141)))


def test_the_largest_sum_keeps_its_last_fen(a_batch: Batch, a_payment: APayment) -> None:
    batch = a_batch(a_payment(1, amount=10**15 - 1))
    for code in CODES:
        assert formats.read(code, formats.write(code, batch).content)[0].amount == 10**15 - 1
    assert yuan(batch.total) == "9999999999999.99"
