"""Normalises text: half-width signs, no look-alike forms; the length never changes."""

import re
import unicodedata

_SIGNS = str.maketrans("_﹕∶︰〔〕【】〖〗｛｝〈〉‐‑–—―−﹣～", " :::[][][]()()-------~")


class _Forms(dict[int, str]):
    """The plain form of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = unicodedata.normalize("NFKC", chr(code))
        self[code] = (form if len(form) == 1 else chr(code)).translate(_SIGNS)
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
