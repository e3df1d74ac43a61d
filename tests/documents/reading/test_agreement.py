"""Several papers on one field: agreement, disagreement, mending. All numbers are made up."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from documents.check_digits import card_number_is_valid, id_check_digit
from documents.kinds import Kind
from documents.reading import PageReading, extract, report
from documents.reading.fields import Diagnosis, FieldName
from documents.reading.page import TextLine

PageMaker = Callable[..., PageReading]
ID = "22010219850317152" + id_check_digit("22010219850317152")
CARD = next(c for c in (f"621700123456789012{d}" for d in range(10)) if card_number_is_valid(c))
FORM, RECORD, CARD_FRONT = Kind.APPLICATION_FORM, Kind.DISCHARGE_RECORD, Kind.ID_CARD_FRONT


def test_papers_that_agree_make_each_other_surer(a_page: PageMaker) -> None:
    one = extract([a_page(FORM, ["姓名：张三"], 0.9)])
    two = extract([a_page(FORM, ["姓名：张三"], 0.9), a_page(RECORD, ["姓名：张三"], 0.9)])
    name = FieldName.MEMBER_NAME
    assert two.fields[name].confidence > one.fields[name].confidence
    assert two.disagreements == ()


def test_two_names_well_read_are_a_disagreement_and_unsure(a_page: PageMaker) -> None:
    result = extract([a_page(FORM, ["姓名：张三"]), a_page(RECORD, ["姓名：李四"])])
    (disagreement,) = result.disagreements
    assert disagreement.name is FieldName.MEMBER_NAME
    assert {value.value for value in disagreement.values} == {"张三", "李四"}
    assert result.fields[FieldName.MEMBER_NAME].confidence < 0.85


def test_a_badly_read_name_disagrees_with_no_other(a_page: PageMaker) -> None:
    result = extract([a_page(FORM, ["姓名：张三"]), a_page(RECORD, ["姓名：张二"], 0.4)])
    assert result.disagreements == ()
    assert result.fields[FieldName.MEMBER_NAME].value == "张三"


def test_two_witnesses_outweigh_one(a_page: PageMaker) -> None:
    pages = [
        a_page(kind, [f"姓名：{name}"])
        for kind, name in ((CARD_FRONT, "李四"), (FORM, "张三"), (RECORD, "张三"))
    ]
    assert extract(pages).fields[FieldName.MEMBER_NAME].value == "张三"


def test_dates_that_differ_are_a_disagreement(a_page: PageMaker) -> None:
    pages = [a_page(FORM, ["入院日期：2026-03-02"]), a_page(RECORD, ["入院日期：2026-03-03"])]
    assert [one.name for one in extract(pages).disagreements] == [FieldName.ADMITTED_ON]


def test_the_end_of_a_range_is_no_second_admission(a_page: PageMaker) -> None:
    page = a_page(FORM, ["于2026年3月14日至2026年3月26日在吉林市人民医院住院治疗"])
    fields = extract([page]).fields
    assert fields[FieldName.ADMITTED_ON].value == "2026-03-14"
    assert fields[FieldName.DISCHARGED_ON].value == "2026-03-26"
    assert extract([page, a_page(RECORD, ["入院日期：2026-03-14"])]).disagreements == ()


def test_a_hospital_by_its_short_name_is_the_same_hospital(a_page: PageMaker) -> None:
    pages = [
        a_page(FORM, ["就诊医院：吉大第一医院"]),
        a_page(RECORD, ["医院名称：吉林大学第一医院（二部）"]),
    ]
    result = extract(pages)
    assert result.disagreements == ()
    assert result.fields[FieldName.HOSPITAL_NAME].value == "吉林大学第一医院（二部）"


def test_a_hospital_is_called_as_most_papers_print_it(a_page: PageMaker) -> None:
    """A word glued to the name on the best paper stands on no other."""
    pages = [
        a_page(RECORD, ["医院名称：样例首页前郭县中医院"]),
        a_page(Kind.INVOICE, ["收款单位：前郭县中医院"]),
        a_page(FORM, ["就诊医院：前郭县中医院"]),
    ]
    found = extract(pages).fields[FieldName.HOSPITAL_NAME]
    assert found.value == "前郭县中医院"
    assert found.confidence >= 0.85


def test_names_of_a_hospital_that_differ_bear_each_other_not_out(a_page: PageMaker) -> None:
    pages = [
        a_page(RECORD, ["医院名称：样例首页前郭县中医院"]),
        a_page(FORM, ["就诊医院：前郭县中医院"]),
    ]
    result = extract(pages)
    assert FieldName.HOSPITAL_NAME in result.lone
    assert result.fields[FieldName.HOSPITAL_NAME].confidence < 0.85


def test_a_hospital_whose_house_only_one_paper_prints_is_not_sure(a_page: PageMaker) -> None:
    """The register has the name without its house, and two papers print that."""
    pages = [
        a_page(RECORD, ["医院名称：吉林大学第一医院"]),
        a_page(FORM, ["就诊医院：吉林大学第一医院"]),
        a_page(Kind.INVOICE, ["收款单位：吉林大学第一医院二部"]),
    ]
    assert extract(pages).fields[FieldName.HOSPITAL_NAME].confidence < 0.85


def test_a_list_of_diagnoses_that_each_paper_gives_otherwise_is_not_sure(a_page: PageMaker) -> None:
    record = a_page(RECORD, ["出院诊断：1.急性脑梗死 2.高血压病2级"])
    other = a_page(Kind.DIAGNOSIS_CERTIFICATE, ["诊断：急性脑梗死"])
    name = FieldName.DIAGNOSES
    assert extract([record]).fields[name].confidence >= 0.85
    assert extract([record, record, other]).fields[name].confidence >= 0.85
    assert extract([record, other]).fields[name].confidence < 0.85


def test_another_hospital_is_a_disagreement(a_page: PageMaker) -> None:
    pages = [
        a_page(FORM, ["就诊医院：吉林大学第二医院"]),
        a_page(RECORD, ["医院名称：吉林大学第一医院"]),
    ]
    assert [one.name for one in extract(pages).disagreements] == [FieldName.HOSPITAL_NAME]


def test_a_number_that_passes_its_check_beats_one_that_does_not(a_page: PageMaker) -> None:
    wrong = ID[:9] + str((int(ID[9]) + 1) % 10) + ID[10:]
    pages = [
        a_page(CARD_FRONT, [f"公民身份号码 {wrong}"], 0.8),
        a_page(FORM, [f"身份证号：{ID}"], 0.9),
    ]
    result = extract(pages)
    assert result.fields[FieldName.ID_NUMBER].value == ID
    assert result.disagreements == ()


def test_a_wrong_number_clearly_printed_is_a_disagreement(a_page: PageMaker) -> None:
    wrong = ID[:9] + str((int(ID[9]) + 1) % 10) + ID[10:]
    pages = [a_page(CARD_FRONT, [f"公民身份号码 {ID}"]), a_page(FORM, [f"身份证号：{wrong}"])]
    assert [one.name for one in extract(pages).disagreements] == [FieldName.ID_NUMBER]


def test_a_number_that_fails_its_check_is_never_sure(a_page: PageMaker) -> None:
    wrong = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)
    pages = [a_page(FORM, [f"银行卡号：{wrong}"]), a_page(Kind.BANK_CARD, [wrong])]
    found = extract(pages).fields[FieldName.BANK_CARD_NUMBER]
    assert found.value == wrong
    assert found.confidence < 0.85


def test_one_unclear_digit_is_mended_by_the_check_digit_but_not_trusted() -> None:
    seen = ID[:12] + str((int(ID[12]) + 1) % 10) + ID[13:]
    text = f"身份证号：{seen}"
    sure = [99] * len(text)
    sure[5 + 12] = 40
    line = TextLine(
        text, 0.4, (100, 100, 700, 130), at=tuple(range(0, 23 * 40, 40)), sure=tuple(sure)
    )
    page = PageReading(FORM, 1.0, 0, 0.9, 1200, 1700, (line,))
    found = extract([page]).fields[FieldName.ID_NUMBER]
    assert found.value == ID
    assert found.confidence < 0.85


def test_a_code_printed_on_one_paper_serves_the_same_words_on_another(a_page: PageMaker) -> None:
    pages = [
        a_page(RECORD, ["出院诊断：急性阑尾炎"]),
        a_page(Kind.DIAGNOSIS_CERTIFICATE, ["诊断：急性阑尾炎 K35.900"]),
    ]
    assert extract(pages).fields[FieldName.DIAGNOSES].value == (Diagnosis("急性阑尾炎", "K35.900"),)


def test_the_report_has_files_and_pages_counted_from_one(a_page: PageMaker) -> None:
    first, second = a_page(FORM, ["姓名：张三"]), a_page(RECORD, ["出院诊断：急性阑尾炎 K35.900"])
    result = report([("a.pdf", [first, replace(second, rotation=90)])])
    assert result["pages"] == [
        {"file": "a.pdf", "page": 1, "kind": "application_form", "rotation": 0, "confidence": 0.99},
        {
            "file": "a.pdf",
            "page": 2,
            "kind": "discharge_record",
            "rotation": 90,
            "confidence": 0.99,
        },
    ]
    fields = result["fields"]
    assert isinstance(fields, dict)
    assert fields["diagnoses"]["value"] == [{"text": "急性阑尾炎", "icd": "K35.900"}]
    assert (fields["diagnoses"]["file"], fields["diagnoses"]["page"]) == ("a.pdf", 2)
    assert fields["member_name"]["box"] == [190, 100, 250, 130]
    assert result["disagreements"] == []


def test_two_accident_days_are_a_disagreement(a_page: PageMaker) -> None:
    statement, finding = Kind.ACCIDENT_STATEMENT, Kind.POLICE_FINDING
    pages = [a_page(statement, ["事故日期：2026-03-02"]), a_page(finding, ["事故日期：2026-03-03"])]
    assert [one.name for one in extract(pages).disagreements] == [FieldName.ACCIDENT_ON]


def test_a_page_that_repeats_a_value_is_no_surer(a_page: PageMaker) -> None:
    once, twice = (extract([a_page(FORM, ["姓名：张三"] * times, 0.9)]) for times in (1, 2))
    name = FieldName.MEMBER_NAME
    assert twice.fields[name].confidence == once.fields[name].confidence


def _changed(number: str, digits: int) -> str:
    """The number with so many of its middle digits read as others."""
    wrong = "".join(str((int(digit) + 1) % 10) for digit in number[8 : 8 + digits])
    return number[:8] + wrong + number[8 + digits :]


@pytest.mark.parametrize(("digits", "disagree"), [(1, False), (2, False), (3, True)])
def test_a_number_that_differs_in_three_digits_was_not_misread(
    a_page: PageMaker, digits: int, disagree: bool
) -> None:
    wrong = a_page(FORM, [f"身份证号：{_changed(ID, digits)}"], 0.85)
    result = extract([a_page(CARD_FRONT, [f"公民身份号码 {ID}"]), wrong])
    assert result.fields[FieldName.ID_NUMBER].value == ID
    assert bool(result.disagreements) is disagree


@pytest.mark.parametrize(("clarity", "disagree"), [(0.79, False), (0.8, True)])
@pytest.mark.parametrize("of_both", [True, False])
def test_a_value_with_a_confidence_of_just_0_8_is_well_read(
    a_page: PageMaker, clarity: float, disagree: bool, of_both: bool
) -> None:
    first = a_page(RECORD, ["入院日期：2026-03-02"], clarity if of_both else 0.99)
    result = extract([first, a_page(RECORD, ["入院日期：2026-03-03"], clarity)])
    assert bool(result.disagreements) is disagree


def test_of_two_cards_on_one_page_neither_is_sure_unless_another_paper_says_it(
    a_page: PageMaker,
) -> None:
    other = next(
        c for c in (f"621700123456789013{d}" for d in range(10)) if card_number_is_valid(c)
    )
    cards, name = a_page(Kind.BANK_CARD, [CARD, other]), FieldName.BANK_CARD_NUMBER
    assert extract([cards]).fields[name].confidence < 0.8
    both = extract([cards, a_page(FORM, [f"银行卡号：{other}"])])
    assert both.fields[name].value == other
