"""Normalises text: half-width signs, no look-alike forms; the length never changes."""

import re
import unicodedata

HAN = "\u3400-\u4dbf一-鿿\uf900-\ufaff\U00020000-\U0003ffff"
"""Every Chinese character, as ranges for a regular expression: names may hold 㛃 and 䶮."""

NAME_DOTS = "·•・･‧∙⋅"
"""What people and printers put between the parts of a name; `·` is the right one. A full stop may
be one too, or end a sentence."""

_SIGNS = str.maketrans("_﹕∶︰〔〕【】〖〗｛｝〈〉‐‑–—―−﹣～", " :::[][][]()()-------~")


ENCLOSED_NUMBERS = "①-⑳⑴-⒇⒈-⒛❶-❿㈠-㈩"
"""Numbers of a list in one character, as a range for a regular expression: they stay, since a plain
1 before a word may be a part of it (1型)."""
_ENCLOSED = re.compile(f"[{ENCLOSED_NUMBERS}]")


class _Forms(dict[int, str]):
    """The plain form of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = unicodedata.normalize("NFKC", chr(code))
        keeps = len(form) != 1 or _ENCLOSED.match(chr(code))
        self[code] = (chr(code) if keeps else form).translate(_SIGNS)
        return self[code]


_FORMS = _Forms()
_PLAIN = re.compile(r"[0-9A-Za-z一-鿿 ,.:;()/¥-]*")
"""Text that needs no change, as nearly all; this test is faster than translating."""


def plain(text: str) -> str:
    """Full-width forms as half-width ones; the text keeps its length, place by place."""
    return text if _PLAIN.fullmatch(text) else text.translate(_FORMS)


def squeezed(text: str) -> str:
    """The plain text without any space."""
    return "".join(plain(text).split())


def with_one_dot(name: str) -> str:
    """The name without blanks, its parts divided by `·`, however they were."""
    return re.sub(f"[{NAME_DOTS}﹒.]", "·", "".join(name.split()))
