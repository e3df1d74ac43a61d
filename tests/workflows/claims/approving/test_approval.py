"""A supervisor agrees to the exact list shown; what changed, or what he made, is not in it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text

from models import Approval, AuditEvent, Claim, Letter, LimitCounter, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.money import Fen
from tests.desk import Desk, a_card_number, at_once
from workflows.claims.acts import correction
from workflows.claims.approving import approval, approval_queue
from workflows.claims.approving.approval import Approved
from workflows.claims.approving.approval_queue import QueuedClaim, queue
from workflows.claims.paying import paid_again
from workflows.engine.sealed_details import detail_of


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def proposed(desk: Desk, name: str = "张三", **papers: str) -> int:
    claim_id = desk.claim(desk.member(name), **papers)  # type: ignore[arg-type]
    desk.work()
    desk.clock.pass_(minutes=1)
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    return claim_id


def shown(desk: Desk) -> list[QueuedClaim]:
    with desk.office.sessions.read_only() as session:
        return queue(session, desk.office)


def approve(desk: Desk, person: User, items: list[QueuedClaim]) -> Approved:
    with desk.office.sessions.unit_of_work() as session:
        result = approval.approve(session, desk.office, person, items, items)
    desk.work()
    return result


def send_back(desk: Desk, person: User, claim_id: int, reason: str = "日期存疑") -> None:
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, person, claim, reason)
    desk.work()


def test_the_queue_shows_exceptions_first_and_then_the_oldest(desk: Desk) -> None:
    clean, later = proposed(desk, "张三"), proposed(desk, "李四")
    denied = proposed(desk, "王五", discharged="2026-03-03")
    raised = proposed(desk, "赵六", discharged="2026-03-04")
    items = shown(desk)
    assert [item.claim_id for item in items] == [denied, clean, later, raised]
    assert [item.is_clean for item in items] == [False, True, True, True]


def test_an_approval_keeps_count_sum_and_digest_of_the_list(desk: Desk, supervisor: User) -> None:
    claims = [proposed(desk, "张三"), proposed(desk, "李四", discharged="2026-03-12")]
    items = shown(desk)
    result = approve(desk, supervisor, items)
    assert (result.count, result.sum, result.dropped) == (2, Fen(110000), ())
    assert [desk.state_of(claim_id) for claim_id in claims] == [ClaimState.PAYABLE] * 2
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(Approval)).one()
        assert (kept.count, kept.sum, kept.digest) == (
            2,
            110000,
            approval_queue.digest_of(i.key for i in items),
        )
        assert [item.claim_version for item in kept.items] == [item.version for item in items]


def test_any_change_of_the_list_changes_its_digest(desk: Desk) -> None:
    proposed(desk)
    [item] = shown(desk)
    others = [
        replace(item, claim_id=item.claim_id + 1),
        replace(item, version=item.version + 1),
        replace(item, decision_id=item.decision_id + 1),
        replace(item, amount=Fen(item.amount + 1)),
    ]
    digests = {approval_queue.digest_of([one.key]) for one in [item, *others]}
    assert len(digests) == 5


def test_what_changed_since_it_was_shown_drops_out_by_name(desk: Desk, supervisor: User) -> None:
    changed, steady = proposed(desk, "张三"), proposed(desk, "李四")
    items = shown(desk)
    desk.correct(desk.user(Role.CLERK), changed, discharged_on="2026-03-20")
    result = approve(desk, supervisor, items)
    assert (result.count, result.sum) == (1, Fen(60000))
    [dropped] = result.dropped
    assert "变动" in dropped.reason
    assert dropped.number in {item.number for item in items if item.claim_id == changed}
    assert desk.state_of(changed) == ClaimState.PROPOSED
    assert desk.state_of(steady) == ClaimState.PAYABLE


def test_a_list_cannot_say_more_than_the_decision(desk: Desk, supervisor: User) -> None:
    claim_id = proposed(desk, discharged="2026-03-03")
    [item] = shown(desk)
    for forged in (
        replace(item, outcome="pay", amount=Fen(900000)),
        replace(item, amount=Fen(1)),
        replace(item, decision_id=item.decision_id + 1),
    ):
        assert approve(desk, supervisor, [forged]).count == 0
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_claim_that_is_on_the_list_twice_is_approved_once(desk: Desk, supervisor: User) -> None:
    proposed(desk)
    result = approve(desk, supervisor, shown(desk) * 2)
    assert (result.count, result.sum) == (1, Fen(60000))


def test_an_empty_list_approves_nothing(desk: Desk, supervisor: User) -> None:
    assert approve(desk, supervisor, []) == Approved(None, 0, Fen(0), ())
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Approval)) == 0


def test_only_a_supervisor_approves_or_sends_back(desk: Desk) -> None:
    claim_id = proposed(desk)
    for role in set(Role) - {Role.SUPERVISOR}:
        person = desk.user(role)
        with pytest.raises(Refused, match="审批"):
            approve(desk, person, shown(desk))
        with pytest.raises(Refused, match="审批"):
            send_back(desk, person, claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_disabled_supervisor_approves_nothing(desk: Desk, supervisor: User) -> None:
    proposed(desk)
    supervisor.disabled_at = desk.clock()
    with pytest.raises(Refused):
        approve(desk, supervisor, shown(desk))


def test_a_person_who_corrected_a_claim_cannot_approve_it_and_another_can(desk: Desk) -> None:
    clerk, other = desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)
    same = desk.user(Role.SUPERVISOR, of=clerk)
    mine, theirs = proposed(desk, "张三"), proposed(desk, "李四")
    desk.correct(clerk, mine, discharged_on="2026-03-20")
    result = approve(desk, same, shown(desk))
    assert result.count == 1
    assert [dropped.reason for dropped in result.dropped] == ["本人经手过此案，须由他人审批"]
    assert desk.state_of(theirs) == ClaimState.PAYABLE
    assert approve(desk, other, shown(desk)).count == 1
    assert desk.state_of(mine) == ClaimState.PAYABLE


def test_two_supervisors_at_once_approve_a_claim_once(desk: Desk) -> None:
    claims = [proposed(desk, name) for name in ("张三", "李四", "王五")]
    people = [desk.user(Role.SUPERVISOR) for _ in range(4)]
    items = shown(desk)
    turned = [items, items[::-1]] * 2
    results = at_once(
        *[partial(approve_only, desk, p, i) for p, i in zip(people, turned, strict=True)]
    )
    assert sorted(result.count for result in results) == [0, 0, 0, 3]
    desk.work()
    assert [desk.payments(claim_id) for claim_id in claims] == [["queued"]] * 3


def approve_only(desk: Desk, person: User, items: list[QueuedClaim]) -> Approved:
    with desk.office.sessions.unit_of_work() as session:
        return approval.approve(session, desk.office, person, items, items)


def test_a_session_that_saw_the_queue_before_another_approved_it_is_told(
    desk: Desk, supervisor: User
) -> None:
    proposed(desk)
    with desk.office.sessions.unit_of_work() as session:
        items = queue(session, desk.office)
        assert approve_only(desk, desk.user(Role.SUPERVISOR), items).count == 1
        late = approval.approve(session, desk.office, supervisor, items, items)
    assert late.count == 0
    assert "变动" in late.dropped[0].reason


def corrected(desk: Desk, claim_id: int, name: str, value: str) -> None:
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, clerk, claim, name, value)


def test_a_card_changed_while_the_queue_is_on_the_screen_is_noticed(
    desk: Desk, supervisor: User
) -> None:
    claim_id = proposed(desk)
    with desk.office.sessions.unit_of_work() as session:
        items, on_screen = queue(session, desk.office), session.get_one(Claim, claim_id)
        corrected(desk, claim_id, "bank_card_number", a_card_number())
        late = approval.approve(session, desk.office, supervisor, items, items)
    assert (late.count, on_screen.state) == (0, ClaimState.PROPOSED)
    assert "变动" in late.dropped[0].reason


def test_what_was_corrected_after_the_decision_must_be_decided_again(
    desk: Desk, supervisor: User
) -> None:
    claim_id = proposed(desk)
    corrected(desk, claim_id, "discharged_on", "2026-03-03")
    result = approve(desk, supervisor, shown(desk))
    assert result.count == 0
    assert "重新审核" in result.dropped[0].reason
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, desk.user(Role.CLERK), claim)
    desk.work()
    assert [item.outcome for item in shown(desk)] == ["deny"]
    assert approve(desk, supervisor, shown(desk)).count == 1


def test_sending_back_frees_the_right_and_says_why(desk: Desk, supervisor: User) -> None:
    claim_id = proposed(desk)
    send_back(desk, supervisor, claim_id, "  发票与结算单不符 ")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    with desk.office.sessions.read_only() as session:
        counter = session.scalars(select(LimitCounter)).one()
        assert (counter.times, counter.days, counter.amount) == (0, 0, 0)
        event = session.scalars(select(AuditEvent).filter_by(verb="send_back")).one()
        assert (event.actor_id, detail_of(event)) == (supervisor.id, {"reason": "发票与结算单不符"})
    assert shown(desk) == []


def test_a_claim_is_not_sent_back_without_a_reason(desk: Desk, supervisor: User) -> None:
    claim_id = proposed(desk)
    with pytest.raises(Refused, match="原因"):
        send_back(desk, supervisor, claim_id, " \n ")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_queued_payment_is_taken_back_with_its_claim(desk: Desk, supervisor: User) -> None:
    claim_id = proposed(desk)
    desk.approve_all(supervisor)
    send_back(desk, supervisor, claim_id)
    assert desk.payments(claim_id) == ["cancelled"]
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, desk.user(Role.CLERK), claim)
    desk.work()
    desk.approve_all(supervisor)
    assert desk.payments(claim_id) == ["cancelled", "queued"]


def test_a_claim_in_a_batch_is_no_longer_sent_back(desk: Desk, supervisor: User) -> None:
    claim_id = proposed(desk)
    desk.approve_all(supervisor)
    desk.frozen(desk.user(Role.CASHIER))
    with pytest.raises(Refused, match="组批"):
        send_back(desk, supervisor, claim_id)
    assert desk.payments(claim_id) == ["frozen"]
    assert desk.state_of(claim_id) == ClaimState.PAYABLE


@pytest.mark.parametrize("state", ["approved", "denied", "incomplete"])
def test_a_claim_elsewhere_on_its_way_is_not_sent_back(
    desk: Desk, supervisor: User, state: str
) -> None:
    claim_id = proposed(desk)
    with desk.office.sessions.unit_of_work() as session:
        change = text("UPDATE claim SET state = :s WHERE id = :c")
        session.execute(change, {"s": state, "c": claim_id})
    with pytest.raises(Refused, match="不能退回"):
        send_back(desk, supervisor, claim_id)


def test_an_approved_denial_gets_its_letter_and_no_payment(desk: Desk, supervisor: User) -> None:
    claim_id = proposed(desk, discharged="2026-03-03")
    result = desk.approve_all(supervisor)
    assert (result.count, result.sum) == (1, Fen(0))
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert desk.payments(claim_id) == []
    with desk.office.sessions.read_only() as session:
        letter = session.scalars(select(Letter)).one()
        assert (letter.kind, letter.state) == ("denial_notice", "written")


def test_a_clerk_who_asks_to_pay_again_cannot_approve_it(desk: Desk) -> None:
    claim_id, clerk = proposed(desk), desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        back = text("UPDATE claim SET state = 'returned' WHERE id = :c")
        session.execute(back, {"c": claim_id})
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    assert approve(desk, desk.user(Role.SUPERVISOR, of=clerk), shown(desk)).count == 0


def test_an_approval_is_not_undone_by_the_clock(desk: Desk, supervisor: User) -> None:
    proposed(desk)
    items = shown(desk)
    desk.clock.now += timedelta(days=30)
    assert approve(desk, supervisor, items).count == 1


def test_a_key_names_its_claim_and_what_is_no_key_names_none() -> None:
    assert approval_queue.claims_named(["12.3.4.500", "x", "", "7.1.1.0"]) == [12, 7]
