"""A refused form for a browser without scripts: its page again, with what was typed and the
sentence at the field.

With scripts the page stays as it is, and forms.js puts the sentence there.
"""

from collections import defaultdict

from lxml import html
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Message

from console.guard import HERE, TOKEN
from console.render import is_ours

_NOT_TYPED = ("hidden", "submit", "button", "file", "checkbox", "radio")


async def refilled(
    request: Request, status: int, sentence: str, at: str, row: int
) -> Response | None:
    """The page the form stands on, the form filled in as it was sent; None if there is none."""
    form = await request.form()
    here = str(form.get(HERE, ""))
    shown = await _page_at(request, here) if is_ours(here) else None
    if shown is None:
        return None
    tree = html.document_fromstring(shown)
    found = _form_in(tree, request.url.path, form)
    if found is None:
        return None
    _fill(found, form)
    _open(found)
    _put(found, sentence, at, row)
    return HTMLResponse(html.tostring(tree, encoding="unicode", doctype="<!doctype html>"), status)


async def _page_at(request: Request, path: str) -> str | None:
    """What a GET of this path would show to the same browser; None if it shows no page."""
    status, body = 0, b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    kept = [(name, value) for name, value in request.headers.raw if name == b"cookie"]
    scope = {name: request.scope[name] for name in ("type", "http_version", "scheme", "server")}
    scope |= {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": kept, "client": request.scope.get("client"), "root_path": ""}
    await request.app(scope, receive, send)
    return body.decode() if status == 200 else None


def _form_in(tree: html.HtmlElement, path: str, form: FormData) -> html.HtmlElement | None:
    """The form that was sent: of those that go to this path, the one whose fixed values are."""
    going = [
        each
        for each in tree.xpath("//main//form")
        if path in (each.get("action"), *each.xpath(".//button/@formaction"))
    ]

    def same(each: html.HtmlElement) -> int:
        hidden = each.xpath(".//input[@type='hidden'][@name!=$token]", token=TOKEN)
        return sum(part.get("value", "") in form.getlist(part.get("name")) for part in hidden)

    return max(going, key=same, default=None)


def _fill(found: html.HtmlElement, form: FormData) -> None:
    sent = defaultdict(list)
    for name, value in form.multi_items():
        if isinstance(value, str):
            sent[name].append(value)
    for part in found.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, shape = part.get("name"), part.get("type", "text")
        if shape in ("checkbox", "radio"):
            part.checked = part.get("value") in sent[name]
        elif part.tag == "select" and sent[name]:
            _choose(part, sent[name].pop(0))
        elif part.tag == "textarea" and sent[name]:
            part.text = sent[name].pop(0)
        elif shape not in _NOT_TYPED and sent[name]:
            part.set("value", sent[name].pop(0))


def _choose(select: html.HtmlElement, value: str) -> None:
    for option in select.iter("option"):
        option.attrib.pop("selected", None)
        if option.get("value") == value:
            option.set("selected", "")


def _open(found: html.HtmlElement) -> None:
    """Show the form even where it stands in something closed."""
    found.attrib.pop("popover", None)
    for part in [*found.iterancestors("details"), *found.iter("details")]:
        part.set("open", "")


def _put(found: html.HtmlElement, sentence: str, at: str, row: int) -> None:
    """Put the sentence behind the field it is about, or before the form's first field."""
    fault = html.Element("p", {"class": "fault", "role": "alert"})
    fault.text = sentence
    typed = [part for part in found.xpath(".//input | .//select | .//textarea") if _is_typed(part)]
    named = [part for part in typed if part.get("name") == at]
    part = named[min(row, len(named)) - 1] if named else typed[0] if len(typed) == 1 else None
    if part is None:
        found.insert(0, fault)
        return
    part.set("aria-invalid", "true")
    part.set("autofocus", "")
    part.addnext(fault)
    fault.tail, part.tail = part.tail, None


def _is_typed(part: html.HtmlElement) -> bool:
    return part.tag != "input" or part.get("type", "text") not in ("hidden", "submit", "button")
