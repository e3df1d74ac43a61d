"""A browser without a browser: logs in, sends the token with each form, follows redirects."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from console.app import build
from models import User
from models.people import Role
from workflows.engine.office import Office
from workflows.people.sessions import Browser, begin_whole_session

_TOKEN = re.compile(r'name="token" value="(\w+)"')


@dataclass
class Visitor:
    """One browser at the console."""

    office: Office
    client: TestClient

    def get(self, path: str, **more: Any) -> Response:
        answer: Response = self.client.get(path, **more)
        return answer

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> Response:
        """Send a form as a page of the console would."""
        data = {"token": self.token(), **(form or {})}
        answer: Response = self.client.post(path, data=data, **more)
        return answer

    def token(self) -> str:
        found = _TOKEN.search(self.client.get("/login").text)
        assert found is not None
        return found[1]

    def log_in(self, user: User) -> None:
        """He is logged in here, without the pages that ask for password and code."""
        with self.office.sessions.unit_of_work() as session:
            token = begin_whole_session(session, self.office, user, Browser("testclient", "tests"))
        self.client.cookies.clear()
        self.client.cookies.set("huzhu", token)


Visitors = Callable[..., Visitor]


@pytest.fixture
def app(office: Office) -> FastAPI:
    return build(office)


@pytest.fixture
def visitor(app: FastAPI, office: Office) -> Visitors:
    """A new browser without a log-in."""
    return lambda: Visitor(office, TestClient(app, raise_server_exceptions=False))


@pytest.fixture
def at_desk(visitor: Callable[[], Visitor], a_user: Callable[..., User]) -> Callable[..., Visitor]:
    """A browser in which a new person with these roles is logged in."""

    def logged_in(*roles: Role) -> Visitor:
        found = visitor()
        found.log_in(a_user(*roles))
        return found

    return logged_in
