"""How values look on a screen: money, days, instants, masked names and numbers."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from documents.masks import mask_card, mask_id, mask_name, mask_numbers, mask_phone
from documents.reading.fields import FieldName
from language import SOURCE, _, current
from rules.money import Fen, yuan
from rules.notice import clause
from workflows.engine.office import BEIJING

_MASKS: dict[str, Callable[[str], str]] = {
    FieldName.ID_NUMBER: mask_id,
    FieldName.BANK_CARD_NUMBER: mask_card,
    FieldName.PHONE: mask_phone,
}


def is_masked(field: str) -> bool:
    """Whether values of this field are shown in full only on request."""
    return field in _MASKS


def value(field: str, text: str) -> str:
    """A field's value as everybody may see it; a number hidden in another field is masked too."""
    mask = _MASKS.get(field)
    if mask is not None:
        return mask(text)
    return mask_numbers(_diagnoses(text) if field == FieldName.DIAGNOSES else text)


def value_in_list(field: str, text: str) -> str:
    """A field's value in a list of claims: of a card its last four digits, of a name the family
    name; an empty value as a dash."""
    if field == FieldName.BANK_CARD_NUMBER and text:
        return f"****{text[-4:]}"
    if field == FieldName.MEMBER_NAME and text:
        return name(text)
    return value(field, text) or "—"


def name(text: str) -> str:
    """Family name and as many stars as there are characters left: 张**."""
    return mask_name(text)


def file_name(raw: bytes) -> str:
    """The name of a dropped entry; bytes that are not UTF-8 are shown as replacements."""
    text = raw.decode("utf-8", "replace")
    return mask_numbers("".join(char if char.isprintable() else "\ufffd" for char in text))


def money(amount: Fen | None) -> str:
    """12345678 -> 123,456.78."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    whole, _dot, cents = yuan(Fen(abs(amount))).partition(".")
    return f"{sign}{int(whole):,}.{cents}"


def percent(confidence: float) -> int:
    """Rounded down: only what is certain may say 100."""
    return int(round(confidence * 100, 6))


def tenths(number: int | None) -> str:
    """875 -> 87.5."""
    return "" if number is None else f"{number // 10}.{number % 10}"


def share(basis_points: int | None) -> str:
    """Hundredths of a per cent, rounded down to tenths: 9876 -> 98.7%."""
    return "" if basis_points is None else f"{tenths(basis_points // 10)}%"


def instant(at: datetime | None) -> str:
    """Minutes in Beijing."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if at else ""


def short_instant(at: datetime | None) -> str:
    """Month, day and minute in Beijing, for narrow columns."""
    return at.astimezone(BEIJING).strftime("%m-%d %H:%M") if at else ""


def days(number: int) -> str:
    return _("今天") if number == 0 else _("%(n)s 天") % {"n": number}


def _diagnoses(text: str) -> str:
    """As read it is a list of texts and codes; as keyed it is what the person wrote."""
    if not text.startswith("["):
        return text
    found = [(each["text"], each.get("icd")) for each in json.loads(text)]
    return "; ".join(f"{name} {code}" if code else name for name, code in found)


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def article(number: str) -> str:
    """As the notice counts, which only Chinese can: 四（一）1; elsewhere 4.1.1."""
    return clause(number) if current() == SOURCE else number


FILTERS: dict[str, Callable[[Any], str]] = {
    "money": money,
    "tenths": tenths,
    "share": share,
    "instant": instant,
    "short_instant": short_instant,
    "days": days,
    "day": day,
    "masked_name": name,
    "free": mask_numbers,
    "clause": article,
}
