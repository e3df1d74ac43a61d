"""Around every request: the language, the security headers, exceptions that nothing caught."""

import logging
import secrets
import traceback

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.render import page
from console.upload_limits import SentBody
from language import SOURCE, speaking
from workflows.engine.causes import cause_of

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
_HTTPS_ONLY = "max-age=31536000; includeSubDomains"


class RequestFrame:
    """Sets language and headers for a request, and answers when everything below has failed."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = _HEADERS | ({"Strict-Transport-Security": _HTTPS_ONLY} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = SentBody(request, receive)
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                await body.throw_away_the_rest()
                begun = True
                self._add_headers(request, message)
                if not body.is_whole:
                    # What follows must neither be read on nor be taken for the next request.
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        with speaking(request.cookies.get("huzhu_language", SOURCE)):
            try:
                body.refuse_by_headers()
                await self._app(scope, body.receive, send_on)
            except HTTPException as refusal:
                answer = page(request, "refused.html", refusal.status_code, sentence=refusal.detail)
                answer.headers.update(refusal.headers or {})
                await answer(scope, receive, send_on)
            except Exception as error:  # noqa: BLE001 - the last place where a fault can be told
                # The message of an exception may hold what a person wrote: kind and place only.
                mark = secrets.token_hex(4)
                frames = "".join(traceback.format_tb(error.__traceback__))
                log.error("mark=%s cause=%s\n%s", mark, cause_of(error), frames)
                if begun:
                    raise ConnectionAbortedError(mark) from None
                await page(request, "bug.html", 500, mark=mark)(scope, receive, send_on)

    def _add_headers(self, request: Request, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers.update(self._headers)
        if not request.url.path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"
