"""What the settings let in of handed-in files. No database is needed to ask."""

from documents.packets.file_limits import CORES, MEBIBYTE, Limits
from settings import Settings


def limits_of(settings: Settings) -> Limits:
    """What these settings say of handed-in files."""
    return Limits(
        max_bytes_file=settings.max_file_mb * MEBIBYTE,
        max_bytes_packet=settings.max_packet_mb * MEBIBYTE,
        max_files=settings.max_files,
        max_pages=settings.max_pages,
        max_pixels=settings.max_megapixels * 1_000_000,
        pages_at_once=min(settings.pages_at_once, CORES),
        isolation=settings.parser_isolation,
        scanner=settings.clamav_socket,
    )
