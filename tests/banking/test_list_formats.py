"""Lists are made from TOML files alone, and every fault of one is named by row and column."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from banking import formats
from banking.batch import PaymentBatch, PaymentLine
from banking.formats import lists
from banking.formats.layout import load
from console.bank_cli import commands
from rules.errors import BadInput
from settings import ROOT

Batch = Callable[..., PaymentBatch]
APayment = Callable[..., PaymentLine]


@pytest.fixture(name="batch")
def two_payments(a_batch: Batch, a_payment: APayment) -> PaymentBatch:
    return a_batch(
        a_payment(1, name="张建国", bank_name="吉林银行"),
        a_payment(2, name="阿依古丽·买买提", amount=1),
    )


def test_a_format_is_added_by_the_file_that_the_document_shows(
    tmp_path: Path, batch: PaymentBatch
) -> None:
    page = (ROOT / "docs/bank-formats.md").read_text("utf-8")
    [described, written] = re.findall(r"```(?:toml|text)\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "rural_text.toml"
    file.write_text(described, "utf-8")
    first, second = batch.payments
    batch = replace(batch, payments=(replace(first, name="王䶮"), second))
    form = load(file)
    content = lists.write(form, batch)
    assert content.decode("gb18030") == written.replace("\n", "\r\n")
    assert list(lists.read(form, content)) == [form.carried(each) for each in batch.payments]
    assert lists.faults(form, content) == []
    wrong = content.replace(b"^60001\r", b"^60002\r").replace(b"^CNY^", b"^USD^", 1)
    assert lists.faults(form, wrong) == ["第 2 行 币种：应为 CNY"]
    wrong = content.replace(b"^60001\r", b"^60002\r")
    assert lists.faults(form, wrong) == ["第 1 行 总额：应为 60001"]


def test_a_column_that_carries_nothing_known_is_named(tmp_path: Path) -> None:
    described = (ROOT / "banking/formats/abc_text.toml").read_text("utf-8")
    file = tmp_path / "wrong.toml"
    file.write_text(described.replace('"account"', '"acount"'), "utf-8")
    with pytest.raises(ValueError, match=r"wrong\.toml: 账号: no field acount"):
        load(file)


def test_the_list_of_twenty_columns_says_who_pays_and_carries_our_number(
    batch: PaymentBatch,
) -> None:
    first, second = formats.rows("icbc-list", formats.write("icbc-list", batch).content)
    assert len(first.cells) == 20
    said = {first.headings[field]: first.text(field) for field in first.cells}
    filled = {heading: text for heading, text in said.items() if text}
    assert filled == {
        "币种": "RMB",
        "日期": "20261124",
        "顺序号": "1",
        "付款账号开户行": batch.payer.bank_name,
        "付款账号/卡号": batch.payer.account,
        "付款账号名称": batch.payer.name,
        "收款账号开户行": "吉林银行",
        "收款账号": batch.payments[0].account,
        "收款账号名称": "张建国",
        "金额": "600",
        "汇款用途": "职工互助金",
        "汇款方式": "1",
        "自定义序号": "HZ2026-000001",
    }
    assert second.text("reference") == "HZ2026-000002"


def test_a_fixed_width_line_counts_the_bytes_of_each_column(batch: PaymentBatch) -> None:
    first, second, rest = formats.write("abc-fixed", batch).content.split(b"\n")
    assert (len(first), len(second), rest) == (138, 138, b"")
    assert second[:60].decode("gbk") == "阿依古丽·买买提" + " " * 44
    assert [second[60:90].strip(), second[90:108].strip(), second[108:].strip()] == [
        batch.payments[1].account.encode(),
        b"0.01",
        b"HZ2026-000002",
    ]


@pytest.mark.parametrize(
    ("name", "fits"), [("张" * 30, True), ("张" * 31, False)], ids=["30", "31"]
)
def test_a_name_may_fill_the_bytes_of_its_column(
    a_batch: Batch, a_payment: APayment, name: str, fits: bool
) -> None:
    said = formats.layout("abc-fixed").faults([a_payment(1, name=name)])
    assert [fault.why for fault in said] == ([] if fits else ["超过 60 个字节"])


def test_the_xml_list_states_count_and_sum_in_fen(batch: PaymentBatch) -> None:
    first, second = (payment.account for payment in batch.payments)
    assert formats.write("bocom-xml", batch).content.decode("gbk") == (
        '<?xml version="1.0" encoding="GBK"?>\n<batchPayFile>\n'
        '<summary tranType="1" orderDay="20261124" currencyType="CNY" sumMoney="60001"'
        ' sumRecords="2"/>\n<payList>\n'
        f'<record workNo="1" workName="张建国" cardNo="{first}" money="60000" cardType="1"'
        ' comment="HZ2026-000001"/>\n'
        f'<record workNo="2" workName="阿依古丽·买买提" cardNo="{second}" money="1"'
        ' cardType="1" comment="HZ2026-000002"/>\n</payList>\n</batchPayFile>\n'
    )


@pytest.mark.parametrize(
    ("said", "changed", "words"),
    [
        ('sumMoney="60001"', 'sumMoney="60000"', "第 summary!0 行 sumMoney：应为 60001"),
        ('money="1"', 'money="1.00"', "第 record!2 行 money：不是有效金额：1.00"),
        ('<summary tranType="1"', '<other tranType="1"', "汇总元素 summary 应在最前，且只有一个"),
        ("<batchPayFile>", "<!DOCTYPE a [<!ENTITY e 'x'>]><batchPayFile>", "不得带有 DOCTYPE"),
        ("</payList>", "", "文件不符合 bocom-xml"),
    ],
    ids=["sum", "amount", "summary", "doctype", "broken"],
)
def test_a_wrong_xml_list_is_refused(
    batch: PaymentBatch, said: str, changed: str, words: str
) -> None:
    text = formats.write("bocom-xml", batch).content.decode("gbk")
    assert said in text
    with pytest.raises(BadInput, match=words):
        formats.read("bocom-xml", text.replace(said, changed).encode("gbk"))


@pytest.mark.parametrize(
    ("code", "name", "refused"),
    [
        ("ccb-list", "王䶮", ""),
        ("ccb-list", "㛃𫖮", ""),
        ("bar-text", "王䶮㛃𫖮·买", ""),
        ("pain.001.001.09", "王䶮㛃𫖮·买", ""),
        ("abc-text", "王䶮㛃𫖮·买", "䶮㛃𫖮"),
        ("abc-fixed", "王䶮㛃𫖮·买", "䶮㛃𫖮"),
        ("bocom-xml", "王䶮㛃𫖮·买", "䶮㛃𫖮"),
        ("bar-text", "王\u9fb4\ue81e", "\u9fb4\ue81e"),
        ("abc-text", "王\ue4c6", "\ue4c6"),
    ],
    ids=["sheet", "sheet-rare", "bar", "message", "abc", "fixed", "xml", "moved", "private"],
)
def test_a_rare_character_is_carried_or_refused_by_name(
    a_batch: Batch, a_payment: APayment, code: str, name: str, refused: str
) -> None:
    batch = a_batch(a_payment(1, name=name))
    if refused:
        with pytest.raises(BadInput, match=f"第 1 笔 户名：银行字符集 .* 中没有“{refused}”"):
            formats.write(code, batch)
    else:
        [read] = formats.read(code, formats.write(code, batch).content)
        assert read.name == name


def check(code: str, content: bytes, folder: Path) -> tuple[str, str]:
    """What `huzhu bank check` says of a file: on the screen, and as its refusal."""
    file = folder / "file"
    file.write_bytes(content)
    done = CliRunner().invoke(commands, ["bank", "check", code, str(file)])
    return done.stdout.strip(), str(done.exception or "")


def test_the_command_names_every_fault_by_row_and_column(tmp_path: Path) -> None:
    lines = [
        "1,6217000000000000012,张建国,600.00,R1",
        "2,62-1,王,䶮,0,R2",
        "4,62,,12.345,R1",
        "4,6217000000000000020,=SUM(A1),-1,R 3",
    ]
    _said, refused = check("abc-text", "\r\n".join(lines).encode("gb18030"), tmp_path)
    assert refused.split("\n") == [
        "第 2 行不是 GBK 编码",
        "第 3 行 序号：应为 3",
        "第 3 行 金额：不是有效金额：12.345",
        "第 3 行：户名为空",
        "第 3 行：账号应为 8 至 32 位数字",
        "第 3 行：业务编号与第 1 行重复",
        "第 4 行 金额：不是有效金额：-1",
        "第 4 行：业务编号只能用字母、数字和连字符，至多 35 位：R 3",
        "第 4 行：户名：在这种文件里会被当作公式或别的字符",
    ]


def test_the_command_says_count_and_sum_of_a_file_without_fault(
    tmp_path: Path, batch: PaymentBatch
) -> None:
    said, refused = check("abc-text", formats.write("abc-text", batch).content, tmp_path)
    assert (said.endswith("：2 笔，合计 600.01 元，没有问题"), refused) == (True, "")


def test_the_command_names_what_breaks_the_standard_by_line_and_element(
    tmp_path: Path, batch: PaymentBatch
) -> None:
    message = formats.write("pain.001.001.03", batch).content.decode()
    for said, changed in (
        ("<Ccy>CNY</Ccy>", "<Ccy>cny</Ccy>"),
        ("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>CASH</PmtMtd>"),
        ("<Cd>BENE</Cd>", "<Cd>BENEFIT</Cd>"),
        ("<EndToEndId>HZ2026-000002</EndToEndId>", ""),
    ):
        assert said in message
        message = message.replace(said, changed, 1)
    _said, refused = check("pain.001.001.03", message.encode(), tmp_path)
    places = [re.sub("第 [0-9]+ 行 ", "", line) for line in refused.split("\n")]
    assert places == [
        "PmtMtd：不是允许的代码",
        "Ccy：写法不对",
        "Cd：内容太长",
        "PmtId：不该在这里，或缺少前面的元素",
    ]
