"""No number and no sign that a column cannot hold makes any page fail: each input of each route is
tried with both."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from models.people import Role
from tests.console.conftest import Visitor
from tests.desk import Desk

At = Callable[..., Visitor]
Tried = tuple[str, str, str, str]

NUL, LARGE = "a\x00", str(2**63)


def inputs(app: FastAPI) -> Iterator[Tried]:
    """Method, address, place and name of each input of the console's routes."""
    told = get_openapi(title="x", version="1", routes=app.routes)
    forms = told["components"]["schemas"]
    for path, methods in told["paths"].items():
        for method, route in methods.items():
            for each in route.get("parameters", ()):
                yield method, path, each["in"], each["name"]
            for body in route.get("requestBody", {}).get("content", {}).values():
                name = body["schema"].get("$ref", "").rpartition("/")[2]
                for field in forms.get(name, {}).get("properties", {}):
                    yield method, path, "form", field


def answered(screen: Visitor, tried: Tried, value: str) -> int:
    """The status of the route with this value in this input, and numbers in all others."""
    method, path, place, name = tried
    for part in path.split("/"):
        if part.startswith("{"):
            own = part.strip("{}").partition("}")[0]
            path = path.replace(f"{{{own}}}", value if (place, name) == ("path", own) else "1")
    path = path.replace("\x00", "%00")
    query = {name: value} if place == "query" else {}
    if method == "get":
        return screen.get(path, params=query).status_code
    return screen.post(path, {name: value} if place == "form" else {}, params=query).status_code


@pytest.mark.parametrize(
    "roles",
    [(Role.CLERK, Role.CASHIER), (Role.SUPERVISOR,), (Role.SYSTEM_ADMIN,), (Role.SECURITY_ADMIN,)],
    ids=["clerk", "supervisor", "system", "security"],
)
def test_no_input_of_any_page_makes_it_fail(
    desk: Desk, app: FastAPI, at_desk: At, roles: tuple[Role, ...]
) -> None:
    desk.claim(desk.member())
    screen, shut, failed = at_desk(*roles), set(), []
    tried = [each for each in inputs(app) if each[1] not in ("/logout", "/password")]
    assert len(tried) > 300
    for each in tried:
        for value in () if each[:2] in shut else (NUL, LARGE):
            status = answered(screen, each, value)
            if status >= 500:
                failed.append((each, value))
            if status == 403:
                shut.add(each[:2])
                break
    assert failed == []
