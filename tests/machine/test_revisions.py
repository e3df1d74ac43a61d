"""The office also puts wrong decisions right, in any order with everything else it does."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from banking import formats, simulator
from models import Batch, Objection, Recovery
from models.people import Role
from models.states import ObjectionState, RecoveryState, RevisionCause
from rules.money import Fen
from tests.desk import Desk
from tests.machine.test_office import FORM, OfficeMachine, some
from workflows.claims import (
    approval,
    approval_queue,
    bank_reply,
    correction,
    objections,
    payment_files,
    recovery,
    revision,
)
from workflows.claims.objections import NewObjection
from workflows.claims.payees import payee_of
from workflows.claims.recovery import ReceivedSum, open_amount

DECIDED = ("denied", "paid", "returned", "sent", "payable")
ENDS = ("2026-01-03", "2026-01-09", "2026-01-14", "2026-01-25")


class RevisionMachine(OfficeMachine):
    """Begins with one claim paid and one denied; a second supervisor hears, a third approves."""

    @initialize()
    def decide(self) -> None:
        self.hearer = self.desk.user(Role.SUPERVISOR)
        self.third = self.desk.user(Role.SUPERVISOR)
        self.references = 0
        self.desk.claim(self.members[0], admitted="2026-01-02", discharged="2026-01-14")
        self.desk.claim(self.members[1], admitted="2026-01-02", discharged="2026-01-03")
        self.desk.work()
        with self._act() as session:
            items = approval_queue.queue(session)
            approval.approve(session, self.desk.office, self.supervisor, items)
        self.desk.work()
        self.pay()

    @rule()
    def pay(self) -> None:
        """Everything that waits goes to the bank, which credits it."""
        self.freeze()
        self.release(30, 1)
        self._on_batch(30, self._credit)

    def _credit(self, session: Session, batch: Batch) -> None:
        office = self.desk.office
        file = payment_files.write_file(session, office, batch, FORM).content
        says = {row.text("account"): "0000" for row in formats.rows(FORM, file)}
        content = simulator.answer(file, FORM, says, [], self.desk.clock())
        bank_reply.load_reply(session, office, self.cashiers[0], batch, FORM, content)
        for payment in batch.payments:
            if says.get(payee_of(office.keys, payment).account):
                self.bank[payment.reference] = "credited"

    @rule(which=some, day=st.integers(0, 70))
    def object_to(self, which: int, day: int) -> None:
        claim_id = self._one_in(DECIDED, which)
        if claim_id is not None:
            self.desk.clock.pass_(days=day)
            with self._by_hand(claim_id) as (session, claim):
                said = NewObjection(self.desk.office.today(), "member", "张三", "天数不对")
                objections.register(session, self.desk.office, self.clerk, claim, said)

    @rule(which=some, by_first=st.booleans(), is_right=st.booleans())
    def hear(self, which: int, by_first: bool, is_right: bool) -> None:
        person = self.supervisor if by_first else self.hearer

        def act(session: Session, row: Objection) -> None:
            end = objections.uphold if is_right else objections.reject
            end(session, self.desk.office, person, row, "已核对病案首页")

        with self._act() as session:
            rows = session.scalars(select(Objection).order_by(Objection.state.desc())).all()
            waiting = [row for row in rows if row.state == ObjectionState.REGISTERED]
            if waiting:
                act(session, waiting[which % len(waiting)])

    @rule(which=some)
    def reopen(self, which: int) -> None:
        claim_id = self._one_in(("paid", "denied", "returned"), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                cause = RevisionCause.MISTAKE
                revision.reopen(session, self.desk.office, self.clerk, claim, cause, "日期有误")

    @rule(which=some, end=st.sampled_from(ENDS))
    def key_the_end_of_a_stay(self, which: int, end: str) -> None:
        claim_id = self._one_in(("proposed", "referred", "in_question"), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                office = self.desk.office
                for name, value in (("admitted_on", "2026-01-02"), ("discharged_on", end)):
                    correction.correct_field(session, office, self.clerk, claim, name, value)
                correction.recheck(session, office, self.clerk, claim)

    @rule()
    def approve_by_the_third(self) -> None:
        self.desk.work()
        with self._act() as session:
            items = approval_queue.queue(session)
            approval.approve(session, self.desk.office, self.third, items)
        self.desk.work()

    @rule(which=some, share=st.integers(1, 5))
    def book_a_receipt(self, which: int, share: int) -> None:
        """A quarter of what is open, up to more than all of it."""
        self.references += 1

        def act(session: Session, row: Recovery) -> None:
            amount = Fen(open_amount(row) * share // 4)
            receipt = ReceivedSum(self.desk.office.today(), amount, str(self.references))
            recovery.book(session, self.desk.office, self.cashiers[0], row, receipt)

        self._on_recovery(which, act)

    @rule(which=some, by_first=st.booleans(), is_agreed=st.booleans())
    def write_off(self, which: int, by_first: bool, is_agreed: bool) -> None:
        """Propose it where it is not proposed yet; otherwise agree to it or refuse it."""
        person = self.supervisor if by_first else self.hearer

        def act(session: Session, row: Recovery) -> None:
            office = self.desk.office
            if row.proposed_by is None:
                recovery.propose_write_off(session, office, person, row, "会员失联")
            elif is_agreed:
                recovery.write_off(session, office, person, row)
            else:
                recovery.refuse_write_off(session, office, person, row)

        self._on_recovery(which, act)

    def _on_recovery(self, which: int, act: Callable[[Session, Recovery], object]) -> None:
        with self._act() as session:
            query = select(Recovery).filter_by(state=RecoveryState.OPEN).order_by(Recovery.id)
            if rows := session.scalars(query).all():
                act(session, rows[which % len(rows)])


def test_every_promise_holds_while_decisions_are_put_right(desk: Desk) -> None:
    class Machine(RevisionMachine):
        pass

    Machine.desk = desk
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=3,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        ),
    )
