"""How many supervisors approve a sum: one, or more above the limits that the office has set."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.money import Fen


@dataclass(frozen=True)
class ApprovalLimit:
    """What is above so much, exclusive, is approved by so many, each another person."""

    above: Fen
    approvers: int


def limit_for(amount: Fen, set_limits: Mapping[int, int]) -> ApprovalLimit:
    """The highest limit that the sum passes, and the most approvers of all that it passes: more
    money never asks fewer. `set_limits` are whole yuan with their approvers.

    What passes none, a denial too, is approved by one.
    """
    passed = [yuan for yuan in set_limits if amount > yuan * 100]
    if not passed:
        return ApprovalLimit(Fen(0), 1)
    approvers = max(1, *(set_limits[yuan] for yuan in passed))
    return ApprovalLimit(Fen(max(passed) * 100), approvers)
