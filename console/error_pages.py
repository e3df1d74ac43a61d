"""What a browser gets when an act is refused: a sentence, on a page or as a note over the page."""

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.guard import LogInFirst
from console.render import page
from language import N_, _
from rules.errors import BadInput

_SENTENCES = {
    403: N_("您的岗位不能使用此页"),
    404: N_("没有这一页"),
    405: N_("此操作不能这样使用"),
}


def refused(request: Request, error: Exception) -> Response:
    """A person may not do this now, or what was keyed cannot be understood."""
    return _say(request, 422 if isinstance(error, BadInput) else 409, str(error))


def not_found(request: Request, error: Exception) -> Response:
    """There is no such thing, or this person must not know of it."""
    return _say(request, 404, _(_SENTENCES[404]))


def misfit(request: Request, error: Exception) -> Response:
    """An HTTP error; only sentences of our own are shown."""
    assert isinstance(error, HTTPException)
    ours = error.status_code == 403 and error.detail != "Forbidden"
    known = _SENTENCES.get(error.status_code, N_("请求无法处理"))
    return _say(request, error.status_code, error.detail if ours else _(known))


def incomplete(request: Request, error: Exception) -> Response:
    """A form that lacks a field, or an address with a number that is none."""
    assert isinstance(error, RequestValidationError)
    if request.method == "GET":
        return _say(request, 404, _(_SENTENCES[404]))
    return _say(request, 422, _("提交的内容不完整，请检查后重试"))


def to_log_in(request: Request, error: Exception) -> Response:
    """Show the log-in page first."""
    assert isinstance(error, LogInFirst)
    path = f"/login?back={error.back}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)


def to_new_password(request: Request, error: Exception) -> Response:
    """Show the page where the password is changed first."""
    if "hx-request" in request.headers:
        return Response(status_code=403, headers={"HX-Redirect": "/password"})
    return RedirectResponse("/password", 303)


def _say(request: Request, status: int, sentence: str) -> Response:
    if "hx-request" not in request.headers:
        return page(request, "refused.html", status, sentence=sentence)
    response = page(request, "refusal_line.html", status, sentence=sentence)
    response.headers["HX-Retarget"] = "#said"
    response.headers["HX-Reselect"] = "#said"
    response.headers["HX-Reswap"] = "outerHTML"
    return response
