"""Telephones and ID numbers beside a member's name and beside other people's."""

from collections.abc import Callable

import pytest

from documents.check_digits import id_check_digit
from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
ID = "22010219850317152" + id_check_digit("22010219850317152")
MEMBER, OTHER = "13812345678", "13912345678"


@pytest.mark.parametrize(
    ("rows", "phone"),
    [
        pytest.param([f"经办人：李四  电话：{OTHER}"], None, id="who-handles-it"),
        pytest.param([f"主治医师：李四 电话：{OTHER}"], None, id="a-doctor"),
        pytest.param(["经办人：李四", f"电话：{OTHER}"], None, id="in-the-line-above"),
        pytest.param(
            [[(100, "单位经办人"), (300, "李四"), (500, "联系电话"), (700, OTHER)]],
            None,
            id="in-cells",
        ),
        pytest.param(
            [f"经办人：李四  联系电话：{OTHER}", f"姓名：张三  联系电话：{MEMBER}"],
            MEMBER,
            id="both",
        ),
        pytest.param([f"姓名：张三  单位：某某厅  电话：{MEMBER}"], MEMBER, id="the-member"),
        pytest.param([f"经办人：李四  会员电话：{MEMBER}"], MEMBER, id="says-whose-it-is"),
        pytest.param([f"联系电话：{MEMBER}", "经办人：李四"], MEMBER, id="before-the-other"),
    ],
)
def test_a_telephone_is_that_of_the_nearest_person_named_before_it(
    a_page: PageMaker, rows: list[object], phone: str | None
) -> None:
    fields = extract([a_page(Kind.APPLICATION_FORM, rows)]).fields
    found = fields.get(FieldName.PHONE)
    assert (found.value if found else None) == phone


@pytest.mark.parametrize(
    ("row", "is_sure"),
    [(f"代办人：李四  身份证号：{ID}", False), (f"会员姓名：张三  身份证号：{ID}", True)],
    ids=["of-another", "of-the-member"],
)
def test_the_id_number_of_who_hands_it_in_is_not_surely_the_members(
    a_page: PageMaker, row: str, *, is_sure: bool
) -> None:
    found = extract([a_page(Kind.APPLICATION_FORM, [row])]).fields[FieldName.ID_NUMBER]
    assert (found.confidence >= WELL_READ) == is_sure


@pytest.mark.parametrize("person", ["监护人", "受益人", "继承人", "法定代理人", "配偶"])
@pytest.mark.parametrize(
    "rows",
    [
        ["{person}：李四  身份证号：{id}"],
        ["{person}身份证号：{id}"],
        ["{person}姓名：李四", "身份证号：{id}"],
        ["{person}：李四", "身份证号：{id}"],
    ],
    ids=["in-the-row", "in-the-label", "named-above", "above"],
)
def test_the_number_of_a_guardian_or_heir_is_not_surely_the_members(
    a_page: PageMaker, person: str, rows: list[str]
) -> None:
    told = ["会员姓名：张三", *(row.format(person=person, id=ID) for row in rows)]
    found = extract([a_page(Kind.APPLICATION_FORM, told)]).fields[FieldName.ID_NUMBER]
    assert found.confidence < WELL_READ


def test_the_card_of_a_beneficiary_is_not_surely_the_members(a_page: PageMaker) -> None:
    row = "受益人：李四  银行卡号：6217001234567890129"
    fields = extract([a_page(Kind.APPLICATION_FORM, ["会员姓名：张三", row])]).fields
    card = fields.get(FieldName.BANK_CARD_NUMBER)
    assert card is None or card.confidence < WELL_READ
