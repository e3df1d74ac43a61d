"""The parts of an OFD file: XML and pictures in a ZIP, each read within bounds."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from documents.packets.archive import BROKEN, ENCRYPTED, refuse_overblown
from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits

_MOST_PARTS = 10_000
_MOST_XML = 32 * 1024 * 1024


class Package:
    """The parts by their path from the root of the file, such as `Doc_0/Document.xml`."""

    def __init__(self, source: BinaryIO, limits: Limits) -> None:
        refuse_overblown(source, limits)
        try:
            self._zip = zipfile.ZipFile(source)
        except zipfile.BadZipFile as error:
            raise Unusable(FileFault.DAMAGED) from error
        members = self._zip.infolist()
        if len(members) > _MOST_PARTS:
            raise Unusable(FileFault.TOO_MANY_FILES)
        self._members = {_plain(member.filename): member for member in members}
        self._left = limits.max_bytes_packet
        self.read: set[str] = set()
        """The parts that were read so far, by their paths."""

    def part(self, path: str) -> bytes | None:
        """The bytes of a part; None where there is none or it cannot be unpacked."""
        member = self._members.get(path)
        if member is None:
            return None
        if member.flag_bits & ENCRYPTED:
            raise Unusable(FileFault.ENCRYPTED)
        try:
            with self._zip.open(member) as stream:
                # The size in the directory may be false, so only the bytes that were read count.
                data = stream.read(self._left + 1)
        except BROKEN:
            return None
        self.read.add(path)
        self._left -= len(data)
        if self._left < 0:
            raise Unusable(FileFault.OVERBLOWN)
        return data

    def tree(self, path: str) -> "etree._Element | None":
        """The root of a part that is XML; None where there is none or it cannot be understood."""
        data = self.part(path)
        if not data or len(data) > _MOST_XML:
            return None
        # Entities are how XML reaches other files and grows without end; no receipt has any.
        reader = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(data, reader)
        except (etree.XMLSyntaxError, ValueError):
            return None
        return None if root.getroottree().docinfo.doctype else root


def path_from(base: str, location: str) -> str:
    """The path of a part that another one, at `base`, names: from the root, or beside it."""
    location = location.strip().replace("\\", "/")
    if location.startswith("/"):
        return _plain(location)
    return _plain(posixpath.join(posixpath.dirname(base), location))


def name_of(element: "etree._Element") -> str:
    """The name without its namespace: programs write several. Empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: "etree._Element | None", *names: str) -> Iterator["etree._Element"]:
    """The children with one of these names; none where the element itself is missing."""
    # Not by its truth: an element without children is false.
    everyone = () if element is None else element
    return (child for child in everyone if name_of(child) in names)


def child(element: "etree._Element | None", name: str) -> "etree._Element | None":
    """The first child of this name."""
    return next(children(element, name), None)


def words_of(element: "etree._Element | None", name: str) -> str:
    """The text of the first child of this name; empty where there is none."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""


def _plain(path: str) -> str:
    """Never above the root: what climbs out of the file is a part that is not there."""
    return posixpath.normpath("/" + path.replace("\\", "/")).lstrip("/")
