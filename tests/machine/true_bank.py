"""What a bank does in truth with what leaves for it, whatever anybody says of it in a reply."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import select

from banking import simulator
from models import Batch, Entitlement, LateReturn, Payment, User
from models.states import AT_THE_BANK_STATES, PaymentState
from rules.errors import HuzhuError
from tests.desk import Desk
from workflows.claims.approving.approval_queue import QueuedClaim
from workflows.claims.paying import bank_reply, late_returns, payment_files
from workflows.claims.sums.returned_payments import NOT_TAKEN

CREDITED = "0000"
CODES = (CREDITED, "3031", "3008")
FORM = "ccb-list"

Right = tuple[int, str, str, bytes]
"""Member, plan, benefit and event: what is owed once, however many claims ask for it."""


@dataclass
class TrueBank:
    """The true result of each payment that left, by its id, and the most that was ever granted of
    each right."""

    desk: Desk
    results: dict[int, str] = field(default_factory=dict)
    granted: dict[Right, int] = field(default_factory=dict)

    def take(self) -> None:
        """Carry out what has been released since."""
        with self.desk.office.sessions.read_only() as session:
            for id_ in session.scalars(
                select(Payment.id).where(Payment.state.in_(AT_THE_BANK_STATES))
            ):
                self.results.setdefault(id_, CODES[id_ % len(CODES)])

    def overpaid(self) -> dict[Right, tuple[int, int]]:
        """The rights of which more fen arrived than were ever granted, with both sums."""
        arrived: defaultdict[Right, int] = defaultdict(int)
        with self.desk.office.sessions.read_only() as session:
            rights = {right.id: _key(right) for right in session.scalars(select(Entitlement))}
            for right in session.scalars(select(Entitlement)):
                most = max(self.granted.get(_key(right), 0), right.amount)
                self.granted[_key(right)] = most
            for payment in session.scalars(select(Payment)):
                if self.results.get(payment.id) == CREDITED:
                    arrived[rights[payment.entitlement_id]] += payment.amount
        return {
            right: (sum_, self.granted[right])
            for right, sum_ in arrived.items()
            if sum_ > self.granted[right]
        }

    def reply(self, cashier: User) -> None:
        """An honest cashier loads what the bank says of each batch that waits for an answer."""
        with self.desk.office.sessions.read_only() as session:
            known = Batch.payments.any(Payment.id.in_(self.results))
            ids = session.scalars(select(Batch.id).where(known).order_by(Batch.id)).all()
        for batch_id in ids:
            with suppress(HuzhuError), self.desk.office.sessions.unit_of_work() as session:
                batch = session.get_one(Batch, batch_id)
                file = payment_files.write_file(session, self.desk.office, cashier, batch)
                results = {each.reference: self.results[each.id] for each in batch.payments}
                content = simulator.answer(file.content, FORM, results, (), self.desk.clock())
                bank_reply.load_reply(session, self.desk.office, cashier, batch, content)

    def answer_doubts(self, supervisor: User) -> None:
        """An honest supervisor asks the bank which of its two words is true."""
        with self.desk.office.sessions.read_only() as session:
            ids = session.scalars(select(LateReturn.id).filter_by(dealt_at=None)).all()
        for id_ in ids:
            with suppress(HuzhuError), self.desk.office.sessions.unit_of_work() as session:
                late = session.get_one(LateReturn, id_)
                has_arrived = self.results[late.payment_id] == CREDITED
                act = late_returns.deny_return if has_arrived else late_returns.confirm_return
                act(session, self.desk.office, supervisor, late, "银行答复")

    def has_arrived(self, payment: Payment) -> bool:
        return self.results.get(payment.id) == CREDITED

    def agrees_with(self, item: QueuedClaim) -> bool:
        """Whether the statement shows of each return the queue tells of that the money came back;
        of a return that it does not tell, nobody asks."""
        if not any("银行流水" in look.sentence for look in item.looks):
            return True
        with self.desk.office.sessions.read_only() as session:
            back = select(Payment).filter_by(claim_id=item.claim_id, state=PaymentState.RETURNED)
            return all(
                not self.has_arrived(each)
                for each in session.scalars(back)
                if each.result_code != NOT_TAKEN
            )


def _key(right: Entitlement) -> Right:
    return right.member_id, right.plan, right.benefit, right.event_print
