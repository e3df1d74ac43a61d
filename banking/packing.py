"""Zip packages made plain: same members, same bytes, and none unpacks without bound."""

import io
import re
import zipfile
import zlib

from language import _
from rules.errors import BadInput

MAX_UNPACKED = 64 * 1024 * 1024  # a list of 20,000 lines unpacks to about 8 MB
_MAX_ROW = 50_000
_MAX_COLUMN_LETTERS = 1  # A to Z: no list we know has more than 20 columns

_CELL = re.compile(rb"""\br=["']([A-Z]*)([0-9]+)["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def repacked(package: bytes) -> bytes:
    """The same members, uncompressed, with a fixed time: compressors and platforms no longer show.

    Reading bounds what each member may unpack to, so whatever opens the result needs no bound.
    """
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(plain, "w") as target:
        if sum(member.file_size for member in source.infolist()) > MAX_UNPACKED:
            raise BadInput(_("表格解压后过大,请检查文件"))
        for member in source.infolist():
            _store(target, member.filename, source.read(member))
    return plain.getvalue()


def opened_sheet(package: bytes) -> bytes:
    """A handed-in .xlsx, repacked and refused where a far-off cell would fill the memory."""
    try:
        plain = repacked(package)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as damage:
        raise BadInput(_("表格文件已损坏或加密,无法打开")) from damage
    with zipfile.ZipFile(io.BytesIO(plain)) as members:
        for name in filter(_SHEET.fullmatch, members.namelist()):
            _check_extent(members.read(name))
    return plain


def _check_extent(sheet: bytes) -> None:
    for letters, row in _CELL.findall(sheet):
        if len(letters) > _MAX_COLUMN_LETTERS or len(row) > 7 or int(row) > _MAX_ROW:
            raise BadInput(_("表格超出 %(rows)s 行或 26 列,请检查文件") % {"rows": _MAX_ROW})


def _store(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.create_system = 0  # otherwise it names the operating system
    target.writestr(member, content)
