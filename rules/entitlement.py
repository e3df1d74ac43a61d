"""What makes an entitlement unique, and the limits its counter rows must keep."""

from dataclasses import dataclass

from rules.facts import AccidentEvent, Facts, IllnessEvent
from rules.hospitals import Register, shipped
from rules.money import Fen
from rules.plans import Plan
from rules.verdict import Benefit


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The limits of one benefit in one cover period; None is no limit."""

    times: int | None
    amount: Fen | None


def entitlement_event(facts: Facts, hospitals: Register | None = None) -> str:
    """The event as it stands in the unique key: the same however the claim was written."""
    event = facts.event
    if isinstance(event, IllnessEvent):
        return f"critical_illness:{event.diagnosed_on}:{'+'.join(sorted(event.illnesses))}"
    if isinstance(event, AccidentEvent):
        return f"accident:{event.happened_on}:{event.outcome}"
    first = event.parts[0]
    name = (hospitals or shipped()).official(first.hospital.name, first.admitted_on)
    return f"hospital_allowance:{first.admitted_on}:{name}"


def ceilings(plan: Plan, benefit: Benefit) -> Ceiling:
    """How often and how much a cover period may pay (R5, R11), and of each accident its highest sum
    for the most shares (R30)."""
    stays = {
        Benefit.HOSPITAL_ALLOWANCE: plan.hospital_allowance,
        Benefit.MEDICAL_EXPENSE: plan.medical_expense,
    }.get(benefit)
    if stays is not None:
        return Ceiling(stays.stays.value, stays.period_most.value)
    if benefit is Benefit.CRITICAL_ILLNESS and plan.critical_illness is not None:
        best = max(window.pays for window in plan.critical_illness.windows)
        return Ceiling(1, Fen(best * plan.enrolment.shares.value))
    if benefit is Benefit.ACCIDENT and plan.accident is not None:
        terms = plan.accident
        most = max(
            each.value for each in (terms.death, terms.disability, terms.disability_in_hospital)
        )
        return Ceiling(None, Fen(most * plan.enrolment.shares.value))
    return Ceiling(None, None)
