"""What the rules need to know of a claim: its events, the member's covers, his earlier grants."""

from collections.abc import Sequence, Set

from sqlalchemy.orm import Session

from models import Claim, Coverage, Entitlement
from rules.facts import MemberFacts, PayeeKind, Sex
from rules.facts.case import event_from_json, paid_from_json
from rules.facts.claim import ClaimFacts, PaidUnder, PlanCover
from rules.verdict import Benefit
from workflows.claims.events.deaths import is_for_heirs
from workflows.claims.events.event import events_of
from workflows.claims.judging.given_answers import answers_of
from workflows.claims.judging.unpaid_stays import UnpaidStay
from workflows.claims.sums.payees import heirs_stand
from workflows.engine.office import Office
from workflows.known_deaths import known_dead
from workflows.sealed_values.decisions import past_of


def facts_of(
    claim: Claim, office: Office, dead: Set[int], unpaid: Sequence[UnpaidStay]
) -> ClaimFacts:
    """What the rules need to know of this claim; BadInput where a value is not there yet.

    `dead` are the members known to have died, `unpaid` the denied stays that may be half of one.
    """
    member = claim.member
    told = events_of(office, claim)
    events = tuple(event_from_json(event) for event in told)
    return ClaimFacts(
        received_on=claim.received_on,
        member=MemberFacts(member.birth_date, Sex(member.sex)) if member else None,
        unit_city=claim.unit.city if claim.unit else None,
        covers=tuple(_cover(each) for each in member.coverages) if member else (),
        history=(*_history(claim), *_unpaid(claim, unpaid)),
        events=events,
        payee=_payee(claim) if is_for_heirs(claim, told, dead) else PayeeKind.MEMBER,
        answers=tuple(answers_of(claim, events)),
    )


def goes_to_heirs(session: Session, office: Office, claim: Claim) -> bool:
    """Whether the money of this claim is for heirs, as things stand now."""
    return is_for_heirs(claim, events_of(office, claim), known_dead(session, [claim.member_id]))


def _payee(claim: Claim) -> PayeeKind:
    return PayeeKind.CONFIRMED_HEIRS if heirs_stand(claim) else PayeeKind.HEIRS


def _cover(coverage: Coverage) -> PlanCover:
    """R32: the city of the cover counts, wherever the member works and the unit is by now."""
    return PlanCover(
        coverage.starts_on,
        coverage.ends_on,
        coverage.shares,
        plan=coverage.plan,
        city=coverage.cover_year.city,
        handed_in_on=coverage.handed_in_on,
    )


def _history(claim: Claim) -> tuple[PaidUnder, ...]:
    """What the member has been granted by other claims, paid or not yet, oldest first."""
    return tuple(
        PaidUnder(right.plan, paid)
        for right in other_rights(claim)
        for paid in paid_from_json(past_of(right)["paid"])
    )


def _unpaid(claim: Claim, unpaid: Sequence[UnpaidStay]) -> list[PaidUnder]:
    return [
        each.stay
        for each in unpaid
        if each.member_id == claim.member_id and each.claim_id != claim.id
    ]


def other_rights(claim: Claim) -> list[Entitlement]:
    """The live rights of the member from other claims; second relief follows no plan's limits."""
    rights = claim.member.rights if claim.member else []
    return [
        right
        for right in rights
        if right.claim_id != claim.id
        and right.released_at is None
        and right.benefit != Benefit.SECOND_RELIEF
    ]
