"""Which members are known to have died: what is owed to them goes to their heirs (R25)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import cast

from sqlalchemy import Select, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from documents.kinds import Kind
from language import _
from models import AuditEvent, Claim, Decision, DecisionPart, Document, Member, Page, User
from models.membership import LEFT_BY_DEATH
from rules.facts import AccidentOutcome
from workflows.engine.office import BEIJING
from workflows.engine.rows import any_of

DEATH: dict[str, object] = {"event": {"outcome": AccidentOutcome.DEATH.value}}
"""What the facts of a part hold that is about the member's death."""


def is_death(event: Mapping[str, object]) -> bool:
    """Whether the event, in the form the rules read, is the member's death."""
    return event.get("outcome") == AccidentOutcome.DEATH


def is_of_a_dead_member(kinds: Set[str], events: Sequence[Mapping[str, object]]) -> bool:
    """Whether the papers of a claim, or what it asks for, tell of the member's death."""
    return Kind.DEATH_CERTIFICATE in kinds or any(map(is_death, events))


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


def shown_dead(claims: Iterable[Claim]) -> set[int]:
    """The members of those claims that hold a death certificate, also before a flush."""
    return {
        claim.member_id
        for claim in claims
        if claim.member_id
        and any(
            page.kind == Kind.DEATH_CERTIFICATE for doc in claim.documents for page in doc.pages
        )
    }


def known_dead(
    session: Session, member_ids: Collection[int | None], judged_anew: Collection[int] = ()
) -> set[int]:
    """Those of these members who are known to have died, in one of three ways.

    1. A page of any of his claims is a death certificate, whatever the claim asks for. Only a
       person who names another kind of paper takes it back.
    2. He left his unit by death, as is noted on his page.
    3. The newest decision of any claim is about his death. It need not pay, or be in force: a death
       that is denied, in question, held or withdrawn is one too. Only a new decision of that claim
       without the death takes it back; so the claims that are judged anew say nothing by what was
       decided on them before.
    """
    # A flush would write every claim of a step now, and once more when it moves.
    with session.no_autoflush:
        found = session.scalars(
            union_all(
                _certified(member_ids),
                _left_by_death(member_ids),
                _decided(member_ids, judged_anew),
            )
        )
        return {cast("int", member_id) for member_id in found}


def _certified(member_ids: Collection[int | None]) -> Select[int | None]:
    return (
        select(Claim.member_id)
        .join(Document, Document.claim_id == Claim.id)
        .join(Page, Page.document_id == Document.id)
        .where(any_of(Claim.member_id, member_ids), Page.kind == Kind.DEATH_CERTIFICATE.value)
    )


def _left_by_death(member_ids: Collection[int | None]) -> Select[int]:
    """Those whose last leaving was by death; who came back has no day of leaving any more."""
    why = (
        select(AuditEvent.detail["why"].as_string())
        .where(
            AuditEvent.subject == Member.__tablename__,
            AuditEvent.subject_id == Member.id,
            AuditEvent.verb == "leave",
        )
        .order_by(AuditEvent.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(Member.id).where(
        any_of(Member.id, member_ids), Member.left_on.is_not(None), why == LEFT_BY_DEATH
    )


def _decided(
    member_ids: Collection[int | None], judged_anew: Collection[int]
) -> Select[int | None]:
    newer = aliased(Decision)
    is_newest = ~exists().where(newer.claim_id == Decision.claim_id, newer.number > Decision.number)
    return (
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
