"""Turns a template into a page, with what every page shows: person, language, menu, last word."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console import formatting
from console.guard import office_of
from console.visits import Notice, cookies_of
from language import LANGUAGES, N_, _, current
from models.people import ROLE_WORDS
from settings import ROOT
from workflows.engine.origin import correlation
from workflows.people.identity_provider import is_known
from workflows.people.rights import Act, may
from workflows.people.sessions import new_token

TEMPLATES = ROOT / "templates" / "pages"
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Tab:
    """One entry of the menu."""

    path: str
    word: str
    act: Act


MENU = (
    Tab("/", N_("待办"), Act.LOOK_AROUND),
    Tab("/unit", N_("本单位"), Act.SEE_OWN_UNIT),
    Tab("/enrolments", N_("参保"), Act.SEE_ENROLMENTS),
    Tab("/claims", N_("案件"), Act.SEE_CLAIMS),
    Tab("/packets", N_("收件"), Act.HAND_IN),
    Tab("/approvals", N_("审批"), Act.APPROVE),
    Tab("/batches", N_("拨付"), Act.SEE_BATCHES),
    Tab("/objections", N_("异议"), Act.SEE_OBJECTIONS),
    Tab("/recoveries", N_("追回"), Act.SEE_RECOVERIES),
    Tab("/units", N_("单位"), Act.SEE_UNITS),
    Tab("/renewals", N_("续保"), Act.SEE_RENEWALS),
    Tab("/failures", N_("失败清单"), Act.SEE_FAILURES),
    Tab("/boards", N_("救助与统计"), Act.SEE_BOARDS),
    Tab("/people", N_("账户"), Act.SEE_PEOPLE),
    Tab("/log", N_("操作记录"), Act.SEE_LOG),
    Tab("/records", N_("保全与导出"), Act.HOLD_RECORDS),
)
# What lies under the last entry of the menu.
BOARDS = (
    Tab("/boards/relief", N_("二次救助"), Act.SEE_BOARDS),
    Tab("/boards", N_("参保排名"), Act.SEE_BOARDS),
    Tab("/boards/statistics", N_("统计与公示"), Act.SEE_STATISTICS),
    Tab("/boards/subsidy", N_("补助结算"), Act.SEE_STATISTICS),
    Tab("/boards/activities", N_("预防活动"), Act.SEE_BOARDS),
    Tab("/boards/campaign", N_("年度阶段"), Act.SEE_BOARDS),
)


def page(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """The page. It shows the kept sentence once, and begins a visit for a new browser."""
    cookies = cookies_of(office_of(request))
    said, known = cookies.said(request), cookies.visit(request)
    visit = known or new_token()
    context = _common(request) | {"said": said, "token": cookies.token(visit)} | context
    response = HTMLResponse(_environment().get_template(template).render(context), status)
    if not known:
        cookies.begin(response, visit)
    if said is not None:
        cookies.unsay(response)
    return response


def back_to(request: Request, path: str, sentence: str = "", *, is_bad: bool = False) -> Response:
    """Go to this page of the console after an act, and show the result there.

    A script that sent the form renews its own page; to another page the browser goes as a whole.
    """
    response: Response = RedirectResponse(path, 303)
    asked = request.headers.get("hx-current-url")
    if asked is not None and urlsplit(asked).path != urlsplit(path).path:
        response = Response(headers={"HX-Redirect": path})
    if sentence:
        cookies_of(office_of(request)).say(response, Notice(sentence, is_bad))
    return response


def is_ours(path: str) -> bool:
    """Whether this is a path on this site and cannot lead to another one."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def _common(request: Request) -> dict[str, Any]:
    person = getattr(request.state, "person", None)
    settings = office_of(request).settings
    has_entered = getattr(request.state, "has_entered", False)

    def opens(act: Act) -> bool:
        """Who has given his password alone may log out again, and sees nothing else."""
        return person is not None and has_entered and may(person, act)

    return {
        "person": person,
        "roles": [_(ROLE_WORDS[role]) for role in person.roles] if person else [],
        "may": lambda act: opens(Act(act)),
        "menu": [tab for tab in MENU if opens(tab.act)],
        "boards": [tab for tab in BOARDS if opens(tab.act)],
        "here": request.url.path,
        "language": current(),
        "correlation": correlation(),
        "languages": LANGUAGES,
        "office_name": settings.office_name,
        "sign_on": settings.oidc_name if is_known(settings) else "",
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(_, _plural, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(formatting.FILTERS)
    environment.globals["static"] = _static
    return environment


def _plural(one: str, many: str, number: int) -> str:
    return _(one if number == 1 else many)


@cache
def _static(name: str) -> str:
    """The address of a static file; it changes with the file, so browsers may keep it."""
    return f"/static/{name}?{(STATIC / name).stat().st_mtime_ns:x}"
