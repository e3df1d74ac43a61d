"""Whether a claim is about its member's death, or its money is for his heirs (R25)."""

from collections.abc import Mapping, Sequence, Set

from documents.kinds import Kind
from models import Claim
from rules.facts import AccidentOutcome


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
