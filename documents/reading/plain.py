"""Writes text one way: half-width signs, no look-alike forms, each character for one."""

import unicodedata

_SIGNS = str.maketrans("_﹕∶︰〔〕【】〖〗｛｝〈〉‐‑–—―−﹣～", " :::[][][]()()-------~")


def plain(text: str) -> str:
    """Full-width forms as half-width ones; the text keeps its length, place by place."""
    return "".join(map(_plain, text)).translate(_SIGNS)


def squeezed(text: str) -> str:
    """The plain text without any space."""
    return "".join(plain(text).split())


def _plain(char: str) -> str:
    form = unicodedata.normalize("NFKC", char)
    return form if len(form) == 1 else char
