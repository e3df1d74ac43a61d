"""The tables of moves, walked."""

import pytest

from models.machines import MACHINES
from models.machines.claims import CLAIM
from models.machines.machine import Machine, Who


@pytest.fixture(params=list(MACHINES.values()), ids=list(MACHINES))
def machine(request: pytest.FixtureRequest) -> Machine:
    return request.param  # type: ignore[no-any-return]


def test_every_state_can_be_reached_from_the_first(machine: Machine) -> None:
    reached, frontier = {machine.start}, [machine.start]
    while frontier:
        for move in machine.out_of(frontier.pop()):
            if move.target not in reached:
                reached.add(move.target)
                frontier.append(move.target)
    assert reached == set(machine.states)


def test_moves_join_states_that_exist_and_have_a_chinese_word(machine: Machine) -> None:
    for move in machine.moves:
        assert {move.source, move.target} <= set(machine.states)
        assert move.word.strip()
        assert not move.word.isascii()


def test_a_verb_leads_to_one_state_only_from_each_state(machine: Machine) -> None:
    pairs = [(move.verb, move.source) for move in machine.moves]
    assert len(pairs) == len(set(pairs))


def test_a_verb_is_called_by_one_word_and_made_by_one_kind_of_person(machine: Machine) -> None:
    for verb in {move.verb for move in machine.moves}:
        same = [move for move in machine.moves if move.verb == verb]
        assert len({(move.word, move.who) for move in same}) == 1


def test_no_state_is_left_both_by_a_step_and_only_by_people() -> None:
    for state in CLAIM.automatic:
        steps = [move for move in CLAIM.out_of(state) if move.who is Who.STEP]
        others = [move for move in CLAIM.out_of(state) if move.who is not Who.STEP]
        assert steps
        # A relief claim is received and decided in one transaction: no step ever finds it.
        assert {move.verb for move in others} <= {"add_papers", "decide_relief", "withdraw"}


def test_money_is_sent_only_after_a_supervisor_approved() -> None:
    """Every way to `sent` passes the supervisor's `approve`."""
    without = [move for move in CLAIM.moves if move.verb != "approve"]
    reached, frontier = {CLAIM.start}, [CLAIM.start]
    while frontier:
        state = frontier.pop()
        for move in without:
            if move.source == state and move.target not in reached:
                reached.add(move.target)
                frontier.append(move.target)
    assert "sent" not in reached


def test_people_can_bring_every_claim_to_rest() -> None:
    """Backwards from the ends: no state is left out, so that no claim goes round for ever."""
    ends = {"paid", "denied", "withdrawn", "joined", "written_to_fund"}
    leads_there, before = set(ends), set[str]()
    while leads_there != before:
        before = set(leads_there)
        leads_there |= {move.source for move in CLAIM.moves if move.target in before}
    assert leads_there == set(CLAIM.states)


def test_a_claim_before_approval_comes_to_rest_by_people_alone() -> None:
    """No step, bank or beat is wanted for it: one act of a person withdraws it."""
    before_approval = set(CLAIM.states) - {
        *("approved", "payable", "sent", "paid", "returned", "new_papers", "written_to_fund"),
        *("denied", "withdrawn", "joined"),
    }
    assert {s for s in before_approval if CLAIM.move("withdraw", s) is None} == set()
