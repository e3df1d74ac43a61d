"""The auditor's page: search the log, turn its pages, take it along."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console import labels
from console.guard import LogReader, TheOffice
from console.logged import line_of, log_table
from console.pages.download import FileAnswer, attachment
from console.queries.audit_log import LogFilters, all_asked, one_page
from console.queries.logged_subjects import numbers_of, row_asked_for
from console.render import back_to, page
from documents.new_workbook import MEDIA_TYPE
from documents.plain_text import squeezed
from documents.tables import write_tables
from documents.typed_values import typed_day
from language import _
from models import User
from workflows.proof import AUDITED

router = APIRouter()


def _asked(
    office: TheOffice,
    since: str = "",
    until: str = "",
    actor: str = "",
    verb: str = "",
    subject: str = "",
    row: str = "",
) -> LogFilters:
    """What the address asks for; what cannot be understood asks for nothing."""
    usual = LogFilters.of_these_days(office)
    return LogFilters(
        since=typed_day(since) or usual.since,
        until=typed_day(until) or usual.until,
        actor=_number(actor),
        verb=verb if verb in labels.kinds_of_events() else "",
        subject=subject if subject in AUDITED else "",
        row=_number(row),
    )


AskedOfLog = Annotated[LogFilters, Depends(_asked)]


@router.get("/log")
def listed(
    request: Request,
    office: TheOffice,
    person: LogReader,
    filters: AskedOfLog,
    before: str = "",
) -> Response:
    """The events that were asked for, the latest first."""
    with office.sessions.read_only() as session:
        found, more = one_page(session, filters, _number(before))
        return page(
            request,
            "audit_log.html",
            lines=[line_of(each) for each in found],
            filters=filters,
            about=_about(session, filters),
            people=session.scalars(select(User).order_by(User.name, User.login)).all(),
            kinds=labels.kinds_of_events(),
            subjects={name: _(word) for name, word in AUDITED.items()},
            link=_link(filters),
            next_link=_link(filters)(before=more) if more else "",
        )


@router.post("/log/find")
def find(
    request: Request,
    office: TheOffice,
    person: LogReader,
    text: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """All that happened to the row of this number, which may be an ID number: then it never
    becomes part of an address."""
    with office.sessions.read_only() as session:
        found = row_asked_for(session, office, squeezed(text))
    if found is None:
        return back_to(request, "/log", _("没有找到这样的编号"), is_bad=True)
    subject, row = found
    days = LogFilters(date(2000, 1, 1), office.today(), subject=subject, row=row)
    return back_to(request, _link(days)())


@router.get("/log.xlsx")
def export(
    office: TheOffice,
    person: LogReader,
    filters: AskedOfLog,
) -> FileAnswer:
    """The events that were asked for, of a year at most, as a spreadsheet."""
    with office.sessions.read_only() as session:
        lines = [line_of(each) for each in all_asked(session, filters)]
    table = log_table(lines, filters.since, filters.until)
    name = _("操作记录%(since)s至%(until)s.xlsx") % asdict(filters)
    return attachment(write_tables([table], office.clock()), name, MEDIA_TYPE)


def _about(session: Session, filters: LogFilters) -> str:
    """The one row of which events are shown; empty where they are of several."""
    if not filters.subject or filters.row is None:
        return ""
    number = numbers_of(session, filters.subject, [filters.row]).get(filters.row)
    return f"{_(AUDITED[filters.subject])} {number or f'#{filters.row}'}"


def _link(filters: LogFilters) -> Callable[..., str]:
    """Builds the address of this list with some of it changed; `to` is another file of it."""

    def link(to: str = "/log", **changed: object) -> str:
        now = {name: value for name, value in (asdict(filters) | changed).items() if value}
        return f"{to}?{urlencode(now)}"

    return link


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
