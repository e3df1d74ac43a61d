"""How much a browser may send: forms are small, files only from people who are logged in."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from console.api.caller import bearer_in
from console.api.problems import is_api
from console.guard import office_of, visit_of
from language import N_, _
from workflows.engine.office import Office

_OF_STRANGERS = 16 * 1024
"""What may come with a request of nobody: no form for whom has not logged in is longer."""
_LARGEST_FORM = 2 * 1024 * 1024
_READ_ON = 4
"""Times what was allowed, and of a form at least, of what is too large, that are still read and
thrown away: many browsers show no answer before they have sent all."""
_READ_ON_SECONDS = 20
_AT_ONCE = 3
"""Times the largest packet, that all requests together may bring at one time."""

_TOO_LARGE = N_("提交的内容太大")
_TOO_LARGE_OF_STRANGERS = N_("提交的内容太大：未登录时不能上传，请先登录")
_TOO_MUCH_AT_ONCE = N_("正在接收的文件太多，请等前面的传完再上传")
_CONTRADICTION = N_("请求对自身长度的说明互相矛盾")


class SentBody:
    """What one browser sends with one request, counted as it comes, whatever its headers say.

    `sender` is the id of the person who is logged in; None where nobody is, or where it is small.
    """

    def __init__(self, request: Request, receive: Receive, most: int, sender: int | None) -> None:
        self._request = request
        self._receive = receive
        self._most = most
        self._received = 0
        self.sender = sender
        self.announced = announced(request)
        length = request.headers.get("content-length", "0")
        self.is_whole = length == "0" and "transfer-encoding" not in request.headers

    @classmethod
    async def of(cls, request: Request, receive: Receive) -> "SentBody":
        """What may come with this request, by who sends it."""
        if announced(request) <= _OF_STRANGERS:
            return cls(request, receive, _OF_STRANGERS, None)
        return cls(request, receive, *await run_in_threadpool(_most, request))

    def refuse_by_headers(self) -> None:
        """Raise HTTPException for what is plain before a byte is read."""
        lengths = self._request.headers.getlist("content-length")
        is_chunked = "transfer-encoding" in self._request.headers
        if len(lengths) + is_chunked > 1 or not all(map(_is_length, lengths)):
            # Where this request ends, and the next begins, nobody can say.
            raise HTTPException(400, _(_CONTRADICTION), {"Connection": "close"})
        if is_chunked or self.announced > self._most:
            raise HTTPException(413, self._too_large())

    async def receive(self) -> Message:
        """The next part; HTTPException once there is more than this request may bring."""
        message = await self._next()
        if self._received > self._most:
            raise HTTPException(413, self._too_large())
        return message

    async def throw_away_the_rest(self) -> None:
        """Let the browser finish sending, within limits; `is_whole` says whether it did."""
        most = _READ_ON * max(self._most, _LARGEST_FORM)
        with suppress(TimeoutError):
            async with asyncio.timeout(_READ_ON_SECONDS):
                while not self.is_whole and self._received <= most:
                    await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        self.is_whole = self.is_whole or not message.get("more_body", False)
        return message

    def _too_large(self) -> str:
        is_of_stranger = self.sender is None and self.announced > _OF_STRANGERS
        return _(_TOO_LARGE_OF_STRANGERS if is_of_stranger else _TOO_LARGE)


class BodiesHeld:
    """The bodies that are in memory or on their way at one time: of all, and of each person.

    What is small is not counted: the number of connections bounds it.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest + _LARGEST_FORM
        self._of: Counter[int] = Counter()

    @contextmanager
    def hold(self, body: SentBody) -> Iterator[None]:
        """While this body is held; HTTPException if with it there are too many."""
        if body.sender is None:
            yield
            return
        is_too_much = (
            self._of[body.sender] + body.announced > self._largest
            or self._of.total() + body.announced > _AT_ONCE * self._largest
        )
        if is_too_much:
            raise HTTPException(503, _(_TOO_MUCH_AT_ONCE))
        self._of[body.sender] += body.announced
        try:
            yield
        finally:
            self._of[body.sender] -= body.announced
            self._of += Counter()  # Forgets whose count is none


def announced(request: Request) -> int:
    """How long the request says that its body is; 0 where it does not say so plainly."""
    lengths = request.headers.getlist("content-length")
    return sum(map(int, lengths)) if all(map(_is_length, lengths)) else 0


def _is_length(text: str) -> bool:
    # Python would refuse to read a number of more than 4,300 digits.
    return text.isascii() and text.isdecimal() and len(text) < 20


def _most(request: Request) -> tuple[int, int | None]:
    office = office_of(request)
    sender = _sender(request, office)
    if sender is None:
        return _OF_STRANGERS, None
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return office.limits.max_bytes_packet + _LARGEST_FORM, sender
    return _LARGEST_FORM, sender


def _sender(request: Request, office: Office) -> int | None:
    """The account that sends it, a program by its token; None of who may only log in."""
    if is_api(request.url.path):
        found = bearer_in(request, office)
        return found.person.id if found else None
    visit = visit_of(request, office)
    return None if visit is None or visit.session.needs_code else visit.person.id
