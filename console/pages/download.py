"""Files: those that the browser saves, and pictures that it shows."""

from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from console.not_found import NotFound
from documents.packets.media_types import media_type_of_whole
from language import _
from workflows.engine.office import Office


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


def bank_paper(office: Office, about: str, sha256: str | None) -> FileAnswer:
    """The paper of the bank with this hash, about a batch or payment; NotFound without one."""
    if sha256 is None:
        raise NotFound(about)
    content = office.store.get(sha256)
    kind = media_type_of_whole(content) or ""
    name = _("银行答复_%(reference)s") % {"reference": about}
    return attachment(content, f"{name}.{kind.rpartition('/')[2]}", kind)


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
