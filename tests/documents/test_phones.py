"""A telephone number can be dialled from anywhere in the country."""

import pytest

from documents.phones import phone_is_valid


@pytest.mark.parametrize(
    "text",
    [
        "13844012345",
        "138 4401 2345",
        "138-4401-2345",
        "0431-88512345",
        "010-12345678",
        "04348123456",
    ],
)
def test_a_mobile_phone_and_a_line_with_its_area_code_are_valid(text: str) -> None:
    assert phone_is_valid(text)


@pytest.mark.parametrize(
    "text",
    ["", "8851234", "88512345", "1384401234", "12844012345", "0431", "0431885123456", "电话"],
)
def test_what_cannot_be_dialled_from_elsewhere_is_not(text: str) -> None:
    assert not phone_is_valid(text)
