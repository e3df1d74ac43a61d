"""Programs with tokens, as two administrators and the account's person make them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import InvalidURL, Response

from models import User
from models.people import Role
from tests.desk import Desk
from workflows.people import api_tokens
from workflows.people.api_tokens import AskedToken
from workflows.people.rights import Act


@dataclass
class Program:
    """A program that calls the API with its token."""

    client: TestClient
    secret: str
    token_id: int
    user: User
    writes: int = 0

    def get(self, path: str, **more: Any) -> Response:
        answer: Response = self.client.get("/api/v1" + path, headers=self._headers(), **more)
        return answer

    def post(self, path: str, key: str = "", **more: Any) -> Response:
        """Write, with a new key unless one is given."""
        self.writes += 1
        headers = self._headers() | {"Idempotency-Key": key or f"write-{self.writes:04}"}
        answer: Response = self.client.post("/api/v1" + path, headers=headers, **more)
        return answer

    def send(self, made: dict[str, Any]) -> int:
        """The status of a request that was made up; 0 of one that cannot be sent at all."""
        headers = {name: text for name, text in made.pop("headers").items() if text.isascii()}
        # The client of the tests takes a file's content for a stream unless it is bytes or text.
        files = [(name, _as_file(each)) for name, each in made.pop("files", None) or ()]
        made = {"headers": headers | self._headers(), "files": files or None, **made}
        try:
            return self.client.request(**made).status_code
        except (InvalidURL, UnicodeError, ValueError):
            return 0

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def _as_file(sent: Any) -> Any:
    if isinstance(sent, tuple):
        return (sent[0], _as_file(sent[1]), *sent[2:])
    return sent if isinstance(sent, bytes | str) else str(sent).encode()


@pytest.fixture
def program(desk: Desk, app: FastAPI) -> Callable[..., Program]:
    """A program of an account with this role, or of this account, that may do these acts; without
    any, all that its role lets a program do."""

    def made(whose: Role | User, *acts: Act) -> Program:
        user = whose if isinstance(whose, User) else desk.user(whose)
        token_id, secret = drawn(desk, user, *acts)
        client = TestClient(app, raise_server_exceptions=False)
        return Program(client, secret, token_id, user)

    return made


def drawn(desk: Desk, user: User, *acts: Act) -> tuple[int, str]:
    """The id and the secret of a new token."""
    system, security = desk.user(Role.SYSTEM_ADMIN), desk.user(Role.SECURITY_ADMIN)
    office, last = desk.office, desk.office.today() + timedelta(days=30)
    asked = AskedToken(user, "scanner", acts or api_tokens.acts_for(user), last)
    with office.sessions.unit_of_work() as session:
        token_id = api_tokens.ask_for_token(session, office, system, asked).id
    with office.sessions.unit_of_work() as session:
        api_tokens.agree_to_token(session, office, security, token_id)
    with office.sessions.unit_of_work() as session:
        return token_id, api_tokens.draw_token(session, office, user, token_id)
