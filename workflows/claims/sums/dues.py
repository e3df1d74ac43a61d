"""What each payee of a right is still to get of it, or gives back, to the fen.

The payee is the member, or each of his heirs by his share (R35). An heir is known by his ID number,
also where the list was keyed anew since he was paid. Money that reached the member while he lived
stays his; heirs who were paid for a member who is not dead after all give back all of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Claim, Heir, Payment, Recovery
from models.states import LIVE_PAYMENT_STATES, RecoveryState
from rules.money import Fen
from rules.shares import divide
from workflows.claims.sums.balances import Balance, balances
from workflows.claims.sums.payees import heir_share
from workflows.engine.rows import any_of
from workflows.known_deaths import known_dead


class UnpaidShare(NamedTuple):
    """What one payee is still to get of a right; `heir` is None for the member himself."""

    heir: Heir | None
    amount: Fen
    round: int


class Debt(NamedTuple):
    """What one payee got of a right beyond his share; `heir` is None for the member himself."""

    heir: Heir | None
    amount: Fen


@dataclass(frozen=True)
class Dues:
    """One right with its live payments and with the recoveries that were not called off.

    `payees` are those who are paid now; others may have been paid before.
    """

    balance: Balance
    payees: Sequence[Heir | None]
    payments: Sequence[Payment]
    recoveries: Sequence[Recovery]

    def still_owed(self) -> Iterator[UnpaidShare]:
        """Who is still to get how much of what is due on this right, in which round.

        Each is to have his share of the whole, whichever of his payments came back; where one has
        more than that already, the others share what is due in proportion to what they lack. What
        was written off for one of them is borne by the fund, not by the others. A payee who is
        paid in the last round gets a top-up (补付) in the next one.
        """
        lacks = list(self.lacking().values())
        due = Fen(min(sum(lacks), self.balance.due + self.balance.written_off))
        if due <= 0:
            return
        last = max((payment.round for payment in self.payments), default=0)
        paid = {known_by(payment.heir) for payment in self.payments if payment.round == last}
        parts = divide(due, [Fraction(each) for each in lacks])
        for payee, part in zip(self.payees, parts, strict=True):
            if part:
                yield UnpaidShare(payee, part, last + (known_by(payee) in paid))

    def lacking(self) -> dict[bytes | None, Fen]:
        """What each payee lacks of his share. Fen that only rounding moves from one to another are
        left as they are."""
        held, least = self._held, 0 if self.balance.due > 0 else self._rounding
        lacks = {
            known_by(payee): share - held[known_by(payee)]
            for payee, share in zip(self.payees, self._shares(), strict=True)
        }
        return {who: Fen(lack if lack > least else 0) for who, lack in lacks.items()}

    def debts(self) -> Iterator[Debt]:
        """Who got how much beyond his share; what was written off is not asked back again."""
        holders = {known_by(payment.heir): payment.heir for payment in self.payments}
        holders |= {known_by(payee): payee for payee in self.payees}
        share = dict(zip(map(known_by, self.payees), self._shares(), strict=True))
        if None not in share:
            share[None] = Fen(min(self._held[None], self.balance.granted))
        held = self._held - self._written_off
        over = {who: max(0, held[who] - share.get(who, 0)) for who in holders}
        least = max(0, -self.balance.due)
        surplus = sum(over.values())
        asked = Fen(surplus if surplus - least > self._rounding else least)
        if not asked:
            return
        parts = divide(asked, [Fraction(each) for each in over.values()])
        for heir, part in zip(holders.values(), parts, strict=True):
            if part:
                yield Debt(heir, part)

    @property
    def _rounding(self) -> int:
        """At most so many fen move between payees because sums are divided anew."""
        return len(self.payees) - 1

    @property
    def _held(self) -> Counter[bytes | None]:
        """What each was paid, less what is asked back; what was written off he holds."""
        held: Counter[bytes | None] = Counter()
        for payment in self.payments:
            held[known_by(payment.heir)] += payment.amount
        for each in self.recoveries:
            is_borne = each.state == RecoveryState.WRITTEN_OFF
            held[known_by(each.heir)] -= each.received if is_borne else each.amount
        return held

    @property
    def _written_off(self) -> Counter[bytes | None]:
        borne: Counter[bytes | None] = Counter()
        for each in self.recoveries:
            if each.state == RecoveryState.WRITTEN_OFF:
                borne[known_by(each.heir)] += each.amount - each.received
        return borne

    def _shares(self) -> list[Fen]:
        """The share of each payee in what the right grants, less what the member got himself."""
        if None in self.payees:
            return [self.balance.granted]
        whole = Fen(max(0, self.balance.granted - self._held[None]))
        return divide(whole, [heir_share(heir) for heir in self.payees if heir])


def dues_of(
    session: Session, claims: Collection[Claim], dead: Collection[int | None] | None = None
) -> list[Dues]:
    """The rights of these claims, those that were taken back among them, in the order of their ids.

    `dead` are the members known to have died, where the caller knows them already.
    """
    if dead is None:
        dead = known_dead(session, [claim.member_id for claim in claims])
    by_id = {claim.id: claim for claim in claims}
    recoveries = _recoveries(session, [claim.id for claim in claims if claim.payments])
    return [
        Dues(
            balance,
            by_id[balance.claim_id].heirs if by_id[balance.claim_id].member_id in dead else [None],
            list(_live(by_id[balance.claim_id].payments, balance.right_id)),
            recoveries.get(balance.right_id, []),
        )
        for balance in balances(session, by_id)
    ]


def known_by(heir: Heir | None) -> bytes | None:
    """What tells payees apart; None is the member himself."""
    return heir.id_print if heir else None


def _live(payments: Iterable[Payment], right_id: int) -> Iterator[Payment]:
    return (p for p in payments if p.entitlement_id == right_id and p.state in LIVE_PAYMENT_STATES)


def _recoveries(session: Session, claim_ids: Sequence[int]) -> Mapping[int, list[Recovery]]:
    found: dict[int, list[Recovery]] = {}
    if claim_ids:
        query = select(Recovery).where(
            any_of(Recovery.claim_id, claim_ids), Recovery.state != RecoveryState.CALLED_OFF
        )
        for each in session.scalars(query.options(joinedload(Recovery.heir))):
            found.setdefault(each.entitlement_id, []).append(each)
    return found
