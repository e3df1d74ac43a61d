"""The typefaces of this machine that an OFD page is drawn with, since most receipts bring none."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from documents.packets.shut_in import FONTS

_SERIF = (
    ("uming.ttc", 0),
    ("NotoSerifCJK-Regular.ttc", 2),
    ("simsun.ttc", 0),
    ("SourceHanSerifSC-Regular.otf", 0),
)
_SANS = (
    ("wqy-zenhei.ttc", 0),
    ("wqy-microhei.ttc", 0),
    ("NotoSansCJK-Regular.ttc", 2),
    ("simhei.ttf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("DroidSansFallbackFull.ttf", 0),
    ("DroidSansFallback.ttf", 0),
)
"""File name and place in the file, the best first. A machine with one of them draws every page."""
_SANS_NAMES = ("黑", "Hei", "HEI", "Sans", "Arial")
_MOST_FILES = 20_000


def has_chinese() -> bool:
    """Whether this machine can draw Chinese at all."""
    return any(name in _installed() for name, _index in (*_SERIF, *_SANS))


@lru_cache(maxsize=256)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A typeface like the one of this name, at so many pixels; call only where there is one."""
    choice = _SANS + _SERIF if any(part in name for part in _SANS_NAMES) else _SERIF + _SANS
    path, index = next((_installed()[each], at) for each, at in choice if each in _installed())
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    return {path.name: path for path in _files()}


def _files() -> Iterator[Path]:
    left = _MOST_FILES
    for root in FONTS:
        for path in root.rglob("*.[to]t[cf]"):
            yield path
            if not (left := left - 1):
                return
