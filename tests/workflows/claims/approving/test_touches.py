"""What people said of a claim is in its row of the queue, and makes it an exception."""

import pytest

from documents.kinds import Kind
from models import User
from models.people import Role
from rules.errors import Refused
from rules.second_look import Look
from rules.verdict import Code
from tests.desk import Desk, a_card_number, a_page, promises_hold, said_of
from tests.returned import returned
from tests.workflows.claims.acts.test_answers import agree, answer, establish
from workflows.claims.acts import correction, denial, resting, told_events
from workflows.claims.approving import approval, approval_queue
from workflows.claims.approving.approval_queue import QueuedClaim
from workflows.claims.approving.touches import Touch, touches_of


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def referred(desk: Desk) -> int:
    claim_id = desk.claim(desk.member(), diagnosis="足月妊娠剖宫产")
    desk.work()
    return claim_id


def touched(desk: Desk, claim_id: int) -> tuple[Touch, ...]:
    with desk.office.sessions.read_only() as session:
        return touches_of(session, [claim_id])[claim_id]


def queued(desk: Desk) -> QueuedClaim:
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
        return item


def test_an_answer_that_moved_money_shows_who_when_why_before_and_after(desk: Desk) -> None:
    claim_id = referred(desk)
    one, other = desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)
    answer(desk, one, claim_id, Code.EXCLUSION_SUSPECTED, "not_excluded", "并发肺炎住院")
    desk.clock.pass_(hours=1)
    agree(desk, other, claim_id)
    item = queued(desk)
    assert not item.is_clean
    [touch] = touched(desk, claim_id)
    assert touch.by == (one.name, other.name)
    assert (touch.words, touch.reason) == ("不属于除外情形", "并发肺炎住院")
    assert (touch.before, touch.after) == (("refer", 0), ("pay", 600_00))
    # The very touches shown are approved: the list is still what it was.
    assert desk.approve_all().count == 1


def test_an_event_told_anew_is_an_exception_though_nothing_else_is_noted(
    desk: Desk, clerk: User
) -> None:
    bill = a_page(Kind.INVOICE, "医疗住院收费票据")
    claim_id = desk.claim(desk.member(), more=(bill,))
    desk.work()
    assert queued(desk).is_clean
    establish(desk, clerk, claim_id, hospital={"level": 2, "city": "四平市"})
    item = queued(desk)
    [look] = item.looks
    assert (look.code, look.before, look.after) == (
        Look.TOLD_BY_HAND,
        "给付 ¥600.00",
        "给付 ¥480.00",
    )
    [touch] = touched(desk, claim_id)
    assert (touch.by, touch.reason) == ((clerk.name,), "已核对材料")
    assert (touch.before, touch.after) == (("pay", 600_00), ("pay", 480_00))


def test_what_is_told_of_a_judged_claim_or_departs_from_its_papers_needs_a_reason(
    desk: Desk, clerk: User
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    level: dict[str, object] = {"hospital": {"level": 2}}
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="请写明原因"):
        told_events.establish(session, desk.office, clerk, claim, level)
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="至少要有一个"):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "不申请")
    unjudged = desk.claim(desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    other: dict[str, object] = {"cause": "accident"}
    with desk.at(unjudged) as (session, claim), pytest.raises(Refused, match="请写明原因"):
        assert not claim.decisions
        told_events.establish(session, desk.office, clerk, claim, other)


def test_an_answer_that_no_longer_counts_is_not_shown(desk: Desk, clerk: User) -> None:
    claim_id = referred(desk)
    supervisor = desk.user(Role.SUPERVISOR)
    answer(desk, supervisor, claim_id, Code.EXCLUSION_SUSPECTED, "not_excluded")
    answer(desk, clerk, claim_id, Code.EXCLUSION_SUSPECTED, "excluded")
    [touch] = touched(desk, claim_id)
    assert touch.words == "属于除外情形，不予给付"
    assert touch.by == (clerk.name,)


def test_a_claim_that_people_only_checked_stays_clean(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.correct(clerk, claim_id, hospital_name="吉林大学第一医院")
    assert queued(desk).is_clean


def test_who_chose_among_papers_that_disagree_is_an_exception(desk: Desk, clerk: User) -> None:
    """To keep the value that was read is a choice too: the other paper tells of another stay."""
    longer = a_page(Kind.DISCHARGE_RECORD, "出院记录", "出院日期：2026-03-24")
    claim_id = desk.claim(desk.member(), more=(longer,))
    desk.work()
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "discharged_on")}
    desk.correct(clerk, claim_id, discharged_on="2026-03-14")
    item = queued(desk)
    [chosen] = [look for look in item.looks if look.code is Look.VALUE_KEYED]
    assert chosen.sentence.startswith(f"各份材料不一致，选定出院日期 {clerk.name} ")
    assert chosen.after == "2026-03-14"


def test_a_payee_that_a_second_person_confirmed_is_an_exception(desk: Desk, clerk: User) -> None:
    """The card is the register's, but a paper shows another one: the supervisor is told who saw
    both."""
    member = desk.member()
    other = a_page(Kind.BANK_CARD, "中国建设银行", a_card_number())
    claim_id = desk.claim(member, more=(other,))
    desk.work()
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "bank_card_number")}
    desk.correct(clerk, claim_id, bank_card_number=member.card)
    second = desk.user(Role.CLERK)
    desk.confirm_payee(claim_id, second)
    assert f"{second.name}核对了收款账户" in said_of(queued(desk))
    desk.approve_all()
    promises_hold(desk)


def answered_and_checked(desk: Desk, clerk: User, claim_id: int, reason: str) -> None:
    with desk.at(claim_id) as (session, claim):
        for finding in [each for each in claim.findings if each.closed_at is None]:
            correction.answer(session, desk.office, clerk, claim, finding.id, reason)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def test_a_card_that_a_clerk_keyed_and_answered_himself_is_an_exception(
    desk: Desk, clerk: User
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.correct(clerk, claim_id, bank_card_number=a_card_number())
    answered_and_checked(desk, clerk, claim_id, "会员换卡")
    desk.confirm_payee(claim_id)
    item = queued(desk)
    assert not item.is_clean
    [keyed] = [look for look in item.looks if look.code is Look.PAYEE_KEYED]
    assert keyed.sentence.startswith(f"改录银行卡号 {clerk.name} ")
    [waived] = [look for look in item.looks if look.code is Look.WARNING_ANSWERED]
    assert waived.sentence.startswith(clerk.name)
    assert waived.sentence.endswith("：会员换卡")


def test_a_longer_stay_that_a_clerk_keyed_is_an_exception(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.correct(clerk, claim_id, discharged_on="2026-03-30")
    item = queued(desk)
    assert not item.is_clean
    [keyed] = item.looks
    assert (keyed.code, keyed.before, keyed.after) == (Look.VALUE_KEYED, "2026-03-14", "2026-03-30")
    assert keyed.sentence.startswith(f"改录出院日期 {clerk.name} ")


def test_what_a_supervisor_sent_back_says_so_when_it_returns(desk: Desk, clerk: User) -> None:
    claim_id, supervisor = desk.claim(desk.member()), desk.user(Role.SUPERVISOR)
    desk.work()
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, "材料系伪造")
    with desk.at(claim_id) as (session, claim):
        clause = next(iter(denial.clauses_for(session, claim, desk.office)))
        denial.propose_denial(session, desk.office, supervisor, claim, clause, "印章不符")
    with pytest.raises(Refused, match="审批"), desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    with pytest.raises(Refused, match="审批"), desk.at(claim_id) as (session, claim):
        resting.withdraw(session, desk.office, clerk, claim, "撤回")
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, "另查")
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    notes = "；".join(said_of(queued(desk)))
    assert all(reason in notes for reason in ("材料系伪造", "印章不符", "另查"))


def test_no_reason_takes_the_place_of_a_death_certificate(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    event = {"kind": "accident", "happened_on": "2026-04-01", "outcome": "death"}
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, event, 0, reason="已核对材料")
    desk.work()
    with pytest.raises(Refused, match="死亡证明"):
        answered_and_checked(desk, clerk, claim_id, "见附件")


def test_a_returned_payment_made_again_is_an_exception_and_keeps_its_name(
    desk: Desk, clerk: User
) -> None:
    member = desk.member()
    claim_id = returned(desk, member)
    with pytest.raises(Refused, match="姓名"), desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, clerk, claim, "member_name", "王贪")
    desk.pay_again(clerk, claim_id, a_card_number())
    item = queued(desk)
    assert [each.code for each in item.looks].count(Look.PAYEE_KEYED) == 1
    assert any("退票后" in note for note in said_of(item))
