"""A move is made as its machine's table says, or refused in words."""

import pytest

from rules.errors import Refused
from tests.desk import Desk
from workflows.engine.moves import advance


def test_a_refused_move_names_the_state_and_the_act(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    with pytest.raises(Refused) as refusal, desk.at(claim_id) as (session, claim):
        advance(session, claim, "approve", desk.office)
    assert str(refusal.value) == "现在是“待识读”，不能“批准给付”"
