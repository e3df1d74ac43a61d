"""What papers say of an accident, and of a burn in a diagnosis."""

import pytest

from documents.kinds import Kind
from documents.reading.burns import find_burn
from documents.reading.fields import FieldName, extract
from tests.desk import a_page


@pytest.mark.parametrize(
    ("diagnosis", "burn"),
    [
        ("双手Ⅲ度烧伤6%", ("head", 6)),
        ("面颈部Ⅲ度烫伤(6%)", ("head", 6)),
        ("全身多处烧伤，总面积12%，其中Ⅲ度8%", ("body", 8)),
        ("躯干III°烧烫伤，面积15%", ("body", 15)),
        ("头颈部三度烧伤（占体表面积5.5%）", ("head", 5.5)),
        ("躯干烧伤（浅Ⅱ度6%，深Ⅱ度4%，Ⅲ度11%）", ("body", 11)),
        ("左上肢Ⅱ-Ⅲ度烧伤5%", None),
        ("面部、躯干Ⅲ度烧伤12%", None),
        ("右手浅Ⅱ度烫伤2%", None),
        ("双手Ⅲ度烧伤", None),
        ("手足口病", None),
    ],
)
def test_a_burn_of_the_third_degree_has_one_place_and_one_share(
    diagnosis: str, burn: tuple[str, float] | None
) -> None:
    assert find_burn([diagnosis]) == burn


def test_two_burns_are_left_to_a_person() -> None:
    assert find_burn(["双手Ⅲ度烧伤6%", "躯干Ⅲ度烧伤12%"]) is None


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
    [("评定为八级伤残", "8"), ("构成10级残疾", "10"), ("五级伤残、九级伤残", "5、9")],
)
def test_an_appraisal_tells_its_grades(opinion: str, grades: str) -> None:
    page = a_page(Kind.DISABILITY_APPRAISAL, "伤残等级鉴定书", f"鉴定意见:{opinion}。")
    assert extract([page]).fields[FieldName.DISABILITY_GRADES].value == grades
