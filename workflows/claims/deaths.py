"""Which members are known to have died: what is owed to them goes to their heirs (R25)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime
from typing import cast

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from language import _
from models import AuditEvent, Claim, Decision, DecisionPart, User
from rules.facts import AccidentOutcome
from workflows.engine.office import BEIJING
from workflows.engine.rows import any_of

DEATH: dict[str, object] = {"event": {"outcome": AccidentOutcome.DEATH.value}}
"""What the facts of a part hold that is about the member's death."""


def is_death(event: Mapping[str, object]) -> bool:
    """Whether the event, in the form the rules read, is the member's death."""
    return event.get("outcome") == AccidentOutcome.DEATH


def is_for_heirs(claim: Claim, events: Sequence[Mapping[str, object]], dead: Set[int]) -> bool:
    """Whether the money of a claim with these events is for heirs: one of them is the member's
    death, or he is among the members known to have died.
    """
    return claim.member_id in dead or any(map(is_death, events))


def deaths_taken_back(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Which claims of the same member were decided as his death and are no longer, and who took the
    death back when, by each of these claims."""
    own, newest, newer = aliased(Claim), aliased(Decision), aliased(Decision)
    about_death = aliased(DecisionPart)
    is_newest = ~exists().where(newer.claim_id == newest.claim_id, newer.number > newest.number)
    rows = session.execute(
        select(own.id, Claim, func.min(Decision.made_at))
        .join(Claim, Claim.member_id == own.member_id)
        .join(Decision, Decision.claim_id == Claim.id)
        .join(DecisionPart, DecisionPart.decision_id == Decision.id)
        .join(newest, (newest.claim_id == Claim.id) & is_newest)
        .where(
            any_of(own.id, claim_ids),
            DecisionPart.facts.contains(DEATH),
            ~exists().where(
                about_death.decision_id == newest.id, about_death.facts.contains(DEATH)
            ),
        )
        .group_by(own.id, Claim.id)
        .order_by(own.id, Claim.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for claim_id, claim, told_at in rows:
        found[claim_id].append(_taken_back(session, claim, told_at))
    return found


def _taken_back(session: Session, claim: Claim, told_at: datetime) -> str:
    """That the death was taken back, and by whom: he who last told the claim's events anew."""
    told = session.execute(
        select(User.name, AuditEvent.at)
        .join(AuditEvent, AuditEvent.actor_id == User.id)
        .where(
            AuditEvent.subject == Claim.__tablename__,
            AuditEvent.subject_id == claim.id,
            AuditEvent.detail.has_key("after"),
            AuditEvent.detail.has_key("before"),
            AuditEvent.verb.in_(("recheck", "add_papers")),
            AuditEvent.at >= told_at,
        )
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).first()
    words = {"number": claim.number}
    if told is None:
        return _("案件 %(number)s 曾认定会员身故，后据材料撤销") % words
    words |= {"name": told[0], "day": told[1].astimezone(BEIJING).date().isoformat()}
    return _("案件 %(number)s 曾认定会员身故，%(name)s于 %(day)s 撤销") % words


def known_dead(
    session: Session, member_ids: Collection[int | None], judged_anew: Collection[int] = ()
) -> set[int]:
    """Those of these members of whom the newest decision of any claim is about their death.

    It need not pay, or be in force: a death that is denied, in question, held or withdrawn is one
    too. Only a new decision of that claim without the death takes it back; so the claims that are
    judged anew say nothing by what was decided on them before.
    """
    newer = aliased(Decision)
    is_newest = ~exists().where(newer.claim_id == Decision.claim_id, newer.number > Decision.number)
    # A flush would write every claim of a step now, and once more when it moves.
    with session.no_autoflush:
        found = session.scalars(
            select(Claim.member_id)
            .join(Decision, Decision.claim_id == Claim.id)
            .join(DecisionPart, DecisionPart.decision_id == Decision.id)
            .where(
                any_of(Claim.member_id, member_ids),
                is_newest,
                Claim.id.not_in(judged_anew),
                DecisionPart.facts.contains(DEATH),
            )
        )
        return {cast("int", member_id) for member_id in found}
