"""Tells a file's media type from its bytes, never from its name."""

import re

from documents.packets.file_faults import FileFault
from documents.packets.zip_directory import names_in

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
HEIC = "image/heic"
WEBP = "image/webp"
BMP = "image/bmp"
GIF = "image/gif"
ZIP = "application/zip"
OFFICE = "application/vnd.openxmlformats"
"""Word, Excel and the like, old or new: recognised only to say what to do instead."""
DOCX = f"{OFFICE}-officedocument.wordprocessingml.document"
XLSX = f"{OFFICE}-officedocument.spreadsheetml.sheet"
TEXT = "text/plain"
"""A table as text (CSV, a web page, Excel's XML of 2003): told by being none of the others."""
OFD = "application/ofd"
"""GB/T 33190, what state e-receipts come as."""
RAR = "application/vnd.rar"
SEVEN_ZIP = "application/x-7z-compressed"
MAIL = "message/rfc822"

REFUSED = {
    OFFICE: FileFault.OFFICE_FILE,
    RAR: FileFault.OTHER_ARCHIVE,
    SEVEN_ZIP: FileFault.OTHER_ARCHIVE,
    MAIL: FileFault.MAIL_FILE,
}
"""Why each kind is refused that is known and not taken; the sentence says what to do instead."""

HEAD_BYTES = 1024
"""How many bytes of a file `media_type_of` needs."""

_STARTS = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"II*\x00": TIFF,
    b"MM\x00*": TIFF,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OFFICE,
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": ZIP,
    b"Rar!\x1a\x07": RAR,
    b"7z\xbc\xaf\x27\x1c": SEVEN_ZIP,
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_MAIL_LINE = re.compile(
    rb"(From |(Return-Path|Received|From|To|Date|Subject|Message-ID|MIME-Version|X-[\w-]+):)"
    rb"[^\r\n]*\r?\n[\w-]+:",
    re.IGNORECASE,
)
SEALED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The entry in which a document of Office with a password lies."""
_OUTLOOK = "__properties_version1.0".encode("utf-16-le")


def media_type_of(head: bytes) -> str | None:
    """The media type of these first bytes; None if the program does not know it."""
    for start, media_type in _STARTS.items():
        if head.startswith(start):
            return media_type
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return BMP
    if _MAIL_LINE.match(head):
        return MAIL
    # PDF readers accept a late signature, and some printer drivers write one.
    return PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def media_type_of_whole(data: bytes) -> str | None:
    """The same of a whole file. What a ZIP is its directory says: its first kilobyte may be that of
    a document which lies in it."""
    media_type = media_type_of(data[:HEAD_BYTES])
    if media_type == ZIP:
        names = set(names_in(data))
        if b"OFD.xml" in names:
            return OFD
        if b"[Content_Types].xml" in names or {b"mimetype", b"META-INF/manifest.xml"} <= names:
            return OFFICE
    return MAIL if media_type == OFFICE and _OUTLOOK in data else media_type
