"""The shares of heirs (R35): exact parts of a whole, and money divided by them to the fen."""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from language import _
from rules.errors import BadInput
from rules.money import Fen

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*%")
_FRACTION = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")


def share_from(text: str) -> Fraction:
    """A share as people write it, 1/3 or 50%; BadInput unless it is a part of the whole."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _PERCENT.fullmatch(plain):
        share = Fraction(match[1]) / 100
    elif (match := _FRACTION.fullmatch(plain)) and int(match[2]):
        share = Fraction(int(match[1]), int(match[2]))
    else:
        raise BadInput(_("份额应写作 1/3 或 50%%：%(text)s") % {"text": text[:20]}, "share")
    if not 0 < share <= 1:
        raise BadInput(_("份额应大于 0，不超过全部：%(text)s") % {"text": text[:20]}, "share")
    return share


def require_whole(shares: Sequence[Fraction]) -> None:
    """BadInput, with the sum, unless the shares are the whole."""
    total = sum(shares, Fraction())
    if total != 1:
        raise BadInput(_("份额合计为 %(sum)s，应为 100%%") % {"sum": share_text(total)})


def share_text(share: Fraction) -> str:
    """A share for people: in percent where two decimals say it exactly, else as a fraction."""
    hundredths = share * 10000
    if hundredths.denominator > 1:
        return f"{share.numerator}/{share.denominator}"
    percent = f"{int(hundredths) / 100:.2f}".rstrip("0").rstrip(".")
    return f"{percent}%"


def divide(amount: Fen, shares: Sequence[Fraction]) -> list[Fen]:
    """The amount in proportion to these shares; the parts add up to it to the fen.

    Each part is rounded down, and the fen left over go one by one to the largest remainders, of
    equal ones to the first.
    """
    whole = sum(shares, Fraction())
    exact = [amount * share / whole for share in shares]
    parts = [int(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: parts[at] - exact[at])
    for at in by_remainder[: amount - sum(parts)]:
        parts[at] += 1
    return [Fen(part) for part in parts]
