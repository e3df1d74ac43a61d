"""The API as an app of its own inside the console: no cookie opens it, no page leads to it."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from console.api import batches, claims, figures, happened, packets, problems, rosters
from console.api.caller import SHOWS_SCHEME
from console.opening_turns import OpeningTurns
from rules.errors import Refused, Transient
from workflows.engine.office import Office

AREAS = (packets, claims, rosters, batches, figures, happened)

PATH = "/api/v1"


def build_api(office: Office, turns: OpeningTurns) -> FastAPI:
    """The API of this office; files are opened in the same turns as those of the console."""
    api = FastAPI(
        title="Huzhu",
        version="1",
        docs_url=None,
        redoc_url=None,
        dependencies=[SHOWS_SCHEME],
        responses={"4XX": {"description": "Refused", "content": {"application/problem+json": {}}}},
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    api.state.office, api.state.opening_turns = office, turns
    api.add_exception_handler(Refused, problems.refused)
    api.add_exception_handler(Transient, problems.not_now)
    api.add_exception_handler(DataError, problems.unstorable)
    api.add_exception_handler(UnicodeEncodeError, problems.unstorable)
    api.add_exception_handler(HTTPException, problems.misfit)
    api.add_exception_handler(Exception, problems.fault)
    api.add_exception_handler(RequestValidationError, problems.incomplete)
    for area in AREAS:
        api.include_router(area.router)
    return api
