"""Hand in a unit's roster, and see what became of it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, UploadFile
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.api.caller import NAMES_NOBODY, EnrolCaller, EnrolmentCaller
from console.api.once import OnceKey, done_once, in_digests
from console.api.turns import OPENS_FILES
from console.not_found import NotFound
from language import _
from models import Enrolment, Unit
from rules.errors import BadInput
from rules.money import Fen
from workflows.enrolment import rosters
from workflows.enrolment.consent import consent_for_all
from workflows.enrolment.opened_roster import opened_roster
from workflows.people.visibility import sees_own_unit_only

router = APIRouter(prefix="/rosters", dependencies=[NAMES_NOBODY], tags=["rosters"])


class RosterAnswer(BaseModel):
    """An enrolment, which is one part of a roster, and its state."""

    number: str
    state: str


class RosterParts(BaseModel):
    """The enrolments that were made of one file."""

    rosters: list[RosterAnswer]


@router.post("", response_model=RosterParts, dependencies=[OPENS_FILES])
def hand_in(
    request: Request,
    who: EnrolCaller,
    key: OnceKey,
    file: Annotated[UploadFile, File()],
    plan: Annotated[str, Form(max_length=40)],
    unit: Annotated[int, Form(ge=1, lt=2**63)],
    start: Annotated[date | None, Form()] = None,
    member_part: Annotated[int, Form(ge=0, lt=10**9, description="每人每份由个人承担，分")] = 0,
    consented_on: Annotated[date | None, Form()] = None,
    consent_text: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take in a roster; nobody is enrolled before a person has seen the preview and accepts."""
    content = file.file.read()
    if not content:
        raise BadInput(_("请选择名册文件"), "file")
    consent = consent_for_all(consented_on, consent_text, who.office.today())
    roster = opened_roster(who.office, who.person, content)

    def act(session: Session) -> dict[str, object]:
        found = session.get(Unit, unit)
        if found is None or (sees_own_unit_only(who.person) and unit != who.person.unit_id):
            raise NotFound(str(unit))
        made = rosters.hand_in(
            session,
            who.office,
            who.person,
            found,
            plan,
            roster,
            start,
            Fen(member_part),
            consent,
        )
        return RosterParts(rosters=[_answer(each) for each in made]).model_dump()

    told = [plan, str(unit), str(start), str(member_part), str(consented_on), consent_text]
    return done_once(request, who, key, [*in_digests([("", content)]), *told], act)


@router.get("/{number}")
def show(
    who: EnrolmentCaller, number: Annotated[str, Path(max_length=40, pattern="^[A-Z0-9-]+$")]
) -> RosterAnswer:
    """The state of an enrolment; a unit's program sees those of its unit."""
    query = select(Enrolment).filter_by(number=number)
    if sees_own_unit_only(who.person):
        query = query.where(Enrolment.unit_id == who.person.unit_id)
    with who.office.sessions.read_only() as session:
        found = session.scalar(query)
    if found is None:
        raise NotFound(number)
    return _answer(found)


def _answer(enrolment: Enrolment) -> RosterAnswer:
    return RosterAnswer(number=enrolment.number, state=enrolment.state)
