"""Which boxes of an application form are ticked, however the form prints them."""

import pytest

from documents.kinds import Kind
from documents.reading.fields import FieldName, extract
from documents.reading.ticks import ticked
from tests.desk import a_page


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("√住院津贴  □重大疾病  □意外伤害", ["住院津贴"]),
        ("√ 住院津贴 口重大疾病 □意外伤害", ["住院津贴"]),
        ("☑住院津贴 ☑重大疾病", ["住院津贴", "重大疾病"]),
        ("■重大疾病 □意外伤害", ["重大疾病"]),
        ("V住院津贴 口重大疾病", ["住院津贴"]),
        ("住院津贴√ 重大疾病□ 意外伤害□", ["住院津贴"]),
        ("住院津贴[√] 重大疾病[ ]", ["住院津贴"]),
        ("□住院津贴√重大疾病", ["重大疾病"]),
        ("意外伤害(□身故 ☑伤残 □烧烫伤)", ["伤残"]),
        ("□住院津贴 □重大疾病 √意外伤害(身故/伤残/烧烫伤)", ["意外伤害"]),
        ("□住院津贴 □重大疾病 □意外伤害", []),
        ("住院津贴互助金申请审批表", []),
        ("□不同意 √同意", []),
    ],
)
def test_what_is_ticked_on_a_line(line: str, names: list[str]) -> None:
    assert ticked(line) == names


def test_the_ticks_of_several_lines_are_one_value_in_the_order_of_the_list() -> None:
    form = a_page(Kind.APPLICATION_FORM, "申请项目:", "√重大疾病", "√住院津贴", "□意外伤害")
    assert extract([form]).fields[FieldName.BENEFITS_ASKED].value == "住院津贴、重大疾病"


def test_the_boxes_of_another_paper_are_no_ticks() -> None:
    cover = a_page(Kind.COVER_SHEET, "√住院津贴 □重大疾病")
    assert FieldName.BENEFITS_ASKED not in extract([cover]).fields


def test_several_reports_show_their_tests_together() -> None:
    ecg = a_page(Kind.TEST_REPORT, "心电图报告单")
    blood = a_page(Kind.TEST_REPORT, "检验报告单", "肌钙蛋白I 12.3")
    record = a_page(Kind.DISCHARGE_RECORD, "入院后查心电图、头颅CT")
    assert extract([blood, ecg, record]).fields[FieldName.TESTS_SHOWN].value == "心电图、肌钙蛋白"


def test_a_pathology_report_is_dated_by_its_own_day() -> None:
    report = a_page(Kind.PATHOLOGY_REPORT, "收到日期:2026-04-18", "报告日期:2026-04-20")
    other = a_page(Kind.TEST_REPORT, "报告日期:2026-04-21")
    assert extract([report, other]).fields[FieldName.PATHOLOGY_ON].value == "2026-04-20"
