"""Telephones beside a member's name and beside other people's."""

from collections.abc import Callable

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
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
