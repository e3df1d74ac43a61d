"""What no column can hold, however it was sent: one guard at the edge for all routes."""

from sqlalchemy.exc import DataError

from language import N_

UNSTORABLE = N_("所填内容中有过大的数字或不能保存的字符，请检查后重试")
_UNSTORABLE_STATES = ("22003", "22021", "22P05")
"""numeric_value_out_of_range, character_not_in_repertoire, untranslatable_character"""


def is_unstorable(error: Exception) -> bool:
    """Whether PostgreSQL, or its driver, refused what was typed: a number of more than 64 bits, or
    a NUL or half a character in a text."""
    if not isinstance(error, DataError):
        return False
    told = error.orig
    state = getattr(told, "sqlstate", None)
    return state in _UNSTORABLE_STATES or (state is None and "NUL" in str(told))
