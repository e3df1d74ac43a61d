"""What is above a limit is approved by several persons, none a maker, before money moves."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import ApprovalItem, AuditEvent, Claim, User
from models.membership import DeathSource
from models.people import Role
from models.states import ClaimState
from rules.approval_limits import ApproverLevel
from rules.money import Fen
from tests.desk import Desk, at_once, number_of, promises_hold
from tests.workflows.claims.approving.test_approval import approve_only
from tests.workflows.claims.approving.test_second_look import queued
from tests.workflows.claims.objecting.test_objections import answered
from tests.workflows.claims.test_accident import appraisal, certificate, handed_in, statement
from workflows.known_deaths import ToldDeath, doubt_death, note_death, take_back_death
from workflows.member_cards import ask_for_card, confirm_card, waiting_card
from workflows.sealed_values.members import card_of

ABOVE = 2_000_000


@pytest.fixture
def large(desk: Desk) -> int:
    """A claim for 24,600 yuan: a fall in hospital that leaves a disability, and the stay."""
    told = statement("在病房卫生间不慎滑倒,造成右髋骨骨折", day="2026年3月5日")
    return handed_in(desk, told, certificate("右髋骨骨折"), appraisal("评定为五级伤残"))


def given(desk: Desk) -> list[tuple[int, int, int]]:
    """Under which limit each approval fell, how many it asks for, and which of them it is."""
    with desk.office.sessions.read_only() as session:
        items = session.scalars(select(ApprovalItem).order_by(ApprovalItem.approval_id))
        return [(item.above, item.asked, item.nth) for item in items]


def test_above_the_limit_the_second_of_two_persons_lets_the_money_go(
    desk: Desk, large: int
) -> None:
    clerk, first = desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)
    desk.correct(clerk, large, member_name="张三")
    [item] = queued(desk)
    assert (item.limit.above, item.limit.approvers, item.given) == (ABOVE, 2, ())
    result = approve_only(desk, first, [item])
    assert (result.count, result.sum, result.waits) == (0, 0, (number_of(desk, large),))
    desk.work()
    assert (desk.state_of(large), desk.payments(large)) == (ClaimState.PROPOSED, [])
    [item] = queued(desk)
    assert item.given == (first.name,)
    for same in (first, desk.user(Role.SUPERVISOR, of=first)):
        [dropped] = approve_only(desk, same, [item]).dropped
        assert dropped.reason == "本人已经批准，须由另一人再批"
    [dropped] = approve_only(desk, desk.user(Role.SUPERVISOR, of=clerk), [item]).dropped
    assert "本人经手过此案" in dropped.reason
    result = approve_only(desk, desk.user(Role.SUPERVISOR), [item])
    assert (result.count, result.waits) == (1, ())
    assert given(desk) == [(ABOVE, 2, 1), (ABOVE, 2, 2)]
    desk.work()
    answered(desk)
    assert desk.state_of(large) == ClaimState.PAID
    promises_hold(desk)


def test_up_to_the_limit_one_person_is_enough_and_that_is_kept(desk: Desk) -> None:
    desk.claim(desk.member())
    desk.work()
    assert desk.approve_all().count == 1
    assert given(desk) == [(0, 1, 1)]


def test_what_changes_after_the_first_approval_is_approved_anew_by_two(
    desk: Desk, large: int
) -> None:
    first, second = desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)
    approve_only(desk, first, queued(desk))
    desk.correct(desk.user(Role.CLERK), large, member_name="张三")
    assert approve_only(desk, second, queued(desk)).waits
    assert desk.state_of(large) == ClaimState.PROPOSED
    assert approve_only(desk, first, queued(desk)).count == 1
    promises_hold(desk)


def test_two_supervisors_at_once_are_two(desk: Desk, large: int) -> None:
    items = queued(desk)
    people = [desk.user(Role.SUPERVISOR) for _ in range(2)]
    results = at_once(*[partial(approve_only, desk, person, items) for person in people])
    assert sorted((each.count, len(each.waits)) for each in results) == [(0, 1), (1, 0)]
    desk.work()
    assert desk.payments(large) != []
    promises_hold(desk)


def test_a_limit_that_is_lifted_between_two_approvals_asks_for_no_third(
    desk: Desk, large: int
) -> None:
    approve_only(desk, desk.user(Role.SUPERVISOR), queued(desk))
    lifted = desk.office.settings.model_copy(update={"approval_limits": {}})
    desk.office = replace(desk.office, settings=lifted)
    assert approve_only(desk, desk.user(Role.SUPERVISOR), queued(desk)).count == 1
    assert given(desk) == [(ABOVE, 2, 1), (0, 2, 2)]
    assert desk.state_of(large) == ClaimState.APPROVED
    promises_hold(desk)


def test_the_claim_tells_who_approved_it_first(desk: Desk, large: int) -> None:
    first = desk.user(Role.SUPERVISOR)
    approve_only(desk, first, queued(desk))
    with desk.office.sessions.read_only() as session:
        event = session.scalars(select(AuditEvent).filter_by(verb="approve_in_part")).one()
    assert (event.subject_id, event.actor_id) == (large, first.id)
    assert event.detail["above"] == ABOVE


def becomes_a_maker(desk: Desk, person: User, claim_id: int) -> None:
    """He confirms for the register the card that the claim shows; the claim stays as it is."""
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        assert claim.member is not None
        number = card_of(desk.office.keys, claim.member)
        assert number is not None
        ask_for_card(session, desk.office, desk.user(Role.CLERK), claim.member, number, "工商银行")
        session.flush()
        card = waiting_card(session, claim.member)
        assert card is not None
        confirm_card(session, desk.office, person, claim.member, card.id)


def takes_back_a_death(desk: Desk, person: User, claim_id: int) -> None:
    """A death of the member that another one told by mistake is taken back with his agreement."""
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        assert claim.member is not None
        told = ToldDeath(claim.member, DeathSource.UNIT, by=desk.user(Role.CLERK))
        note_death(session, desk.office, told)
        doubt_death(session, desk.office, desk.user(Role.CLERK), claim.member, "单位登记有误")
        take_back_death(session, desk.office, person, claim.member)


@pytest.mark.parametrize("has_a_part", [becomes_a_maker, takes_back_a_death])
def test_the_approval_of_one_who_then_has_a_part_counts_no_more(
    desk: Desk, large: int, has_a_part: Callable[[Desk, User, int], None]
) -> None:
    first, second, third = (desk.user(Role.SUPERVISOR) for _ in range(3))
    approve_only(desk, first, queued(desk))
    [before] = queued(desk)
    desk.clock.pass_(minutes=1)
    has_a_part(desk, first, large)
    [item] = queued(desk)
    assert (item.version, item.given) == (before.version, ())
    assert approve_only(desk, second, [item]).waits == (number_of(desk, large),)
    desk.work()
    assert (desk.state_of(large), desk.payments(large)) == (ClaimState.PROPOSED, [])
    [item] = queued(desk)
    assert item.given == (second.name,)
    assert approve_only(desk, third, [item]).count == 1
    assert given(desk) == [(ABOVE, 2, 1), (ABOVE, 2, 2), (ABOVE, 2, 3)]
    desk.work()
    answered(desk)
    assert desk.state_of(large) == ClaimState.PAID
    promises_hold(desk)


def is_joined(desk: Desk, account: User, other: User) -> None:
    """The office learns that both accounts are one person's."""
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, account.id).staff_number = other.staff_number


def test_an_approver_who_turns_out_to_be_the_clerk_counts_no_more(desk: Desk, large: int) -> None:
    clerk, first = desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)
    desk.correct(clerk, large, member_name="张三")
    approve_only(desk, first, queued(desk))
    is_joined(desk, first, clerk)
    assert approve_only(desk, desk.user(Role.SUPERVISOR), queued(desk)).waits
    assert approve_only(desk, desk.user(Role.SUPERVISOR), queued(desk)).count == 1
    assert desk.state_of(large) == ClaimState.APPROVED


def test_two_approvers_who_turn_out_to_be_one_person_count_once(desk: Desk, large: int) -> None:
    limits = {ABOVE // 100: 3}
    asks_three = desk.office.settings.model_copy(update={"approval_limits": limits})
    desk.office = replace(desk.office, settings=asks_three)
    first, second = desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)
    for person in (first, second):
        assert approve_only(desk, person, queued(desk)).waits
    is_joined(desk, second, first)
    assert approve_only(desk, desk.user(Role.SUPERVISOR), queued(desk)).waits
    assert desk.state_of(large) == ClaimState.PROPOSED
    assert approve_only(desk, desk.user(Role.SUPERVISOR), queued(desk)).count == 1
    assert desk.state_of(large) == ClaimState.APPROVED
    promises_hold(desk)


def test_above_the_ceiling_of_his_level_a_supervisor_approves_nothing(
    desk: Desk, large: int
) -> None:
    """Up to the fen of the sum he does; each approval keeps the ceiling it was given under."""
    ceilings = {ApproverLevel.ORDINARY: 24_599}
    limited = desk.office.settings.model_copy(
        update={"approval_limits": {}, "approval_ceilings": ceilings}
    )
    desk.office = replace(desk.office, settings=limited)
    ordinary = desk.user(Role.SUPERVISOR)
    [dropped] = approve_only(desk, ordinary, queued(desk)).dropped
    assert "审批级别（普通）只批准不超过 24599 元的案件" in dropped.reason
    assert (desk.state_of(large), given(desk)) == (ClaimState.PROPOSED, [])
    ceilings[ApproverLevel.ORDINARY] = 24_600
    assert approve_only(desk, ordinary, queued(desk)).count == 1
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(ApprovalItem.ceiling)).one() == 2_460_000
    promises_hold(desk)


def test_a_senior_supervisor_approves_what_is_above_the_ceiling_of_others(
    desk: Desk, large: int
) -> None:
    limited = desk.office.settings.model_copy(
        update={"approval_ceilings": {ApproverLevel.ORDINARY: 20_000}}
    )
    desk.office = replace(desk.office, settings=limited)
    for last in (False, True):
        senior = desk.user(Role.SUPERVISOR, level=ApproverLevel.SENIOR)
        assert approve_only(desk, senior, queued(desk)).count == last
    assert desk.state_of(large) == ClaimState.APPROVED


def test_the_database_refuses_an_approval_above_its_ceiling(desk: Desk, large: int) -> None:
    approve_only(desk, desk.user(Role.SUPERVISOR), queued(desk))
    with (
        pytest.raises(IntegrityError, match="ck_approval_item_within_the_ceiling"),
        desk.office.sessions.unit_of_work() as session,
    ):
        session.scalars(select(ApprovalItem)).one().ceiling = Fen(2_459_999)
