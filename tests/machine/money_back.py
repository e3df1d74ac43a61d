"""What an office does with money that was paid too much, and with second relief."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import LateReturn, Recovery, RecoveryReceipt, Relief, User
from models.states import ReceiptOf, RecoveryState, ReliefState
from rules.money import Fen
from tests import as_shown
from tests.desk import a_card_number
from tests.machine.test_office import OfficeMachine, some
from workflows.claims.acts import denial, relief
from workflows.claims.acts.relief import Sitting
from workflows.claims.approving import approval
from workflows.claims.judging import relief_review, revision
from workflows.claims.paying import (
    instalments,
    late_returns,
    recovery,
    set_off,
    written_to_fund,
)
from workflows.claims.paying.recovery import ReceivedSum, open_amount

quarters = st.integers(1, 5)


class MoneyBackActs(OfficeMachine):
    """Acts on recoveries, set-offs, late returns and relief, by people who may be refused."""

    hearer: User
    third: User
    decider: User
    references = 0

    @rule(which=some, share=quarters)
    def book_a_receipt(self, which: int, share: int) -> None:
        """A quarter of what is open, up to more than all of it."""
        self.references += 1

        def act(session: Session, row: Recovery) -> None:
            amount = Fen(open_amount(row) * share // 4)
            receipt = ReceivedSum(self.desk.office.today(), amount, str(self.references))
            recovery.book(session, self.desk.office, self.cashiers[0], row, receipt)

        self._on_recovery(which, act)

    @rule(which=some, count=st.integers(1, 3), short=st.sampled_from([0, 0, 1]))
    def agree_instalments(self, which: int, count: int, short: int) -> None:
        """Equal ones, a month apart, in the place of earlier ones; not all of it is refused."""

        def act(session: Session, row: Recovery) -> None:
            office, left = self.desk.office, open_amount(row) - short
            sums = [left // count] * (count - 1)
            sums.append(left - sum(sums))
            days = [office.today() + timedelta(days=30 * at) for at in range(1, count + 1)]
            plan = [(day, Fen(sum_)) for day, sum_ in zip(days, sums, strict=True)]
            instalments.agree(session, office, self.decider, row, plan)

        self._on_recovery(which, act)

    @rule(months=st.integers(1, 3))
    def let_instalments_fall_due(self, months: int) -> None:
        self.desk.clock.pass_(days=31 * months)

    @invariant()
    def what_is_left_of_instalments_is_what_is_still_to_come_in(self) -> None:
        """The oldest are filled first, and of what has ended nothing is overdue."""
        with self.desk.office.sessions.read_only() as session:
            for row in session.scalars(select(Recovery)):
                parts = list(instalments.instalments(row))
                if parts:
                    owed = row.amount - row.received if row.state == RecoveryState.OPEN else 0
                    assert sum(part.left for part in parts) == owed
                    filled = [part.left == 0 for part in parts]
                    assert filled == sorted(filled, reverse=True)

    @rule(which=some, who=st.integers(0, 2), is_agreed=st.booleans())
    def write_to_the_fund(self, which: int, who: int, is_agreed: bool) -> None:
        """Propose it of a returned claim where it is not proposed yet; otherwise agree or refuse.
        A day passes first, which is the whole term here."""
        self.desk.clock.pass_(days=1)
        claim_id = self._one_in(("returned",), which)
        if claim_id is not None:
            person = (self.supervisor, self.hearer, self.both)[who]
            with self._by_hand(claim_id) as (session, claim):
                office = self.desk.office
                proposal = written_to_fund.proposals(session, [claim.id]).get(claim.id)
                if proposal is None:
                    written_to_fund.propose(session, office, person, claim, "会员失联")
                elif is_agreed:
                    written_to_fund.agree(session, office, person, claim, proposal.seq)
                else:
                    written_to_fund.refuse(session, office, person, claim, proposal.seq)

    @rule(which=some, with_card=st.booleans())
    def revive_what_is_in_the_fund(self, which: int, with_card: bool) -> None:
        """The member comes, with a paper or without."""
        claim_id = self._one_in(("written_to_fund",), which)
        if claim_id is not None:
            if with_card:
                self.desk.add_card_paper(claim_id, a_card_number())
            with self._by_hand(claim_id) as (session, claim):
                written_to_fund.revive(session, self.desk.office, self.clerk, claim, "本人前来领取")

    @rule(which=some, is_agreed=st.booleans())
    def look_for_a_receipt_on_the_statement(self, which: int, is_agreed: bool) -> None:
        office, person = self.desk.office, self.hearer
        with self.desk.unless_refused() as session:
            query = select(RecoveryReceipt).filter_by(confirmed_at=None, undone_at=None)
            rows = session.scalars(query.filter_by(kind=ReceiptOf.TRANSFER)).all()
            if not rows:
                return
            if is_agreed:
                recovery.confirm(session, office, person, rows[which % len(rows)])
            else:
                receipt = rows[which % len(rows)]
                recovery.refuse_receipt(session, office, person, receipt, "流水无此笔")

    @rule(which=some, by_first=st.booleans(), is_agreed=st.booleans())
    def write_off(self, which: int, by_first: bool, is_agreed: bool) -> None:
        """Propose it where it is not proposed yet; otherwise agree to it or refuse it."""
        person = self.supervisor if by_first else self.hearer

        def act(session: Session, row: Recovery) -> None:
            office = self.desk.office
            if row.proposed_by is None:
                recovery.propose_write_off(session, office, person, row, "会员失联")
            elif is_agreed:
                as_shown.write_off(session, office, person, row)
            else:
                as_shown.refuse_write_off(session, office, person, row)

        self._on_recovery(which, act)

    @rule(which=some, against=some, share=quarters)
    def set_off(self, which: int, against: int, share: int) -> None:
        """Quarters of what could be set off against a payment that waits, up to more than that."""

        def act(session: Session, row: Recovery) -> None:
            queued = set_off.can_set_off(session, row)
            if queued:
                payment = queued[against % len(queued)]
                amount = Fen(min(open_amount(row), payment.amount) * share // 4)
                office = self.desk.office
                set_off.set_off(session, office, self.decider, row, payment, amount, "会员同意")

        self._on_recovery(which, act)

    @rule(which=some, by_another=st.booleans())
    def undo_a_set_off(self, which: int, by_another: bool) -> None:
        person = self.third if by_another else self.decider
        with self.desk.unless_refused() as session:
            query = select(RecoveryReceipt).filter_by(kind=ReceiptOf.SET_OFF)
            if rows := session.scalars(query.order_by(RecoveryReceipt.id)).all():
                set_off.undo(session, self.desk.office, person, rows[which % len(rows)])

    @rule(came_back=st.booleans())
    def ask_the_bank_about_a_late_return(self, came_back: bool) -> None:
        act = late_returns.confirm_return if came_back else late_returns.deny_return
        with self.desk.unless_refused() as session:
            late = session.scalar(select(LateReturn).filter_by(dealt_at=None).limit(1))
            if late:
                act(session, self.desk.office, self.hearer, late, "银行答复")
                session.flush()
                self.bank[late.payment.reference] = late.payment.state

    @rule(which=some)
    def find_a_paid_claim_wrong(self, which: int) -> None:
        """It is reopened, sent back and denied; all that was paid is asked back."""
        claim_id = self._one_in(("paid",), which)
        if claim_id is None:
            return
        office = self.desk.office
        with self._by_hand(claim_id) as (session, claim):
            revision.reopen(session, office, self.clerk, claim, "mistake", "材料系伪造")
        self.desk.work()
        with self._by_hand(claim_id) as (session, claim):
            approval.send_back(session, office, self.supervisor, claim, "材料系伪造")
        with self._by_hand(claim_id) as (session, claim):
            clause = "CAUSE_NOT_COVERED"
            denial.propose_denial(session, office, self.supervisor, claim, clause, "材料系伪造")

    @rule(which=some)
    def apply_for_relief(self, which: int) -> None:
        claim_id = self._one_in(("paid",), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                relief.apply(session, self.desk.office, self.clerk, claim, "困难", Fen(300_000))

    @rule(which=some, thousands=st.integers(0, 4))
    def record_what_the_committee_decides(self, which: int, thousands: int) -> None:
        """It grants a sum, or nothing."""
        office = self.desk.office
        sitting = Sitting(office.today(), "会议纪要〔2026〕3号")

        def act(session: Session, row: Relief) -> None:
            if thousands:
                sum_ = Fen(thousands * 100_000)
                relief.grant(session, office, self.hearer, row, sum_, sitting)
            else:
                relief.refuse(session, office, self.hearer, row, "不属于困难会员", sitting)

        self._on_relief(which, Relief.state == ReliefState.APPLIED, act)

    @rule(which=some)
    def keep_relief_that_is_in_doubt(self, which: int) -> None:
        def act(session: Session, row: Relief) -> None:
            relief_review.keep(session, self.desk.office, self.third, row, "仍属困难")

        self._on_relief(which, Relief.look_again_for.is_not(None), act)

    def _on_recovery(self, which: int, act: Callable[[Session, Recovery], object]) -> None:
        with self.desk.unless_refused() as session:
            query = select(Recovery).filter_by(state=RecoveryState.OPEN).order_by(Recovery.id)
            if rows := session.scalars(query).all():
                act(session, rows[which % len(rows)])

    def _on_relief(
        self, which: int, those: ColumnElement[bool], act: Callable[[Session, Relief], object]
    ) -> None:
        with self.desk.unless_refused() as session:
            if rows := session.scalars(select(Relief).where(those).order_by(Relief.id)).all():
                act(session, rows[which % len(rows)])
