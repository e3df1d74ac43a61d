"""Which tests a report shows, by its words."""

import pytest

from documents.kinds import Kind
from documents.reading.fields import FieldName, extract
from rules.proofs import missing_proof
from tests.desk import a_page


@pytest.mark.parametrize(
    ("kind", "title", "shown"),
    [
        (Kind.OPERATION_RECORD, "手 术 记 录", "手术"),
        (Kind.TEST_REPORT, "头颅CT平扫报告", "头部影像"),
        (Kind.TEST_REPORT, "胸部CT检查报告", "CT"),
    ],
)
def test_a_report_shows_its_test_also_in_a_spaced_title(kind: Kind, title: str, shown: str) -> None:
    assert extract([a_page(kind, title)]).fields[FieldName.TESTS_SHOWN].value == shown


def test_a_picture_of_the_chest_proves_no_stroke() -> None:
    assert missing_proof(["stroke"], {"CT"}) == "brain_image"
    assert missing_proof(["stroke"], {"头部影像"}) is None


@pytest.mark.parametrize(
    "told", ["建议行冠状动脉造影检查", "患者拒绝冠脉造影", "请结合肌钙蛋白", "拟行冠状动脉造影术"]
)
def test_a_test_that_was_advised_or_refused_is_not_shown(told: str) -> None:
    page = a_page(Kind.TEST_REPORT, "心电图报告单", f"结论:ST段抬高,{told}")
    assert extract([page]).fields[FieldName.TESTS_SHOWN].value == "心电图"
