"""What a decision grants against what was paid: the difference is paid, or asked back, to the fen.

Of each right: paid − asked back = granted. What is asked back counts at once, whether it has come
in, is still open or was written off; a right that was taken back grants nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from language import N_, _
from models import Claim, Entitlement, Payment, Recovery, User
from models.states import LIVE_PAYMENT_STATES, RecoveryState
from rules.money import Fen, yuan
from workflows.claims.letters import want_letters
from workflows.claims.revised import open_revisions
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import any_of, next_id

CAUSES = {
    "objection": N_("异议成立"),
    "papers": N_("补交材料"),
    "mistake": N_("更正错误"),
}


class Balance(NamedTuple):
    """How one right of a claim stands."""

    claim_id: int
    right_id: int
    granted: Fen
    paid: Fen
    asked_back: Fen

    @property
    def due(self) -> Fen:
        """What is still to be paid; below zero, what was paid too much."""
        return Fen(self.granted - self.paid + self.asked_back)


def balances(session: Session, claim_ids: Collection[int]) -> list[Balance]:
    """How each right of these claims stands, those that were taken back among them."""
    granted = case((Entitlement.released_at.is_(None), Entitlement.amount), else_=0)
    query = select(
        Entitlement.claim_id,
        Entitlement.id,
        granted,
        _sum(Payment, Payment.state.in_(LIVE_PAYMENT_STATES)),
        _sum(Recovery, Recovery.state != RecoveryState.CALLED_OFF),
    ).where(any_of(Entitlement.claim_id, claim_ids))
    return [Balance(*row) for row in session.execute(query.order_by(Entitlement.id))]


def _sum(table: type[Payment | Recovery], which: ColumnElement[bool]) -> ColumnElement[Fen]:
    amount = cast(func.coalesce(func.sum(table.amount), 0), BigInteger)
    query = select(amount).where(table.entitlement_id == Entitlement.id, which)
    return query.correlate(Entitlement).scalar_subquery()


def notes_of_revisions(session: Session, claim_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Of each of these claims that is under revision: why, what it was paid, and what it is now."""
    revisions = open_revisions(session, claim_ids)
    notes: dict[int, tuple[str, ...]] = {}
    for claim_id, revision in revisions.items():
        own = balances(session, [claim_id])
        words = {
            "why": _(CAUSES[revision.cause]),
            "reason": revision.reason,
            "before": yuan(Fen(sum(each.paid - each.asked_back for each in own))),
            "now": yuan(Fen(sum(each.granted for each in own))),
        }
        note = _("重新办理（%(why)s：%(reason)s）：此前已付 %(before)s 元，现核定 %(now)s 元")
        notes[claim_id] = (note % words,)
    return notes


def put_right(session: Session, office: Office, person: User, decided: Mapping[Claim, int]) -> None:
    """Close the revisions of these claims with the decisions that were just approved, and ask back
    what was paid beyond them.
    """
    claims = {claim.id: claim for claim in decided}
    revisions = open_revisions(session, claims)
    for claim_id, revision in revisions.items():
        revision.decision_id, revision.closed_at = decided[claims[claim_id]], office.clock()
    for claim_id in _with_open_recoveries(session, claims):
        lower_recoveries(session, office, person, claim_id)
    for balance in balances(session, revisions.keys()):
        if balance.due < 0:
            claim = claims[balance.claim_id]
            _ask_back(session, office, person, claim, decided[claim], balance)


def _with_open_recoveries(session: Session, claim_ids: Collection[int]) -> Sequence[int]:
    query = select(Recovery.claim_id).where(
        any_of(Recovery.claim_id, claim_ids), Recovery.state == RecoveryState.OPEN
    )
    return session.scalars(query.distinct()).all()


def lower_recoveries(session: Session, office: Office, person: User, claim_id: int) -> None:
    """Ask back less where the claim's rights are owed more: no money goes both ways."""
    opened = _open_recoveries(session, claim_id)
    for balance in balances(session, [claim_id]) if opened else ():
        own = [r for r in opened if r.entitlement_id == balance.right_id]
        _lower(session, office, person, own, Fen(max(balance.due, 0)))


def _open_recoveries(session: Session, claim_id: int) -> list[Recovery]:
    query = select(Recovery).filter_by(claim_id=claim_id, state=RecoveryState.OPEN)
    return list(session.scalars(query.order_by(Recovery.id.desc()).with_for_update()))


def _lower(
    session: Session, office: Office, person: User, opened: Sequence[Recovery], due: Fen
) -> None:
    """Ask back less by what is due, the latest recovery first; one of which nothing came in and
    nothing is left is called off."""
    for recovery in opened:
        less = min(due, recovery.amount - recovery.received)
        due = Fen(due - less)
        if less == recovery.amount:
            advance(session, recovery, "call_off", office, person)
        elif less:
            before, recovery.amount = recovery.amount, Fen(recovery.amount - less)
            verb = "close" if recovery.amount == recovery.received else "lower"
            advance(session, recovery, verb, office, person, before=before, after=recovery.amount)


def _ask_back(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    decision_id: int,
    balance: Balance,
) -> None:
    id_ = next_id(session, Recovery)
    recovery = Recovery(
        id=id_,
        number=f"ZH{office.today():%Y}{id_:06d}",
        claim_id=claim.id,
        entitlement_id=balance.right_id,
        decision_id=decision_id,
        amount=Fen(-balance.due),
        received=Fen(0),
        due_on=office.today() + timedelta(days=office.settings.recovery_days),
    )
    start(session, recovery, "ask_back", office, person, amount=recovery.amount)
    session.flush()
    want_letters(session, office, LetterKind.RECOVERY_NOTICE, {claim: f"recovery-{id_}"})
