"""The facts of a claim: what they are, read from a case and written as one."""

from rules.facts.events import (
    CAUSES,
    AccidentEvent,
    AccidentOutcome,
    Burn,
    BurnArea,
    Event,
    EventKind,
    ExclusionSign,
    Hospital,
    HospitalStay,
    IllnessEvent,
    Part,
    Rank,
)
from rules.facts.paid import (
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
)
from rules.facts.values import (
    SEX_WORDS,
    Answered,
    CoverPeriod,
    Facts,
    MemberFacts,
    PayeeKind,
    Sex,
)

__all__ = [
    "CAUSES",
    "SEX_WORDS",
    "AccidentEvent",
    "AccidentOutcome",
    "Answered",
    "Burn",
    "BurnArea",
    "CoverPeriod",
    "Event",
    "EventKind",
    "ExclusionSign",
    "Facts",
    "Hospital",
    "HospitalStay",
    "IllnessEvent",
    "MemberFacts",
    "Paid",
    "PaidAccident",
    "PaidIllness",
    "PaidStay",
    "Part",
    "PayeeKind",
    "Rank",
    "Sex",
]
