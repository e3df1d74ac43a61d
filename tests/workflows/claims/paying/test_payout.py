"""Batches: frozen once, released by a second person, their files the same bytes each time."""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import xmlschema
from python_calamine import load_workbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from banking import formats
from banking.shaping import BatchShape
from documents import shown_values
from models import AuditEvent, Batch, Payment, PaymentFile, User
from models.people import Role
from models.states import BatchState, ClaimState
from rules.errors import BadInput, Refused
from rules.money import Fen
from tests.conftest import AS_OWNER
from tests.desk import Desk, Person, at_once, promises_hold, release_as_shown
from workflows.claims.paying import batches, payment_files
from workflows.proof import prove
from workflows.sealed_values.claims import payee_of, seal_payee

FORMATS = ("ccb-list", "abc-text", "pain.001.001.09")


@pytest.fixture
def cashier(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


@pytest.fixture
def other(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


def payable(desk: Desk, *people: Person) -> list[int]:
    claims = [desk.claim(person) for person in people]
    desk.work()
    desk.approve_all()
    assert {desk.state_of(claim_id) for claim_id in claims} == {ClaimState.PAYABLE}
    return claims


def get(desk: Desk, batch_id: int) -> Batch:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Batch, batch_id)


def write(desk: Desk, batch_id: int) -> formats.BankFile:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        return payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)


def draft(desk: Desk, batch_id: int) -> formats.BankFile:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        return payment_files.draft_file(session, desk.office, desk.user(Role.CASHIER), batch)


def frozen_in(desk: Desk, cashier: User, code: str) -> int:
    """A batch of everything that waits, whose file will be in this format."""
    with desk.office.sessions.unit_of_work() as session:
        [batch] = batches.freeze(session, desk.office, cashier, code)
        return batch.id


def files_made(desk: Desk, batch_id: int) -> list[tuple[str, int | None, object]]:
    """Each time a file or a draft of the batch was made: what, by whom, with which hash."""
    with desk.office.sessions.read_only() as session:
        events = select(AuditEvent).filter_by(subject="batch", subject_id=batch_id)
        made = events.where(AuditEvent.verb.startswith("make_")).order_by(AuditEvent.seq)
        return [(e.verb, e.actor_id, e.detail["sha256"]) for e in session.scalars(made)]


def release(desk: Desk, person: User, batch_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        release_as_shown(session, desk.office, person, session.get_one(Batch, batch_id))


def discard(desk: Desk, person: User, batch_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        batches.discard(session, desk.office, person, session.get_one(Batch, batch_id))


def test_a_payment_goes_to_the_member_and_the_card_on_the_papers(desk: Desk) -> None:
    person = desk.member()
    [claim_id] = payable(desk, person)
    with desk.office.sessions.read_only() as session:
        payment = session.scalars(select(Payment)).one()
        payee = payee_of(desk.office.keys, payment)
        assert (payee.name, payee.account) == (person.name, person.card)
        assert payment.amount == 60000
        assert payment.reference == f"{payment.claim.number}-1"
    assert desk.payments(claim_id) == ["queued"]


def test_a_batch_holds_every_queued_payment_and_its_sum(desk: Desk, cashier: User) -> None:
    claims = payable(desk, desk.member("张三"), desk.member("李四"))
    batch = get(desk, desk.frozen(cashier))
    assert (batch.number, batch.count, batch.sum) == ("B20260615-01", 2, Fen(120000))
    assert batch.state == BatchState.FROZEN
    assert [desk.payments(claim_id) for claim_id in claims] == [["frozen"], ["frozen"]]


def test_a_batch_is_not_frozen_from_nothing(desk: Desk, cashier: User) -> None:
    with pytest.raises(Refused, match=r"^没有待组批的付款$"):
        desk.frozen(cashier)


def test_only_a_cashier_freezes_discards_or_releases(desk: Desk, cashier: User) -> None:
    payable(desk, desk.member())
    people = [desk.user(role) for role in set(Role) - {Role.CASHIER}]
    for person in people:
        with pytest.raises(Refused, match="出纳"):
            desk.frozen(person)
    batch_id = desk.frozen(cashier)
    for person in people:
        for act in (discard, release):
            with pytest.raises(Refused, match="出纳"):
                act(desk, person, batch_id)
    assert get(desk, batch_id).state == BatchState.FROZEN


def test_two_cashiers_who_freeze_at_once_never_share_a_payment(desk: Desk) -> None:
    claims = payable(desk, *[desk.member(name) for name in ("张三", "李四", "王五")])
    people = [desk.user(Role.CASHIER) for _ in range(4)]

    def freeze(person: User) -> int | None:
        try:
            return desk.frozen(person)
        except Refused:
            return None

    frozen = at_once(*[partial(freeze, person) for person in people])
    batches = [get(desk, batch_id) for batch_id in frozen if batch_id is not None]
    assert sum(batch.count for batch in batches) == 3
    assert len({batch.number for batch in batches}) == len(batches)
    assert [desk.payments(claim_id) for claim_id in claims] == [["frozen"]] * 3


def test_a_payment_that_is_queued_later_goes_into_the_next_batch(desk: Desk, cashier: User) -> None:
    payable(desk, desk.member("张三"))
    first = desk.frozen(cashier)
    payable(desk, desk.member("李四"))
    second = desk.frozen(cashier)
    assert [get(desk, b).count for b in (first, second)] == [1, 1]
    assert get(desk, second).number == "B20260615-02"


def test_a_discarded_batch_gives_its_payments_back(desk: Desk, cashier: User) -> None:
    [claim_id] = payable(desk, desk.member())
    batch_id = desk.frozen(cashier)
    discard(desk, cashier, batch_id)
    assert get(desk, batch_id).state == BatchState.DISCARDED
    assert desk.payments(claim_id) == ["queued"]
    with pytest.raises(Refused, match=r"^批次 B20260615-01 已经作废$"):
        write(desk, batch_id)
    again = desk.frozen(cashier)
    assert get(desk, again).number == "B20260615-02"
    assert desk.payments(claim_id) == ["frozen"]


def test_who_froze_a_batch_cannot_release_it_and_another_can(
    desk: Desk, cashier: User, other: User
) -> None:
    [claim_id] = payable(desk, desk.member())
    batch_id = desk.frozen(cashier)
    with pytest.raises(Refused, match=r"^组批人不能放行同一批次，须由第二人放行$"):
        release(desk, cashier, batch_id)
    assert get(desk, batch_id).state == BatchState.FROZEN
    release(desk, other, batch_id)
    batch = get(desk, batch_id)
    assert (batch.state, batch.released_by) == (BatchState.RELEASED, other.id)
    assert desk.payments(claim_id) == ["sent"]
    assert desk.state_of(claim_id) == ClaimState.SENT


def test_a_released_batch_is_neither_released_nor_discarded_again(
    desk: Desk, cashier: User, other: User
) -> None:
    [claim_id] = payable(desk, desk.member())
    batch_id = desk.frozen(cashier)
    release(desk, other, batch_id)
    for act in (release, discard):
        with pytest.raises(Refused):
            act(desk, other, batch_id)
    assert desk.payments(claim_id) == ["sent"]


def test_two_cashiers_who_release_and_discard_at_once_do_one_of_both(
    desk: Desk, cashier: User, other: User
) -> None:
    [claim_id] = payable(desk, desk.member())
    batch_id = desk.frozen(cashier)

    def is_done(act: Callable[[Desk, User, int], None]) -> bool:
        try:
            act(desk, other, batch_id)
        except Refused:
            return False
        return True

    assert sorted(at_once(partial(is_done, release), partial(is_done, discard))) == [False, True]
    released = get(desk, batch_id).state == BatchState.RELEASED
    assert desk.payments(claim_id) == (["sent"] if released else ["queued"])


def test_a_file_made_again_is_the_same_bytes(desk: Desk, cashier: User) -> None:
    for code in FORMATS:
        payable(desk, *[desk.member(name) for name in ("张三", "李四", "王五")])
        batch_id = frozen_in(desk, cashier, code)
        release(desk, desk.user(Role.CASHIER), batch_id)
        first = write(desk, batch_id)
        desk.clock.pass_(days=3)
        assert write(desk, batch_id) == first
        assert [p.amount for p in formats.read(code, first.content)] == [60000] * 3
    promises_hold(desk)


def test_before_the_release_there_is_only_a_draft_that_no_bank_takes(
    desk: Desk, cashier: User, other: User
) -> None:
    payable(desk, person := desk.member())
    batch_id = desk.frozen(cashier)
    with pytest.raises(
        Refused, match=r"^批次 B20260615-01 尚未放行，只能看样稿，不能生成银行文件$"
    ):
        write(desk, batch_id)
    seen = draft(desk, batch_id)
    assert seen.name == "样稿_B20260615-01_1笔_600.00元.xlsx"
    assert draft(desk, batch_id) == seen
    for code in FORMATS:
        with pytest.raises(BadInput):
            formats.read(code, seen.content)
    [sheet] = load_workbook(io.BytesIO(seen.content)).sheet_names
    heading, line = load_workbook(io.BytesIO(seen.content)).get_sheet_by_name(sheet).to_python()
    assert (sheet, heading[0], line[0]) == ("样稿", "样稿 银行不受理", "样稿")
    assert person.card not in map(str, line)
    release(desk, other, batch_id)
    with pytest.raises(Refused, match="只有待放行的批次才有样稿"):
        draft(desk, batch_id)
    assert [verb for verb, *_who in files_made(desk, batch_id)] == ["make_draft"] * 2


def test_each_file_that_is_made_is_an_event_with_person_and_hash(
    desk: Desk, cashier: User, other: User
) -> None:
    payable(desk, desk.member())
    batch_id = desk.frozen(cashier)
    release(desk, other, batch_id)
    files = [write(desk, batch_id) for _each in range(2)]
    made = files_made(desk, batch_id)
    assert [(verb, sha256) for verb, _who, sha256 in made] == [
        ("make_file", hashlib.sha256(file.content).hexdigest()) for file in files
    ]
    assert len({who for _verb, who, _sha256 in made}) == 2
    supervisor = desk.user(Role.SUPERVISOR)
    with pytest.raises(Refused, match="出纳"), desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        payment_files.write_file(session, desk.office, supervisor, batch)
    assert files_made(desk, batch_id) == made


def test_a_file_is_made_for_claims_in_any_order(desk: Desk) -> None:
    claims = [desk.claim(desk.member(name)) for name in ("张三", "李四")]
    desk.work()
    desk.approve_one(claims[1])
    desk.approve_one(claims[0])
    batch_id = desk.released()
    assert len(formats.read("ccb-list", write(desk, batch_id).content)) == 2


def test_the_standard_file_validates_against_the_official_schema(
    desk: Desk, cashier: User, other: User
) -> None:
    payable(desk, desk.member("张三"), desk.member("李四"))
    batch_id = frozen_in(desk, cashier, "pain.001.001.09")
    release(desk, other, batch_id)
    message = write(desk, batch_id).content.decode()
    schema = xmlschema.XMLSchema(Path(formats.__file__).with_name("pain.001.001.09.xsd"))
    assert list(schema.iter_errors(message)) == []
    assert message.count("<CdtTrfTxInf>") == 2
    assert "1200.00" in message


def tampered(session: Session, batch_id: int) -> None:
    change = text("UPDATE payment SET amount = amount - 1 WHERE batch_id = :b")
    session.execute(change, {"b": batch_id})


def test_a_row_changed_behind_our_back_stops_file_and_release(
    desk: Desk, cashier: User, other: User
) -> None:
    payable(desk, desk.member())
    batch_id = desk.frozen(cashier)
    with desk.office.sessions.unit_of_work() as session:
        tampered(session, batch_id)
    with pytest.raises(Refused, match="不符"):
        draft(desk, batch_id)
    with pytest.raises(Refused, match="不符"):
        release(desk, other, batch_id)
    assert get(desk, batch_id).state == BatchState.FROZEN


def test_a_row_changed_after_the_release_stops_the_file(desk: Desk) -> None:
    payable(desk, desk.member())
    batch_id = desk.released()
    with desk.office.sessions.unit_of_work() as session:
        tampered(session, batch_id)
    with pytest.raises(Refused, match="不符"):
        write(desk, batch_id)


def test_a_different_file_for_the_same_batch_is_refused(desk: Desk) -> None:
    payable(desk, desk.member())
    batch_id = desk.released()
    write(desk, batch_id)
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        known = session.get_one(PaymentFile, (batch_id, "ccb-list"))
        known.sha256 = "0" * 64
    with pytest.raises(Refused, match="另一份"):
        write(desk, batch_id)


def test_an_unknown_format_is_refused(desk: Desk, cashier: User) -> None:
    payable(desk, desk.member())
    with pytest.raises(BadInput, match="napkin"):
        frozen_in(desk, cashier, "napkin")
    assert desk.payments(1) == ["queued"]


@pytest.mark.parametrize(
    ("change", "code", "fault"),
    [
        ({"name": "张䶮"}, "abc-text", "户名不能写入银行文件：银行字符集 gbk 中没有“䶮”"),
        ({"name": "张,三"}, "abc-text", "户名不能写入银行文件：不能含有“,”"),
        ({"name": "张" * 61}, "abc-text", "户名不能写入银行文件：超过 60 个字符"),
        ({"bank_name": "行" * 61}, "ccb-list", "行名不能写入银行文件：超过 60 个字符"),
        ({"account": "62-1"}, "ccb-list", "账号应为 8 至 32 位数字"),
        ({"name": ""}, "ccb-list", "户名为空"),
        ({"name": "张三 "}, "pain.001.001.09", "户名中有不可见字符或首尾空格"),
    ],
)
def test_what_the_chosen_format_cannot_carry_is_named_at_freezing(
    desk: Desk, cashier: User, change: dict[str, str], code: str, fault: str
) -> None:
    payable(desk, desk.member("李四"))
    [claim_id] = payable(desk, desk.member())
    with desk.office.sessions.unit_of_work() as session:
        payment = session.scalars(select(Payment).filter_by(claim_id=claim_id)).one()
        wrong = replace(payee_of(desk.office.keys, payment), **change)
        payment.payee = seal_payee(desk.office.keys, payment.reference, wrong)
        number, reference = payment.claim.number, payment.reference
    whose = f"^案件 {number} 的付款 {reference}（{re.escape(shown_values.name(wrong.name))}）："
    with pytest.raises(Refused, match=f"{whose}{fault}\n请更正"):
        frozen_in(desk, cashier, code)
    assert desk.payments(claim_id) == ["queued"]
    with desk.office.sessions.unit_of_work() as session:
        without = BatchShape(without=frozenset({reference}))
        [batch] = batches.freeze(session, desk.office, cashier, code, without)
        assert batch.count == 1
    assert desk.payments(claim_id) == ["queued"], "it holds up no other payment"


def test_the_day_of_execution_is_never_past_when_a_batch_is_released(
    desk: Desk, cashier: User, other: User
) -> None:
    payable(desk, desk.member())
    batch_id = frozen_in(desk, cashier, "pain.001.001.09")
    desk.clock.pass_(days=2)
    release(desk, other, batch_id)
    assert get(desk, batch_id).execute_on == desk.office.today()
    assert desk.office.today().isoformat() in write(desk, batch_id).content.decode()
    promises_hold(desk)


def test_a_file_lies_where_only_its_owner_reads_it(desk: Desk) -> None:
    payable(desk, desk.member())
    batch_id = desk.released()
    file = write(desk, batch_id)
    folder = desk.office.settings.data / "a cashier's"
    path = payment_files.save_file(folder, file)
    assert path.read_bytes() == file.content
    assert path.stat().st_mode & 0o777 == 0o600
    assert payment_files.save_file(folder, file) == path


def test_a_machine_whose_clock_is_behind_queues_the_payment_of_the_decision_all_the_same(
    desk: Desk,
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.clock.pass_(hours=-2)
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.PAYABLE
    with desk.office.sessions.read_only() as session:
        [payment] = session.scalars(select(Payment).filter_by(claim_id=claim_id))
        assert payment.decision_id == desk.decision(claim_id).id
    with desk.office.sessions.read_only() as session:
        assert [each for each in prove(session, desk.office) if each.violations] == []
