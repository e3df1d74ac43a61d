"""A repeated packet joined to the claim that holds its event, by two people, and parted again."""

import pytest
from sqlalchemy import select

from console.queries.approvals import queue_as_shown
from documents.kinds import Kind
from models import AuditEvent, Claim, Packet, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.verdict import Code
from tests.desk import Desk, a_page, handed_in, promises_hold
from tests.workflows.claims.acts.test_answers import agree, answer, asked
from tests.workflows.claims.acts.test_relief import answered
from tests.workflows.claims.approving.test_touches import touched
from tests.workflows.claims.test_every_question import say, the_same_stay_again
from workflows.claims.acts import joining, resting
from workflows.claims.approving import approval_queue
from workflows.claims.packets import uploads
from workflows.claims.papers import late_papers
from workflows.engine.sealed_details import detail_of

TWICE = Code.DUPLICATE_EVENT


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def leave(desk: Desk, person: User, claim_id: int, reason: str = "另一次住院") -> None:
    with desk.at(claim_id) as (session, claim):
        joining.leave(session, desk.office, person, claim, reason)
    desk.work()


def test_a_claim_is_joined_by_a_clerk_with_a_reason_and_a_supervisor_who_agrees(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    again = the_same_stay_again(desk)
    with pytest.raises(Refused, match="请写明原因"):
        answer(desk, clerk, again, TWICE, "join", "")
    answer(desk, clerk, again, TWICE, "join", "同一份材料")
    assert desk.state_of(again) == ClaimState.REFERRED
    with pytest.raises(Refused, match="审批"):
        agree(desk, desk.user(Role.CLERK), again)
    agree(desk, supervisor, again)
    assert desk.state_of(again) == ClaimState.JOINED
    with desk.office.sessions.read_only() as session:
        joined = session.scalars(select(AuditEvent).filter_by(verb="join")).one()
        assert (joined.actor_id, detail_of(joined)["reason"]) == (supervisor.id, "同一份材料")


def test_a_joined_claim_is_parted_by_a_third_person_and_its_event_asked_about_again(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    again = the_same_stay_again(desk)
    with desk.office.sessions.read_only() as session:
        first = session.scalars(select(Claim.id).where(Claim.id != again)).one()
    answer(desk, clerk, again, TWICE, "join", "同一份材料")
    agree(desk, supervisor, again)
    desk.approve_one(first)
    answered(desk)
    for joiner in (clerk, supervisor):
        with pytest.raises(Refused, match="另一人撤销"):
            leave(desk, joiner, again)
    third = desk.user(Role.CLERK)
    with pytest.raises(Refused, match="请写明原因"):
        leave(desk, third, again, " ")
    leave(desk, third, again)
    # The first claim was paid for this stay: nothing is paid twice without a second answer.
    assert asked(desk, again) == [TWICE]
    say(desk, again, TWICE, "another")
    assert desk.decision(again).amount == 600_00
    desk.approve_one(again)
    answered(desk)
    assert desk.state_of(again) == ClaimState.PAID
    promises_hold(desk)


def test_papers_joined_to_a_claim_that_is_paid_wait_for_a_person_to_look(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    person = desk.member()
    first = handed_in(desk, person)
    desk.approve_all()
    answered(desk)
    again = handed_in(desk, person)
    answer(desk, clerk, again, TWICE, "join", "同一份材料")
    agree(desk, supervisor, again)
    assert desk.state_of(first) == ClaimState.PAID
    with desk.at(first) as (session, claim):
        assert claim.late_papers_at == desk.clock()
        late_papers.propose_let_stand(session, desk.office, clerk, claim, "与已核的材料相同")
        late_papers.let_stand(session, desk.office, supervisor, claim)
        assert claim.late_papers_at is None


def test_a_claim_that_is_not_joined_cannot_be_parted(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk)
    with pytest.raises(Refused, match="不能这样办理"):
        leave(desk, clerk, claim_id)


def test_a_claim_left_alone_by_its_twin_is_paid_once_parted(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    again = the_same_stay_again(desk)
    with desk.office.sessions.read_only() as session:
        first = session.scalars(select(Claim.id).where(Claim.id != again)).one()
    answer(desk, clerk, again, TWICE, "join", "同一份材料")
    agree(desk, supervisor, again)
    with desk.at(first) as (session, claim):
        resting.withdraw(session, desk.office, clerk, claim, "以另一件为准")
    leave(desk, desk.user(Role.CLERK), again)
    assert desk.decision(again).amount == 600_00
    promises_hold(desk)


def test_the_claim_that_took_the_papers_in_is_an_exception_that_says_whose_and_why(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    again = the_same_stay_again(desk)
    with desk.office.sessions.read_only() as session:
        first = session.scalars(select(Claim.id).where(Claim.id != again)).one()
        number = session.get_one(Claim, again).number
        assert [item.is_clean for item in approval_queue.queue(session, desk.office)] == [True]
    answer(desk, clerk, again, TWICE, "join", "同一份材料")
    agree(desk, supervisor, again)
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
        [row] = queue_as_shown(session, desk.office, desk.user(Role.SUPERVISOR)).rows
    assert (item.claim_id, item.is_clean) == (first, False)
    [touch] = touched(desk, first)
    assert (touch.by, touch.joined, touch.reason) == (
        (clerk.name, supervisor.name),
        number,
        "同一份材料",
    )
    assert (touch.before, touch.after) == (("pay", 600_00), ("pay", 600_00))
    [look] = row.item.looks
    assert look.sentence.startswith(f"并入案件 {number} 的材料 {clerk.name}、{supervisor.name} ")
    assert look.sentence.endswith("：同一份材料")
    assert (look.before, look.after) == ("给付 ¥600.00", "给付 ¥600.00")


def upload_to(desk: Desk, sender: User, claim_id: int) -> list[str]:
    """A clerk uploads another paper to this claim; what he is told of it."""
    page = desk.scan(a_page(Kind.DIAGNOSIS_CERTIFICATE, "诊断证明书"))
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        uploads.upload(session, desk.office, sender, [("证明.jpg", page)], claim)
    desk.work()
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Packet).order_by(Packet.id.desc())).first().notes  # type: ignore[union-attr]


def test_papers_that_come_to_a_joined_claim_go_to_the_claim_it_was_joined_to(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    again = the_same_stay_again(desk)
    with desk.office.sessions.read_only() as session:
        first = session.scalars(select(Claim.id).where(Claim.id != again)).one()
        joined, holder = (session.get_one(Claim, each).number for each in (again, first))
    answer(desk, clerk, again, TWICE, "join", "同一份材料")
    agree(desk, supervisor, again)
    sender = desk.user(Role.CLERK)
    told = f"案件 {joined} 已并入案件 {holder}，材料已转入案件 {holder}"
    assert upload_to(desk, sender, again) == [told]
    assert (desk.state_of(first), desk.state_of(again)) == ("proposed", "joined")
    with desk.office.sessions.read_only() as session:
        papers = session.get_one(Claim, first).documents
        assert [page.kind for page in papers[-1].pages] == [Kind.DIAGNOSIS_CERTIFICATE]
        [item] = approval_queue.queue(session, desk.office)
    assert [touch.joined for touch in touched(desk, item.claim_id)] == [joined, joined]
    for had_a_part in (desk.user(Role.SUPERVISOR, of=sender), supervisor):
        assert desk.approve_all(had_a_part).count == 0
    desk.approve_all()
    answered(desk)
    assert desk.state_of(first) == ClaimState.PAID
    [late] = upload_to(desk, sender, again)
    assert late.startswith(f"{told}；案件 {holder} 已经审批，材料先附卷")
    promises_hold(desk)


def test_a_stay_that_meets_the_paid_one_through_a_denied_one_can_be_joined_to_it(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    person = desk.member()
    paid = handed_in(desk, person, admitted="2026-03-02", discharged="2026-03-14")
    desk.approve_one(paid)
    between = handed_in(desk, person, admitted="2026-03-15", discharged="2026-03-16")
    say(desk, between, TWICE, "another")
    desk.approve_one(between)
    assert desk.state_of(between) == ClaimState.DENIED
    last = handed_in(desk, person, admitted="2026-03-17", discharged="2026-03-19")
    answer(desk, clerk, last, TWICE, "join", "同一次住院")
    agree(desk, supervisor, last)
    assert desk.state_of(last) == ClaimState.JOINED
    with desk.office.sessions.read_only() as session:
        joined = session.scalars(select(AuditEvent).filter_by(verb="join")).one()
        assert joined.detail["joined_to"] == session.get_one(Claim, paid).number
    promises_hold(desk)
