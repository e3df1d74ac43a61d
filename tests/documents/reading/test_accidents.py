"""What papers say of an accident, and of a burn in a diagnosis."""

import pytest

from documents.kinds import Kind
from documents.reading.burns import contradiction, find_burns
from documents.reading.fields import FieldName, extract
from tests.desk import a_page


@pytest.mark.parametrize(
    ("diagnosis", "burns"),
    [
        ("双手Ⅲ度烧伤6%", [("head", 6)]),
        ("面颈部Ⅲ度烫伤(6%)", [("head", 6)]),
        ("头、颈部Ⅲ度烧伤5%", [("head", 5)]),
        ("全身多处烧伤，总面积12%，其中Ⅲ度8%", [("body", 8)]),
        ("躯干III°烧烫伤，面积15%", [("body", 15)]),
        ("头颈部三度烧伤（占体表面积5.5%）", [("head", 5.5)]),
        ("躯干烧伤（浅Ⅱ度6%，深Ⅱ度4%，Ⅲ度11%）", [("body", 11)]),
        ("躯干Ⅲ度烧伤10%，左上肢Ⅲ度烧伤5%", [("body", 10), ("body", 5)]),
        ("Ⅲ度烧伤：躯干10%，双手3%", [("body", 10), ("head", 3)]),
        ("面部Ⅱ度烧伤3%，躯干III°烧伤10%", [("body", 10)]),
        ("左上肢Ⅱ-Ⅲ度烧伤5%", []),
        ("面部、躯干Ⅲ度烧伤12%", []),
        ("躯干Ⅲ度烧伤10%，上肢烧伤5%", []),
        ("右手浅Ⅱ度烫伤2%", []),
        ("双手Ⅲ度烧伤", []),
        ("手足口病", []),
    ],
)
def test_the_burns_of_the_third_degree_have_a_place_and_a_share_each(
    diagnosis: str, burns: list[tuple[str, float]]
) -> None:
    found = find_burns([diagnosis])
    assert [(burn.area, burn.percent) for burn in found if burn.degree == 3] == burns


def test_two_burns_of_one_paper_are_both_read() -> None:
    both = find_burns(["双手Ⅲ度烧伤6%", "躯干Ⅲ度烧伤12%"])
    assert [(burn.place, burn.percent) for burn in both] == [("双手", 6), ("躯干", 12)]


@pytest.mark.parametrize(
    ("best", "further", "sentence"),
    [
        (["烧伤总面积12%：躯干Ⅲ度10%、上肢Ⅲ度5%"], [], "相加 15%，大于总面积 12%"),
        (["躯干Ⅲ度烧伤60%，下肢Ⅲ度烧伤45%"], [], "相加 105%，大于 100%"),
        (["双手Ⅲ度烧伤6%"], ["手部Ⅲ度烧伤3%"], "一份材料写有双手 6%，另一份写有手部 3%"),
    ],
)
def test_burns_that_contradict_each_other_are_told_and_not_read(
    best: list[str], further: list[str], sentence: str
) -> None:
    assert sentence in str(contradiction(best, further))
    assert find_burns(best, further) == []


def test_burns_that_another_paper_does_not_make_out_are_left_to_a_person() -> None:
    assert find_burns(["双手Ⅲ度烧伤6%"], ["双手Ⅲ度烧伤"]) == []
    assert len(find_burns(["双手Ⅲ度烧伤6%"], ["手部Ⅲ度烫伤6%"])) == 1


def test_a_statement_tells_the_day_and_how_it_happened() -> None:
    told = a_page(
        Kind.ACCIDENT_STATEMENT,
        "意外事故情况说明",
        "我单位职工张三,1985年3月17日出生,于2026年4月20日8时30分许,在食堂门前滑倒摔伤。",
    )
    fields = extract([told]).fields
    assert fields[FieldName.ACCIDENT_ON].value == "2026-04-20"
    assert fields[FieldName.ACCIDENT_CAUSE].value == "在食堂门前滑倒摔伤"


def test_a_denied_sign_is_no_sign() -> None:
    told = a_page(Kind.ACCIDENT_STATEMENT, "事故证明", "经查,张三没有酒后驾驶。")
    assert FieldName.EXCLUSION_SIGN not in extract([told]).fields


@pytest.mark.parametrize(
    ("opinion", "grades"),
    [
        ("评定为八级伤残", "8"),
        ("构成10级残疾", "10"),
        ("五级伤残、九级伤残", "5、9"),
        ("评定为九级、十级伤残", "9、10"),
        ("左腕九级伤残，右膝不构成十级伤残", "9"),
    ],
)
def test_an_appraisal_tells_its_grades(opinion: str, grades: str) -> None:
    page = a_page(Kind.DISABILITY_APPRAISAL, "伤残等级鉴定书", f"鉴定意见:{opinion}。")
    assert extract([page]).fields[FieldName.DISABILITY_GRADES].value == grades


def test_a_grade_that_was_not_reached_is_none() -> None:
    page = a_page(Kind.DISABILITY_APPRAISAL, "伤残等级鉴定书", "鉴定意见:未达到十级伤残标准。")
    assert FieldName.DISABILITY_GRADES not in extract([page]).fields


def test_the_day_of_an_accident_is_that_before_its_words() -> None:
    told = "张三于2010年7月1日参加工作，2026年3月1日在食堂门口摔倒，2026年3月2日住院。"
    page = a_page(Kind.ACCIDENT_STATEMENT, "情况说明", told)
    assert extract([page]).fields[FieldName.ACCIDENT_ON].value == "2026-03-01"
