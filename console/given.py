"""What commands are given: days and files."""

from datetime import date
from pathlib import Path

from language import _
from rules.errors import BadInput


def given_day(text: str) -> date:
    """The day; BadInput if it is not written as 2026-01-01."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(_("日期应写作 2026-01-01：%(text)s") % {"text": text}) from error


def given_file(path: Path) -> bytes:
    """The content of the file; BadInput if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(_("无法读取 %(file)s") % {"file": path}) from error
