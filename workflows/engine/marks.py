"""Marks that other programs leave in the data folder when something was done."""

from datetime import UTC, datetime
from pathlib import Path

from settings import Settings


def last_backup_at(settings: Settings) -> datetime | None:
    """When the last backup was complete; None if none is known of."""
    return _instant(settings.data / "last-backup")


def _instant(mark: Path) -> datetime | None:
    """The instant in this file, as ISO 8601 has it; one without an offset is in UTC."""
    try:
        at = datetime.fromisoformat(mark.read_text("ascii").strip())
    except (OSError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
