"""A released batch is discarded by two, and what the bank may have taken is not paid again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from banking import simulator
from models import Batch, Letter, Payment, ReplyFile, User
from models.people import Role
from models.states import BatchState, ClaimState
from rules.errors import Refused
from tests import as_shown
from tests.banking.test_iso_replies import entry, statement
from tests.desk import BANK_PAPER, Desk, promises_hold, release_as_shown
from workflows.claims.paying import bank_reply, paid_again, payment_files, sent_batches

FORM = "ccb-list"
Deed = Callable[..., object]
SAID = "银行王经理电话确认：文件校验未通过，没有受理"


@pytest.fixture
def asker(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


@pytest.fixture
def other(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


def payable(desk: Desk, *names: str) -> list[int]:
    claims = [desk.claim(desk.member(name)) for name in names]
    desk.work()
    desk.approve_all()
    return claims


def act(
    desk: Desk, batch_id: int, deed: Callable[..., object], person: User, *more: object
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        deed(session, desk.office, person, session.get_one(Batch, batch_id), *more)


def file_of(desk: Desk, batch_id: int) -> bytes:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        person = desk.user(Role.CASHIER)
        return payment_files.write_file(session, desk.office, person, batch).content


def load(desk: Desk, batch_id: int, content: bytes) -> None:
    act(desk, batch_id, bank_reply.load_reply, desk.user(Role.CASHIER), content)


def references(desk: Desk, claim_id: int) -> list[str]:
    with desk.office.sessions.read_only() as session:
        own = select(Payment.reference).filter_by(claim_id=claim_id).order_by(Payment.id)
        return list(session.scalars(own))


def test_a_released_batch_is_discarded_by_two_and_only_what_was_not_taken_is_paid_again(
    desk: Desk, asker: User, other: User
) -> None:
    kept, back = payable(desk, "张三", "李四")
    batch_id = desk.released()
    file = file_of(desk, batch_id)
    [not_taken] = references(desk, back)
    with pytest.raises(Refused, match="请附上银行书面答复"):
        act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [not_taken], b"")
    with pytest.raises(Refused, match="请写明银行的答复"):
        act(desk, batch_id, sent_batches.ask_discard, asker, " ", [not_taken], BANK_PAPER)
    with pytest.raises(Refused, match="不在等待银行答复"):
        act(desk, batch_id, sent_batches.ask_discard, asker, SAID, ["HZ1"], BANK_PAPER)
    with pytest.raises(Refused, match="没有人提请作废"):
        act(desk, batch_id, as_shown.agree_discard, other)
    act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [not_taken], BANK_PAPER)
    with pytest.raises(Refused, match="须由另一人办理"):
        act(desk, batch_id, as_shown.agree_discard, asker)
    assert desk.payments(kept) == desk.payments(back) == ["sent"]
    act(desk, batch_id, as_shown.agree_discard, other)
    desk.work()
    assert (desk.payments(kept), desk.state_of(kept)) == (["unknown"], ClaimState.SENT)
    assert (desk.payments(back), desk.state_of(back)) == (["returned"], ClaimState.RETURNED)
    promises_hold(desk)
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Batch, batch_id).state == BatchState.DISCARDED
        letters = session.scalars(select(Letter.kind).filter_by(claim_id=back)).all()
        assert "return_notice" not in letters, "the member has nothing to bring"
    with desk.at(back) as (session, claim):
        paid_again.pay_again(session, desk.office, desk.user(Role.CLERK), claim)
    desk.work()
    desk.approve_all()
    again = desk.frozen(asker)
    assert desk.payments(kept) == ["unknown"], "what may have been taken never waits again"
    assert desk.payments(back) == ["returned", "frozen"]
    assert references(desk, back)[1] != not_taken
    act(desk, again, release_as_shown, other)
    load(desk, batch_id, simulator.answer(file, FORM, {}, (), desk.clock()))
    assert (desk.payments(kept), desk.state_of(kept)) == (["credited"], ClaimState.PAID)
    assert desk.payments(back) == ["returned", "sent"], "the bank says the contrary: a person asks"
    promises_hold(desk)


def test_what_is_unknown_the_bank_may_yet_say_that_it_did_not_take(
    desk: Desk, asker: User, other: User
) -> None:
    [claim_id] = payable(desk, "张三")
    batch_id = desk.released()
    act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [], BANK_PAPER)
    act(desk, batch_id, as_shown.refuse_discard, other)
    assert desk.payments(claim_id) == ["sent"]
    act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [], BANK_PAPER)
    act(desk, batch_id, as_shown.agree_discard, other)
    assert desk.payments(claim_id) == ["unknown"]
    with pytest.raises(Refused, match="已经作废"):
        file_of(desk, batch_id)
    act(
        desk,
        batch_id,
        sent_batches.ask_discard,
        other,
        SAID,
        references(desk, claim_id),
        BANK_PAPER,
    )
    act(desk, batch_id, as_shown.agree_discard, asker)
    assert desk.payments(claim_id) == ["returned"]
    promises_hold(desk)


def test_the_second_person_decides_the_discard_that_was_shown(
    desk: Desk, asker: User, other: User
) -> None:
    [claim_id] = payable(desk, "张三")
    batch_id = desk.released()
    act(
        desk,
        batch_id,
        sent_batches.ask_discard,
        asker,
        SAID,
        references(desk, claim_id),
        BANK_PAPER,
    )
    with desk.office.sessions.read_only() as session:
        shown = sent_batches.mark_of_discard(session.get_one(Batch, batch_id))
    act(desk, batch_id, sent_batches.refuse_discard, asker, shown)
    act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [], BANK_PAPER)
    for deed in (sent_batches.agree_discard, sent_batches.refuse_discard):
        with pytest.raises(Refused, match="在显示之后已有变动，请重新核对"):
            act(desk, batch_id, deed, other, shown)
    assert desk.payments(claim_id) == ["sent"]
    with desk.office.sessions.read_only() as session:
        assert sent_batches.is_asked(session.get_one(Batch, batch_id))


def test_a_line_that_the_bank_answered_meanwhile_stops_the_discard(
    desk: Desk, asker: User, other: User
) -> None:
    [claim_id] = payable(desk, "张三")
    batch_id = desk.released()
    file = file_of(desk, batch_id)
    act(
        desk,
        batch_id,
        sent_batches.ask_discard,
        asker,
        SAID,
        references(desk, claim_id),
        BANK_PAPER,
    )
    load(desk, batch_id, simulator.answer(file, FORM, {}, (), desk.clock()))
    with pytest.raises(Refused, match="银行已有答复"):
        act(desk, batch_id, as_shown.agree_discard, other)
    assert desk.state_of(claim_id) == ClaimState.PAID
    act(desk, batch_id, as_shown.refuse_discard, asker)
    with pytest.raises(Refused, match="没有等待银行答复的付款"):
        act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [], BANK_PAPER)
    promises_hold(desk)


def test_a_reply_of_another_batch_is_refused_by_its_name(desk: Desk) -> None:
    payable(desk, "张三")
    first = desk.released()
    file = file_of(desk, first)
    [claim_id] = payable(desk, "李四")
    second = desk.released()
    reply = simulator.answer(file, FORM, {}, (), desk.clock())
    with pytest.raises(Refused, match="有批次 B20260615-01 的付款，不是批次 B20260615-02 的回盘"):
        load(desk, second, reply)
    assert desk.payments(claim_id) == ["sent"]
    load(desk, first, reply)


def test_a_statement_of_several_batches_is_loaded_for_each(desk: Desk) -> None:
    claims, batch_ids = [], []
    for name in ("张三", "李四"):
        claims += payable(desk, name)
        batch_ids.append(desk.released())
    told = [references(desk, claim_id)[0] for claim_id in claims]
    content = statement(*(entry(each, "600.00") for each in told))
    load(desk, batch_ids[0], content)
    assert [desk.state_of(claim_id) for claim_id in claims] == [ClaimState.PAID, ClaimState.SENT]
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(ReplyFile.others)).one() == "B20260615-02"
    load(desk, batch_ids[1], content)
    assert desk.state_of(claims[1]) == ClaimState.PAID
    with pytest.raises(Refused, match="已经载入过"):
        load(desk, batch_ids[1], content)
    promises_hold(desk)
