"""Which members are known to have died: what is owed to them goes to their heirs (R25)."""

from collections.abc import Collection, Mapping, Sequence, Set
from typing import cast

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from models import Claim, Decision, DecisionPart
from rules.facts import AccidentOutcome
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
