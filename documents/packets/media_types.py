"""Tells a file's media type from its first bytes, never from its name."""

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
HEIC = "image/heic"
ZIP = "application/zip"
OFFICE = "application/vnd.openxmlformats"
"""Word, Excel and the like, old or new: recognised only to say what to do instead."""
DOCX = f"{OFFICE}-officedocument.wordprocessingml.document"
XLSX = f"{OFFICE}-officedocument.spreadsheetml.sheet"
TEXT = "text/plain"
"""A table as text (CSV, a web page, Excel's XML of 2003): told by being none of the others."""

HEAD_BYTES = 1024
"""How many bytes of a file `media_type_of` needs."""

_STARTS = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"II*\x00": TIFF,
    b"MM\x00*": TIFF,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OFFICE,
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": ZIP,
}
_OFFICE_MEMBERS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def media_type_of(head: bytes) -> str | None:
    """The media type of these first bytes; None if the program does not accept it."""
    if head.startswith(b"PK") and any(name in head[:HEAD_BYTES] for name in _OFFICE_MEMBERS):
        return OFFICE
    for start, media_type in _STARTS.items():
        if head.startswith(start):
            return media_type
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    # PDF readers accept a late signature, and some printer drivers write one.
    return PDF if b"%PDF-" in head[:HEAD_BYTES] else None
