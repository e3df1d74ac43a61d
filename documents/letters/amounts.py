"""Writes an amount in Chinese capitals by the banks' rules, the annex of 《支付结算办法》.

cn2an writes 柒拾亿陆仟元 where the annex wants 柒拾亿零陆仟元整, and no 整 after 角, so it is here.
"""

from rules.errors import BadInput
from rules.money import Fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("亿", "万", "")
_BOUND = 10**14
"""A million million yuan, in fen."""


def capitals(amount: Fen) -> str:
    """60000 -> "陆佰元整"; 负 goes before what is owed back. Below 万亿 yuan, or BadInput."""
    if abs(amount) >= _BOUND:
        raise BadInput(f"金额过大,无法写成大写:{amount}")
    yuan, cents = divmod(abs(amount), 100)
    text = (_whole(yuan) + "元" if yuan else "") + _cents(cents, bool(yuan))
    return ("负" if amount < 0 else "") + (text or "零元整")


def _whole(yuan: int) -> str:
    digits, text = f"{yuan:012}", ""
    for index, unit in enumerate(_GROUPS):
        group = digits[index * 4 : index * 4 + 4]
        if group != "0000":
            # One 零 stands for any run of empty places, also across 万 and 亿.
            empty = group[0] == "0" or not text.endswith(_GROUPS[index - 1])
            text += ("零" if text and empty else "") + _group(group) + unit
    return text


def _group(group: str) -> str:
    text, gap = "", False
    for digit, place in zip(group, _PLACES, strict=True):
        if digit == "0":
            gap = bool(text)
        else:
            text += ("零" if gap else "") + _DIGITS[int(digit)] + place
            gap = False
    return text


def _cents(cents: int, after_yuan: bool) -> str:
    tens, ones = divmod(cents, 10)
    if not cents:
        return "整" if after_yuan else ""
    if not tens:
        return ("零" if after_yuan else "") + _DIGITS[ones] + "分"
    return _DIGITS[tens] + "角" + (_DIGITS[ones] + "分" if ones else "整")
