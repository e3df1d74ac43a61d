"""What is owed and by which article: pure arithmetic, and its figures in TOML files."""

from rules.assessing import assess
from rules.entitlement import Ceiling, ceilings, entitlement_event
from rules.judging import judge
from rules.verdict import Benefit, Code, LimitUse, Outcome, Reason, ReasonKind, Verdict, VerdictLine

__all__ = [
    "Benefit",
    "Ceiling",
    "Code",
    "LimitUse",
    "Outcome",
    "Reason",
    "ReasonKind",
    "Verdict",
    "VerdictLine",
    "assess",
    "ceilings",
    "entitlement_event",
    "judge",
]
