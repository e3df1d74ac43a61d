"""Values of fields as people see them: numbers masked, names shortened, diagnoses in words."""

import json
from collections.abc import Callable

from documents.masks import mask_card, mask_id, mask_name, mask_numbers, mask_phone
from documents.reading.fields import FieldName

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


def _diagnoses(text: str) -> str:
    """As read it is a list of texts and codes; as keyed it is what the person wrote."""
    if not text.startswith("["):
        return text
    found = [(each["text"], each.get("icd")) for each in json.loads(text)]
    return "; ".join(f"{text} {code}" if code else text for text, code in found)
