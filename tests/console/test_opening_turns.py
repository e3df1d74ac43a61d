"""Files are opened a few at a time, and of one person one at a time."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from console.guard import logged_in
from console.opening_turns import OPENS_FILES, OpeningTurns
from models import User
from rules.errors import Transient


def test_one_person_opens_one_file_and_all_together_three() -> None:
    async def tried() -> None:
        turns = OpeningTurns(patience=0.05)
        async with AsyncExitStack() as held:
            for person in ("A", "B", "C"):
                await held.enter_async_context(turns.turn(person))
            for person in ("A", "D"):
                with pytest.raises(Transient, match="稍后再试"):
                    await held.enter_async_context(turns.turn(person))
        async with turns.turn("A"), turns.turn("D"):
            with pytest.raises(Transient, match="稍后再试"):
                async with turns.turn("A"):
                    pass

    asyncio.run(tried())


def test_who_waits_comes_next() -> None:
    async def tried() -> list[str]:
        turns, seen = OpeningTurns(), list[str]()

        async def opens(name: str) -> None:
            async with turns.turn("A"):
                seen.append(f"{name} opens")
                await asyncio.sleep(0)
                seen.append(f"{name} ends")

        await asyncio.gather(*map(opens, ("one", "two")))
        return seen

    assert asyncio.run(tried()) == ["one opens", "one ends", "two opens", "two ends"]


def test_a_turn_ends_before_the_answer_is_read() -> None:
    app = FastAPI()
    app.state.opening_turns = turns = OpeningTurns(patience=0.5)
    app.dependency_overrides[logged_in] = lambda: User(staff_number="A")

    class SlowlyRead(Response):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async with turns.turn("A"):
                await super().__call__(scope, receive, send)

    @app.get("/file", dependencies=[OPENS_FILES])
    def file() -> SlowlyRead:
        return SlowlyRead(b"read")

    assert TestClient(app).get("/file").content == b"read"
