"""The failed list: try one again, or all that failed for the same cause."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import FailureReader, Retrier, TheOffice
from console.queries.failures import failure_groups, retried_lately
from console.render import back_to, is_ours, page
from language import _
from workflows import failures

router = APIRouter(prefix="/failures")


@router.get("")
def listed(request: Request, office: TheOffice, person: FailureReader) -> Response:
    """The parked rows by cause, and the results of the latest retries."""
    with office.sessions.read_only() as session:
        groups, tried = failure_groups(session), retried_lately(session, office)
    return page(request, "failures.html", groups=groups, tried=tried)


@router.post("/retry")
def retry(
    request: Request,
    office: TheOffice,
    person: Retrier,
    machine: Annotated[str, Form()],
    row: Annotated[int, Form()],
    back: Annotated[str, Form()] = "/failures",
) -> Response:
    """Retry one row at the step where it stopped."""
    with office.sessions.unit_of_work() as session:
        failures.retry(session, office, person, machine, row)
    return back_to(request, back if is_ours(back) else "/failures", _("已放回流程"))


@router.post("/retry-all")
def retry_all(
    request: Request,
    office: TheOffice,
    person: Retrier,
    machine: Annotated[str, Form()],
    step: Annotated[str, Form()],
    cause: Annotated[str, Form()],
) -> Response:
    """Retry every row that was parked for this cause."""
    with office.sessions.unit_of_work() as session:
        count = failures.retry_all(session, office, person, machine, step, cause)
    return back_to(request, "/failures", _("已放回流程：%(count)s 项") % {"count": count})
