"""A clerk divides a claim that holds the papers of several people."""

from collections.abc import Callable
from typing import Any

from models.people import Role
from tests.desk import Desk, number_of
from tests.workflows.claims.packets.test_claim_division import a_stack, members, states


def test_the_clerk_sees_the_proposal_and_divides_on_the_claims_page(
    desk: Desk, at_desk: Callable[..., Any]
) -> None:
    number = number_of(desk, a_stack(desk, *members(desk)))
    screen = at_desk(Role.CLERK)
    html = screen.get(f"/claims/{number}").text
    assert html.count('<select name="whose">') == 10
    assert html.count('<option value="1" selected>') == 5
    answer = screen.post(f"/claims/{number}/divide", {"whose": ["1"] * 5 + ["2"] * 5})
    assert "已按人分成 2 件" in answer.text
    desk.work()
    assert [state for state, _name, _files in states(desk)] == ["withdrawn", *["proposed"] * 2]
    assert "恢复办理" not in screen.get(f"/claims/{number}").text
