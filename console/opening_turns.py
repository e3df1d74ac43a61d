"""How many handed-in files the console opens at a time: each may keep a process busy for long.

Who waits for his turn holds neither a thread nor a connection of the database.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from typing import Annotated, Any
from weakref import WeakValueDictionary

from fastapi import Depends
from starlette.requests import Request

from console.guard import logged_in
from language import _
from models import User
from rules.errors import Transient

_AT_ONCE = 3
_PATIENCE = 60.0


class OpeningTurns:
    """The turns of all who open files at this console, and of each person one."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._all = asyncio.Semaphore(_AT_ONCE)
        self._own: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncIterator[None]:
        """While this person opens a file; Transient if his turn does not come."""
        own = self._own.setdefault(person, asyncio.Lock())
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._all)
            except TimeoutError:
                raise Transient(_("正在打开的文件太多，请稍后再试")) from None
            yield


async def _turn(
    request: Request, person: Annotated[User, Depends(logged_in)]
) -> AsyncIterator[None]:
    turns: OpeningTurns = request.app.state.opening_turns
    async with turns.turn(person.staff_number):
        yield


OPENS_FILES = Depends(_turn, scope="function")
"""The dependency of a route, or of all routes of a router, that opens what somebody handed in. The
turn ends before the answer is sent, which a browser may read as slowly as it likes."""


def opens_files_if(opens: Callable[..., bool]) -> Any:
    """The same for a route that opens a file only where this dependency says so: else whoever has
    just done something waits for others before he sees that it is done."""

    async def turn_if(
        request: Request,
        person: Annotated[User, Depends(logged_in)],
        is_asked: Annotated[bool, Depends(opens)],
    ) -> AsyncIterator[None]:
        turns: OpeningTurns = request.app.state.opening_turns
        async with turns.turn(person.staff_number) if is_asked else nullcontext():
            yield

    return Depends(turn_if, scope="function")
