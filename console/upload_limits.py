"""How much a browser may send: forms are small, files only from people who are logged in."""

from starlette.requests import Request
from starlette.types import Receive

from console.guard import office_of
from console.visits import cookies_of

_LARGEST_FORM = 2 * 1024 * 1024


def is_too_large(request: Request) -> bool:
    """Judged by the announced length, before anything is read; without one, nothing is taken."""
    if request.method in ("GET", "HEAD"):
        return False
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        return "transfer-encoding" in request.headers
    return int(length) > _most(request)


async def drain(receive: Receive) -> None:
    """Let the browser finish sending; many show no answer before they have."""
    while (await receive()).get("more_body"):
        pass


def _most(request: Request) -> int:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _LARGEST_FORM
    office = office_of(request)
    visit = cookies_of(office).visit(request)
    if visit is None or visit.user_id is None:
        return _LARGEST_FORM
    return office.limits.max_bytes_packet + _LARGEST_FORM
