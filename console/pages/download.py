"""Files: those that the browser saves, and pictures that it shows."""

from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from documents.packets.media_types import OFFICE, TEXT, media_type_of_whole
from workflows.engine.office import Office

# What is kept has no name; a spreadsheet program opens old and new sheets under this one.
_ENDINGS = {OFFICE: "xls", TEXT: "txt"}


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


def kept_file(office: Office, about: str, sha256: str) -> FileAnswer:
    """The file of this hash as it went out or came in, byte by byte."""
    content = office.store.get(sha256)
    kind = media_type_of_whole(content) or TEXT
    ending = _ENDINGS.get(kind, kind.rpartition("/")[2])
    return attachment(content, f"{about}_{sha256[:12]}.{ending}", kind)


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
