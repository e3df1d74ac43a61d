"""What the provincial-organs union owes for a quarter (补助结算单, article 5), to send to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.letters.contents import Issued, LetterKind
from rules.money import Fen


@dataclass(frozen=True)
class SubsidyLine:
    """One unit: how many of its members' cover began in the quarter, and the subsidy for them."""

    unit: str
    heads: int
    sum: Fen


@dataclass(frozen=True, kw_only=True)
class SubsidyStatement(Issued):
    """补助结算单: the units whose members' cover began in the quarter, both days inclusive."""

    kind = LetterKind.SUBSIDY_STATEMENT
    first_day: date
    last_day: date
    lines: Sequence[SubsidyLine]
    heads: int
    total: Fen
