"""What one field of a case may hold, and how it is written again."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, Strict

from language import _
from rules.errors import BadInput
from rules.money import Fen, fen, yuan


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(_("应为文字"))
    text = value.strip()
    if not text or not text.isprintable() or len(text) > 200:
        raise ValueError(_("应为 1 至 200 个可显示的字符"))
    return text


def _day(value: object) -> date:
    """A calendar day written as 2026-03-02, between 1900 and 2199."""
    should = _("应为日期，如 2026-03-02")
    if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
        raise ValueError(should)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(should) from None
    if not 1900 <= day.year < 2200:
        raise ValueError(_("年份应在 1900 至 2199 之间"))
    return day


def _money(value: object) -> Fen:
    if not isinstance(value, str):
        raise ValueError(_('金额应写成文字，如 "500.00"'))
    try:
        amount = fen(value)
    except BadInput:
        raise ValueError(_("不是金额")) from None
    if not 0 <= amount <= 10_000_000_000:
        raise ValueError(_("金额超出范围"))
    return amount


def _percent(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(_("应为数字"))
    number = Decimal(str(value))
    if not number.is_finite() or not 0 <= number <= 100:
        raise ValueError(_("应为 0 至 100 的数字"))
    # It is written as a float: what a float cannot hold would be another number when read again.
    if number != Decimal(str(float(number))):
        raise ValueError(_("小数位数太多"))
    return number


def _said(value: object) -> str:
    """What a person wrote, on one line."""
    if not isinstance(value, str):
        raise ValueError(_("应为文字"))
    return " ".join(value.split())


Text = Annotated[str, BeforeValidator(_text)]
SaidText = Annotated[str, BeforeValidator(_said)]
Day = Annotated[date, BeforeValidator(_day)]
FactMoney = Annotated[Fen, BeforeValidator(_money), PlainSerializer(yuan)]
Percent = Annotated[Decimal, BeforeValidator(_percent), PlainSerializer(float)]
Flag = Annotated[bool, Strict()]
Grade = Annotated[int, Strict(), Field(ge=1, le=10)]
Degree = Annotated[int, Strict(), Field(ge=1, le=4)]
Level = Annotated[int, Strict(), Field(ge=1, le=3)]
Shares = Annotated[int, Strict(), Field(ge=1, le=100)]
PaidDays = Annotated[int, Strict(), Field(ge=0, le=36_600)]
PageNumber = Annotated[int, Strict(), Field(ge=1, le=100_000)]


def unless(usual: object) -> Any:
    """A field that is written only where it is not as usual."""
    return Field(exclude_if=lambda value: value == usual)
