"""What two do at the same moment comes to what one after the other would, in both orders."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banking import simulator
from banking.formats import rows
from documents.packets.opening import open_packet
from models import Batch, Claim, LimitCounter, Packet, Payment, User
from models.people import Role
from tests.desk import STEP_BY_NAME, Desk, a_card_number, a_stay, release_as_shown
from tests.faults.packets import a_packet, drop
from tests.races.order import Act, Met, meet
from workflows import failures
from workflows.claims.acts import correction
from workflows.claims.approving import approval, approval_queue
from workflows.claims.packets.intake import OpenedEntry, record_packet
from workflows.claims.paying import bank_reply, batches, payment_files
from workflows.engine.moves import advance, start
from workflows.engine.run import park, run
from workflows.engine.steps import Quick
from workflows.proof import prove
from workflows.sealed_values.files import seal_packet_name
from workflows.sweep import _sweep, sweep

FORM = "ccb-list"

both_orders = pytest.mark.parametrize("order", [*permutations((0, 1))], ids=["ab", "ba"])


@pytest.fixture(autouse=True)
def proven(desk: Desk) -> Iterator[None]:
    """Every promise holds after the race."""
    yield
    with desk.office.sessions.read_only() as session:
        broken = [found for found in prove(session, desk.office) if found.violations]
    assert broken == []


def in_order(desk: Desk, order: tuple[int, int], *acts: Act) -> Met:
    return meet(desk.office, acts[order[0]], acts[order[1]])


def locked(session: Session, claim_id: int) -> Claim:
    return session.get_one(Claim, claim_id, with_for_update=True)


def proposed(desk: Desk) -> int:
    claim_id = desk.claim(desk.member())
    desk.work()
    return claim_id


def payable(desk: Desk) -> int:
    claim_id = proposed(desk)
    desk.approve_all()
    return claim_id


def sent_back(desk: Desk, person: User, claim_id: int) -> Act:
    def act(session: Session) -> str:
        claim = locked(session, claim_id)
        approval.send_back(session, desk.office, person, claim, "请补充说明")
        return "done"

    return act


def corrected(desk: Desk, person: User, claim_id: int, card: str) -> Act:
    def act(session: Session) -> str:
        claim = locked(session, claim_id)
        correction.correct_field(session, desk.office, person, claim, "bank_card_number", card)
        correction.recheck(session, desk.office, person, claim)
        return "done"

    return act


def approved(desk: Desk, person: User) -> Act:
    """Approve the list as it is shown now, before anybody moves."""
    with desk.office.sessions.read_only() as session:
        items = approval_queue.queue(session, desk.office)
    return lambda session: approval.approve(session, desk.office, person, items, items).count


def frozen(desk: Desk) -> Act:
    cashier = desk.user(Role.CASHIER)
    return lambda session: sum(b.count for b in batches.freeze(session, desk.office, cashier))


def on_batch(desk: Desk, act: Callable[[Session, User, Batch], object], batch_id: int) -> Act:
    cashier = desk.user(Role.CASHIER)

    def do(session: Session) -> str:
        act(session, cashier, session.get_one(Batch, batch_id))
        return "done"

    return do


def accounts(desk: Desk) -> list[str]:
    """The states of all payments, oldest first."""
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Payment.state).order_by(Payment.id)))


@both_orders
def test_two_workers_at_the_limit_grant_one_of_two_claims(
    desk: Desk, order: tuple[int, int]
) -> None:
    desk.clock.pass_(days=120)
    person = desk.member()
    stays = ("01", "03", "05")
    claims = [
        desk.claim(person, admitted=f"2026-{month}-02", discharged=f"2026-{month}-14")
        for month in stays
    ]
    for name in ("read", "check"):
        for claim_id in claims:
            desk.run_only(name, claim_id)
    run(desk.office, STEP_BY_NAME["adjudicate"], claims.pop(0))
    desk.bells.clear()

    def adjudicated(claim_id: int) -> Act:
        def act(session: Session) -> None:
            step, claim = STEP_BY_NAME["adjudicate"], locked(session, claim_id)
            assert isinstance(step, Quick)
            step.do(session, [claim], desk.office)

        return act

    met = in_order(desk, order, *map(adjudicated, claims))
    assert met.second_waited
    outcomes = [desk.decision(claims[at]).outcome for at in order]
    assert outcomes == ["pay", "deny"]
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(LimitCounter.times)).all() == [2]


@both_orders
def test_two_supervisors_approve_one_claim_once(desk: Desk, order: tuple[int, int]) -> None:
    proposed(desk)
    met = in_order(desk, order, *(approved(desk, desk.user(Role.SUPERVISOR)) for _ in order))
    assert (met.first, met.second, met.second_waited) == (1, 0, True)
    desk.work()
    assert accounts(desk) == ["queued"]


@both_orders
def test_an_approval_and_a_new_card_never_pay_to_a_card_that_was_not_shown(
    desk: Desk, order: tuple[int, int]
) -> None:
    claim_id, clerk = proposed(desk), desk.user(Role.CLERK)
    acts = (
        approved(desk, desk.user(Role.SUPERVISOR)),
        corrected(desk, clerk, claim_id, a_card_number()),
    )
    met = in_order(desk, order, *acts)
    assert met.second_waited
    if order == (0, 1):
        assert met.first == 1
        assert isinstance(met.second, str)
        assert "现在不能修改" in met.second
    else:
        assert (met.first, met.second) == ("done", 0)
    desk.work()
    # The new card is not the one on the papers, so the claim waits for a person.
    assert desk.state_of(claim_id) == ("payable" if order == (0, 1) else "in_question")


@both_orders
def test_a_payment_is_frozen_or_its_claim_sent_back(desk: Desk, order: tuple[int, int]) -> None:
    claim_id = payable(desk)
    met = in_order(desk, order, frozen(desk), sent_back(desk, desk.user(Role.SUPERVISOR), claim_id))
    if order == (0, 1):
        assert met.first == 1
        assert "已经组批" in str(met.second)
        assert accounts(desk) == ["frozen"]
    else:
        assert met.first == "done"
        assert "没有待组批的付款" in str(met.second)
        assert accounts(desk) == ["cancelled"]


@both_orders
def test_a_claim_is_approved_or_sent_back(desk: Desk, order: tuple[int, int]) -> None:
    claim_id = proposed(desk)
    back = sent_back(desk, desk.user(Role.SUPERVISOR), claim_id)
    met = in_order(desk, order, approved(desk, desk.user(Role.SUPERVISOR)), back)
    # Approved but not yet paid out, it can no longer be sent back; sent back, it drops out.
    assert met.first in (1, "done")
    assert met.second_waited
    assert "不能退回" in str(met.second) if order == (0, 1) else met.second == 0
    assert desk.state_of(claim_id) == ("approved" if order == (0, 1) else "referred")


@both_orders
def test_a_batch_is_released_or_discarded(desk: Desk, order: tuple[int, int]) -> None:
    payable(desk)
    batch_id = desk.frozen(desk.user(Role.CASHIER))

    def release(session: Session, person: User, batch: Batch) -> None:
        release_as_shown(session, desk.office, person, batch)

    def discard(session: Session, person: User, batch: Batch) -> None:
        batches.discard(session, desk.office, person, batch)

    met = in_order(desk, order, *(on_batch(desk, act, batch_id) for act in (release, discard)))
    assert (met.first, met.second_waited) == ("done", True)
    assert met.second != "done"
    assert accounts(desk) == (["sent"] if order == (0, 1) else ["queued"])


@both_orders
@pytest.mark.parametrize("result", ["0000", "3031"])
def test_a_reply_loaded_twice_at_once_is_loaded_once(
    desk: Desk, order: tuple[int, int], result: str
) -> None:
    payable(desk)
    batch_id = desk.released()
    with desk.office.sessions.unit_of_work() as session:
        file = payment_files.write_file(
            session, desk.office, desk.user(Role.CASHIER), session.get_one(Batch, batch_id)
        )
        payee = simulator.answer(file.content, FORM, {}, (), desk.clock())
    content = payee if result == "0000" else _all_returned(desk, file.content)

    def load(session: Session, person: User, batch: Batch) -> None:
        bank_reply.load_reply(session, desk.office, person, batch, content)

    met = in_order(desk, order, *(on_batch(desk, load, batch_id) for _ in order))
    assert (met.first, met.second, met.second_waited) == ("done", "这份回盘文件已经载入过", True)
    assert accounts(desk) == ["credited" if result == "0000" else "returned"]


def _all_returned(desk: Desk, file: bytes) -> bytes:
    cards = [row.text("account") for row in rows(FORM, file)]
    return simulator.answer(file, FORM, dict.fromkeys(cards, "3031"), (), desk.clock())


@both_orders
def test_a_retry_and_a_sweep_leave_one_row_that_is_due(desk: Desk, order: tuple[int, int]) -> None:
    claim_id, clerk = desk.claim(desk.member()), desk.user(Role.CLERK)
    step = STEP_BY_NAME["read"]
    with desk.at(claim_id) as (session, claim):
        claim.attempts = step.retry.attempts
        if order == (0, 1):
            park(session, claim, step, "磁盘已满", desk.office)
    desk.clock.pass_(hours=1)
    desk.bells.clear()

    def retried(session: Session) -> str:
        failures.retry(session, desk.office, clerk, "claim", claim_id)
        return "done"

    def swept(session: Session) -> int:
        return _sweep(session, desk.office, step, 100)

    met = in_order(desk, order, retried, swept)
    assert (met.first, met.second) == (("done", 0) if order == (0, 1) else (0, "done"))
    with desk.at(claim_id) as (session, claim):
        assert (claim.parked_at, claim.attempts) == (None, 0)
        assert claim.due_at == desk.clock() + timedelta(seconds=15)
    assert [bell.id for bell in desk.bells] == [claim_id]
    assert sweep(desk.office) == 0


@both_orders
def test_the_same_papers_taken_in_twice_at_once_are_one_claim(
    desk: Desk, order: tuple[int, int]
) -> None:
    person = desk.member()
    with desk.office.sessions.unit_of_work() as session:
        data = a_packet(session, desk.office, "same", a_stay(person))
    path = drop(desk.office, "same.pdf", data)
    found = open_packet(path, desk.office.limits)
    opened = OpenedEntry(found.files, found.refusals, found.digest)
    desk.office.store.put(data)
    packets = [_settled(desk, name) for name in ("same.pdf", "again.pdf")]

    def taken_in(packet_id: int) -> Act:
        def act(session: Session) -> str | None:
            packet = session.get_one(Packet, packet_id, with_for_update=True)
            record_packet(session, packet, opened, desk.office)
            return packet.outcome

        return act

    met = in_order(desk, order, *map(taken_in, packets))
    assert (met.first, met.second, met.second_waited) == ("taken", "repeated", True)
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Claim)) == 1
        assert len(set(session.scalars(select(Packet.claim_id)))) == 1


def _settled(desk: Desk, name: str) -> int:
    with desk.office.sessions.unit_of_work() as session:
        packet = Packet(folder="inbox", fingerprint="", noticed_at=desk.clock(), notes=[])
        seal_packet_name(desk.office.keys, packet, name.encode())
        start(session, packet, "notice", desk.office)
        advance(session, packet, "settle", desk.office)
        return packet.id
