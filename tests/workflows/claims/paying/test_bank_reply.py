"""What the bank answers: credited, returned or nothing, each taken in once."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import pytest
from sqlalchemy import select

from banking import formats, simulator
from models import (
    AuditEvent,
    Batch,
    Claim,
    LateReturn,
    LimitCounter,
    Payment,
    PaymentFile,
    ReplyFile,
    Reservation,
    User,
)
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from tests.desk import (
    Desk,
    Person,
    a_card_number,
    at_once,
    promises_hold,
    release_as_shown,
    said_of,
)
from workflows.claims.acts import correction, told_events
from workflows.claims.approving import approval, approval_queue
from workflows.claims.paying import bank_reply, late_returns, paid_again, payment_files

FORM = "ccb-list"
RETURNED = "3031"
UNCLEAR = "处理中"


@pytest.fixture
def cashier(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


def sent(desk: Desk, *people: Person) -> tuple[int, list[int]]:
    """A released batch with one claim of each."""
    claims = [desk.claim(person) for person in people]
    desk.work()
    desk.approve_all()
    return desk.released(), claims


def bank_says(
    desk: Desk,
    batch_id: int,
    results: Mapping[str, str] | None = None,
    left_out: tuple[str, ...] = (),
) -> bytes:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
    return simulator.answer(file.content, FORM, results or {}, left_out, desk.clock())


def load(desk: Desk, person: User, batch_id: int, content: bytes) -> tuple[int, int, int]:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = bank_reply.load_reply(session, desk.office, person, batch, content)
        return file.credited, file.returned, file.unknown


def states(desk: Desk, claims: list[int]) -> list[str]:
    return [desk.state_of(claim_id) for claim_id in claims]


def confirmed(desk: Desk) -> list[bool]:
    with desk.office.sessions.read_only() as session:
        query = select(Reservation.confirmed_at).order_by(Reservation.id)
        return [at is not None for at in session.scalars(query)]


def test_each_answer_moves_its_own_payment(desk: Desk, cashier: User) -> None:
    people = [desk.member(name) for name in ("张三", "李四", "王五")]
    batch_id, claims = sent(desk, *people)
    answer = bank_says(desk, batch_id, {people[1].card: RETURNED, people[2].card: UNCLEAR})
    assert load(desk, cashier, batch_id, answer) == (1, 1, 1)
    assert states(desk, claims) == [ClaimState.PAID, ClaimState.RETURNED, ClaimState.SENT]
    assert [desk.payments(c) for c in claims] == [["credited"], ["returned"], ["sent"]]
    assert confirmed(desk) == [True, False, False]
    with desk.office.sessions.read_only() as session:
        back = session.scalars(select(Payment).filter_by(state="returned")).one()
        assert back.result_code == RETURNED
        assert back.result_text
        assert back.result_at == desk.clock()
        unclear = session.scalars(select(Payment).filter_by(state="sent")).one()
        assert (unclear.result_text, unclear.result_at) == (UNCLEAR, None)


def test_an_account_in_the_words_of_the_bank_is_not_kept_in_clear(
    desk: Desk, cashier: User
) -> None:
    person = desk.member()
    batch_id, _claims = sent(desk, person)
    words = f"账号{person.card}待核"
    load(desk, cashier, batch_id, bank_says(desk, batch_id, {person.card: words}))
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(Payment.result_text)).one()
    assert kept is not None
    assert person.card not in kept
    assert kept.endswith("待核")


def test_a_partial_reply_leaves_the_rest_sent_until_the_next(desk: Desk, cashier: User) -> None:
    people = [desk.member(name) for name in ("张三", "李四")]
    batch_id, claims = sent(desk, *people)
    first = bank_says(desk, batch_id, left_out=(people[1].card,))
    assert load(desk, cashier, batch_id, first) == (1, 0, 1)
    assert states(desk, claims) == [ClaimState.PAID, ClaimState.SENT]
    whole = bank_says(desk, batch_id, {people[1].card: RETURNED})
    assert load(desk, cashier, batch_id, whole) == (0, 1, 0)
    assert states(desk, claims) == [ClaimState.PAID, ClaimState.RETURNED]


def test_a_file_that_is_made_with_its_reply_leaves_the_history_of_its_batch_whole(
    desk: Desk, cashier: User
) -> None:
    batch_id, claims = sent(desk, desk.member())
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, cashier, batch)
        answer = simulator.answer(file.content, FORM, {}, (), desk.clock())
        bank_reply.load_reply(session, desk.office, cashier, batch, answer)
    assert states(desk, claims) == [ClaimState.PAID]
    promises_hold(desk)


def test_the_same_reply_is_taken_in_once(desk: Desk, cashier: User) -> None:
    batch_id, claims = sent(desk, desk.member())
    answer = bank_says(desk, batch_id)
    load(desk, cashier, batch_id, answer)
    with pytest.raises(Refused, match="已经载入过"):
        load(desk, cashier, batch_id, answer)
    with desk.office.sessions.read_only() as session:
        assert len(session.scalars(select(ReplyFile)).all()) == 1
    assert states(desk, claims) == [ClaimState.PAID]


def test_two_cashiers_who_load_the_same_reply_at_once_load_it_once(desk: Desk) -> None:
    person = desk.member()
    batch_id, claims = sent(desk, person)
    answer = bank_says(desk, batch_id, {person.card: RETURNED})

    def is_loaded(cashier: User) -> bool:
        try:
            load(desk, cashier, batch_id, answer)
        except Refused:
            return False
        return True

    people = [desk.user(Role.CASHIER), desk.user(Role.CASHIER)]
    assert sorted(at_once(*[partial(is_loaded, one) for one in people])) == [False, True]
    assert states(desk, claims) == [ClaimState.RETURNED]


def test_a_reply_for_a_batch_that_was_not_released_is_refused(desk: Desk, cashier: User) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    batch_id = desk.frozen(cashier)
    with pytest.raises(Refused, match="尚未放行"):
        load(desk, cashier, batch_id, bank_says(desk, batch_id))
    assert desk.payments(claim_id) == ["frozen"]


def test_a_reply_for_another_batch_changes_nothing(desk: Desk, cashier: User) -> None:
    first, claims = sent(desk, desk.member("张三"))
    second, others = sent(desk, desk.member("李四"))
    with pytest.raises(Refused, match="不是批次"):
        load(desk, cashier, first, bank_says(desk, second))
    assert states(desk, claims + others) == [ClaimState.SENT] * 2


def test_what_is_no_reply_is_refused(desk: Desk, cashier: User) -> None:
    batch_id, claims = sent(desk, desk.member())
    for content in (b"", b"not a sheet", b"PK\x03\x04" + bytes(100)):
        with pytest.raises(Refused):
            load(desk, cashier, batch_id, content)
    assert states(desk, claims) == [ClaimState.SENT]


def test_only_a_cashier_loads_a_reply(desk: Desk) -> None:
    batch_id, claims = sent(desk, desk.member())
    answer = bank_says(desk, batch_id)
    for role in set(Role) - {Role.CASHIER}:
        with pytest.raises(Refused, match="出纳"):
            load(desk, desk.user(role), batch_id, answer)
    assert states(desk, claims) == [ClaimState.SENT]


def test_a_payment_without_an_answer_is_not_sent_again(desk: Desk, cashier: User) -> None:
    _, claims = sent(desk, desk.member())
    desk.clock.pass_(days=400)
    desk.work()
    with pytest.raises(Refused, match="没有待组批"):
        desk.frozen(cashier)
    with pytest.raises(Refused), desk.at(claims[0]) as (session, claim):
        paid_again.pay_again(session, desk.office, desk.user(Role.CLERK), claim, "已与会员核实")


def test_a_line_without_our_reference_is_no_answer_where_another_batch_paid_the_same(
    desk: Desk, cashier: User
) -> None:
    person = desk.member("张三")
    old, _claims = sent(desk, person)
    text = f"处理结果,账号,户名,金额\n%s,{person.card},张三,600.00\n"
    assert load(desk, cashier, old, (text % RETURNED).encode()) == (0, 1, 0)
    desk.claim(person, admitted="2026-05-02", discharged="2026-05-14")
    desk.work()
    desk.approve_all()
    new = desk.released()
    assert load(desk, cashier, new, (text % f"{RETURNED} ").encode()) == (0, 0, 1)
    with desk.office.sessions.read_only() as session:
        payment = session.scalars(select(Payment).filter_by(batch_id=new)).one()
        assert (payment.amount, payment.state) == (60000, "sent")
        assert "另一批次付过同一账户" in str(payment.result_text)
    assert load(desk, cashier, new, bank_says(desk, new)) == (1, 0, 0)


def test_a_returned_payment_is_paid_exactly_once_more_after_a_new_approval(
    desk: Desk, cashier: User
) -> None:
    person, clerk, new_card = desk.member(), desk.user(Role.CLERK), a_card_number()
    batch_id, [claim_id] = sent(desk, person)
    load(desk, cashier, batch_id, bank_says(desk, batch_id, {person.card: RETURNED}))
    desk.pay_again(clerk, claim_id, new_card)
    with pytest.raises(Refused), desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    desk.work()
    assert desk.payments(claim_id) == ["returned"]
    assert desk.approve_all().count == 1
    assert desk.payments(claim_id) == ["returned", "queued"]
    second = desk.released()
    answer = bank_says(desk, second)
    assert accounts(desk, second) == [new_card]
    load(desk, cashier, second, answer)
    assert desk.payments(claim_id) == ["returned", "credited"]
    assert desk.state_of(claim_id) == ClaimState.PAID
    with desk.office.sessions.read_only() as session:
        counter = session.scalars(select(LimitCounter)).one()
        assert (counter.times, counter.amount) == (1, 60000)


def accounts(desk: Desk, batch_id: int) -> list[str]:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
    return [payment.account for payment in formats.read(FORM, file.content)]


def test_of_a_returned_claim_only_the_payee_is_corrected(desk: Desk, cashier: User) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    batch_id, [claim_id] = sent(desk, person)
    load(desk, cashier, batch_id, bank_says(desk, batch_id, {person.card: RETURNED}))
    with desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, clerk, claim, "bank_name", "吉林银行")
    with pytest.raises(Refused, match="收款信息"), desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, clerk, claim, "discharged_on", "2026-03-30")


def test_a_payment_that_was_credited_can_come_back_days_later(desk: Desk, cashier: User) -> None:
    person = desk.member()
    batch_id, [claim_id] = sent(desk, person)
    load(desk, cashier, batch_id, bank_says(desk, batch_id))
    assert confirmed(desk) == [True]
    desk.clock.pass_(days=4)
    back = bank_says(desk, batch_id, {person.card: "3056"})
    assert load(desk, cashier, batch_id, back) == (0, 0, 0)
    assert desk.payments(claim_id) == ["credited"]
    settled(desk, desk.user(Role.SUPERVISOR), late_returns.confirm_return)
    assert desk.payments(claim_id) == ["returned"]
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    assert confirmed(desk) == [False]


def settled(desk: Desk, person: User, act: Callable[..., None]) -> None:
    """The person asks the bank about the one late return that waits."""
    with desk.office.sessions.unit_of_work() as session:
        late = session.scalars(select(LateReturn).filter_by(dealt_at=None)).one()
        act(session, desk.office, person, late, "已与银行核对")
    desk.work()


def test_who_loads_a_reply_does_not_say_which_of_its_words_is_true(
    desk: Desk, cashier: User
) -> None:
    loader, person = desk.user(Role.CASHIER), desk.member()
    same = desk.user(Role.SUPERVISOR, of=loader)
    batch_id, [claim_id] = sent(desk, person)
    load(desk, cashier, batch_id, bank_says(desk, batch_id))
    load(desk, loader, batch_id, bank_says(desk, batch_id, {person.card: "3056"}))
    with pytest.raises(Refused, match="审批"):
        settled(desk, cashier, late_returns.confirm_return)
    with pytest.raises(Refused, match="载入回盘的人不能处理"):
        settled(desk, same, late_returns.confirm_return)
    settled(desk, desk.user(Role.SUPERVISOR), late_returns.deny_return)
    assert desk.payments(claim_id) == ["credited"]
    with desk.office.sessions.read_only() as session:
        payment = session.scalars(select(Payment)).one()
        assert payment.result_code == simulator.DONE


def test_a_line_that_calls_a_returned_payment_credited_stops_alone_until_the_bank_was_asked(
    desk: Desk, cashier: User
) -> None:
    people = [desk.member(name) for name in ("张三", "李四")]
    batch_id, claims = sent(desk, *people)
    load(
        desk,
        cashier,
        batch_id,
        bank_says(desk, batch_id, {people[0].card: RETURNED, people[1].card: UNCLEAR}),
    )
    desk.clock.pass_(days=1)
    assert load(desk, cashier, batch_id, bank_says(desk, batch_id)) == (1, 0, 0)
    assert states(desk, claims) == [ClaimState.RETURNED, ClaimState.PAID]
    with pytest.raises(Refused, match="先称退票、后称到账"), desk.at(claims[0]) as (session, claim):
        paid_again.pay_again(session, desk.office, desk.user(Role.CLERK), claim, "已与会员核实")
    settled(desk, desk.user(Role.SUPERVISOR), late_returns.deny_return)
    assert states(desk, claims) == [ClaimState.PAID, ClaimState.PAID]
    assert confirmed(desk) == [True, True]


def doubted_again(desk: Desk, forger: User, honest: User, queued: bool) -> tuple[int, int]:
    """A payment that a forged reply called returned is to be paid again, and is queued where
    `queued`; then the bank's own reply comes. The batch and the claim."""
    person = desk.member()
    batch_id, [claim_id] = sent(desk, person)
    load(desk, forger, batch_id, bank_says(desk, batch_id, {person.card: RETURNED}))
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, desk.user(Role.CLERK), claim, "已与会员核实")
    if queued:
        desk.approve_all()
    desk.clock.pass_(days=1)
    assert load(desk, honest, batch_id, bank_says(desk, batch_id)) == (0, 0, 0)
    return batch_id, claim_id


def notes_of(desk: Desk, claim_id: int) -> str:
    with desk.office.sessions.read_only() as session:
        return "；".join(
            note
            for each in approval_queue.queue(session, desk.office)
            if each.claim_id == claim_id
            for note in said_of(each)
        )


def test_what_the_bank_calls_credited_is_not_approved_again_before_it_was_asked(
    desk: Desk, cashier: User
) -> None:
    forger = desk.user(Role.CASHIER)
    same = desk.user(Role.SUPERVISOR, of=forger)
    _, claim_id = doubted_again(desk, forger, cashier, queued=False)
    assert re.search(r"-1 2026-06-15 称退票，2026-06-16 称到账，待核实", notes_of(desk, claim_id))
    assert "先称退票、后称到账" in desk.approve_all().dropped[0].reason
    with pytest.raises(Refused, match="先称退票"), desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, desk.user(Role.SUPERVISOR), claim, "待查")
    with pytest.raises(Refused, match="载入回盘的人不能处理"):
        settled(desk, same, late_returns.confirm_return)
    asked = desk.user(Role.SUPERVISOR)
    settled(desk, asked, late_returns.deny_return)
    assert "确认款项未退回：已与银行核对" in notes_of(desk, claim_id)
    assert "经手" in desk.approve_all(asked).dropped[0].reason
    desk.approve_all()
    assert desk.payments(claim_id) == ["credited"]
    assert desk.state_of(claim_id) == ClaimState.PAID


def test_what_is_queued_again_stays_until_the_bank_was_asked_and_is_then_cancelled(
    desk: Desk, cashier: User
) -> None:
    _, claim_id = doubted_again(desk, desk.user(Role.CASHIER), cashier, queued=True)
    with pytest.raises(Refused, match="先称退票、后称到账"):
        desk.frozen(cashier)
    with pytest.raises(Refused, match="先称退票"), desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, desk.user(Role.SUPERVISOR), claim, "待查")
    settled(desk, desk.user(Role.SUPERVISOR), late_returns.deny_return)
    assert desk.payments(claim_id) == ["credited", "cancelled"]
    assert desk.state_of(claim_id) == ClaimState.PAID


def test_a_batch_frozen_before_the_bank_spoke_is_not_released(desk: Desk, cashier: User) -> None:
    person = desk.member()
    first, [claim_id] = sent(desk, person)
    load(desk, cashier, first, bank_says(desk, first, {person.card: RETURNED}))
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, desk.user(Role.CLERK), claim, "已与会员核实")
    desk.approve_all()
    again = desk.frozen(cashier)
    desk.clock.pass_(days=1)
    load(desk, cashier, first, bank_says(desk, first))
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, again)
        with pytest.raises(Refused, match="先称退票、后称到账"):
            release_as_shown(session, desk.office, desk.user(Role.CASHIER), batch)
        session.rollback()
    with pytest.raises(Refused, match="须先作废其批次"):
        settled(desk, desk.user(Role.SUPERVISOR), late_returns.deny_return)
    settled(desk, desk.user(Role.SUPERVISOR), late_returns.confirm_return)
    assert desk.payments(claim_id) == ["returned", "frozen"]
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, again)
        release_as_shown(session, desk.office, desk.user(Role.CASHIER), batch)


def test_who_confirms_a_late_return_does_not_approve_its_second_payment(
    desk: Desk, cashier: User
) -> None:
    person, loader = desk.member(), desk.user(Role.CASHIER)
    batch_id, [claim_id] = sent(desk, person)
    load(desk, cashier, batch_id, bank_says(desk, batch_id))
    desk.clock.pass_(days=4)
    load(desk, loader, batch_id, bank_says(desk, batch_id, {person.card: "3056"}))
    asked = desk.user(Role.SUPERVISOR)
    settled(desk, asked, late_returns.confirm_return)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, desk.user(Role.CLERK), claim, "已与会员核实")
    said = r"2026-06-15 称到账，2026-06-19 称退票，.*确认款项已退回：已与银行核对"
    assert re.search(said, notes_of(desk, claim_id))
    for maker in (asked, desk.user(Role.SUPERVISOR, of=loader)):
        assert "经手" in desk.approve_all(maker).dropped[0].reason
    assert desk.approve_all().count == 1


def test_an_old_reply_does_not_touch_the_payment_made_anew(desk: Desk, cashier: User) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    first, [claim_id] = sent(desk, person)
    load(desk, cashier, first, bank_says(desk, first, {person.card: RETURNED}))
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    desk.approve_all()
    desk.released()
    desk.clock.pass_(days=1)
    again = bank_says(desk, first, {person.card: "3065"})
    assert load(desk, cashier, first, again) == (0, 0, 0)
    assert desk.payments(claim_id) == ["returned", "sent"]
    assert desk.state_of(claim_id) == ClaimState.SENT


def test_only_a_clerk_asks_to_pay_again(desk: Desk, cashier: User) -> None:
    person = desk.member()
    batch_id, [claim_id] = sent(desk, person)
    load(desk, cashier, batch_id, bank_says(desk, batch_id, {person.card: RETURNED}))
    for role in set(Role) - {Role.CLERK}:
        with pytest.raises(Refused, match="经办"), desk.at(claim_id) as (session, claim):
            paid_again.pay_again(session, desk.office, desk.user(role), claim, "已与会员核实")


def test_the_reply_is_kept_as_it_came(desk: Desk, cashier: User) -> None:
    batch_id, _ = sent(desk, desk.member())
    answer = bank_says(desk, batch_id)
    load(desk, cashier, batch_id, answer)
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(ReplyFile)).one()
        assert desk.office.store.get(kept.sha256) == answer
        assert kept.loaded_by == cashier.id
        file = session.scalars(select(PaymentFile)).one()
        assert file.format == FORM
        assert session.get_one(Claim, 1).state == ClaimState.PAID


def two_payments(desk: Desk) -> tuple[int, int, list[str]]:
    """A claim whose two stays are paid apart, released: batch, claim and both references."""
    claim_id, clerk = desk.claim(desk.member()), desk.user(Role.CLERK)
    desk.work()
    second: dict[str, object] = {
        "kind": "hospital_stay",
        "cause": "illness",
        "admitted_on": "2026-04-10",
        "discharged_on": "2026-04-20",
        "hospital": {"name": "吉林大学第一医院"},
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(
            session, desk.office, clerk, claim, second, number=1, reason="已核对材料"
        )
    desk.work()
    desk.approve_all()
    batch_id = desk.released()
    with desk.office.sessions.read_only() as session:
        references = list(session.scalars(select(Payment.reference).order_by(Payment.id)))
    return batch_id, claim_id, references


def test_each_part_that_pays_is_a_payment_of_its_own_and_the_last_one_pays_the_claim(
    desk: Desk, cashier: User
) -> None:
    batch_id, claim_id, references = two_payments(desk)
    first = bank_says(desk, batch_id, left_out=(references[1],))
    assert load(desk, cashier, batch_id, first) == (1, 0, 1)
    assert desk.state_of(claim_id) == ClaimState.SENT
    desk.clock.pass_(hours=1)
    assert load(desk, cashier, batch_id, bank_says(desk, batch_id)) == (1, 0, 0)
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert desk.payments(claim_id) == ["credited", "credited"]


def test_one_part_that_comes_back_is_paid_again_alone(desk: Desk, cashier: User) -> None:
    batch_id, claim_id, references = two_payments(desk)
    answer = bank_says(desk, batch_id, {references[0]: RETURNED})
    assert load(desk, cashier, batch_id, answer) == (1, 1, 0)
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    desk.work()
    desk.approve_all()
    assert desk.payments(claim_id) == ["returned", "credited", "queued"]
    again = desk.released()
    assert load(desk, cashier, again, bank_says(desk, again)) == (1, 0, 0)
    assert desk.state_of(claim_id) == ClaimState.PAID


def test_what_the_bank_has_paid_in_part_cannot_be_decided_anew(desk: Desk, cashier: User) -> None:
    batch_id, claim_id, references = two_payments(desk)
    load(desk, cashier, batch_id, bank_says(desk, batch_id, {references[0]: RETURNED}))
    clerk, boss = desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="已"):
        approval.send_back(session, desk.office, boss, claim, "重新核对")
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="已有款项付出"):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "不申请")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert desk.payments(claim_id) == ["returned", "credited"]


def test_a_part_paid_claim_that_was_touched_again_is_put_before_the_supervisor_anew(
    desk: Desk, cashier: User
) -> None:
    batch_id, claim_id, references = two_payments(desk)
    load(desk, cashier, batch_id, bank_says(desk, batch_id, {references[0]: RETURNED}))
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    with desk.at(claim_id) as (session, claim):
        number = a_card_number()
        correction.correct_field(session, desk.office, clerk, claim, "bank_card_number", number)
    assert desk.approve_all().count == 0
    desk.add_card_paper(claim_id, number)
    desk.confirm_payee(claim_id)
    assert desk.approve_all().count == 0
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    assert desk.open_findings(claim_id) == {("NEW_CARD_UNREAD", "bank_card_number")}
    assert desk.approve_all().count == 0, "the paper came while the rest was paid: a person looks"
    with desk.at(claim_id) as (session, claim):
        [unread] = [each for each in claim.findings if each.closed_at is None]
        correction.answer(session, desk.office, clerk, claim, unread.id, "已看图核对卡号")
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    assert desk.approve_all().count == 1


def test_a_claim_nothing_of_which_was_paid_cannot_be_paid_again(desk: Desk) -> None:
    claim_id, clerk = desk.claim(desk.member()), desk.user(Role.CLERK)
    desk.work()
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="没有需要"):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")


def test_the_history_names_the_cashier_who_loaded_the_answer(desk: Desk, cashier: User) -> None:
    person = desk.member()
    batch_id, [claim_id] = sent(desk, person)
    load(desk, cashier, batch_id, bank_says(desk, batch_id))
    with desk.office.sessions.read_only() as session:
        credit = select(AuditEvent.actor_id).filter_by(subject="claim", verb="credit")
        assert session.scalars(credit.filter_by(subject_id=claim_id)).all() == [cashier.id]
