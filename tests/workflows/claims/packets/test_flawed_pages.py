"""What is hard to read is said as soon as it was handed in, and hinders nothing."""

import pytest

from tests.desk import Desk
from tests.documents.packets.test_page_quality import a_page, in_the_dark, out_of_focus
from tests.workflows.claims.packets.test_stacks_divided import notes, one_pdf, outcomes, take_in

pytestmark = pytest.mark.slow  # files are opened in child processes


def test_flawed_pages_are_named_by_their_place_and_taken_in(desk: Desk) -> None:
    good, dark, blurred = a_page(), in_the_dark(a_page()), out_of_focus(a_page())
    desk.drop("张三.pdf", one_pdf(good, dark, blurred))
    take_in(desk)
    assert outcomes(desk) == ["taken"]
    assert "第 2 页太暗，可能读不清" in notes(desk)
    assert "第 3 页模糊，可能读不清" in notes(desk)
    assert "第 1 页" not in notes(desk)
