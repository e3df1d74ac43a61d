"""Around every route: whoever is given a file, or is refused an act, is noted in the log first.

What is not a page is a file, so that no route can serve one unseen. A file that cannot be noted is
not handed out.
"""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workflows.engine.office import Office
from workflows.people.watched import AskedFor, note_refusal, note_view

_PAGE = "text/html"


class Watched:
    """Notes what the answers of the console hand out and refuse."""

    def __init__(self, app: ASGIApp, *, office: Office) -> None:
        self._app, self._office = app, office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._note(request, message)
            await send(message)

        await self._app(scope, receive, send_on)

    async def _note(self, request: Request, start: Message) -> None:
        person = getattr(request.state, "person", None)
        if person is None:
            return
        if why := getattr(request.state, "refusal", ""):
            await run_in_threadpool(self._note_refusal, request, person.id, why)
        elif is_file(start) and not getattr(request.state, "names_nobody", False):
            await run_in_threadpool(self._note_view, request, person.id)

    def _note_refusal(self, request: Request, person_id: int, why: str) -> None:
        with self._office.sessions.unit_of_work() as session:
            note_refusal(session, self._office, person_id, why, _asked(request))

    def _note_view(self, request: Request, person_id: int) -> None:
        with self._office.sessions.unit_of_work() as session:
            note_view(session, self._office, person_id, _asked(request))


def is_file(start: Message) -> bool:
    """Whether this answer has something in it that is no page."""
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == 200 and bool(kind) and not kind.startswith(_PAGE)


def _asked(request: Request) -> AskedFor:
    """The route and its numbers. What stands in a form is typed by people, and not kept."""
    route = f"{request.scope.get('root_path', '')}{getattr(request.scope.get('route'), 'path', '')}"
    numbers = {**request.query_params, **request.path_params}
    return AskedFor.of(f"{request.method} {route}", numbers)
