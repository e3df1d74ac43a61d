"""What people key into forms, turned into values."""

import re
from datetime import date
from typing import Annotated

from fastapi import File, Form, Path, Query, UploadFile
from pydantic import BeforeValidator

from documents.plain_text import squeezed
from documents.typed_values import typed_day, typed_sum
from language import _
from rules.errors import BadInput
from rules.money import Fen, fen

_DIGITS = 15
"""No whole number that a person types has more."""


def listed(text: str) -> list[str]:
    """What people listed in one field, with a comma or 、 between."""
    return [each.strip() for each in re.split("[,\uff0c、]", text) if each.strip()]


ReasonField = Annotated[str, Form(max_length=500)]
"""Why a person does something, in his own words."""

ShownProposal = Annotated[str, Form(max_length=40)]
"""The mark of the proposal that the page showed to the one who decides it."""

Year = Annotated[int, Query(ge=2000, le=2100)]
"""The calendar year a page of figures is about."""


RowId = Annotated[int, Path(ge=1, lt=2**63)]
"""The id of a row in an address."""

Files = Annotated[list[UploadFile] | None, File()]
"""Files of a form; None where a browser sends none at all."""


def uploaded(files: list[UploadFile] | None) -> list[tuple[str, bytes]]:
    """The name and the content of each file."""
    # A browser that sends no chosen file still sends one empty file without a name.
    return [(file.filename, file.file.read()) for file in files or () if file.filename]


def form_day(text: str, name: str, at: str) -> date:
    """A day as a person typed it; `name` is what people call the field, `at` its name."""
    if not text.strip():
        raise BadInput(_("请填写%(name)s") % {"name": name}, at)
    day = typed_day(text)
    if day is None:
        words = {"name": name, "text": text[:20]}
        raise BadInput(_("%(name)s应写成 2026-07-01 的样子，不是“%(text)s”") % words, at)
    return day


def form_money(text: str, name: str | None = None, at: str = "amount") -> Fen:
    """An amount in yuan as a person typed it; `name` is what people call the field, `at` its name.

    None where it is the only one of its form.
    """
    try:
        return fen(typed_sum(text))
    except BadInput:
        words = {"name": name or _("金额"), "text": text[:20]}
        raise BadInput(_("%(name)s“%(text)s”不是金额") % words, at) from None


def signed_money(text: str, at: str = "amount") -> Fen:
    """An amount in yuan that may be nothing or, with a minus before it, below zero."""
    sign, digits = (-1, text.strip()[1:]) if text.strip().startswith("-") else (1, text.strip())
    return Fen(0) if digits.strip("0.") == "" and digits else Fen(sign * form_money(digits, at=at))


def _day(text: object) -> date:
    day = typed_day(str(text))
    if day is None:
        raise ValueError(_("应写成 2026-07-01 的样子，不是“%(text)s”") % {"text": str(text)[:20]})
    return day


def form_whole(text: str, at: str) -> int | None:
    """A whole number as a person typed it, in the field `at`; None where it was left empty."""
    plain = squeezed(text)
    if plain and not (plain.isascii() and plain.isdecimal() and len(plain) <= _DIGITS):
        raise BadInput(_("应为整数，不是“%(text)s”") % {"text": text[:20]}, at)
    return int(plain) if plain else None


DayField = Annotated[date, BeforeValidator(_day), Form()]
"""A day as a person typed it, in a field that must be filled in."""
