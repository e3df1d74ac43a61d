"""Settlement files of the medical-insurance side: shown row by row first, then taken in."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from console.guard import SettlementTaker, TheOffice
from console.opening_turns import OPENS_FILES
from console.render import back_to, page
from language import _
from rules.errors import BadInput
from workflows.claims.packets import settlements
from workflows.claims.packets.settlements import OUTCOME_WORDS

router = APIRouter(prefix="/settlements")


@router.get("")
def ask(request: Request, person: SettlementTaker) -> Response:
    """The form for a file."""
    return page(request, "settlements.html", shown=None, entry="", words=OUTCOME_WORDS)


@router.post("", dependencies=[OPENS_FILES])
def show(
    request: Request,
    office: TheOffice,
    person: SettlementTaker,
    file: Annotated[UploadFile, File()],
) -> Response:
    """What the file would do, row by row; nothing is taken in yet."""
    content = file.file.read()
    if not content:
        raise BadInput(_("请选择结算数据文件"), "file")
    read = settlements.opened_settlements(office, content)
    entry = settlements.keep_shown(office, person, file.filename or "", content)
    with office.sessions.read_only() as session:
        shown = settlements.preview(session, office, person, read)
        return page(request, "settlements.html", shown=shown, entry=entry, words=OUTCOME_WORDS)


@router.post("/{entry}", dependencies=[OPENS_FILES])
def take(request: Request, office: TheOffice, person: SettlementTaker, entry: str) -> Response:
    """Take in the file that was shown."""
    name, content = settlements.shown_file(office, person, entry)
    read = settlements.opened_settlements(office, content)
    with office.sessions.unit_of_work() as session:
        settlements.take_settlements(session, office, person, name, content, read)
    return back_to(request, "/packets", _("结算数据已收件，逐行结果见下"))
