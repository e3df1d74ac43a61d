"""Files the browser saves instead of showing."""

from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """The content under this name, which may be Chinese (RFC 6266)."""
    return Response(content, media_type=media_type, headers=_saved_as(name))


def streamed_attachment(pieces: Iterator[bytes], name: str, media_type: str) -> Response:
    """The same for content that is never whole in memory."""
    return StreamingResponse(pieces, media_type=media_type, headers=_saved_as(name))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
