"""A claim whose payment the bank sent back."""

from models.states import ClaimState
from tests.desk import Desk, Person, handed_in
from tests.workflows.test_proof import answered


def returned(desk: Desk, person: Person, code: str = "3031") -> int:
    """A clean claim of 600 yuan that was approved and sent; the bank returned it with this code."""
    claim_id = handed_in(desk, person)
    desk.approve_all()
    answered(desk, desk.released(), {person.card: code})
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    return claim_id
