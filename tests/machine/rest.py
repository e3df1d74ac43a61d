"""However the office was left, people who had no part in anything bring each claim to rest."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from banking import formats, simulator
from models import Batch, Claim, LateReturn, Payment, RecoveryReceipt, Relief, User
from models.people import Role
from models.states import (
    CLAIM_AT_REST_STATES,
    BatchState,
    ClaimState,
    PaymentState,
    ReceiptOf,
    ReliefState,
)
from rules.errors import Refused
from tests import as_shown
from tests.desk import BANK_PAPER, Desk, release_as_shown
from workflows import failures
from workflows.claims.acts import correction, denial, joining, relief, resting
from workflows.claims.acts.relief import Sitting
from workflows.claims.approving import approval, approval_queue
from workflows.claims.judging import relief_review, revision
from workflows.claims.paying import (
    bank_reply,
    batches,
    late_returns,
    paid_again,
    payment_files,
    recovery,
    sent_batches,
)
from workflows.sealed_values.claims import payee_of

T = TypeVar("T")

FORM = "ccb-list"
ROUNDS = 6


class RestActs(RuleBasedStateMachine):
    """What people can do in every state to end it."""

    desk: Desk
    bank: dict[str, str]
    cashiers: list[User]

    def bring_everything_to_rest(self) -> None:
        """What was joined is parted, what was never decided is withdrawn, what was decided before
        is denied or paid; the bank is asked, and pays."""
        self._part_what_was_joined()
        for number in range(ROUNDS):
            if not self._busy():
                return
            self._answer_what_others_wait_for()
            for claim_id in self._busy():
                self._end(claim_id, is_last=number > 1)
            self.desk.work()
            self._approve()
            self._pay()
        assert self._busy() == {}

    def _busy(self) -> dict[int, str]:
        query = (
            select(Claim.id, Claim.state)
            .where(Claim.state.not_in(CLAIM_AT_REST_STATES))
            .order_by(Claim.id)
        )
        with self.desk.office.sessions.read_only() as session:
            return dict(session.execute(query).all())

    def _part_what_was_joined(self) -> None:
        with self.desk.office.sessions.read_only() as session:
            joined = session.scalars(select(Claim.id).filter_by(state="joined")).all()
        office, third = self.desk.office, self.desk.user(Role.CLERK)
        for claim_id in joined:
            self._do(claim_id, lambda s, c: joining.leave(s, office, third, c, "另一次住院"))
            assert self.desk.state_of(claim_id) != ClaimState.JOINED

    def _answer_what_others_wait_for(self) -> None:
        """Receipts on the bank's statement, late returns, relief in doubt, steps that failed."""
        office, person = self.desk.office, self.desk.user(Role.SUPERVISOR)
        waiting = select(RecoveryReceipt.id).filter_by(
            confirmed_at=None, undone_at=None, kind=ReceiptOf.TRANSFER
        )
        self._each(waiting, RecoveryReceipt, lambda s, r: recovery.confirm(s, office, person, r))
        late = select(LateReturn.id).filter_by(dealt_at=None)
        self._each(
            late, LateReturn, lambda s, r: late_returns.deny_return(s, office, person, r, "未退回")
        )
        self._each(
            late, LateReturn, lambda s, r: late_returns.confirm_return(s, office, person, r, "已退")
        )
        doubted = select(Relief.id).where(Relief.look_again_for.is_not(None))
        self._each(
            doubted, Relief, lambda s, r: relief_review.keep(s, office, person, r, "仍属困难")
        )
        applied = select(Relief.id).filter_by(state=ReliefState.APPLIED)
        self._each(
            applied,
            Relief,
            lambda s, r: relief.refuse(
                s, office, person, r, "不属于困难会员", Sitting(office.today(), "〔2026〕9号")
            ),
        )
        clerk = self.desk.user(Role.CLERK)
        with self.desk.unless_refused() as session:
            for each in failures.failures(session):
                failures.retry_all(session, office, clerk, each.machine, each.step, each.cause)
        self.desk.work()

    def _end(self, claim_id: int, *, is_last: bool) -> None:
        """The act that leads out of the claim's state; where one was tried in vain, another."""
        office = self.desk.office
        clerk, supervisor = self.desk.user(Role.CLERK), self.desk.user(Role.SUPERVISOR)
        boss = self.desk.user(Role.SUPERVISOR)
        self._do(claim_id, lambda s, c: resting.withdraw(s, office, clerk, c, "不再申请"))
        match self.desk.state_of(claim_id):
            case ClaimState.HELD:
                self._do(claim_id, lambda s, c: resting.resume(s, office, clerk, c))
            case ClaimState.PROPOSED | ClaimState.PAYABLE if is_last:
                self._do(claim_id, lambda s, c: approval.send_back(s, office, boss, c, "请核对"))
            case ClaimState.PROPOSED:
                self._do(claim_id, lambda s, c: correction.recheck(s, office, clerk, c))
            case ClaimState.RETURNED if is_last:
                self._do(
                    claim_id,
                    lambda s, c: revision.reopen(s, office, clerk, c, "mistake", "不能付款"),
                )
            case ClaimState.RETURNED:
                self._do(claim_id, lambda s, c: paid_again.pay_again(s, office, clerk, c, "已核实"))
        if self.desk.state_of(claim_id) in ("incomplete", "in_question", "referred"):
            why = "材料不能证明"
            clause = "CAUSE_NOT_COVERED"
            self._do(
                claim_id, lambda s, c: denial.propose_denial(s, office, supervisor, c, clause, why)
            )

    def _approve(self) -> None:
        person = self.desk.user(Role.SUPERVISOR)
        with self.desk.unless_refused() as session:
            items = approval_queue.queue(session, self.desk.office)
            approval.approve(session, self.desk.office, person, items, items)
        self.desk.work()

    def _pay(self) -> None:
        """All that waits is frozen and released, and the bank credits all that was sent."""
        office, other = self.desk.office, self.desk.user(Role.CASHIER)
        with self.desk.unless_refused() as session:
            batches.freeze(session, office, self.cashiers[0])
        asked = select(Payment.id).where(Payment.out_asked_by.is_not(None))
        self._each(
            asked,
            Payment,
            lambda s, p: as_shown.refuse_take_out(
                s, office, other, s.get_one(Batch, p.batch_id), p.reference
            ),
        )
        frozen = select(Batch.id).filter_by(state=BatchState.FROZEN)
        self._each(frozen, Batch, lambda s, b: release_as_shown(s, office, other, b))
        sent = select(Batch.id).where(Batch.payments.any(Payment.state == PaymentState.SENT))
        self._each(sent, Batch, self.credit)
        lost = select(Batch.id).where(Batch.payments.any(Payment.state == PaymentState.UNKNOWN))
        self._each(lost, Batch, self.say_that_it_was_not_taken)
        self.desk.work()

    def say_that_it_was_not_taken(self, session: Session, batch: Batch) -> None:
        """The bank says that it took nothing of what is unknown."""
        office, other = self.desk.office, self.desk.user(Role.CASHIER)
        if sent_batches.is_asked(batch):
            as_shown.refuse_discard(session, office, other, batch)
        unknown = [p.reference for p in batch.payments if p.state == PaymentState.UNKNOWN]
        word = "银行电话答复"
        sent_batches.ask_discard(
            session, office, self.cashiers[0], batch, word, unknown, BANK_PAPER
        )
        as_shown.agree_discard(session, office, other, batch)
        self.bank.update(dict.fromkeys(unknown, "returned"))

    def credit(self, session: Session, batch: Batch) -> None:
        """The bank credits every payment of the batch."""
        office, cashier = self.desk.office, self.cashiers[0]
        file = payment_files.write_file(session, office, cashier, batch).content
        says = {row.text("account"): "0000" for row in formats.rows(FORM, file)}
        content = simulator.answer(file, FORM, says, [], self.desk.clock())
        bank_reply.load_reply(session, office, cashier, batch, content)
        for payment in batch.payments:
            if says.get(payee_of(office.keys, payment).account):
                self.bank[payment.reference] = "credited"

    def _do(self, claim_id: int, act: Callable[[Session, Claim], object]) -> None:
        with suppress(Refused), self.desk.at(claim_id) as (session, claim):
            act(session, claim)
        self.desk.work()

    def _each(self, which: Select[int], kind: type[T], act: Callable[[Session, T], object]) -> None:
        """The act on each of these rows, in a transaction of its own."""
        with self.desk.office.sessions.read_only() as session:
            ids = session.scalars(which).all()
        for id_ in ids:
            with self.desk.unless_refused() as session:
                act(session, session.get_one(kind, id_))
