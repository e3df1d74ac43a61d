"""Programs open files in the same turns as people."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from console.api.caller import Caller, caller
from console.opening_turns import OpeningTurns


async def _turn(request: Request, who: Annotated[Caller, Depends(caller)]) -> AsyncIterator[None]:
    turns: OpeningTurns = request.app.state.opening_turns
    async with turns.turn(who.person.staff_number):
        yield


OPENS_FILES = Depends(_turn, scope="function")
"""The dependency of a route that opens what a program handed in."""
