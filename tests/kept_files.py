"""Where the files of an office lie on disk, for tests that break or count them."""

from pathlib import Path

from documents.store import name_of
from settings import Settings
from workflows.engine.kept_where import SPOOL, STORE


def store_folder(settings: Settings) -> Path:
    return settings.data / STORE


def spool_folder(settings: Settings) -> Path:
    return settings.data / SPOOL


def scan_at(settings: Settings, sha256: str) -> Path:
    """The file of this scan."""
    return store_folder(settings) / name_of(sha256)
