"""Each write carries an Idempotency-Key: sent again, it is answered as the first time."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Annotated

from fastapi import Header
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse

from console.api.caller import Caller
from workflows.people.api_answers import answer_once

OnceKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern="^[A-Za-z0-9._:-]+$",
        description="由调用方生成，每个操作一个；重发同一请求时用同一个",
    ),
]


def done_once(
    request: Request,
    who: Caller,
    key: str,
    asked: Sequence[str],
    act: Callable[[Session], dict[str, object]],
    status: int = 200,
) -> JSONResponse:
    """Do the act in one transaction with its answer. `asked` is what came beside the address."""
    parts = [request.method, request.url.path, *asked]
    with who.office.sessions.unit_of_work() as session:
        answered = answer_once(session, who.office, who.token, key, parts, act)
    headers = {"Idempotency-Replayed": "true"} if answered.is_repeated else {}
    return JSONResponse(answered.body, status, headers)


def in_digests(files: Sequence[tuple[str, bytes]]) -> list[str]:
    """What tells these files from others: their names and contents."""
    return [part for name, data in files for part in (name, sha256(data).hexdigest())]
