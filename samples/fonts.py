"""Finds Chinese typefaces on this machine for the papers to be printed in."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

Face = Literal[
    "song",
    "serif",
    "hei",
    "sans",
    "kai",
    "bold",
    "old_song",
    "book_song",
    "fang",
    "round",
    "thick_hei",
    "pen",
    "dots",
    "hand",
    "brush",
    "scrawl",
    "rare",
]

ROOTS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
)
SONG = (("uming.ttc", 0), ("NotoSerifCJK-Regular.ttc", 2), ("Songti.ttc", 0))
HEI = (
    ("wqy-zenhei.ttc", 0),
    ("NotoSansCJK-Regular.ttc", 2),
    ("PingFang.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
)
SERIF = (("NotoSerifCJK-Regular.ttc", 2),)
SANS = (("NotoSansCJK-Regular.ttc", 2),)
KAI = (("ukai.ttc", 0), ("Kaiti.ttc", 0))
# Those that a printer, a form or a hand adds; each stands for a look that offices send in.
OLD_SONG = (("gbsn00lp.ttf", 0),)
BOOK_SONG = (("FandolSong-Regular.otf", 0), ("TW-Sung-98_1.ttf", 0))
FANG = (("FandolFang-Regular.otf", 0),)
ROUND = (("wqy-microhei.ttc", 0),)
THICK_HEI = (("FandolHei-Regular.otf", 0),)
PEN = (("LXGWWenKai-Regular.ttf", 0),)
DOTS = (("unifont.ttf", 0), ("unifont.otf", 0))
HAND = (("long-cang.ttf", 0),)
BRUSH = (("ma-shan-zheng.ttf", 0),)
SCRAWL = (("zhi-mang-xing.ttf", 0),)
RARE = (("BabelStoneHan.ttf", 0), ("TW-Sung-Ext-B-98_1.ttf", 0))
BOLD = (("NotoSerifCJK-Bold.ttc", 2), ("NotoSansCJK-Bold.ttc", 2))
# Each face falls back on the others: a machine with one typeface still makes every paper.
CHOICES: dict[Face, tuple[tuple[str, int], ...]] = {
    "song": SONG + HEI + KAI,
    "serif": SERIF + SONG + HEI + KAI,
    "sans": SANS + HEI + SONG + KAI,
    "hei": HEI + SONG + KAI,
    "kai": KAI + SONG + HEI,
    "bold": BOLD + HEI + SONG,
    "old_song": OLD_SONG + SONG + HEI + KAI,
    "book_song": BOOK_SONG + SONG + HEI + KAI,
    "fang": FANG + SONG + HEI + KAI,
    "round": ROUND + HEI + SONG + KAI,
    "thick_hei": THICK_HEI + HEI + SONG + KAI,
    "pen": PEN + KAI + SONG + HEI,
    "dots": DOTS + HEI + SONG + KAI,
    "hand": HAND + PEN + KAI + SONG + HEI,
    "brush": BRUSH + KAI + SONG + HEI,
    "scrawl": SCRAWL + PEN + KAI + SONG + HEI,
    "rare": RARE + SERIF + SONG + HEI + KAI,
}


class NoChineseFontError(RuntimeError):
    """This machine has no typeface with Chinese characters."""

    def __init__(self) -> None:
        super().__init__(
            "No Chinese font found: install one, for example "
            "`apt-get install fonts-noto-cjk fonts-arphic-uming fonts-arphic-ukai "
            "fonts-wqy-zenhei`."
        )


@lru_cache(maxsize=1)
def installed() -> dict[str, Path]:
    """The path of every font file by file name; of equal names the first path counts."""
    found: dict[str, Path] = {}
    for root in ROOTS:
        for path in sorted(Path(root).expanduser().rglob("*.[to]t[cf]")):
            found.setdefault(path.name, path)
    return found


@lru_cache(maxsize=20_000)
def holds(face: Face, letter: str) -> bool:
    """Whether the typeface has this letter; one that has not draws an empty box or nothing."""
    letters = font(face, 24)
    none, one = letters.getmask("\U0010fffd"), letters.getmask(letter)
    return bool(one.getbbox()) and (none.size != one.size or bytes(none) != bytes(one))


@lru_cache(maxsize=256)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    for name, index in CHOICES[face]:
        if path := installed().get(name):
            # The basic layout draws the same with every build of Pillow.
            return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)
    raise NoChineseFontError
