"""The web console: one FastAPI app on one office."""

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from console import answers
from console.edge import Edge
from console.guard import ChangePasswordFirst, LogInFirst, from_our_form
from console.missing import Missing
from console.pages import (
    accounts,
    activities,
    approvals,
    batches,
    boards,
    campaign,
    claims,
    corrections,
    covers,
    doors,
    enrolments,
    failures,
    home,
    members,
    one_claim,
    one_enrolment,
    packets,
    passwords,
    relief,
    renewals,
    unit,
    units,
)
from console.render import STATIC
from console.session import cookies_of
from rules.errors import Refused
from workflows.office import Office
from workflows.renewal_papers import NoSuchNotice

AREAS = (
    doors,
    passwords,
    home,
    unit,
    enrolments,
    one_enrolment,
    units,
    members,
    claims,
    covers,
    one_claim,
    corrections,
    approvals,
    batches,
    renewals,
    failures,
    packets,
    boards,
    relief,
    activities,
    campaign,
    accounts,
)


def build(office: Office) -> FastAPI:
    """The console of this office."""
    cookies_of(office)  # Refused at start rather than at the first log-in
    app = FastAPI(
        title="Huzhu",
        openapi_url=None,
        dependencies=[Depends(from_our_form)],
        # What it would record holds messages of exceptions, and these may hold personal data.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.office = office
    app.add_middleware(Edge, secure=office.settings.secure_cookies)
    app.add_exception_handler(LogInFirst, answers.to_log_in)
    app.add_exception_handler(ChangePasswordFirst, answers.to_new_password)
    app.add_exception_handler(Refused, answers.refused)
    app.add_exception_handler(Missing, answers.missing)
    app.add_exception_handler(NoSuchNotice, answers.missing)
    app.add_exception_handler(HTTPException, answers.misfit)
    app.add_exception_handler(RequestValidationError, answers.incomplete)
    for area in AREAS:
        app.include_router(area.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
