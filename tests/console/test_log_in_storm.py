"""Many log in at once: they wait for each other, and nobody else waits for them."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import select

from console.app import build
from models import LogInAttempt
from models.people import Role
from tests.desk import Desk
from workflows.people import hashing

TOKEN = re.compile(r'name="token" value="(\w+)"')
SLOW = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=2)


@pytest.fixture
def slow_hash(monkeypatch: pytest.MonkeyPatch) -> str:
    """Hashes that take a while, as where the program is in use."""
    monkeypatch.setattr(hashing, "_HASHER", SLOW)
    hashing.hash_of_nobody.cache_clear()
    return SLOW.hash("a password nobody tries")


async def tried(app: FastAPI, login: str) -> Response:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as client:
        found = TOKEN.search((await client.get("/login")).text)
        assert found is not None
        form = {"token": found[1], "login": login, "password": "wrong"}
        answer: Response = await client.post("/login", data=form)
        return answer


async def slowest_page_and_whole_storm(app: FastAPI, logins: list[str]) -> tuple[float, float]:
    """How long the slowest page took that was opened while all these logged in, and how long the
    last of them took to be answered."""
    begun = time.perf_counter()
    storm = asyncio.gather(*(tried(app, login) for login in logins))
    pages = []
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as client:
        while not storm.done():
            asked = time.perf_counter()
            assert (await client.get("/login")).status_code == 200
            pages.append(time.perf_counter() - asked)
            await asyncio.sleep(0)
    assert {answer.status_code for answer in await storm} == {401}
    return max(pages), time.perf_counter() - begun


@pytest.mark.usefixtures("slow_hash")
def test_pages_stay_quick_while_thirty_log_in(desk: Desk) -> None:
    app = build(desk.office)
    slowest, whole = asyncio.run(
        slowest_page_and_whole_storm(app, [f"nobody{at}" for at in range(30)])
    )
    assert slowest < whole / 3


@pytest.mark.usefixtures("slow_hash")
def test_more_than_can_wait_are_told_to_come_later(
    desk: Desk, visitor: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, login = visitor(), desk.user(Role.CLERK).login
    taken = [hashing._waiting.acquire(blocking=False) for _ in range(hashing._MOST_WAITING)]
    assert all(taken)
    try:
        answer = screen.post("/login", {"login": login, "password": "correct horse battery"})
    finally:
        for _place in taken:
            hashing._waiting.release()
    assert answer.status_code == 503
    assert "正在登录的人太多，请稍后再试" in answer.text
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(LogInAttempt)).all() == [], "who is sent away tried nothing"
