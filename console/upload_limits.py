"""How much a browser may send: forms are small, files only from people who are logged in."""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from console.guard import office_of, visit_of
from language import N_, _

_LARGEST_FORM = 2 * 1024 * 1024
_READ_ON = 4
"""Times what was allowed, of what is too large, that are still read and thrown away: many browsers
show no answer before they have sent all."""

_TOO_LARGE = N_("提交的内容太大")
_CONTRADICTION = N_("请求对自身长度的说明互相矛盾")


class SentBody:
    """What one browser sends with one request, counted as it comes, whatever its headers say."""

    def __init__(self, request: Request, receive: Receive, most: int) -> None:
        self._request = request
        self._receive = receive
        self._most = most
        self._received = 0
        length = request.headers.get("content-length", "0")
        self.is_whole = length == "0" and "transfer-encoding" not in request.headers

    @classmethod
    async def of(cls, request: Request, receive: Receive) -> "SentBody":
        """What may come with this request, by who sends it."""
        is_form = not request.headers.get("content-type", "").startswith("multipart/form-data")
        most = _LARGEST_FORM if is_form else await run_in_threadpool(_most_files, request)
        return cls(request, receive, most)

    def refuse_by_headers(self) -> None:
        """Raise HTTPException for what is plain before a byte is read."""
        lengths = self._request.headers.getlist("content-length")
        is_chunked = "transfer-encoding" in self._request.headers
        if len(lengths) + is_chunked > 1 or not all(map(_is_length, lengths)):
            # Where this request ends, and the next begins, nobody can say.
            raise HTTPException(400, _(_CONTRADICTION), {"Connection": "close"})
        if is_chunked or sum(map(int, lengths)) > self._most:
            raise HTTPException(413, _(_TOO_LARGE))

    async def receive(self) -> Message:
        """The next part; HTTPException once there is more than this request may bring."""
        message = await self._next()
        if self._received > self._most:
            raise HTTPException(413, _(_TOO_LARGE))
        return message

    async def throw_away_the_rest(self) -> None:
        """Let the browser finish sending, within limits; `is_whole` says whether it did."""
        while not self.is_whole and self._received <= _READ_ON * self._most:
            await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        self.is_whole = self.is_whole or not message.get("more_body", False)
        return message


def _is_length(text: str) -> bool:
    # Python would refuse to read a number of more than 4,300 digits.
    return text.isascii() and text.isdecimal() and len(text) < 20


def _most_files(request: Request) -> int:
    office = office_of(request)
    visit = visit_of(request, office)
    if visit is None or visit.session.needs_code:
        return _LARGEST_FORM
    return office.limits.max_bytes_packet + _LARGEST_FORM
