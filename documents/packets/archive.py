"""Unpacks a ZIP file member by member within bounds (runs in the child process)."""

import stat
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import MEBIBYTE, Limits
from documents.packets.file_names import is_junk, leads_outside

ENCRYPTED = 0x1
"""The mark of a member that is locked."""
BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)
"""What reading a damaged member raises."""
_UTF8_NAME = 0x800
# No real scan of this size compresses by a factor of a hundred.
_SUSPECT_BYTES = 20 * MEBIBYTE
_SUSPECT_RATIO = 100


def unpack(source: BinaryIO, limits: Limits) -> Iterator[tuple[str, bytes | FileFault]]:
    """Each member's name with its content or why it is refused; Unusable if all are refused."""
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise Unusable(FileFault.DAMAGED) from error
    members = [each for each in archive.infolist() if _is_meant(_name(each))]
    if len(members) > limits.max_files:
        raise Unusable(FileFault.TOO_MANY_FILES)
    left = limits.max_bytes_packet
    for member in members:
        content = _content(archive, member, limits)
        left -= 0 if isinstance(content, FileFault) else len(content)
        if left < 0:
            raise Unusable(FileFault.PACKET_TOO_LARGE)
        yield _name(member), content


def refuse_overblown(source: BinaryIO, limits: Limits) -> None:
    """Unusable if this is a ZIP file that unpacks to too much, for readers that unpack it whole."""
    try:
        members = zipfile.ZipFile(source).infolist()
    except zipfile.BadZipFile:
        return
    finally:
        source.seek(0)
    is_large = sum(member.file_size for member in members) > limits.max_bytes_packet
    if is_large or any(map(_is_overblown, members)):
        raise Unusable(FileFault.OVERBLOWN)


def _is_meant(name: str) -> bool:
    return not name.endswith("/") and not is_junk(name)


def _content(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits
) -> bytes | FileFault:
    if fault := _fault_of(member):
        return fault
    try:
        with archive.open(member) as stream:
            # The size in the directory may be false, so only the bytes that were read count.
            content = stream.read(limits.max_bytes_file + 1)
    except BROKEN:
        return FileFault.DAMAGED
    return FileFault.FILE_TOO_LARGE if len(content) > limits.max_bytes_file else content


def _fault_of(member: zipfile.ZipInfo) -> FileFault | None:
    if member.flag_bits & ENCRYPTED:
        return FileFault.ENCRYPTED
    if leads_outside(_name(member)):
        return FileFault.OUTSIDE_PATH
    if stat.S_ISLNK(member.external_attr >> 16):
        return FileFault.NOT_A_FILE
    return FileFault.OVERBLOWN if _is_overblown(member) else None


def _is_overblown(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(_SUSPECT_BYTES, member.compress_size * _SUSPECT_RATIO)


def _name(member: zipfile.ZipInfo) -> str:
    """The decoded name: Chinese Windows writes GBK without declaring it."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    raw = member.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename
