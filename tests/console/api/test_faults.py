"""What a program is answered when ours fails."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount

from console.api.app import PATH
from models.people import Role
from tests.console.api.conftest import Program


def test_a_fault_of_ours_is_told_in_json_with_its_number(
    app: FastAPI, program: Callable[..., Program]
) -> None:
    its = program(Role.CLERK)
    [api] = [each.app for each in app.routes if isinstance(each, Mount) and each.path == PATH]
    assert isinstance(api, FastAPI)

    @api.get("/a-fault")
    def _breaks() -> None:
        raise ZeroDivisionError

    its.client = TestClient(app, raise_server_exceptions=False)
    told = its.get("/a-fault")
    assert told.status_code == 500
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["correlation"]
    assert "ZeroDivisionError" not in told.text
