"""What a program is answered when its request is refused: RFC 9457, the sentence in `detail`."""

import logging
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from console.unstorable import UNSTORABLE, is_unstorable
from language import N_, _
from rules.errors import BadInput, Forbidden, Refused
from workflows.engine.origin import correlation

log = logging.getLogger("huzhu.console")

API = "/api/"
_LONGEST_VALUE = 40
_SENTENCES = {
    401: N_("请在 Authorization 中带上有效的接口令牌"),
    403: N_("这个接口令牌不能用于此操作"),
    404: N_("没有这个地址"),
    405: N_("此操作不能这样使用"),
}


def problem(status: int, sentence: str, field: str = "", value: str = "") -> JSONResponse:
    """A refusal: the sentence for people, the field it is about and what stood there."""
    told = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "field": field or None,
        "value": value[:_LONGEST_VALUE] or None,
        "correlation": correlation(),
    }
    return JSONResponse(told, status, media_type="application/problem+json")


def is_api(path: str) -> bool:
    """Whether a program asks, so that it is answered in JSON."""
    return path.startswith(API)


def refused(request: Request, error: Exception) -> JSONResponse:
    """The program's person may not do this now, or what was sent cannot be understood."""
    assert isinstance(error, Refused)
    if isinstance(error, Forbidden):
        request.state.refusal = error.why
        status = 404 if error.why == "not_found" else 403
        return problem(status, str(error) if status == 403 else _(_SENTENCES[404]))
    return problem(422 if isinstance(error, BadInput) else 409, str(error), error.at)


def fault(_request: Request, _error: Exception | None) -> JSONResponse:
    """The program itself failed; the log has the error under the number that is told."""
    return problem(500, _("程序出错，已记录；请把编号告诉管理员"))


def not_now(_request: Request, error: Exception) -> JSONResponse:
    """The same request may be sent again later."""
    return problem(503, str(error))


def unstorable(_request: Request, error: Exception) -> JSONResponse:
    """A number or sign that no column can hold; half a character can stand in JSON alone."""
    if not (isinstance(error, UnicodeEncodeError) or is_unstorable(error)):
        raise error
    return problem(422, _(UNSTORABLE))


def misfit(request: Request, error: Exception) -> JSONResponse:
    """An HTTP error; only sentences of our own are shown."""
    assert isinstance(error, HTTPException)
    if error.status_code == 403:
        request.state.refusal = Forbidden.why
    known = _SENTENCES.get(error.status_code, N_("请求无法处理"))
    answer = problem(error.status_code, _(known))
    answer.headers.update(error.headers or {})
    return answer


def incomplete(_request: Request, error: Exception) -> JSONResponse:
    """Something is missing or has the wrong form; the first of the faults is told."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    given = first.get("input")
    value = given if isinstance(given, str) else "" if first["type"] == "missing" else repr(given)
    if first["type"] == "missing":
        return problem(422, _("缺少“%(field)s”") % {"field": field}, field)
    words = {"field": field, "value": value[:_LONGEST_VALUE]}
    return problem(422, _("“%(field)s”不能是“%(value)s”") % words, field, value)
