"""Files the browser saves instead of showing."""

from urllib.parse import quote

from starlette.responses import Response


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """The content under this name, which may be Chinese (RFC 6266)."""
    header = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": header})
