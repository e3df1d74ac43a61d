"""Several stays in one packet: each by its own record, none contesting the other."""

from datetime import date

import pytest

from documents.kinds import Kind
from documents.reading.fields import FieldName, extract
from documents.reading.further_stays import FurtherStay, keyed, read, written
from documents.reading.page import PageReading
from rules.errors import BadInput
from tests.desk import a_page

FIRST, SECOND = "吉林大学第一医院", "吉林市中心医院"


def record(hospital: str, admitted: str, discharged: str, diagnosis: str = "肺炎") -> PageReading:
    return a_page(
        Kind.DISCHARGE_RECORD,
        hospital,
        "出院记录",
        f"入院日期:{admitted}",
        f"出院日期:{discharged}",
        f"住院天数:{(date.fromisoformat(discharged) - date.fromisoformat(admitted)).days}天",
        f"出院诊断:{diagnosis}",
    )


def sheet(hospital: str, fund: str, own: str) -> PageReading:
    return a_page(
        Kind.SETTLEMENT_SHEET,
        "住院费用结算单",
        f"医疗机构:{hospital}",
        f"统筹基金支付:{fund}",
        f"个人支付:{own}",
        f"医疗费总额:{float(fund) + float(own):.2f}",
    )


FORM = a_page(
    Kind.APPLICATION_FORM, f"就诊医院:{FIRST}", "入院日期:2026-03-02", "出院日期:2026-03-25"
)
MOVED = [
    FORM,
    record(SECOND, "2026-03-14", "2026-03-25", "呼吸衰竭"),
    record(FIRST, "2026-03-02", "2026-03-14"),
]


def test_a_move_to_another_hospital_is_read_as_a_further_stay_and_no_disagreement() -> None:
    found = extract(MOVED)
    assert found.disagreements == ()
    assert found.fields[FieldName.HOSPITAL_NAME].value == FIRST
    assert found.fields[FieldName.ADMITTED_ON].value == "2026-03-02"
    assert found.fields[FieldName.DISCHARGED_ON].value == "2026-03-14"
    further = found.fields[FieldName.FURTHER_STAYS].value
    assert further == f"{SECOND} 2026-03-14 2026-03-25"


def test_the_diagnoses_of_all_records_are_one_list() -> None:
    told = extract(MOVED).fields[FieldName.DIAGNOSES].value
    assert isinstance(told, tuple)
    assert [one.text for one in told] == ["肺炎", "呼吸衰竭"]


def test_each_hospital_keeps_the_sums_of_its_own_sheet() -> None:
    sheets = [sheet(SECOND, "8000.00", "2000.00"), sheet(FIRST, "5000.00", "1000.00")]
    fields = extract([*MOVED, *sheets]).fields
    assert fields[FieldName.FUND_PAID].value == "5000.00"
    assert fields[FieldName.OWN_SHARE].value == "1000.00"
    [stay] = read(str(fields[FieldName.FURTHER_STAYS].value))
    assert (stay.fund_paid, stay.own_share) == ("8000.00", "2000.00")


def test_two_records_of_one_stay_that_differ_are_a_disagreement_as_ever() -> None:
    two = [
        record(FIRST, "2026-03-02", "2026-03-14"),
        record(FIRST, "2026-03-02", "2026-03-19"),
    ]
    found = extract(two)
    assert FieldName.FURTHER_STAYS not in found.fields
    assert [each.name for each in found.disagreements] == [FieldName.DISCHARGED_ON]


def test_what_is_written_is_read_again() -> None:
    stays = [
        FurtherStay(SECOND, "2026-03-14", "2026-03-25", 3, "吉林市", "8000.00", "200.00", "80.00"),
        FurtherStay(FIRST, "2026-03-25", "2026-03-30"),
    ]
    assert read(written(stays)) == stays


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{SECOND} 2026-03-25 2026-03-14", "2026-03-14 早于入院日期 2026-03-25"),
        (f"{SECOND} 2026-03-25", "后续住院应写作"),
        (f"{SECOND} 2026-03-14 2026-03-25 吉林市 市立", "所在市只能填一个：吉林市、市立"),
        (f"{SECOND} 2026-02-30 2026-03-14", "2026-02-30"),
    ],
)
def test_a_stay_that_cannot_be_is_refused_by_field_and_value(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        keyed(text)
