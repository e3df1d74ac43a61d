"""Why a file or a packet is refused; imports nothing slow, so that the child starts fast."""

from enum import StrEnum


class FileFault(StrEnum):
    """A reason to refuse; the value travels between the program and its child process."""

    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    OFFICE_FILE = "office_file"
    NO_TYPEFACE = "no_typeface"
    OTHER_ARCHIVE = "other_archive"
    MAIL_FILE = "mail_file"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_SLOW = "too_slow"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    FILE_TOO_LONG = "file_too_long"
    NO_PAGES = "no_pages"
    NESTED_ARCHIVE = "nested_archive"
    OVERBLOWN = "overblown"
    OUTSIDE_PATH = "outside_path"
    NOT_A_FILE = "not_a_file"
    UNREACHABLE = "unreachable"
    EMPTY_PACKET = "empty_packet"
    PACKET_TOO_LARGE = "packet_too_large"
    TOO_MANY_FILES = "too_many_files"
    PACKET_TOO_LONG = "packet_too_long"
    INFECTED = "infected"


class Unusable(Exception):
    """Raised inside the child process; the program turns it into an `Unfit` with a sentence."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault)
        self.fault = fault
