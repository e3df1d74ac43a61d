"""What is owed and by which article: plan files and pure arithmetic; no figure is elsewhere."""

from rules.assessing import assess
from rules.entitlement import Ceiling, ceilings, entitlement_event
from rules.judging import judge
from rules.verdict import Benefit, Code, Decision, Kind, Line, Reason, Reservation, Verdict

__all__ = [
    "Benefit",
    "Ceiling",
    "Code",
    "Decision",
    "Kind",
    "Line",
    "Reason",
    "Reservation",
    "Verdict",
    "assess",
    "ceilings",
    "entitlement_event",
    "judge",
]
