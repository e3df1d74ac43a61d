"""What a browser gets when an act is refused: a sentence, on a page or as a note over the page."""

import logging
from urllib.parse import unquote

from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.guard import CodeFirst, LogInFirst, office_of
from console.refilled import refilled
from console.render import page
from console.stale import Stale
from console.unstorable import UNSTORABLE, is_unstorable
from language import N_, _
from rules.errors import BadInput, Forbidden, Refused
from workflows.engine import broker_notes
from workflows.engine.office import Office
from workflows.people.reveals import TooManyReveals, note_refused

log = logging.getLogger("huzhu.console")

_SENTENCES = {
    403: N_("您的岗位不能使用此页"),
    404: N_("没有这一页"),
    405: N_("此操作不能这样使用"),
}


async def refused(request: Request, error: Exception) -> Response:
    """A person may not do this now, or what was keyed cannot be understood."""
    assert isinstance(error, Refused)
    if isinstance(error, Forbidden):
        request.state.refusal = error.why
    status = 422 if isinstance(error, BadInput) else 409
    if isinstance(error, Stale) and "hx-request" in request.headers:
        return _say(request, status, str(error), error.at, shown=error.shown)
    return await _at_the_form(request, status, str(error), error.at, error.row)


async def too_many_reveals(request: Request, error: Exception) -> Response:
    """The person wants to see more numbers than one needs: he is refused, and somebody is told."""
    assert isinstance(error, TooManyReveals)
    await run_in_threadpool(_note_reveal, office_of(request), error)
    return await refused(request, error)


def _note_reveal(office: Office, error: TooManyReveals) -> None:
    with office.sessions.unit_of_work() as session:
        note_refused(session, office, error)
    log.warning("reveals over the limit: person=%s within=%s", error.person.id, error.within)
    kind = f"{error.within.total_seconds() / 3600:.0f} h"
    broker_notes.count(office.settings.redis_url, broker_notes.NOT_REVEALED, kind)


async def not_now(request: Request, error: Exception) -> Response:
    """This machine cannot do it now, and will later: what was typed stays."""
    return await _at_the_form(request, 503, str(error), "", 1)


async def unstorable(request: Request, error: Exception) -> Response:
    """A number or sign that no column can hold, wherever it was typed; any other fault is a bug."""
    if not is_unstorable(error):
        raise error
    return await _at_the_form(request, 422, _(UNSTORABLE), "", 1)


async def out_of_date(request: Request, error: Exception) -> Response:
    """A form of a former visit: what was typed stays, and may be sent from the page of this one."""
    sentence = _("页面已过期，请刷新后重试")
    if "hx-request" in request.headers:
        return _say(request, 403, sentence + _("；所填内容会保留"))
    again = _("页面已过期，所填内容已保留：请核对后再按一次")
    return await refilled(request, 403, again, "", 1) or _say(request, 403, sentence)


def not_found(request: Request, error: Exception) -> Response:
    """There is no such thing, or this person must not know of it."""
    assert isinstance(error, Forbidden)
    request.state.refusal = error.why
    return _say(request, 404, _(_SENTENCES[404]))


def misfit(request: Request, error: Exception) -> Response:
    """An HTTP error; only sentences of our own are shown."""
    assert isinstance(error, HTTPException)
    if error.status_code == 403:
        request.state.refusal = Forbidden.why
    ours = error.status_code in (403, 413) and error.detail != "Forbidden"
    known = _SENTENCES.get(error.status_code, N_("请求无法处理"))
    return _say(request, error.status_code, error.detail if ours else _(known))


async def incomplete(request: Request, error: Exception) -> Response:
    """A form that lacks a field or holds too much in one; an address with a number that is none."""
    assert isinstance(error, RequestValidationError)
    if request.method == "GET":
        return _say(request, 404, _(_SENTENCES[404]))
    general = _("提交的内容不完整，请检查后重试")
    return await _at_the_form(request, 422, general, *_fault(error, general))


async def to_log_in(request: Request, error: Exception) -> Response:
    """Show the log-in page first; words that were sent in a form stand on it, to be copied.

    With scripts the page keeps them (forms.js).
    """
    assert isinstance(error, LogInFirst)
    path = f"/login?back={error.back}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": path})
    if request.method != "GET" and (words := await _words_sent(request)):
        back = unquote(error.back)
        return page(request, "login.html", 401, back=back, login="", fault="", words_sent=words)
    return RedirectResponse(path, 303)


async def _words_sent(request: Request) -> list[str]:
    """What a person wrote, not what the form itself sends along."""
    sent = [value for value in (await request.form()).values() if isinstance(value, str)]
    return [text for text in sent if any(sign > "\u2e80" for sign in text)]


def to_code(request: Request, error: Exception) -> Response:
    """Show the page where the second factor is given first."""
    assert isinstance(error, CodeFirst)
    path = f"/second-factor?back={error.back}"
    if "hx-request" in request.headers:
        return Response(status_code=403, headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)


def to_new_password(request: Request, error: Exception) -> Response:
    """Show the page where the password is changed first."""
    if "hx-request" in request.headers:
        return Response(status_code=403, headers={"HX-Redirect": "/password"})
    return RedirectResponse("/password", 303)


def _fault(error: RequestValidationError, general: str) -> tuple[str, int, str]:
    """The field at fault, its row and a sentence to stand there, by the first of the faults."""
    first = error.errors()[0]
    at, most = str(first["loc"][-1]), (first.get("ctx") or {}).get("max_length")
    if first["type"] == "string_too_long":
        return at, 1, _("最多 %(most)s 个字") % {"most": most}
    if first["type"] == "value_error":
        return at, 1, str(first["ctx"]["error"])
    if first["type"] == "missing":
        return at, 1, _("请填写这一项")
    if first["type"].startswith("int_"):
        return at, 1, _("应为整数：%(text)s") % {"text": str(first["input"])[:20]}
    return at, 1, general


async def _at_the_form(
    request: Request, status: int, sentence: str, at: str, row: int, there: str = ""
) -> Response:
    """The sentence where the form stands, with what was typed; `there` is what it says at a field,
    if that is another."""
    there = there or sentence
    if "hx-request" in request.headers or request.method == "GET":
        return _say(request, status, there, at, row)
    filled = await refilled(request, status, there, at, row)
    return filled or _say(request, status, sentence)


def _say(
    request: Request, status: int, sentence: str, at: str = "", row: int = 1, shown: str = ""
) -> Response:
    if "hx-request" not in request.headers:
        return page(request, "refused.html", status, sentence=sentence)
    response = page(
        request, "refusal_line.html", status, sentence=sentence, at=at, row=row, shown=shown
    )
    response.headers["HX-Retarget"] = "#said"
    response.headers["HX-Reselect"] = "#said"
    response.headers["HX-Reswap"] = "outerHTML"
    return response
