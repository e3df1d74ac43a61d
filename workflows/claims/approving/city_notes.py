"""Changes of cities: a claim whose cover a change touched shows it, also when it is undone."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from language import _
from models import AuditEvent, Claim, Coverage, CoverYear, Decision, DecisionPart, Unit, User
from workflows.engine.office import BEIJING
from workflows.engine.rows import any_of
from workflows.engine.sealed_details import detail_of

_DAYS_BEFORE_COVER = 366
"""How long before cover begins a change of the unit's city counts as one of the cover's city."""


def notes_of_cities(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Of each of these claims: from which city to which its cover or its unit was changed, by whom,
    when and why; oldest first."""
    of_year = AuditEvent.detail["cover_year"].as_integer() == CoverYear.id
    began_after = CoverYear.starts_on - _DAYS_BEFORE_COVER <= func.date(AuditEvent.at)
    # The first city of a unit changes none.
    is_change = AuditEvent.detail["before"].as_string() != ""
    of_unit = and_(AuditEvent.detail["cover_year"].as_integer().is_(None), began_after, is_change)
    rows = session.execute(
        select(Decision.claim_id, AuditEvent, User.name)
        .join(DecisionPart, DecisionPart.decision_id == Decision.id)
        .join(Claim, Claim.id == Decision.claim_id)
        .join(
            Coverage,
            (Coverage.member_id == Claim.member_id)
            & (Coverage.plan == DecisionPart.plan)
            & (Coverage.starts_on == DecisionPart.period_start),
        )
        .join(CoverYear, CoverYear.id == Coverage.cover_year_id)
        .join(
            AuditEvent,
            (AuditEvent.subject == Unit.__tablename__)
            & (AuditEvent.subject_id == CoverYear.unit_id)
            & (AuditEvent.verb == "confirm_city"),
        )
        .join(User, User.id == AuditEvent.actor_id)
        .where(any_of(Decision.claim_id, claim_ids), Decision.superseded_at.is_(None))
        .where(or_(of_year, of_unit))
        .order_by(Decision.claim_id, AuditEvent.seq)
    )
    notes: defaultdict[int, list[str]] = defaultdict(list)
    for claim_id, event, name in rows:
        note = _told(event, name)
        if note not in notes[claim_id]:
            notes[claim_id].append(note)
    return notes


def _told(event: AuditEvent, name: str) -> str:
    told = detail_of(event)
    words = {
        "before": told["before"],
        "after": told["after"],
        "name": name,
        "day": event.at.astimezone(BEIJING).date().isoformat(),
    }
    said = _("参保城市曾由 %(before)s 改为 %(after)s，%(day)s 由%(name)s确认") % words
    return f"{said}：{told['reason']}" if told.get("reason") else said
