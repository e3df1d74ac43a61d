"""Who approves a sum: how many persons above each limit, and up to which sum those of a level."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from language import N_
from rules.money import Fen


class ApproverLevel(StrEnum):
    """How far an account that approves may go; the office sets a ceiling for a level."""

    ORDINARY = "ordinary"
    SENIOR = "senior"


LEVEL_WORDS = {ApproverLevel.ORDINARY: N_("普通"), ApproverLevel.SENIOR: N_("高级")}


@dataclass(frozen=True)
class ApprovalLimit:
    """What is above so much, exclusive, is approved by so many, each another person."""

    above: Fen
    approvers: int


@dataclass(frozen=True)
class ApproverGap:
    """Above so much, exclusive, fewer persons may approve (`there`) than are asked for."""

    above: Fen
    asked: int
    there: int


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


def ceiling_of(level: ApproverLevel, set_ceilings: Mapping[ApproverLevel, int]) -> Fen | None:
    """The highest sum, inclusive, that an account of this level approves; None: any.

    `set_ceilings` are whole yuan.
    """
    yuan = set_ceilings.get(level)
    return None if yuan is None else Fen(yuan * 100)


def is_above(amount: Fen, ceiling: Fen | None) -> bool:
    """Whether the ceiling keeps an account from approving the sum."""
    return ceiling is not None and amount > ceiling


def approver_gaps(
    set_limits: Mapping[int, int],
    set_ceilings: Mapping[ApproverLevel, int],
    persons: Collection[Collection[ApproverLevel]],
) -> list[ApproverGap]:
    """From each limit and ceiling on, where fewer of these persons may approve than are asked for,
    the lowest first. `persons` are those who approve now, each with the levels of his accounts.
    """
    gaps = []
    for yuan in sorted({0, *set_limits, *set_ceilings.values()}):
        just_above = Fen(yuan * 100 + 1)
        asked = limit_for(just_above, set_limits).approvers
        there = sum(
            any(not is_above(just_above, ceiling_of(level, set_ceilings)) for level in levels)
            for levels in persons
        )
        if there < asked:
            gaps.append(ApproverGap(Fen(yuan * 100), asked, there))
    return gaps
