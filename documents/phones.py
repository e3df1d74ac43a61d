"""What is a telephone number: a mobile one, or a line with its area code."""

import re

from documents.typed_values import typed_number

_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}", re.ASCII)


def phone_is_valid(text: str) -> bool:
    """Whether one can dial it from anywhere in the country; signs that group the digits may stand
    between them."""
    return _PHONE.fullmatch(typed_number(text)) is not None
