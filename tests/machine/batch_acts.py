"""What cashiers do with batches besides freezing all and releasing: shape, take out, discard."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.shaping import BatchShape, Split
from models import Batch, Payment, User
from models.states import AT_THE_BANK_STATES, PaymentState
from rules.money import Fen
from tests import as_shown
from tests.desk import BANK_PAPER, Desk
from workflows.claims.paying import batches, sent_batches, taken_out

some = st.integers(0, 30)


class BatchActs(RuleBasedStateMachine):
    """Acts on batches by two cashiers, who may be refused."""

    desk: Desk
    bank: dict[str, str]
    cashiers: list[User]

    @rule(leave=some, rows=st.integers(1, 3), yuan=st.sampled_from([500, 600, 5000]))
    def freeze_a_shaped_batch(self, leave: int, rows: int, yuan: int) -> None:
        with self.desk.unless_refused() as session:
            queued = select(Payment.reference).filter_by(state=PaymentState.QUEUED)
            waiting = session.scalars(queued.order_by(Payment.id)).all()
            without = frozenset(waiting[leave % len(waiting) :][:1]) if waiting else frozenset()
            split = frozenset({Split.BANK})
            asked = BatchShape(without=without, rows=rows, sum=Fen(yuan * 100), split_by=split)
            batches.freeze(session, self.desk.office, self.cashiers[0], asked=asked)

    @rule(which=some, who=st.integers(0, 1), agree=st.booleans())
    def take_a_payment_out(self, which: int, who: int, agree: bool) -> None:
        """Ask for it; where that was done already, agree or refuse."""
        office, person = self.desk.office, self.cashiers[who]
        with self.desk.unless_refused() as session:
            frozen = select(Payment).filter_by(state=PaymentState.FROZEN).order_by(Payment.id)
            if rows := session.scalars(frozen).all():
                payment = rows[which % len(rows)]
                batch = session.get_one(Batch, payment.batch_id)
                if payment.out_asked_by is None:
                    about = (batch, payment.reference, "会员来电")
                    taken_out.ask_take_out(session, office, person, *about)
                elif agree:
                    as_shown.agree_take_out(session, office, person, batch, payment.reference)
                else:
                    as_shown.refuse_take_out(session, office, person, batch, payment.reference)

    @rule(which=some, who=st.integers(0, 1), taken=st.booleans(), agree=st.booleans())
    def discard_what_the_bank_may_have(
        self, which: int, who: int, taken: bool, agree: bool
    ) -> None:
        """Ask for it with the bank's word; where that was done already, agree or refuse."""
        person = self.cashiers[who]
        with self.desk.unless_refused() as session:
            at_the_bank = Batch.payments.any(Payment.state.in_(AT_THE_BANK_STATES))
            rows = session.scalars(select(Batch).where(at_the_bank).order_by(Batch.id)).all()
            if rows:
                self._discard(session, rows[which % len(rows)], person, taken, agree)

    def _discard(
        self, session: Session, batch: Batch, person: User, taken: bool, agree: bool
    ) -> None:
        office = self.desk.office
        if not sent_batches.is_asked(batch):
            waiting = [p.reference for p in batch.payments if p.state in AT_THE_BANK_STATES]
            not_taken = waiting[1:] if taken else waiting
            sent_batches.ask_discard(
                session, office, person, batch, "银行答复", not_taken, BANK_PAPER
            )
        elif agree:
            not_taken = list(batch.not_taken)
            as_shown.agree_discard(session, office, person, batch)
            self.bank.update(dict.fromkeys(not_taken, "returned"))
        else:
            as_shown.refuse_discard(session, office, person, batch)
