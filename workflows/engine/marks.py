"""Marks in the data folder that say when something was done."""

from datetime import UTC, datetime
from pathlib import Path

from settings import Settings


def last_backup_at(settings: Settings) -> datetime | None:
    """When the last backup was complete; None if none is known of."""
    return _instant(settings.data / "last-backup")


def last_drill_at(settings: Settings) -> datetime | None:
    """When a backup was last brought back and proved; None if none is known of."""
    return _instant(settings.data / "last-drill")


def note_backup(settings: Settings, at: datetime) -> None:
    """A backup is complete that holds everything until this instant."""
    _note(settings.data / "last-backup", at)


def note_drill(settings: Settings, at: datetime) -> None:
    """A backup was brought back and proved at this instant."""
    _note(settings.data / "last-drill", at)


def _note(mark: Path, at: datetime) -> None:
    part = mark.with_name(f"{mark.name}.part")
    part.write_text(at.isoformat(), "ascii")
    part.replace(mark)


def _instant(mark: Path) -> datetime | None:
    """The instant in this file, as ISO 8601 has it; one without an offset is in UTC."""
    try:
        at = datetime.fromisoformat(mark.read_text("ascii").strip())
    except (OSError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
