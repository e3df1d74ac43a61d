"""What people key into forms, turned into values."""

from datetime import date

from language import _
from rules.errors import BadInput
from rules.money import Fen, fen


def form_day(text: str) -> date:
    """A day as a date field sends it."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(_("日期应写成 2026-07-01 的样子")) from None


def form_money(text: str) -> Fen:
    """An amount in yuan, with or without commas."""
    return fen(text.strip().replace(",", "").replace("，", ""))
