"""Around every request: its id, language, security headers, exceptions that nothing caught."""

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.api.problems import fault, is_api, problem
from console.render import page
from console.upload_limits import BodiesHeld, SentBody
from language import SOURCE, speaking
from workflows.engine.causes import frames_of, kind_and_place
from workflows.engine.origin import Channel, Origin, coming_from, correlation, well_formed

log = logging.getLogger("huzhu.console")

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_ID = "X-Request-ID"
_HTTPS_ONLY = "max-age=31536000; includeSubDomains"


class RequestFrame:
    """Sets origin, language and headers for a request, and answers when everything below failed."""

    def __init__(self, app: ASGIApp, *, secure: bool, has_proxy: bool, largest: int) -> None:
        self._app = app
        self._held = BodiesHeld(largest)
        self._has_proxy = has_proxy
        self._headers = _HEADERS | ({"Strict-Transport-Security": _HTTPS_ONLY} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        with coming_from(_origin_of(request, self._has_proxy)):
            await self._answer(request, receive, send)

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        scope, began = request.scope, time.monotonic()
        body = await SentBody.of(request, receive)
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                await body.throw_away_the_rest()
                begun = True
                _log_end(request, message, began)
                self._add_headers(request, message)
                if not body.is_whole:
                    # What follows must neither be read on nor be taken for the next request.
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        with speaking(request.cookies.get("huzhu_language", SOURCE)):
            try:
                body.refuse_by_headers()
                with self._held.hold(body):
                    await self._app(scope, body.receive, send_on)
            except HTTPException as refusal:
                answer = _refusal(request, refusal)
                answer.headers.update(refusal.headers or {})
                await answer(scope, receive, send_on)
            except Exception as error:  # noqa: BLE001 - the last place where a fault can be told
                # The message of an exception may hold what a person wrote: kind and place only.
                cause = kind_and_place(error)
                log.error("request failed: cause=%s frames=%s", cause, frames_of(error))
                if begun:
                    raise ConnectionAbortedError(correlation()) from None
                await _fault(request)(scope, receive, send_on)

    def _add_headers(self, request: Request, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers.update(self._headers)
        headers[_ID] = correlation()
        if not request.url.path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"


def _origin_of(request: Request, has_proxy: bool) -> Origin:
    """A proxy may have given the request an id, so that its own log has the same; where there is
    none, a browser's word for it counts for nothing."""
    address = request.client.host if request.client else ""
    sent = request.headers.get(_ID) if has_proxy else None
    channel = Channel.API if is_api(request.url.path) else Channel.CONSOLE
    return Origin(channel, address, well_formed(sent))


def _refusal(request: Request, refusal: HTTPException) -> Response:
    if is_api(request.url.path):
        return problem(refusal.status_code, refusal.detail)
    return page(request, "refused.html", refusal.status_code, sentence=refusal.detail)


def _fault(request: Request) -> Response:
    if is_api(request.url.path):
        return fault(request, None)
    return page(request, "bug.html", 500)


def _log_end(request: Request, start: Message, began: float) -> None:
    """One line for each page and act: by its route, since an address may hold what was typed."""
    route, person = request.scope.get("route"), getattr(request.state, "person", None)
    if request.url.path.startswith("/static/"):
        return
    log.info(
        "method=%s route=%s status=%s ms=%s person=%s",
        request.method,
        f"{request.scope.get('root_path', '')}{route.path}" if route else None,
        start["status"],
        round((time.monotonic() - began) * 1000),
        person.id if person else None,
    )
