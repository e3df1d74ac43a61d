"""What a dishonest person might try with objections, revisions and recoveries, and an honest one
must still be able to do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from banking import simulator
from documents.kinds import Kind
from models import Batch, LateReturn, Objection, Recovery, User
from models.people import Role
from models.states import ClaimState, RecoveryState
from rules.errors import BadInput, Refused
from rules.money import Fen
from tests import as_shown
from tests.desk import STEP_BY_NAME, Desk, Person, promises_hold
from tests.heirs import a_death, an_heir, pages
from tests.workflows.claims.objecting.test_objections import (
    FORM,
    TODAY,
    answered,
    booked,
    corrected_stay,
    decided,
    objected,
    on_recovery,
    paid,
    proposed,
    recoveries,
    reopened,
    sums_paid,
    upheld,
    withdrawn,
)
from workflows.claims.acts import correction, denial, resting
from workflows.claims.approving import approval, approval_queue
from workflows.claims.objecting import objections
from workflows.claims.objecting.objection_withdrawals import ask_to_withdraw
from workflows.claims.paying import bank_reply, late_returns, paid_again, payment_files, recovery
from workflows.engine.run import Ended, run
from workflows.sealed_values.claims import payee_of


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def first(desk: Desk) -> User:
    """The supervisor who approved the first decision."""
    return desk.user(Role.SUPERVISOR)


def revised(desk: Desk, clerk: User, claim_id: int, discharged: str) -> None:
    """A clerk reopens the claim and keys another day of discharge."""
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, discharged)


def moved_away(desk: Desk, clerk: User, claim_id: int) -> None:
    """A clerk keys another day, a month earlier, on which nothing is owed and no stay follows."""
    with desk.at(claim_id) as (session, claim):
        for name in ("discharged_on", "admitted_on"):
            correction.correct_field(session, desk.office, clerk, claim, name, "2026-02-02")
        correction.recheck(session, desk.office, clerk, claim)


def bank_says(desk: Desk, batch_id: int, results: dict[str, str]) -> str:
    """The bank's answer to this batch; what the cashier is told to ask the bank about."""
    cashier = desk.user(Role.CASHIER)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
        reply = simulator.answer(file.content, FORM, results, (), desk.clock())
        loaded = bank_reply.load_reply(session, desk.office, cashier, batch, reply)
        doubted = loaded.doubted or ""
    desk.work()
    return doubted


def test_one_stay_is_not_paid_by_a_second_claim_while_the_first_is_under_revision(
    desk: Desk, clerk: User, first: User
) -> None:
    person = desk.member()
    one = paid(desk, first, person)
    reopened(desk, clerk, one)
    moved_away(desk, clerk, one)
    desk.work()
    other = desk.claim(person)
    desk.work()
    second = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        items = [
            item for item in approval_queue.queue(session, desk.office) if item.claim_id == other
        ]
        [dropped] = approval.approve(session, desk.office, second, items, items).dropped
    assert "正在重新办理" in dropped.reason
    promises_hold(desk)
    desk.approve_all(second)
    assert desk.state_of(one) == ClaimState.DENIED
    assert [row[1:] for row in recoveries(desk, one)] == [(RecoveryState.OPEN, 60_000, 0)]
    desk.approve_one(other)
    assert desk.state_of(other) == ClaimState.PAYABLE
    promises_hold(desk)


def test_a_revision_frees_no_limit_for_another_stay_before_it_is_approved(
    desk: Desk, clerk: User, first: User
) -> None:
    person = desk.member()
    one = paid(desk, first, person, admitted="2026-01-05", discharged="2026-01-25")
    paid(desk, first, person, admitted="2026-03-05", discharged="2026-03-25")
    reopened(desk, clerk, one)
    corrected_stay(desk, clerk, one, "2026-01-05", "2026-01-05")
    third = desk.claim(person, admitted="2026-05-05", discharged="2026-05-25")
    desk.work()
    desk.approve_one(third)
    assert desk.state_of(third) == ClaimState.PROPOSED
    promises_hold(desk)


def test_the_same_stay_judged_in_one_transaction_with_its_revision_is_free_once_that_denies(
    desk: Desk, clerk: User, first: User
) -> None:
    person = desk.member()
    one = paid(desk, first, person)
    reopened(desk, clerk, one)
    moved_away(desk, clerk, one)
    other = desk.claim(person)
    for name, claim_id in (("check", one), ("read", other), ("check", other)):
        assert desk.run_only(name, claim_id) is Ended.DONE
    assert run(desk.office, STEP_BY_NAME["adjudicate"], one, other) is Ended.DONE
    assert [desk.decision(claim_id).outcome for claim_id in (one, other)] == ["deny", "pay"]
    promises_hold(desk)


def test_a_claim_is_held_for_90_days_at_most(desk: Desk, clerk: User, first: User) -> None:
    revised_claim = paid(desk, first)
    reopened(desk, clerk, revised_claim)
    waiting = desk.claim(desk.member())
    desk.work()
    for claim_id in (revised_claim, waiting):
        for days, is_refused in ((91, True), (90, False)):
            until = desk.office.today() + timedelta(days=days)
            with desk.at(claim_id) as (session, claim):
                if is_refused:
                    with pytest.raises(BadInput, match=f"再看日期 {until} 太晚：最多搁置 90 天"):
                        resting.hold(session, desk.office, clerk, claim, "等待医院答复", until)
                else:
                    resting.hold(session, desk.office, clerk, claim, "等待医院答复", until)
        assert desk.state_of(claim_id) == ClaimState.HELD


@pytest.mark.parametrize(
    ("discharged", "topped_up", "asked_back"),
    [
        ("2026-03-22", 0, 0),  # 1,000 again
        ("2026-03-18", 0, 0),  # 800
        ("2026-03-26", 20_000, 0),  # 1,200
        ("2026-03-12", 0, 10_000),  # 500
    ],
)
def test_what_was_written_off_counts_as_paid_where_the_claim_is_granted_more(
    desk: Desk, clerk: User, first: User, discharged: str, topped_up: int, asked_back: int
) -> None:
    """Paid 1,000; 400 of it were asked back and written off."""
    claim_id = paid(desk, first, discharged="2026-03-22")
    revised(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all()
    [(id_, *_)] = recoveries(desk, claim_id)
    proposed(desk, desk.user(Role.SUPERVISOR), id_, "会员拒不退还")
    on_recovery(desk, desk.user(Role.SUPERVISOR), id_, as_shown.write_off)
    revised(desk, clerk, claim_id, discharged)
    desk.approve_all()
    if topped_up:
        answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert [amount for _round, amount, _state in sums_paid(desk, claim_id)[1:]] == (
        [topped_up] if topped_up else []
    )
    assert [amount for _id, state, amount, _in in recoveries(desk, claim_id)[1:]] == (
        [asked_back] if asked_back else []
    )
    promises_hold(desk)


def test_who_upheld_an_objection_does_not_approve_what_comes_of_it(
    desk: Desk, clerk: User, first: User
) -> None:
    """Denied by two; one supervisor alone does not pay it."""
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, first, claim, "材料系伪造")
    with desk.at(claim_id) as (session, claim):
        clause = next(iter(denial.clauses_for(session, claim, desk.office)))
        denial.propose_denial(session, desk.office, first, claim, clause, "材料系伪造")
    desk.approve_all()
    third = desk.user(Role.SUPERVISOR)
    own = objected(desk, third, claim_id)
    with pytest.raises(Refused, match="登记异议的人不能听取"):
        upheld(desk, third, own)
    hearer = desk.user(Role.SUPERVISOR)
    upheld(desk, hearer, own)
    assert [each.reason for each in desk.approve_all(hearer).dropped] == [
        "本人经手过此案，须由他人审批"
    ]
    assert sums_paid(desk, claim_id) == []
    assert desk.approve_all(third).count == 1
    promises_hold(desk)


def test_a_revision_does_not_give_the_claim_to_another_member(
    desk: Desk, clerk: User, first: User
) -> None:
    person, mate = desk.member(), desk.member(name="王五")
    claim_id = paid(desk, first, person)
    reopened(desk, clerk, claim_id)
    with pytest.raises(Refused, match="不能改为另一会员"):
        desk.correct(clerk, claim_id, id_number=mate.id_number)
    desk.correct(clerk, claim_id, id_number=person.id_number)
    promises_hold(desk)


def a_top_up(desk: Desk, clerk: User, first: User, person: Person | None = None) -> int:
    """A claim paid 600, revised to 1,000; the difference is queued."""
    claim_id = paid(desk, first, person)
    revised(desk, clerk, claim_id, "2026-03-22")
    desk.approve_all()
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited"), (1, 40_000, "queued")]
    return claim_id


def test_a_supervisor_sends_a_difference_back_that_is_not_at_the_bank_yet(
    desk: Desk, clerk: User, first: User
) -> None:
    claim_id = a_top_up(desk, clerk, first)
    second = desk.user(Role.SUPERVISOR)
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, second, claim, "天数有误")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited"), (1, 40_000, "cancelled")]
    promises_hold(desk)
    corrected_stay(desk, clerk, claim_id, "2026-03-18")
    desk.approve_all()
    answered(desk)
    assert sums_paid(desk, claim_id)[2:] == [(1, 20_000, "credited")]
    promises_hold(desk)


def test_a_difference_goes_to_heirs_where_the_member_died_before_it_was_paid(
    desk: Desk, clerk: User, first: User
) -> None:
    person, heir = desk.member(), an_heir("李一")
    claim_id = a_top_up(desk, clerk, first, person)
    a_death(desk, person, heir)
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, desk.user(Role.SUPERVISOR), claim, "会员身故")
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    promises_hold(desk)


def test_a_difference_waits_for_heirs_where_the_member_died_before_it_was_queued(
    desk: Desk, clerk: User, first: User
) -> None:
    person = desk.member()
    claim_id = paid(desk, first, person)
    revised(desk, clerk, claim_id, "2026-03-22")
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        approval.approve(session, desk.office, desk.user(Role.SUPERVISOR), items, items)
    bells = desk.bells[:]
    desk.bells.clear()
    a_death(desk, person, an_heir("李一"))
    desk.bells.extend(bells)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    promises_hold(desk)


def test_a_late_return_of_what_was_recovered_leaves_the_other_lines_of_the_file(
    desk: Desk, clerk: User, first: User
) -> None:
    person, mate = desk.member(), desk.member(name="王五")
    claim_id = decided(desk, first, person)
    other = decided(desk, first, mate)
    batch_id = desk.released()
    bank_says(desk, batch_id, {})
    revised(desk, clerk, claim_id, "2026-03-03")
    desk.approve_all()
    [(id_, *_)] = recoveries(desk, claim_id)
    booked(desk, desk.user(Role.CASHIER), id_, 10_000, "1")
    doubted = bank_says(desk, batch_id, {person.card: "3056", mate.card: "3056"})
    assert len(doubted.split("、")) == 2
    assert (desk.state_of(other), desk.payments(other)) == (ClaimState.PAID, ["credited"])
    supervisor = desk.user(Role.SUPERVISOR)
    with pytest.raises(Refused, match="已由会员退回或已核销"):
        confirmed_returns(desk, supervisor)
    confirmed_returns(desk, supervisor, mate)
    assert desk.state_of(other) == ClaimState.RETURNED
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert desk.payments(claim_id) == ["credited"]
    promises_hold(desk)


def confirmed_returns(desk: Desk, supervisor: User, person: Person | None = None) -> None:
    """The bank confirms the late returns, or those of this member."""
    with desk.office.sessions.unit_of_work() as session:
        query = select(LateReturn).filter_by(dealt_at=None).order_by(LateReturn.id)
        for late in session.scalars(query).all():
            if person is None or payee_of(desk.office.keys, late.payment).account == person.card:
                late_returns.confirm_return(session, desk.office, supervisor, late, "银行确认")
    desk.work()


def test_one_file_of_one_cashier_calls_no_recovery_off_and_pays_nothing_again(
    desk: Desk, clerk: User, first: User
) -> None:
    person = desk.member()
    claim_id = decided(desk, first, person)
    batch_id = desk.released()
    bank_says(desk, batch_id, {})
    revised(desk, clerk, claim_id, "2026-03-03")
    desk.approve_all()
    bank_says(desk, batch_id, {person.card: "3056"})
    assert [row[1] for row in recoveries(desk, claim_id)] == [RecoveryState.OPEN]
    assert desk.payments(claim_id) == ["credited"]
    with pytest.raises(Refused, match="没有需要重新付款"), desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    promises_hold(desk)
    confirmed_returns(desk, desk.user(Role.SUPERVISOR))
    assert [row[1] for row in recoveries(desk, claim_id)] == [RecoveryState.CALLED_OFF]
    promises_hold(desk)


def test_a_claim_is_reopened_once(desk: Desk, clerk: User, first: User) -> None:
    claim_id = paid(desk, first)
    reopened(desk, clerk, claim_id)
    with pytest.raises(Refused, match="不能“重新办理”"):
        reopened(desk, clerk, claim_id)


def test_one_sum_that_came_in_ends_one_recovery(desk: Desk, clerk: User, first: User) -> None:
    cashier, ids = desk.user(Role.CASHIER), []
    for _ in range(2):
        claim_id = paid(desk, first, desk.member(), discharged="2026-03-22")
        revised(desk, clerk, claim_id, "2026-03-14")
        desk.approve_all()
        ids.append(recoveries(desk, claim_id)[0][0])
    booked(desk, cashier, ids[0], 40_000, "2026061500001")
    with pytest.raises(Refused, match="2026061500001 已经入账"):
        booked(desk, cashier, ids[1], 40_000, "2026061500001")


def test_an_objection_is_withdrawn_by_the_side_that_registered_it(
    desk: Desk, clerk: User, first: User
) -> None:
    own = objected(desk, clerk, paid(desk, first))
    of_the_unit = desk.user(Role.UNIT_CLERK, unit_id=desk.unit())
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, own)
        with pytest.raises(Refused, match="由登记的一方撤回"):
            ask_to_withdraw(session, desk.office, of_the_unit, row, row.made_on, "本人放弃")
    withdrawn(desk, desk.user(Role.CLERK), own)


@pytest.mark.parametrize("end", ["registered", "withdrawn", "rejected"])
def test_who_approved_what_was_objected_to_does_not_approve_a_mistake_found_in_it(
    desk: Desk, clerk: User, first: User, end: str
) -> None:
    claim_id, hearer = paid(desk, first), desk.user(Role.SUPERVISOR)
    id_ = objected(desk, clerk, claim_id)
    if end == "withdrawn":
        withdrawn(desk, clerk, id_)
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, id_)
        if end == "rejected":
            objections.reject(session, desk.office, hearer, row, "以病案首页为准")
    revised(desk, clerk, claim_id, "2026-03-22")
    # Neither a second mistake nor its own end makes the objection unsaid.
    excluded = [first, hearer] if end == "rejected" else [first]
    for person in excluded:
        [dropped] = desk.approve_all(person).dropped
        assert dropped.reason == "本人经手过此案，须由他人审批"
    desk.approve_all(desk.user(Role.SUPERVISOR))
    answered(desk)
    revised(desk, clerk, claim_id, "2026-03-26")
    for person in excluded:
        assert len(desk.approve_all(person).dropped) == 1
    if end == "registered":
        with pytest.raises(Refused, match="参与过此案"):
            upheld(desk, first, id_)
    promises_hold(desk)


def test_an_objection_is_not_backdated_into_its_term(desk: Desk, clerk: User, first: User) -> None:
    claim_id = paid(desk, first)
    desk.clock.pass_(days=67)
    in_time = TODAY + timedelta(days=59)
    with pytest.raises(Refused, match=r"登记时已过 7 天.*须由审批人员"):
        objected(desk, clerk, claim_id, in_time)
    objected(desk, clerk, claim_id, in_time + timedelta(days=1))


def test_pages_that_are_named_anew_do_not_give_a_revision_to_another_member(
    desk: Desk, clerk: User, first: User
) -> None:
    mate = desk.member(name="王五")
    claim_id = paid(desk, first)
    reopened(desk, clerk, claim_id)
    for kind in (Kind.APPLICATION_FORM, Kind.ID_CARD_FRONT):
        for page_id in pages(desk, claim_id, kind):
            with desk.at(claim_id) as (session, claim):
                correction.name_kind(session, desk.office, clerk, claim, page_id, Kind.OTHER)
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    with pytest.raises(Refused, match="不能改为另一会员"):
        desk.correct(clerk, claim_id, id_number=mate.id_number)


def test_what_came_back_in_full_is_paid_anew_and_its_recovery_stays_as_it_is(
    desk: Desk, clerk: User, first: User
) -> None:
    claim_id = paid(desk, first, discharged="2026-03-22")
    revised(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all(desk.user(Role.SUPERVISOR))
    [(id_, _, amount, _)] = recoveries(desk, claim_id)
    booked(desk, desk.user(Role.CASHIER), id_, amount, "2026061500001")
    revised(desk, desk.user(Role.CLERK), claim_id, "2026-03-22")
    desk.approve_all(desk.user(Role.SUPERVISOR))
    assert recoveries(desk, claim_id) == [(id_, RecoveryState.REPAID, amount, amount)]
    assert [sum_ for _, sum_, _ in sums_paid(desk, claim_id)][1:] == [amount]
    promises_hold(desk)


def test_a_sum_that_came_in_has_a_day_that_has_been_and_a_reference(
    desk: Desk, clerk: User, first: User
) -> None:
    claim_id = paid(desk, first, discharged="2026-03-22")
    revised(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all(desk.user(Role.SUPERVISOR))
    [(id_, *_)] = recoveries(desk, claim_id)
    cashier = desk.user(Role.CASHIER)
    tomorrow = TODAY + timedelta(days=1)
    for day, reference, words in (
        (tomorrow, "2026061500001", f"^到账日期 {tomorrow} 晚于今天 {TODAY}$"),
        (TODAY, " ", "^请填写银行流水号$"),
    ):
        with pytest.raises(Refused, match=words), desk.office.sessions.unit_of_work() as session:
            row = session.get_one(Recovery, id_)
            receipt = recovery.ReceivedSum(day, Fen(100), reference)
            recovery.book(session, desk.office, cashier, row, receipt)
    assert recoveries(desk, claim_id)[0][3] == 0
