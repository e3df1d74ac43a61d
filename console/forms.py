"""What people key into forms, turned into values."""

from datetime import date
from typing import Annotated

from fastapi import Form, Query

from language import _
from rules.errors import BadInput
from rules.money import Fen, fen

ReasonField = Annotated[str, Form(max_length=500)]
"""Why a person does something, in his own words."""

Year = Annotated[int, Query(ge=2000, le=2100)]
"""The calendar year a page of figures is about."""


def form_day(text: str, name: str | None = None) -> date:
    """A day as a date field sends it; `name` is the field's, None where it is the only one."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        words = {"name": name or _("日期"), "text": text[:20]}
        raise BadInput(_("%(name)s应写成 2026-07-01 的样子，不是“%(text)s”") % words) from None


def form_money(text: str) -> Fen:
    """An amount in yuan, with or without commas."""
    return fen(text.strip().replace(",", "").replace("，", ""))
