"""The facts of a claim: what they are, read from a case and written as one."""

from rules.facts.reading import from_json
from rules.facts.values import (
    Accident,
    Burn,
    Coverage,
    CriticalIllness,
    Event,
    Facts,
    Hospital,
    HospitalStay,
    Member,
    Outcome,
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
    Part,
    Payee,
    Settlement,
    Sex,
)
from rules.facts.writing import to_json

__all__ = [
    "Accident",
    "Burn",
    "Coverage",
    "CriticalIllness",
    "Event",
    "Facts",
    "Hospital",
    "HospitalStay",
    "Member",
    "Outcome",
    "Paid",
    "PaidAccident",
    "PaidIllness",
    "PaidStay",
    "Part",
    "Payee",
    "Settlement",
    "Sex",
    "from_json",
    "to_json",
]
