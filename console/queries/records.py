"""Legal holds in force, as a page shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from console import formatting
from language import _
from models import AuditEvent, Claim, LegalHold, Member, User
from workflows.engine.sealed_details import details_of
from workflows.people.persons import own_accounts


@dataclass(frozen=True)
class HoldRow:
    """A hold, who asked for it and why; `lift_asked_by` asked that it ends. `may_confirm` and
    `may_lift` say whether the reader is another person than who asked."""

    id: int
    whose: str
    asked_by: str
    asked_at: datetime
    reason: str
    confirmed_by: str
    lift_asked_by: str
    may_confirm: bool
    may_lift: bool


def holds_in_force(session: Session, person: User) -> list[HoldRow]:
    """Every hold that is not lifted, the oldest first."""
    return list(_rows(session, own_accounts(session, person)))


def _rows(session: Session, own: frozenset[int]) -> Iterator[HoldRow]:
    asker, confirmer, lifter = aliased(User), aliased(User), aliased(User)
    found = session.execute(
        select(LegalHold, AuditEvent, Member.name, Claim.number, asker, confirmer, lifter)
        .join(AuditEvent, AuditEvent.subject_id == LegalHold.id)
        .where(AuditEvent.subject == LegalHold.__tablename__, AuditEvent.verb == "ask_for_hold")
        .outerjoin(Member, Member.id == LegalHold.member_id)
        .outerjoin(Claim, Claim.id == LegalHold.claim_id)
        .join(asker, asker.id == LegalHold.asked_by)
        .outerjoin(confirmer, confirmer.id == LegalHold.confirmed_by)
        .outerjoin(lifter, lifter.id == LegalHold.lift_asked_by)
        .where(LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.id)
    ).all()
    told = details_of(event for _hold, event, *_rest in found)
    for (hold, _event, name, number, by, second, last), detail in zip(found, told, strict=True):
        yield HoldRow(
            id=hold.id,
            whose=_("案件 %(id)s") % {"id": number} if number else formatting.name(name),
            asked_by=by.name,
            asked_at=hold.asked_at,
            reason=str(detail["reason"]),
            confirmed_by=second.name if second else "",
            lift_asked_by=last.name if last else "",
            may_confirm=second is None and by.id not in own,
            may_lift=last is not None and last.id not in own,
        )
