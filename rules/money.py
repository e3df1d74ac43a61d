"""Money as whole fen; yuan exist only at the edges, for people and files."""

import re
from typing import NewType

from language import _
from rules.errors import BadInput

Fen = NewType("Fen", int)

_YUAN = re.compile(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?", re.ASCII)
_LONGEST = 30
"""No amount has more signs; Python refuses to read a number of some thousand digits at all."""


def fen(text: str) -> Fen:
    """Read an amount in yuan, such as "600", "600.5" or "1,200.00"; BadInput if it is none."""
    plain = text.strip()
    match = _YUAN.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None:
        raise BadInput(_("不是金额：%(text)s") % {"text": text[:_LONGEST]})
    sign, whole, cents = match.groups()
    amount = int(whole.replace(",", "")) * 100 + int((cents or "").ljust(2, "0"))
    return Fen(-amount if sign else amount)


def yuan(amount: Fen) -> str:
    """Write fen as yuan with two places, for files: 60000 -> "600.00"."""
    sign = "-" if amount < 0 else ""
    whole, cents = divmod(abs(amount), 100)
    return f"{sign}{whole}.{cents:02d}"


def percent_text(basis_points: int) -> str:
    """Write hundredths of a per cent: 1050 -> "10.5"."""
    return yuan(Fen(basis_points)).rstrip("0").removesuffix(".")


def yuan_text(amount: Fen) -> str:
    """Write fen as people say it: 60000 -> "600", 60050 -> "600.50"."""
    return yuan(amount) if amount % 100 else str(amount // 100)
