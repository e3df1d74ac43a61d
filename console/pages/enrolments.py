"""Rosters: the list of all, and handing a new one in."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.forms import Files, form_day, form_money, uploaded
from console.guard import Enroller, EnrolmentReader, TheOffice
from console.not_found import NotFound
from console.opening_turns import OPENS_FILES
from console.pages.download import FileAnswer, attachment
from console.queries.enrolments import enrolment_counts, enrolments_found
from console.render import back_to, page
from documents.packets.media_types import XLSX
from documents.rosters.handed_out import write_template
from language import _
from models import Unit, User
from models.machines.enrolment import ENROLMENT
from rules import plans
from rules.errors import BadInput
from rules.money import Fen
from workflows.engine.office import Office
from workflows.enrolment import id_copies, rosters
from workflows.enrolment.consent import consent_for_all
from workflows.enrolment.opened_roster import opened_roster
from workflows.people.visibility import sees_own_unit_only

router = APIRouter(prefix="/enrolments")


@router.get("")
def listed(
    request: Request,
    office: TheOffice,
    person: EnrolmentReader,
    state: str = "",
    cards: bool = False,
) -> Response:
    """The rosters, newest first."""
    state = state if state in ENROLMENT.states else ""
    with office.sessions.read_only() as session:
        return page(
            request,
            "enrolments.html",
            rows=enrolments_found(session, person, state, cards=cards),
            counts=enrolment_counts(session, person),
            state=state,
            own=sees_own_unit_only(person),
        )


@router.get("/new")
def ask(request: Request, office: TheOffice, person: Enroller, unit: int = 0) -> Response:
    """The form for a new roster."""
    with office.sessions.read_only() as session:
        return page(
            request,
            "new_enrolment.html",
            units=_units(session, person),
            chosen=unit,
            plans=[plan for plan in plans.available() if plan.enrolment.fee.value is not None],
            usual=plans.choose("main", office.today()).code,
        )


@router.get("/template.xlsx")
def template(person: Enroller) -> FileAnswer:
    """The office's roster form, empty."""
    return attachment(write_template(), _("参保名册模板.xlsx"), XLSX)


@router.post("", dependencies=[OPENS_FILES])
def hand_in(
    request: Request,
    office: TheOffice,
    person: Enroller,
    file: Annotated[UploadFile, File()],
    plan: Annotated[str, Form()],
    unit: Annotated[int, Form()],
    start: Annotated[str, Form()] = "",
    member_part: Annotated[str, Form()] = "",
    consented_on: Annotated[str, Form()] = "",
    consent_text: Annotated[str, Form(max_length=40)] = "",
    copies: Files = None,
) -> Response:
    """Take in the roster and any copies of ID cards, enrol nothing yet, and show the preview."""
    content = file.file.read()
    if not content:
        raise BadInput(_("请选择名册文件"), "file")
    day = form_day(consented_on, _("同意日期"), "consented_on") if consented_on.strip() else None
    consent = consent_for_all(day, consent_text, office.today())
    roster = opened_roster(office, person, content)
    with office.sessions.unit_of_work() as session:
        made = rosters.hand_in(
            session,
            office,
            person,
            _unit(session, person, unit),
            plan,
            roster,
            _start(start, office),
            _part_of_member(member_part),
            consent,
        )
        if sent := uploaded(copies):
            for each in made:
                id_copies.hand_in_copies(session, office, person, each, sent)
        numbers = [each.number for each in made]
    if len(numbers) == 1:
        return back_to(request, f"/enrolments/{numbers[0]}")
    sentence = _("名册中的人分属不同计划或不同起保日，已分成 %(n)s 份，请逐份确认")
    return back_to(request, "/enrolments", sentence % {"n": len(numbers)})


def _part_of_member(typed: str) -> Fen:
    """What a member pays of one share; nothing where the field was left empty."""
    return form_money(typed, _("每人每份由个人承担"), "member_part") if typed.strip() else Fen(0)


def _units(session: Session, person: User) -> list[Unit]:
    query = select(Unit).order_by(Unit.name)
    if sees_own_unit_only(person):
        query = query.where(Unit.id == person.unit_id)
    return list(session.scalars(query))


def _unit(session: Session, person: User, unit_id: int) -> Unit:
    found = session.get(Unit, unit_id)
    if found is None or (sees_own_unit_only(person) and unit_id != person.unit_id):
        raise NotFound(str(unit_id))
    return found


def _start(text: str, office: Office) -> date | None:
    if not text.strip():
        return None
    day = form_day(text, _("统一起保日期"), "start")
    if day <= office.today():
        raise BadInput(_("统一起保日应晚于今天"), "start")
    return day
