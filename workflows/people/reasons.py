"""The reason a person gives for an act, as it is kept."""

from documents.masks import mask_numbers
from rules.errors import Refused


def told_reason(text: str, refusal: str) -> str:
    """The reason without spaces around it, long numbers masked; Refused in these words if empty."""
    if not text.strip():
        raise Refused(refusal, at="reason")
    return mask_numbers(text.strip())
