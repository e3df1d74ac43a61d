"""One payment is taken out of a frozen batch by two people, and waits again under its right."""

import pytest
from sqlalchemy import select, text

from banking import formats
from models import Batch, Payment, PaymentFile, User
from models.people import Role
from models.states import BatchState, ClaimState
from rules.errors import Refused
from tests import as_shown
from tests.conftest import AS_OWNER
from tests.desk import BANK_PAPER, Desk, promises_hold, release_as_shown
from tests.workflows.claims.paying.test_sent_batches import SAID, act, payable, references
from workflows.claims.approving import approval
from workflows.claims.paying import batches, payment_files, sent_batches, taken_out
from workflows.claims.paying.batch_content import batch_of

WHY = "会员来电换卡"


@pytest.fixture
def asker(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


@pytest.fixture
def other(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


def get(desk: Desk, batch_id: int) -> Batch:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Batch, batch_id)


def draft_name(desk: Desk, batch_id: int, person: User) -> str:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        return payment_files.draft_file(session, desk.office, person, batch).name


def test_a_payment_is_taken_out_by_two_and_the_batch_is_what_is_left(
    desk: Desk, asker: User, other: User
) -> None:
    kept, out = payable(desk, "张三", "李四")
    batch_id = desk.frozen(asker)
    [reference] = references(desk, out)
    with pytest.raises(Refused, match="请写明抽出的原因"):
        act(desk, batch_id, taken_out.ask_take_out, asker, reference, " ")
    with pytest.raises(Refused, match="没有人提请抽出"):
        act(desk, batch_id, as_shown.agree_take_out, other, reference)
    with pytest.raises(Refused, match="不在批次"):
        act(desk, batch_id, taken_out.ask_take_out, asker, "HZ1", WHY)
    act(desk, batch_id, taken_out.ask_take_out, asker, reference, WHY)
    with pytest.raises(Refused, match="须由另一人办理"):
        act(desk, batch_id, as_shown.agree_take_out, asker, reference)
    with pytest.raises(Refused, match=f"付款 {reference} 已提请抽出，须先办理"):
        act(desk, batch_id, release_as_shown, other)
    assert draft_name(desk, batch_id, other) == "样稿_B20260615-01_2笔_1200.00元.xlsx"
    act(desk, batch_id, as_shown.agree_take_out, other, reference)
    batch = get(desk, batch_id)
    assert (batch.count, batch.sum, batch.edition) == (1, 60_000, 2)
    assert draft_name(desk, batch_id, other) == "样稿第2稿_B20260615-01_1笔_600.00元.xlsx"
    assert (desk.payments(kept), desk.payments(out)) == (["frozen"], ["queued"])
    assert desk.state_of(out) == ClaimState.PAYABLE
    promises_hold(desk)
    act(desk, batch_id, release_as_shown, other)
    again = desk.frozen(asker)
    with desk.office.sessions.read_only() as session:
        [payment] = session.get_one(Batch, again).payments
        assert payment.reference == reference, "the same payment of the same right"
    promises_hold(desk)


def test_what_was_taken_out_can_be_sent_back_and_the_only_payment_is_not_taken_out(
    desk: Desk, asker: User, other: User
) -> None:
    kept, out = payable(desk, "张三", "李四")
    batch_id = desk.frozen(asker)
    [reference], [last] = references(desk, out), references(desk, kept)
    act(desk, batch_id, taken_out.ask_take_out, asker, reference, WHY)
    act(desk, batch_id, taken_out.ask_take_out, asker, last, WHY)
    act(desk, batch_id, as_shown.agree_take_out, other, reference)
    with pytest.raises(Refused, match="只有这一笔付款，请作废批次"):
        act(desk, batch_id, as_shown.agree_take_out, other, last)
    act(desk, batch_id, as_shown.refuse_take_out, other, last)
    with desk.at(out) as (session, claim):
        approval.send_back(session, desk.office, desk.user(Role.SUPERVISOR), claim, "请核对")
    assert desk.payments(out) == ["cancelled"]
    act(desk, batch_id, batches.discard, asker)
    assert desk.payments(kept) == ["queued"]
    promises_hold(desk)


def test_the_second_person_decides_what_was_shown_of_the_payment(
    desk: Desk, asker: User, other: User
) -> None:
    _kept, out = payable(desk, "张三", "李四")
    batch_id = desk.frozen(asker)
    [reference] = references(desk, out)
    act(desk, batch_id, taken_out.ask_take_out, asker, reference, WHY)
    with desk.office.sessions.read_only() as session:
        payment = session.scalars(select(Payment).filter_by(reference=reference)).one()
        shown = taken_out.mark_of_take_out(payment)
    act(desk, batch_id, taken_out.refuse_take_out, asker, reference, shown)
    act(desk, batch_id, taken_out.ask_take_out, asker, reference, "公安机关要求停付")
    for deed in (taken_out.agree_take_out, taken_out.refuse_take_out):
        with pytest.raises(Refused, match="在显示之后已有变动，请重新核对"):
            act(desk, batch_id, deed, other, reference, shown)
    with desk.office.sessions.read_only() as session:
        payment = session.scalars(select(Payment).filter_by(reference=reference)).one()
        assert payment.out_reason == "公安机关要求停付"


def test_nothing_is_taken_out_of_a_batch_that_was_released(
    desk: Desk, asker: User, other: User
) -> None:
    _kept, out = payable(desk, "张三", "李四")
    batch_id = desk.frozen(asker)
    [reference] = references(desk, out)
    act(desk, batch_id, release_as_shown, other)
    with pytest.raises(Refused, match="不能“提请抽出”"):
        act(desk, batch_id, taken_out.ask_take_out, asker, reference, WHY)


def with_a_file(desk: Desk, batch_id: int) -> None:
    """As a version left it that made the file before the release, and kept no maker."""
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = formats.write(batch.format, batch_of(desk.office, batch, batch.payments))
        made = {
            "name": file.name,
            "sha256": desk.office.store.put(file.content),
            "made_at": desk.clock(),
        }
        named = "CONSTRAINT ck_payment_file_made_by_somebody"
        session.execute(text(AS_OWNER))
        session.execute(text(f"ALTER TABLE payment_file DROP {named}"))
        session.add(PaymentFile(batch_id=batch_id, format=batch.format, **made))
        session.flush()
        again = f"ALTER TABLE payment_file ADD {named} CHECK (made_by IS NOT NULL) NOT VALID"
        session.execute(text(again))


def test_an_old_batch_with_a_file_is_discarded_by_two_upon_the_banks_word_before_its_release(
    desk: Desk, asker: User, other: User
) -> None:
    kept, back = payable(desk, "张三", "李四")
    batch_id = desk.frozen(asker)
    [not_taken] = references(desk, back)
    with pytest.raises(Refused, match="没有等待银行答复的付款"):
        act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [], BANK_PAPER)
    with_a_file(desk, batch_id)
    with pytest.raises(Refused, match="只能凭银行答复由两人作废"):
        act(desk, batch_id, batches.discard, other)
    with pytest.raises(Refused, match="只能凭银行答复由两人作废"):
        act(desk, batch_id, taken_out.ask_take_out, asker, not_taken, WHY)
    act(desk, batch_id, sent_batches.ask_discard, asker, SAID, [not_taken], BANK_PAPER)
    with pytest.raises(Refused, match="已提请作废，须先办理"):
        act(desk, batch_id, release_as_shown, other)
    with pytest.raises(Refused, match="须由另一人办理"):
        act(desk, batch_id, as_shown.agree_discard, asker)
    act(desk, batch_id, as_shown.agree_discard, other)
    assert get(desk, batch_id).state == BatchState.DISCARDED
    assert (desk.payments(kept), desk.state_of(kept)) == (["unknown"], ClaimState.SENT)
    assert (desk.payments(back), desk.state_of(back)) == (["returned"], ClaimState.RETURNED)
    promises_hold(desk)
    act(desk, batch_id, sent_batches.ask_discard, other, SAID, references(desk, kept), BANK_PAPER)
    act(desk, batch_id, as_shown.agree_discard, asker)
    assert desk.payments(kept) == ["returned"]
    promises_hold(desk)
    with desk.office.sessions.read_only() as session:
        live = select(Payment.id).where(Payment.state.in_(("queued", "frozen", "sent")))
        assert session.scalars(live).all() == []
