"""Pages that are like those of another claim are shown beside them."""

from collections.abc import Callable
from typing import Any

from models.people import Role
from tests.desk import UNIT, Desk, number_of
from tests.workflows.claims.judging.test_reused_papers import an_invoice, handed_in_with


def test_the_pages_are_shown_side_by_side_to_who_may_see_both(
    desk: Desk, at_desk: Callable[..., Any]
) -> None:
    first = handed_in_with(desk, desk.member("张三"), an_invoice("张三"))
    second = handed_in_with(desk, desk.member("李四"), an_invoice("李四"))
    clerk = at_desk(Role.CLERK)
    assert "并排查看" in clerk.get(f"/claims/{number_of(desk, second)}").text
    shown = clerk.get(f"/claims/{number_of(desk, second)}/alike").text
    for claim_id in (first, second):
        assert f"/claims/{number_of(desk, claim_id)}/pages/" in shown


def test_what_a_unit_may_not_see_is_not_counted(desk: Desk, visitor: Callable[[], Any]) -> None:
    first = handed_in_with(desk, desk.member("张三"), an_invoice("张三"))
    second = handed_in_with(desk, desk.member("李四"), an_invoice("李四"))
    of_unit = visitor()
    of_unit.log_in(desk.user(Role.UNIT_CLERK, unit_id=desk.unit(UNIT)))
    shown = f"/claims/{number_of(desk, second)}"
    assert 'id="alike"' in of_unit.get(shown).text
    with desk.at(first) as (_session, claim):
        claim.unit_id = desk.unit("长春市某局机关工会")
    assert 'id="alike"' not in of_unit.get(shown).text
