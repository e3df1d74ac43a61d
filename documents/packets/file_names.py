"""Makes the names of handed-in files safe to show, to log and to keep."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from documents.outgoing_text import without_hidden

_LONGEST = 120
_JUNK = {
    *("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx"),
    *(".ds_store", ".directory", ".trashes", ".fseventsd", ".spotlight-v100", ".temporaryitems"),
}
_GIVEN_BY_MACHINES = re.compile(
    "扫描件?|新建|文件夹?|图片|照片|副本|未命名|微信|文档|页|scan(ned)?|img|image|doc(ument)?|file|folder"
    "|photo|picture|new|copy|page|untitled|wechat|mmexport|screenshot|dsc|pdf|jpe?g|tiff?",
    re.IGNORECASE,
)
_JUNK_BEGINS_WITH = ("._", "~$")


def clean(name: str) -> str:
    """A readable relative name: no control or direction marks, no empty parts, never too long."""
    parts = [part.strip() for part in without_hidden(_decoded(name)).replace("\\", "/").split("/")]
    tidy = "/".join(part for part in parts if part.strip(".")) or "未命名"
    return tidy if len(tidy) <= _LONGEST else f"{tidy[: _LONGEST - 13]}…{tidy[-12:]}"


def in_order(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, BytesIO]]:
    """The files as they were sent, numbered: "001 a.jpg". Of a path the last name stays."""
    for number, (name, data) in enumerate(files, 1):
        yield f"{number:03d} {Path(clean(name)).name}", BytesIO(data)


def leads_outside(name: str) -> bool:
    """Whether a name in an archive is absolute or climbs out of its folder."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def is_junk(name: str) -> bool:
    """Whether a part of the name is one that operating systems and offices leave behind.

    A file that is only hidden may be a paper: who scanned it may have named it so.
    """
    parts = name.replace("\\", "/").split("/")
    return any(part.lower() in _JUNK or part.startswith(_JUNK_BEGINS_WITH) for part in parts)


def is_hidden(name: str) -> bool:
    """Whether the entry of a folder is hidden, as programs name what is not finished yet."""
    return name.startswith(".") and bool(name.strip("."))


def says_whom(name: str) -> bool:
    """Whether a name was given by a person to these papers: not by a scanner or a phone, which give
    the same ones to everybody's (扫描 0930, IMG_0001.jpg, 新建文件夹)."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", clean(name))
    return bool(re.sub(r"[\W\d_]", "", _GIVEN_BY_MACHINES.sub("", stem)))


def distinct(names: Iterable[str]) -> list[str]:
    """The same names, a second "a.jpg" as "a (2).jpg"."""
    taken: set[str] = set()
    result = []
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        stem, number, candidate = (stem if dot else suffix), 1, name
        while candidate in taken:
            number += 1
            candidate = f"{stem} ({number})" + (f".{suffix}" if dot else "")
        taken.add(candidate)
        result.append(candidate)
    return result


def natural(name: str) -> list[tuple[int, str]]:
    """Sort key by which page 2 comes before page 10."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)
    ]


def _decoded(name: str) -> str:
    """The name; if its bytes on disk are not UTF-8, a Chinese Windows wrote them in GBK."""
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    except UnicodeEncodeError:
        return name
