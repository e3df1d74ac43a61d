"""The office also puts wrong decisions right, in any order with everything else it does."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Objection, User
from models.people import Role
from models.states import ObjectionState, RevisionCause
from tests.desk import Desk
from tests.machine.money_back import MoneyBackActs
from tests.machine.test_office import STAYS, some
from workflows.claims.acts import correction, overdue_revisions
from workflows.claims.approving import approval, approval_queue
from workflows.claims.judging import revision
from workflows.claims.objecting import objections
from workflows.claims.objecting.objection_withdrawals import (
    ask_to_withdraw,
    confirm_withdrawal,
    refuse_withdrawal,
)
from workflows.claims.objecting.objections import NewObjection

DECIDED = (
    "denied",
    "paid",
    "returned",
    "written_to_fund",
    "sent",
    "payable",
    "proposed",
    "approved",
)
ENDS = ("2026-01-03", "2026-01-09", "2026-01-14", "2026-01-25")


class RevisionMachine(MoneyBackActs):
    """Begins with one claim paid and another denied, a member who owes and has a claim that waits
    for its batch, a death paid to two heirs, and a card that a roster proposes and that waits
    for the office; a second supervisor hears, a third approves."""

    @initialize()
    def decide(self) -> None:
        self.hearer = self.desk.user(Role.SUPERVISOR)
        self.third = self.desk.user(Role.SUPERVISOR)
        self.decider = self.desk.user(Role.SUPERVISOR)
        self.desk.claim(self.members[0], admitted="2026-01-02", discharged="2026-01-14")
        self.desk.claim(self.members[1], admitted="2026-01-02", discharged="2026-01-03")
        self.die(2, has_statement=True)
        self.desk.work()
        self.key_heirs(0, 2, by_both=False)
        self.confirm_heirs(0, 1)
        self.desk.work()
        self._approve_by(self.supervisor)
        self.pay()
        self.reopen(0)
        self.desk.work()
        self.key_the_end_of_a_stay(0, "2026-01-09")
        self.approve_by_the_third()
        self.hand_in(0, STAYS[1], {})
        self.desk.work()
        self._approve_by(self.supervisor)
        self.propose_by_a_roster(1, elsewhere=False, changes="card")
        for _ in range(3):
            self.carry_a_roster_on(0)
            self.desk.work()

    @rule()
    def pay(self) -> None:
        """Everything that waits goes to the bank, which credits it."""
        self.freeze()
        self.release(-1, 1)
        self._on_batch(-1, self.credit)

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

        self._on_an_objection(which, act)

    @rule(which=some, by_first=st.booleans(), is_agreed=st.booleans())
    def take_an_objection_back(self, which: int, by_first: bool, is_agreed: bool) -> None:
        """A clerk registers the objector's word; where that is done, a supervisor says whether it
        is so."""
        office, person = self.desk.office, self.supervisor if by_first else self.third

        def act(session: Session, row: Objection) -> None:
            if row.withdrawal_by is None:
                ask_to_withdraw(session, office, self.clerk, row, office.today(), "本人无异议")
            elif is_agreed:
                confirm_withdrawal(session, office, person, row)
            else:
                refuse_withdrawal(session, office, person, row)

        self._on_an_objection(which, act)

    def _on_an_objection(self, which: int, act: Callable[[Session, Objection], None]) -> None:
        with self.desk.unless_refused() as session:
            query = select(Objection).filter_by(state=ObjectionState.REGISTERED)
            if waiting := session.scalars(query.order_by(Objection.id)).all():
                act(session, waiting[which % len(waiting)])

    @rule(which=some, by_first=st.booleans())
    def end_an_overdue_revision(self, which: int, by_first: bool) -> None:
        """Once its term is over, if papers or answers are still wanted."""
        claim_id = self._one_in(("incomplete", "in_question"), which)
        if claim_id is None:
            return
        office, person = self.desk.office, self.supervisor if by_first else self.third
        with self._by_hand(claim_id) as (session, claim):
            if last := overdue_revisions.end_by(session, claim):
                self.desk.clock.pass_(days=max(0, (last - office.today()).days) + 1)
                overdue_revisions.end(session, office, person, claim, "逾期未补，按现有材料")

    @rule(which=some)
    def reopen(self, which: int) -> None:
        claim_id = self._one_in(("paid", "denied", "returned", "written_to_fund"), which)
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
        self._approve_by(self.third)

    def _approve_by(self, person: User) -> None:
        with self.desk.unless_refused() as session:
            items = approval_queue.queue(session, self.desk.office)
            approval.approve(session, self.desk.office, person, items, items)
        self.desk.work()


def test_every_promise_holds_while_decisions_are_put_right(desk: Desk) -> None:
    class RevisionsAtDesk(RevisionMachine):
        pass

    # Money that came back may go to the fund on the next day, so that no years need to pass.
    settings_here = desk.office.settings.model_copy(update={"unclaimed_years": 0})
    RevisionsAtDesk.desk = replace(desk, office=replace(desk.office, settings=settings_here))
    run_state_machine_as_test(
        RevisionsAtDesk,
        settings=settings(
            max_examples=3,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        ),
    )
