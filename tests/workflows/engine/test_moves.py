"""A move is made as its machine's table says, or refused in words."""

import pytest
from sqlalchemy import select

from models import AuditEvent, Payment
from rules.errors import Refused
from tests.desk import Desk
from workflows.engine.moves import advance


def test_a_refused_move_names_the_state_and_the_act(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    with pytest.raises(Refused) as refusal, desk.at(claim_id) as (session, claim):
        advance(session, claim, "approve", desk.office)
    assert str(refusal.value) == "现在是“待识读”，不能“批准给付”"


def test_a_row_that_is_started_with_others_says_how_it_came_like_any_row(desk: Desk) -> None:
    desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        payment = session.scalars(select(Payment)).one()
        event = session.scalars(select(AuditEvent).filter_by(subject="payment")).one()
        assert (event.subject_id, event.seq) == (payment.id, payment.version)
        assert (event.verb, event.source, event.target) == ("queue", None, "queued")
        assert (event.at, event.detail) == (desk.clock(), {"reference": payment.reference})
        assert payment.chain == event.hash
