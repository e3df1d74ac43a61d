"""Reminders to renew: the calendar, the pauses, and the papers of each notice."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console import labels
from console.guard import NoticeReader, RenewalReader, RosterTaker, Supervises, TheOffice
from console.pages.download import FileAnswer, attachment
from console.queries.renewals import (
    coming_reminders,
    days_of_reminders,
    gone_reminders,
    rung_choices,
    running_pauses,
    units_with_cover,
    weeks_of_reminders,
)
from console.render import back_to, page
from documents.letters.contents import LetterKind
from documents.packets.media_types import DOCX, XLSX
from language import _
from workflows.renewal import reminder_papers, reminder_pauses
from workflows.renewal.notice_sender import sender_gaps

router = APIRouter(prefix="/renewals")


@router.get("")
def calendar(
    request: Request, office: TheOffice, person: RenewalReader, unit: str = ""
) -> Response:
    """The reminders to come, for all units or for one."""
    chosen = int(unit) if unit.isdecimal() else None
    with office.sessions.read_only() as session:
        coming = coming_reminders(session, office, chosen)
        return page(
            request,
            "renewals.html",
            chosen=chosen,
            coming=coming,
            days=list(days_of_reminders(coming, office)),
            weeks=weeks_of_reminders(coming, office),
            gone=gone_reminders(session, office, chosen),
            pauses=running_pauses(session),
            units=units_with_cover(session),
            rungs=rung_choices(),
            gaps=list(sender_gaps(office.settings)),
        )


@router.post("/pauses")
def pause(
    request: Request,
    office: TheOffice,
    person: Supervises,
    reason: Annotated[str, Form()],
    unit: Annotated[str, Form()] = "",
    rung: Annotated[str, Form()] = "",
) -> Response:
    """Pause a unit, a rung, or one rung of one unit."""
    with office.sessions.unit_of_work() as session:
        reminder_pauses.pause(session, office, person, _number(unit), _number(rung), reason)
    return back_to(request, "/renewals", _("已暂停；到期的提醒将留待解除"))


@router.post("/pauses/{pause_id}/lift")
def lift(request: Request, office: TheOffice, person: Supervises, pause_id: int) -> Response:
    """End a pause."""
    with office.sessions.unit_of_work() as session:
        count = reminder_pauses.lift(session, office, person, pause_id)
    sentence = _("已解除暂停，补发 %(n)s 份提醒") % {"n": count}
    return back_to(request, "/renewals", sentence)


@router.get("/{row_id}/notice.docx")
def notice(office: TheOffice, person: NoticeReader, row_id: int) -> FileAnswer:
    """The red-header notice."""
    with office.sessions.read_only() as session:
        content = reminder_papers.notice(session, office, person, row_id)
    return attachment(content, f"{labels.letter(LetterKind.RENEWAL_NOTICE)}-{row_id}.docx", DOCX)


@router.post("/{row_id}/roster")
def roster(office: TheOffice, person: RosterTaker, row_id: int) -> FileAnswer:
    """The pre-filled roster with whole numbers; the history records who took it."""
    with office.sessions.unit_of_work() as session:
        content = reminder_papers.take_roster(session, office, person, row_id)
    return attachment(content, f"{_('续保名册')}-{row_id}.xlsx", XLSX)


def _number(text: str) -> int | None:
    """The number chosen in a list; None for the empty choice."""
    return int(text) if text.lstrip("-").isdecimal() else None
