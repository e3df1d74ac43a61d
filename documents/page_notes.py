"""What whoever looks at a page should know besides what stands on it."""

from enum import StrEnum


class PageNote(StrEnum):
    """A thing that the file of a page shows and its picture does not."""

    UNSIGNED = "UNSIGNED"
    """A format in which receipts are signed, and no signature in it."""
    SIGNATURE_BROKEN = "SIGNATURE_BROKEN"
    """A part of the file is not what was signed."""
    SIGNATURE_UNREADABLE = "SIGNATURE_UNREADABLE"
    """There is a signature that this program cannot check."""
    SEAL_NOT_VERIFIED = "SEAL_NOT_VERIFIED"
    """All parts are what was signed; by whom was not verified."""
    DATA_DIFFERS = "DATA_DIFFERS"
    """The receipt's data, which lies in the file, and its page say different things."""
