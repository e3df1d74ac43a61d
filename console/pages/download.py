"""Files: those that the browser saves, and pictures that it shows."""

from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse


class FileAnswer(Response):
    """An answer that is a file. Whoever is given one stands in the log (`console/watching.py`)."""


class StreamedFile(StreamingResponse, FileAnswer):
    """One that is never whole in memory."""


def attachment(content: bytes, name: str, media_type: str) -> FileAnswer:
    """The content under this name, which may be Chinese (RFC 6266)."""
    return FileAnswer(content, media_type=media_type, headers=_saved_as(name))


def streamed_attachment(pieces: Iterator[bytes], name: str, media_type: str) -> FileAnswer:
    """The same for content that is never whole in memory."""
    return StreamedFile(pieces, media_type=media_type, headers=_saved_as(name))


def picture_of(jpeg: bytes) -> FileAnswer:
    """A picture that a page shows."""
    return FileAnswer(jpeg, media_type="image/jpeg")


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
