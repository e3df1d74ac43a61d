"""Numbers below are made up."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.masks import mask_card, mask_id, mask_phone


def test_the_usual_numbers_are_masked_as_the_office_shows_them() -> None:
    assert mask_id("220102199003071524") == "2201**********1524"
    assert mask_card("6217001234567890042") == "6217****0042"
    assert mask_phone("13812341234") == "138****1234"


@pytest.mark.parametrize("mask", [mask_id, mask_card, mask_phone])
@given(number=st.text("0123456789X", max_size=25))
def test_at_least_four_characters_are_always_hidden(
    mask: Callable[[str], str], number: str
) -> None:
    shown = len(mask(number).replace("*", ""))
    assert shown <= max(0, len(number) - 4)
