"""Facts that decide money and which of them only one paper says. All numbers are made up."""

from collections.abc import Callable, Sequence

import pytest

from documents.check_digits import card_number_is_valid, id_check_digit
from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.fields import FieldName
from documents.reading.witnesses import MONEY_FACTS
from settings import Settings

PageMaker = Callable[..., PageReading]
ID = "22010219850317152" + id_check_digit("22010219850317152")
CARD = next(c for c in (f"621700123456789012{d}" for d in range(10)) if card_number_is_valid(c))
FORM, RECORD, SHEET = Kind.APPLICATION_FORM, Kind.DISCHARGE_RECORD, Kind.SETTLEMENT_SHEET
DATES = ["入院日期:2026-03-02", "出院日期:2026-03-14"]
STATEMENT, APPRAISAL = Kind.ACCIDENT_STATEMENT, Kind.DISABILITY_APPRAISAL
UNSURE = Settings.model_fields["unsure_below"].default

Papers = Sequence[tuple[Kind, list[str]]]


@pytest.mark.parametrize(
    ("papers", "lone"),
    [
        pytest.param([(RECORD, DATES)], {"admitted_on", "discharged_on"}, id="one-record"),
        pytest.param([(RECORD, [*DATES, "住院天数:12天"])], set(), id="counted-days"),
        pytest.param(
            [(RECORD, [*DATES, "住院天数:13天"])],
            {"admitted_on", "discharged_on"},
            id="both-days-counted",
        ),
        pytest.param([(RECORD, DATES), (FORM, DATES)], set(), id="two-papers"),
        pytest.param([(RECORD, DATES), (FORM, DATES[:1])], {"discharged_on"}, id="one-of-two"),
        pytest.param([(FORM, [f"身份证号:{ID}", f"银行卡号:{CARD}"])], set(), id="check-digits"),
        pytest.param([(RECORD, ["吉林大学第一医院"])], set(), id="on-the-register"),
        pytest.param([(RECORD, ["向阳镇康宁医院"])], {"hospital_name"}, id="on-no-register"),
        pytest.param(
            [(RECORD, ["患者因肺炎在吉林大学第一医院治疗。"])],
            {"hospital_name"},
            id="in-a-sentence",
        ),
        pytest.param(
            [(RECORD, ["吉林大学第一医院", "患者因肺炎在吉林大学第一医院治疗。"])],
            set(),
            id="in-a-sentence-and-heading",
        ),
        pytest.param([(FORM, ["姓名:张三"])], {"member_name"}, id="a-name"),
        pytest.param([(SHEET, ["统筹基金支付:8000.00"])], {"fund_paid"}, id="a-sum"),
        pytest.param(
            [(SHEET, ["统筹基金支付:8000.00", "个人支付:2000.00", "医疗费总额:10000.00"])],
            set(),
            id="sums-that-add-up",
        ),
        pytest.param(
            [(SHEET, ["统筹基金支付:8000.00", "个人支付:2000.00", "医疗费总额:10500.00"])],
            {"fund_paid", "own_share"},
            id="sums-that-do-not",
        ),
        pytest.param([(SHEET, ["起付标准:800.00"])], {"deductible"}, id="a-deductible"),
        pytest.param([(APPRAISAL, ["鉴定意见:五级伤残"])], {"disability_grades"}, id="a-grade"),
        pytest.param(
            [(STATEMENT, ["张三于2026年3月1日摔伤。"]), (RECORD, DATES), (FORM, DATES)],
            set(),
            id="admitted-on-the-next-day",
        ),
        pytest.param(
            [(STATEMENT, ["张三于2026年2月1日摔伤。"]), (RECORD, DATES), (FORM, DATES)],
            {"accident_on"},
            id="admitted-much-later",
        ),
        pytest.param([(RECORD, ["出院诊断:双手烧伤"])], {"diagnoses"}, id="a-diagnosis"),
        pytest.param(
            [
                (RECORD, ["出院诊断:1.双手烧伤 2.高血压病"]),
                (Kind.DIAGNOSIS_CERTIFICATE, ["诊断:双手烧伤"]),
            ],
            set(),
            id="a-shorter-list",
        ),
    ],
)
def test_what_one_paper_alone_says_of_money_is_for_a_person(
    a_page: PageMaker, papers: Papers, lone: set[str]
) -> None:
    found = extract([a_page(kind, lines) for kind, lines in papers])
    assert found.lone == lone
    # Few diagnoses decide money: they keep their confidence.
    capped = found.lone - {FieldName.DIAGNOSES}
    assert all(found.fields[name].confidence < UNSURE for name in capped)


TRANSFER = ["吉林市中心医院", "入院日期:2026-03-14", "出院日期:2026-03-25"]


@pytest.mark.parametrize(
    ("more", "lone"),
    [
        pytest.param([], {"further_stays"}, id="one-record"),
        pytest.param(["住院天数:11天"], set(), id="counted-days"),
    ],
)
def test_each_hospital_of_a_transfer_needs_its_witnesses(
    a_page: PageMaker, more: list[str], lone: set[str]
) -> None:
    first = a_page(RECORD, ["吉林大学第一医院", *DATES, "住院天数:12天"])
    found = extract([first, a_page(RECORD, [*TRANSFER, *more])])
    assert FieldName.FURTHER_STAYS in found.fields
    assert found.lone == lone


def test_every_fact_that_decides_money_says_what_it_decides() -> None:
    assert all(fact.decides for fact in MONEY_FACTS.values())


@pytest.mark.parametrize("days", [2, 9, 22])
def test_printed_days_that_contradict_the_dates_doubt_all_three(
    a_page: PageMaker, days: int
) -> None:
    page = a_page(RECORD, [*DATES, f"住院天数:{days}天"])
    fields = extract([page]).fields
    names = FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON, FieldName.DAYS_IN_HOSPITAL
    assert all(fields[name].confidence < UNSURE / 1.5 for name in names)


def test_dates_that_two_papers_say_are_believed_before_a_count_of_days(a_page: PageMaker) -> None:
    pages = [a_page(FORM, DATES), a_page(RECORD, [*DATES, "住院天数:2天"])]
    fields = extract(pages).fields
    assert fields[FieldName.ADMITTED_ON].confidence > UNSURE
    assert fields[FieldName.DISCHARGED_ON].confidence > UNSURE
    assert fields[FieldName.DAYS_IN_HOSPITAL].confidence < UNSURE
