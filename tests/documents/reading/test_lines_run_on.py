"""Lines run on into each other: a date is not explained by the label of the line below it."""

import pytest

from documents.kinds import Kind
from documents.reading.fields import FieldName, extract
from documents.reading.page import PageReading, TextLine


def page(*lines: str) -> PageReading:
    placed = tuple(
        TextLine(text, 0.99, (100, 100 + 60 * at, 100 + 36 * len(text), 140 + 60 * at))
        for at, text in enumerate(lines)
    )
    return PageReading(Kind.DISCHARGE_RECORD, 0.99, 0, 0.99, 1600, 2200, placed)


@pytest.mark.parametrize(
    "below", ["入院诊断:肺炎", "入院情况:发热", "入院科室:呼吸科", "住院天数:12"]
)
def test_the_discharge_date_is_not_taken_for_an_admission(below: str) -> None:
    found = extract([page("入院日期:2026-03-02", "出院日期:2026-03-14", below)])
    assert found.disagreements == ()
    assert found.fields[FieldName.ADMITTED_ON].value == "2026-03-02"
    assert found.fields[FieldName.DISCHARGED_ON].value == "2026-03-14"


@pytest.mark.parametrize("below", ["出院日期:2026-03-14", "出院时间:2026-03-14"])
def test_the_admission_date_is_not_taken_for_a_discharge(below: str) -> None:
    found = extract([page("入院日期:2026-03-02", below, "出院诊断:肺炎")])
    assert found.disagreements == ()
    assert found.fields[FieldName.DISCHARGED_ON].value == "2026-03-14"
