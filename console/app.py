"""The web console: one FastAPI app on one office."""

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from console import error_pages
from console.api.app import PATH as API_PATH
from console.api.app import build_api
from console.guard import ChangePasswordFirst, CodeFirst, LogInFirst, OutOfDate, from_our_form
from console.middleware import RequestFrame
from console.not_found import NotFound
from console.opening_turns import OpeningTurns
from console.pages import (
    accounts,
    activities,
    api_tokens,
    approvals,
    audit_log,
    batches,
    book_months,
    books,
    campaign,
    checking,
    claims,
    corrections,
    covers,
    day_proofs,
    divisions,
    enrolments,
    failures,
    field_values,
    heirs,
    home,
    id_copies,
    login,
    my_account,
    objections,
    one_claim,
    one_enrolment,
    one_member,
    own_unit,
    packets,
    passwords,
    payees,
    paying_accounts,
    records,
    recoveries,
    relief,
    renewals,
    reply_cases,
    resting,
    roster_changes,
    second_factor,
    security_keys,
    settlements,
    sign_on,
    statements,
    statistics,
    subsidies,
    unanswered,
    undelivered,
    units,
)
from console.render import STATIC
from console.sealed_uploads import seal_uploads
from console.visits import cookies_of
from console.watching import Watched
from rules.errors import Refused, Transient
from workflows.engine.office import Office
from workflows.people.reveals import TooManyReveals
from workflows.renewal.reminder_papers import NoSuchNotice

AREAS = (
    login,
    sign_on,
    second_factor,
    security_keys,
    passwords,
    my_account,
    home,
    own_unit,
    enrolments,
    one_enrolment,
    id_copies,
    roster_changes,
    units,
    one_member,
    checking,
    claims,
    covers,
    one_claim,
    corrections,
    field_values,
    divisions,
    heirs,
    approvals,
    batches,
    books,
    day_proofs,
    book_months,
    statements,
    paying_accounts,
    objections,
    records,
    recoveries,
    reply_cases,
    unanswered,
    undelivered,
    renewals,
    resting,
    failures,
    packets,
    settlements,
    payees,
    statistics,
    subsidies,
    relief,
    activities,
    campaign,
    accounts,
    api_tokens,
    audit_log,
)


def build(office: Office) -> FastAPI:
    """The console of this office."""
    seal_uploads()
    cookies_of(office)  # Refused at start rather than at the first log-in
    app = FastAPI(
        title="Huzhu",
        openapi_url=None,
        dependencies=[Depends(from_our_form)],
        # What it would record holds messages of exceptions, and these may hold personal data.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.office, app.state.opening_turns = office, OpeningTurns()
    app.add_middleware(Watched, office=office)
    app.add_middleware(
        RequestFrame,
        secure=office.settings.secure_cookies,
        has_proxy=bool(office.settings.trusted_proxies),
        largest=office.limits.max_bytes_packet,
    )
    app.add_exception_handler(LogInFirst, error_pages.to_log_in)
    app.add_exception_handler(CodeFirst, error_pages.to_code)
    app.add_exception_handler(ChangePasswordFirst, error_pages.to_new_password)
    app.add_exception_handler(OutOfDate, error_pages.out_of_date)
    app.add_exception_handler(TooManyReveals, error_pages.too_many_reveals)
    app.add_exception_handler(Refused, error_pages.refused)
    app.add_exception_handler(Transient, error_pages.not_now)
    app.add_exception_handler(DataError, error_pages.unstorable)
    app.add_exception_handler(NotFound, error_pages.not_found)
    app.add_exception_handler(NoSuchNotice, error_pages.not_found)
    app.add_exception_handler(HTTPException, error_pages.misfit)
    app.add_exception_handler(RequestValidationError, error_pages.incomplete)
    for area in AREAS:
        app.include_router(area.router)
    app.mount(API_PATH, build_api(office, app.state.opening_turns))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
