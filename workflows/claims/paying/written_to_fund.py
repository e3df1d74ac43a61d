"""What the bank sent back and nobody could be paid for years is written to the fund by two persons,
and revived if the member comes (R37)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from language import _
from models import AuditEvent, Claim, Document, Packet, Payment, UnclaimedSum, User
from models.ledger import AccountKind
from models.states import LIVE_PAYMENT_STATES, UNDER_WAY_STATES, PaymentState
from rules.cover import last_day_of_years
from rules.errors import OwnWork, Refused
from rules.money import Fen, yuan
from workflows.books.booking import Booking, booked
from workflows.books.causes import Cause
from workflows.claims.papers import reading
from workflows.claims.sums.balances import balances
from workflows.claims.sums.bank_doubts import refuse_late_credits
from workflows.claims.sums.dues import known_by
from workflows.claims.sums.returned_payments import NOT_TAKEN
from workflows.claims.sums.unclaimed import bring_back, in_the_fund
from workflows.engine.moves import advance, permitted
from workflows.engine.office import BEIJING, Office
from workflows.engine.rows import any_of
from workflows.engine.sealed_details import detail_of
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


class Undelivered(NamedTuple):
    """What of a right is still owed since the bank sent it back.

    `returned_on` is the day, in Beijing, on which the bank's reply that first returned it was taken
    in: its first return, however often it was tried again. Where several payees wait, it is that of
    the one whose money came back last. None where the bank never had it.
    """

    claim_id: int
    right_id: int
    amount: Fen
    returned_on: date | None


def undelivered(session: Session, claims: Collection[Claim]) -> list[Undelivered]:
    """What is still owed of each right of these claims."""
    payments = {claim.id: claim.payments for claim in claims}
    return [
        Undelivered(
            each.claim_id,
            each.right_id,
            each.due,
            _first_return(p for p in payments[each.claim_id] if p.entitlement_id == each.right_id),
        )
        for each in balances(session, payments)
        if each.due > 0
    ]


def _first_return(payments: Iterable[Payment]) -> date | None:
    of_payee: defaultdict[tuple[bytes | None, int], list[Payment]] = defaultdict(list)
    for payment in payments:
        of_payee[known_by(payment.heir), payment.round].append(payment)
    days = [
        min(map(_day_of, filter(_was_returned, own)), default=None)
        for own in of_payee.values()
        if any(payment.state == PaymentState.RETURNED for payment in own)
        and not any(payment.state in LIVE_PAYMENT_STATES for payment in own)
    ]
    return last_return(days)


def last_return(days: Collection[date | None]) -> date | None:
    """The last of these days of return; None where there is none, or one is not known."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def first_return() -> ColumnElement[datetime | None]:
    """In a query of claims, when the bank first returned a payment of each: no later than what is
    still owed of it was returned; NULL, which sorts last, where it never did."""
    of_claim = (Payment.claim_id == Claim.id, Payment.state == PaymentState.RETURNED)
    taken = Payment.result_code.is_distinct_from(NOT_TAKEN)
    return select(func.min(Payment.result_at)).where(*of_claim, taken).scalar_subquery()


def _was_returned(payment: Payment) -> bool:
    return payment.state == PaymentState.RETURNED and payment.result_code != NOT_TAKEN


def _day_of(payment: Payment) -> date:
    assert payment.result_at is not None
    return payment.result_at.astimezone(BEIJING).date()


def written_from(office: Office, returned_on: date) -> date:
    """The first day on which two persons may write it to the fund: the years are over."""
    years = office.settings.unclaimed_years
    return last_day_of_years(returned_on, years) + timedelta(days=1)


def proposals(session: Session, claim_ids: Collection[int]) -> Mapping[int, AuditEvent]:
    """By claim, the proposal to write it to the fund that waits for another person.

    Any other move of the claim ends it: the money is paid again, or the claim is decided anew. A
    corrected value ends it too: the member may wait with a new card.
    """
    later = aliased(AuditEvent)
    is_ended = (
        select(later.seq)
        .where(later.subject == AuditEvent.subject, later.subject_id == AuditEvent.subject_id)
        .where(later.seq > AuditEvent.seq)
        .where(or_(later.target.is_not(None), later.verb == "correct"))
        .exists()
    )
    proposed = select(AuditEvent).where(
        AuditEvent.subject == Claim.__tablename__,
        any_of(AuditEvent.subject_id, claim_ids),
        AuditEvent.verb == "propose_to_fund",
        ~is_ended,
    )
    return {each.subject_id: each for each in session.scalars(proposed)}


def propose(session: Session, office: Office, person: User, claim: Claim, reason: str) -> None:
    """Propose that the fund takes what nobody could be paid; Refused before the years are over."""
    require(person, Act.WRITE_TO_FUND)
    owed = _owed_for_years(session, office, claim)
    if proposals(session, [claim.id]):
        raise Refused(_("案件 %(number)s 已提请转入基金，等另一人办理") % {"number": claim.number})
    reason = told_reason(reason, _("请写明无法付出的原因和联系会员的经过"))
    amount = sum(each.amount for each in owed)
    advance(session, claim, "propose_to_fund", office, person, reason=reason, amount=amount)


def refuse(session: Session, office: Office, person: User, claim: Claim, seen: int) -> None:
    """Disagree, or take one's own proposal back: the money waits on.

    `seen` is the `seq` of the proposal the person was shown; Refused where another one stands.
    """
    require(person, Act.WRITE_TO_FUND)
    _proposal(session, claim, seen)
    advance(session, claim, "refuse_to_fund", office, person)


def agree(session: Session, office: Office, person: User, claim: Claim, seen: int) -> None:
    """Agree to another person's proposal: the claim rests, and each right keeps what it is owed.

    `seen` is the `seq` of the proposal the person was shown. Refused where another one stands by
    now, or where what is owed is no longer what was proposed.
    """
    require(person, Act.WRITE_TO_FUND)
    proposal = _proposal(session, claim, seen)
    if proposal.actor_id in own_accounts(session, person):
        raise OwnWork(_("提请转入基金的人不能自己同意，须由另一人办理"))
    owed = _owed_for_years(session, office, claim)
    amount = Fen(sum(each.amount for each in owed))
    _refuse_another_amount(claim, proposal, amount)
    written = [
        UnclaimedSum(
            claim_id=claim.id,
            entitlement_id=each.right_id,
            amount=each.amount,
            returned_on=each.returned_on,
            reason=str(detail_of(proposal)["reason"]),
            proposed_by=proposal.actor_id,
            written_by=person.id,
            written_at=office.clock(),
        )
        for each in owed
    ]
    session.add_all(written)
    session.flush()
    _book(session, office, person, written)
    advance(session, claim, "write_to_fund", office, person, amount=amount)


def _book(session: Session, office: Office, person: User, written: list[UnclaimedSum]) -> None:
    """What lies among the returned money is brought to what is owed of each right, and goes."""
    back = booked(session, [each.entitlement_id for each in written], AccountKind.RETURNED)
    for each in written:
        booking = Booking(session, office, person, UnclaimedSum, each.id)
        lies = -back.get(each.entitlement_id, 0)
        booking.book(Cause.OWED_AGAIN, lies - each.amount, each.entitlement_id)
        booking.book(Cause.WRITTEN_TO_FUND, each.amount, each.entitlement_id)


def _refuse_another_amount(claim: Claim, proposal: AuditEvent, owed: Fen) -> None:
    proposed = Fen(int(str(proposal.detail["amount"])))
    if owed != proposed:
        words = {"number": claim.number, "now": yuan(owed), "sum": yuan(proposed)}
        raise Refused(
            _("案件 %(number)s 提请转入基金 %(sum)s 元，现在待付 %(now)s 元，应重新提请") % words
        )


def revive(session: Session, office: Office, person: User, claim: Claim, reason: str) -> None:
    """The member came: the money is owed again, and is paid as a returned payment is.

    Refused until a paper of his has come in. Who revives it does not approve the payment.
    """
    require(person, Act.CORRECT)
    permitted(claim, "revive")
    reason = told_reason(reason, _("请写明会员何时、如何前来领取"))
    if not claim.is_relief and not _came_with_papers(session, claim):
        raise Refused(_("请先补交会员的领取申请和有效的银行卡，再恢复领取"))
    note_maker(session, claim, person, Made.DECISION)
    bring_back(session, office, person, claim, reason)
    if reading.has_unread(session, claim):
        advance(session, claim, "read_filed", office, person)


def _came_with_papers(session: Session, claim: Claim) -> bool:
    since = max(each.written_at for each in in_the_fund(session, claim))
    came = select(Document.id).join(Packet, Packet.id == Document.packet_id)
    came = came.where(Document.claim_id == claim.id, Packet.noticed_at > since)
    return session.scalar(came.limit(1)) is not None


def _owed_for_years(session: Session, office: Office, claim: Claim) -> list[Undelivered]:
    """What the claim owes and could not deliver for years; Refused where it is not so."""
    permitted(claim, "propose_to_fund")
    number = {"number": claim.number}
    refuse_late_credits(session, Payment.claim_id == claim.id)
    if claim.late_papers_at is not None:
        raise Refused(_("案件 %(number)s 有未审阅的后补材料，请先审阅") % number)
    if any(payment.state in UNDER_WAY_STATES for payment in claim.payments):
        raise Refused(_("案件 %(number)s 还有付款在途，不能转入基金") % number)
    owed = undelivered(session, [claim])
    for each in owed:
        if each.returned_on is None:
            raise Refused(
                _("案件 %(number)s 有银行未受理的付款，应重新付款，不能转入基金") % number
            )
        first = written_from(office, each.returned_on)
        if office.today() < first:
            words = {"sum": yuan(each.amount), "day": each.returned_on.isoformat()}
            words |= {"years": str(office.settings.unclaimed_years), "from": first.isoformat()}
            raise Refused(
                _("%(sum)s 元首次退票在 %(day)s，须满 %(years)s 年，%(from)s 起才能转入基金")
                % words
            )
    if not owed:
        raise Refused(_("案件 %(number)s 没有退票待付的款项") % number)
    return owed


def _proposal(session: Session, claim: Claim, seen: int) -> AuditEvent:
    words = {"number": claim.number}
    found = proposals(session, [claim.id]).get(claim.id)
    if found is None:
        raise Refused(_("案件 %(number)s 没有待同意的转入基金的提请") % words)
    if found.seq != seen:
        raise Refused(_("案件 %(number)s 的提请在显示之后已有变动，请重新核对") % words)
    return found
