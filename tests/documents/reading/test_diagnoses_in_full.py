"""Lists of diagnoses of which a part may be lost or corrected: read in full, or doubted."""

from collections.abc import Callable

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]


def told(a_page: PageMaker, *rows: str) -> tuple[list[str], bool]:
    """The diagnoses of a record with these rows, and whether they are surely read."""
    found = extract([a_page(Kind.DISCHARGE_RECORD, ["出院记录", *rows])]).fields[
        FieldName.DIAGNOSES
    ]
    return [one.text for one in found.diagnoses], found.confidence >= WELL_READ


@pytest.mark.parametrize(
    ("rows", "diagnoses"),
    [
        (["出院诊断：(1)肺炎(2)高血压病(3)2型糖尿病"], ["肺炎", "高血压病", "2型糖尿病"]),
        (["出院诊断：肺炎", "修正诊断：肺结核"], ["肺结核"]),
        (["修正诊断：肺结核", "出院诊断：肺炎"], ["肺结核"]),
    ],
    ids=["glued", "corrected-below", "corrected-above"],
)
def test_a_list_is_read_in_full_and_as_it_was_corrected(
    a_page: PageMaker, rows: list[str], diagnoses: list[str]
) -> None:
    assert told(a_page, *rows) == (diagnoses, True)


@pytest.mark.parametrize(
    ("rows", "diagnoses"),
    [
        (["出院诊断：1.肺炎,建议复查胸片 2.高血压病 3.糖尿病"], ["肺炎"]),
        (["出院诊断：肺炎", "补充诊断：2型糖尿病"], ["肺炎"]),
        (["出院诊断：1.肺癌 1.1骨转移 2.高血压病"], ["肺癌1.1骨转移", "高血压病"]),
        (["出院诊断：1.肺炎", "2.高血压病", "3."], ["肺炎", "高血压病"]),
        (["出院诊断：", "1.肺炎", "2.高血压病、"], ["肺炎", "高血压病"]),
    ],
    ids=["advice-in-an-item", "supplement", "levels", "last-one-lost", "goes-on-elsewhere"],
)
def test_a_list_of_which_a_part_may_be_lost_is_doubted(
    a_page: PageMaker, rows: list[str], diagnoses: list[str]
) -> None:
    assert told(a_page, *rows) == (diagnoses, False)


@pytest.mark.parametrize("blank", [" ", "  "])
def test_two_hospitals_in_one_heading_are_doubted(a_page: PageMaker, blank: str) -> None:
    rows = [f"吉林大学第一医院{blank}吉林市中心医院", "出院记录"]
    found = extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields[FieldName.HOSPITAL_NAME]
    assert found.confidence < WELL_READ
