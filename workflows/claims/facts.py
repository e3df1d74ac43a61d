"""What the rules need to know of a claim: its event, the member's cover, his earlier grants."""

from collections.abc import Mapping
from datetime import date

from models import Claim, Coverage, Entitlement
from rules import plans
from rules.facts import Facts, from_json
from rules.plans import Plan
from rules.verdict import Benefit
from workflows.claims.event import event_of
from workflows.engine.office import Office

_DEFAULT_PLAN = "main-2020"


def facts_of(claim: Claim, office: Office) -> tuple[Facts, Plan]:
    """What the rules need to know of this claim, and the plan edition it falls under."""
    member = claim.member
    coverages = member.coverages if member else []
    event = event_of(office, claim)
    plan = plans.load(_plan_code(coverages, event))
    facts = {
        "plan": plan.code,
        "received_on": claim.received_on.isoformat(),
        "member": member and {"birth_date": member.birth_date.isoformat(), "sex": member.sex},
        "unit_city": claim.unit.city if claim.unit else None,
        "coverages": [
            {"start": c.starts_on.isoformat(), "end": c.ends_on.isoformat(), "shares": c.shares}
            for c in coverages
            if c.family == plan.family
        ],
        "history": _history(claim, plan),
        "event": event,
    }
    return from_json(facts), plan


def _plan_code(coverages: list[Coverage], event: Mapping[str, object]) -> str:
    """The plan of the cover on the day of the event; without any, of the latest cover.

    Of several plans one that answers for such an event, the main plan before the optional ones.
    """
    happened = event.get("admitted_on") or event.get("diagnosed_on") or event.get("happened_on")
    day = date.fromisoformat(happened) if isinstance(happened, str) else None
    on_day = [c.plan for c in coverages if day and c.starts_on <= day <= c.ends_on]
    main = plans.load(_DEFAULT_PLAN).family
    ranked = sorted(
        map(plans.load, on_day or [c.plan for c in reversed(coverages)]),
        key=lambda plan: (not _answers(plan, event), plan.family != main),
    )
    return ranked[0].code if ranked else _DEFAULT_PLAN


def _answers(plan: Plan, event: Mapping[str, object]) -> bool:
    """Whether the plan pays anything for events of this kind."""
    match event.get("kind"):
        case "hospital_stay":
            return bool(plan.hospital_allowance or plan.medical_expense)
        case "critical_illness":
            return plan.critical_illness is not None
        case _:
            return plan.accident is not None


def _history(claim: Claim, plan: Plan) -> list[dict[str, object]]:
    """What the member has been granted under the plan's family, paid or not yet, oldest first."""
    rights = (r for r in other_rights(claim) if plans.load(r.plan).family == plan.family)
    return [entry for right in rights for entry in _one_by_one(right.past)]


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


def _one_by_one(past: dict[str, object]) -> list[dict[str, object]]:
    """Several illnesses paid at once (R12) are one entry each to the rules."""
    illnesses = past.get("illness")
    return [past | {"illness": one} for one in illnesses] if isinstance(illnesses, list) else [past]
