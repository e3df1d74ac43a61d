"""Words of several papers as one line of text, each with its page, which people can read and key.

Quotes are parted by semicolons, and the page may be missing: 第6页 斗殴；第7页 酒后；无证驾驶
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_QUOTE = re.compile(r"\s*(?:第\s*(\d{1,5})\s*页)?\s*(.*?)\s*")


class Quote(NamedTuple):
    """Words as they are written; `page` is the place of their page in the claim, from 1."""

    words: str
    page: int | None


def written(quotes: Iterable[Quote]) -> str:
    """The quotes as text, each once."""
    told = (f"第{page}页 {words}" if page else words for words, page in quotes)
    return "；".join(dict.fromkeys(told))


def read(text: str, page: int | None = None) -> list[Quote]:
    """The quotes of the text; `page` stands in where a quote names none."""
    matches = map(_QUOTE.fullmatch, re.split("[；;]", text))
    found = [(match[2], match[1]) for match in matches if match and match[2]]
    return [Quote(words, int(at) if at else page) for words, at in found]
