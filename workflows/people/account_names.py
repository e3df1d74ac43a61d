"""How accounts are named: two that look alike on a screen must be the same to the program.

Persons are compared by their staff number (工号). A sign that nobody sees, or a letter of another
alphabet, would make one person two, of whom one approves what the other keyed.
"""

import re
import unicodedata

from language import _
from rules.errors import Refused

_STAFF_NUMBER = re.compile(r"[A-Z0-9-]{1,40}")
# What providers of identities call people, too: addresses and ids of theirs.
_LOG_IN = re.compile(r"[A-Za-z0-9._@|:-]{1,100}")


def as_staff_number(text: str) -> str:
    """The number in the one way in which numbers are compared; Refused if there is none."""
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not number:
        raise Refused(_("请填写工号"))
    if not is_staff_number(number):
        raise Refused(_("工号只用英文字母、数字和连字符，不含其他字符（包括看不见的）"))
    return number


def as_log_in(text: str) -> str:
    """The name by which a new account logs in; Refused if there is none."""
    login = unicodedata.normalize("NFKC", text).strip()
    if not login:
        raise Refused(_("请填写登录名和姓名"))
    if not is_log_in(login):
        words = _("登录名只用英文字母、数字和 . _ @ | : -，不含其他字符（包括看不见的）")
        raise Refused(words)
    return login


def is_staff_number(number: str) -> bool:
    """Whether the number is written as new ones must be; older ones may not be."""
    return _STAFF_NUMBER.fullmatch(number) is not None


def is_log_in(login: str) -> bool:
    """Whether the log-in is written as new ones must be; older ones may not be."""
    return _LOG_IN.fullmatch(login) is not None


def in_signs(name: str) -> str:
    """A log-in or number with each sign that is not plain ASCII as its code, so that it is seen."""
    return name.encode("ascii", "backslashreplace").decode()
