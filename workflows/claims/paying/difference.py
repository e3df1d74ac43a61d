"""What a decision grants against what was paid: the difference is paid, or asked back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from language import N_, _
from models import Claim, Recovery, User
from models.states import RecoveryState, RevisionCause
from rules.money import Fen, yuan
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.claims.judging.relief_review import put_in_doubt
from workflows.claims.judging.revision import open_revisions
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.sums.balances import Balance, balances, kept
from workflows.claims.sums.dues import Debt, dues_of, known_by
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import any_of, next_id, numbered

CAUSES = {
    RevisionCause.OBJECTION: N_("异议成立"),
    RevisionCause.PAPERS: N_("补交材料"),
    RevisionCause.MISTAKE: N_("更正错误"),
}


def notes_of_revisions(session: Session, claim_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Of each of these claims that is under revision: why, what it was paid, and what it is now."""
    revisions = open_revisions(session, claim_ids)
    standing = balances(session, revisions.keys()) if revisions else []
    notes: dict[int, tuple[str, ...]] = {}
    for claim_id, revision in revisions.items():
        own = [each for each in standing if each.claim_id == claim_id]
        words = {
            "why": _(CAUSES[RevisionCause(revision.cause)]),
            "reason": revision.reason,
            "before": yuan(kept(own)),
            "now": yuan(Fen(sum(each.granted for each in own))),
        }
        note = _("重新办理（%(why)s：%(reason)s）：此前已付 %(before)s 元，现核定 %(now)s 元")
        notes[claim_id] = (note % words + _difference(own),)
    return notes


def _difference(own: Sequence[Balance]) -> str:
    """What the approval will pay and what it will ask back; empty where neither."""
    dues = [each.due for each in own]
    up, back = sum(due for due in dues if due > 0), -sum(due for due in dues if due < 0)
    words = {"up": yuan(Fen(up)), "back": yuan(Fen(back))}
    to_pay = _("，应补付 %(up)s 元") % words if up else ""
    return to_pay + (_("，应追回 %(back)s 元") % words if back else "")


def put_right(session: Session, office: Office, person: User, decided: Mapping[Claim, int]) -> None:
    """Close the revisions of these claims with the decisions that were just approved, and ask back
    what was paid beyond them, of each payee his part.
    """
    claims = {claim.id: claim for claim in decided}
    revisions = open_revisions(session, claims)
    for claim_id, revision in revisions.items():
        revision.decision_id, revision.closed_at = decided[claims[claim_id]], office.clock()
    changed = {each.claim_id for each in balances(session, revisions.keys()) if each.due}
    put_in_doubt(session, office, person, {id_: decided[claims[id_]] for id_ in changed})
    for claim_id in _with_open_recoveries(session, claims):
        lower_recoveries(session, office, person, claim_id)
    for dues in dues_of(session, [claims[id_] for id_ in revisions]):
        claim = claims[dues.balance.claim_id]
        for debt in dues.debts():
            _ask_back(session, office, person, claim, decided[claim], dues.balance.right_id, debt)


def lock_open_recoveries(session: Session, claim_ids: Collection[int]) -> None:
    """Have no money booked under the open recoveries of these claims before this transaction
    ends."""
    opened = select(Recovery.id).where(
        any_of(Recovery.claim_id, claim_ids), Recovery.state == RecoveryState.OPEN
    )
    session.execute(opened.order_by(Recovery.id).with_for_update()).all()


def with_waiting_receipts(session: Session, claim_ids: Collection[int]) -> set[int]:
    """Those of these claims to which money is said to have come back that no second person has
    confirmed; it may turn out that it did not."""
    query = select(Recovery.claim_id).where(
        any_of(Recovery.claim_id, claim_ids), Recovery.waiting > 0
    )
    return set(session.scalars(query))


def _with_open_recoveries(session: Session, claim_ids: Collection[int]) -> Sequence[int]:
    query = select(Recovery.claim_id).where(
        any_of(Recovery.claim_id, claim_ids), Recovery.state == RecoveryState.OPEN
    )
    return session.scalars(query.distinct()).all()


def lower_recoveries(session: Session, office: Office, person: User, claim_id: int) -> None:
    """Ask back less where a payee of the claim is owed more: no money goes both ways."""
    opened = _open_recoveries(session, claim_id)
    if not opened:
        return
    for dues in dues_of(session, [session.get_one(Claim, claim_id)]):
        own = [each for each in opened if each.entitlement_id == dues.balance.right_id]
        for who, lack in dues.lacking().items():
            theirs = [each for each in own if known_by(each.heir) == who]
            _lower(session, office, person, theirs, lack)


def _open_recoveries(session: Session, claim_id: int) -> list[Recovery]:
    query = select(Recovery).filter_by(claim_id=claim_id, state=RecoveryState.OPEN)
    return list(session.scalars(query.order_by(Recovery.id.desc()).with_for_update()))


def _lower(
    session: Session, office: Office, person: User, opened: Sequence[Recovery], due: Fen
) -> None:
    """Ask back less by what is due, the latest recovery first; one of which nothing came in and
    nothing is left is called off."""
    for recovery in opened:
        less = min(due, recovery.outstanding)
        due = Fen(due - less)
        booking = Booking(session, office, person, Recovery, recovery.id)
        booking.book(Cause.ASKED_BACK, -less, recovery.entitlement_id)
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
    right_id: int,
    debt: Debt,
) -> None:
    id_ = next_id(session, Recovery)
    recovery = Recovery(
        id=id_,
        number=numbered("ZH", office.today(), id_),
        claim_id=claim.id,
        entitlement_id=right_id,
        decision_id=decision_id,
        heir_id=debt.heir.id if debt.heir else None,
        amount=debt.amount,
        received=Fen(0),
        due_on=office.today() + timedelta(days=office.settings.recovery_days),
    )
    start(session, recovery, "ask_back", office, person, amount=recovery.amount)
    booking = Booking(session, office, person, Recovery, id_)
    booking.book(Cause.ASKED_BACK, debt.amount, right_id)
    session.flush()
    want_letters(session, office, LetterKind.RECOVERY_NOTICE, {claim: occasions.of_recovery(id_)})
