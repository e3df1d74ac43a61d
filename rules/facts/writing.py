"""Facts written as the JSON object of a case: reading it gives the same facts again."""

from rules.facts.values import (
    AccidentEvent,
    Event,
    Facts,
    HospitalStay,
    IllnessEvent,
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
    Part,
    PayeeKind,
)
from rules.money import Fen, yuan

Object = dict[str, object]


def to_json(facts: Facts) -> Object:
    """The case these facts would be read from."""
    member = facts.member and {
        "birth_date": facts.member.birth_date.isoformat(),
        "sex": facts.member.sex.value,
    }
    payee = {} if facts.payee is PayeeKind.MEMBER else {"payee": facts.payee.value}
    return {
        "plan": facts.plan,
        "received_on": facts.received_on.isoformat(),
        **_known(member=member, unit_city=facts.unit_city),
        "coverages": [
            {"start": each.start.isoformat(), "end": each.end.isoformat()}
            | ({} if each.shares == 1 else {"shares": each.shares})
            for each in facts.coverages
        ],
        "history": [_paid(each) for each in facts.history],
        "event": _event(facts.event),
        **payee,
    }


def _paid(paid: Paid) -> Object:
    match paid:
        case PaidStay():
            own: Object = {
                "benefit": paid.benefit,
                "admitted_on": paid.admitted_on.isoformat(),
                "paid_days": paid.paid_days,
            }
        case PaidIllness():
            own = {
                "benefit": "critical_illness",
                "illness": paid.illness,
                "diagnosed_on": paid.diagnosed_on.isoformat(),
            }
        case PaidAccident():
            own = {
                "benefit": "accident",
                "happened_on": paid.happened_on.isoformat(),
                "outcome": paid.outcome.value,
            }
    return own | {"amount": yuan(paid.amount)}


def _event(event: Event) -> Object:
    match event:
        case HospitalStay():
            own = _stay(event)
        case IllnessEvent():
            own = _illness(event)
        case AccidentEvent():
            own = _accident(event)
    return own | ({} if event.exclusion is None else {"exclusion": event.exclusion})


def _stay(stay: HospitalStay) -> Object:
    first, *moved = stay.parts
    own: Object = {"kind": "hospital_stay", "cause": stay.cause, **_part(first)}
    return own | ({"transfers": [_part(each) for each in moved]} if moved else {})


def _part(part: Part) -> Object:
    sheet = part.settlement
    return {
        "admitted_on": part.admitted_on.isoformat(),
        "discharged_on": part.discharged_on.isoformat(),
        "hospital": _known(
            name=part.hospital.name,
            city=part.hospital.city,
            level=part.hospital.level,
            rank=part.hospital.rank,
        ),
    } | _known(
        fund_paid=_sum(sheet.fund_paid),
        own_share=_sum(sheet.own_share),
        deductible=_sum(sheet.deductible),
    )


def _known(**values: object) -> Object:
    return {key: value for key, value in values.items() if value is not None}


def _sum(amount: Fen | None) -> str | None:
    return None if amount is None else yuan(amount)


def _illness(illness: IllnessEvent) -> Object:
    several = illness.illnesses
    named: object = several[0] if len(several) == 1 else list(several)
    return {
        "kind": "critical_illness",
        "illness": named,
        "diagnosed_on": illness.diagnosed_on.isoformat(),
        "first_diagnosis": illness.first_diagnosis,
    }


def _accident(accident: AccidentEvent) -> Object:
    own: Object = {
        "kind": "accident",
        "happened_on": accident.happened_on.isoformat(),
        "outcome": accident.outcome.value,
        "in_hospital_for_illness": accident.in_hospital_for_illness,
    }
    if accident.outcome.value == "disability":
        own["grades"] = list(accident.grades)
    if accident.burn is not None:
        own |= {"area": accident.burn.area, "percent": float(accident.burn.percent)}
    if not accident.treatment_ended:
        own["treatment_ended"] = False
    return own
