"""Hand in packets and papers of a claim, and see what became of them."""

from typing import Annotated

from fastapi import APIRouter, File, Path, UploadFile
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.api.caller import NAMES_NOBODY, HandsInCaller
from console.api.once import OnceKey, done_once, in_digests
from console.forms import RowId, uploaded
from console.not_found import NotFound
from console.queries.one_claim import claim_numbered
from models import Claim, Packet
from workflows.claims.packets import uploads
from workflows.people.visibility import sees_own_unit_only

router = APIRouter(dependencies=[NAMES_NOBODY], tags=["packets"])

SentFiles = Annotated[list[UploadFile], File(min_length=1, max_length=200)]
Number = Annotated[str, Path(max_length=40, pattern="^[A-Z0-9-]+$")]


class PacketAnswer(BaseModel):
    """A packet: its state, what came of it (taken, repeated, rejected, divided; None before), and
    the number of the claim that it opened or belongs to."""

    packet: int
    state: str
    outcome: str | None
    claim: str | None


@router.post("/packets", status_code=202, response_model=PacketAnswer)
def hand_in(request: Request, who: HandsInCaller, key: OnceKey, files: SentFiles) -> Response:
    """Hand in the files of one new claim. They are stored when this is answered."""
    sent = uploaded(files)
    return done_once(
        request,
        who,
        key,
        in_digests(sent),
        lambda session: _answer(
            uploads.upload(session, who.office, who.person, sent), None
        ).model_dump(),
        202,
    )


@router.post("/claims/{number}/papers", status_code=202, response_model=PacketAnswer)
def add_papers(
    request: Request, who: HandsInCaller, number: Number, key: OnceKey, files: SentFiles
) -> Response:
    """Hand in more papers of a claim."""
    sent = uploaded(files)

    def act(session: Session) -> dict[str, object]:
        claim = claim_numbered(session, who.person, number)
        packet = uploads.upload(session, who.office, who.person, sent, claim)
        return _answer(packet, number).model_dump()

    return done_once(request, who, key, in_digests(sent), act, 202)


@router.get("/packets/{packet_id}")
def show(who: HandsInCaller, packet_id: RowId) -> PacketAnswer:
    """What became of a packet; a unit's program sees those of its own account."""
    query = select(Packet, Claim.number).outerjoin(Claim, Claim.id == Packet.claim_id)
    if sees_own_unit_only(who.person):
        query = query.where(Packet.sent_by == who.person.id)
    with who.office.sessions.read_only() as session:
        found = session.execute(query.where(Packet.id == packet_id)).one_or_none()
        if found is None:
            raise NotFound(str(packet_id))
        return _answer(*found)


def _answer(packet: Packet, claim: str | None) -> PacketAnswer:
    return PacketAnswer(packet=packet.id, state=packet.state, outcome=packet.outcome, claim=claim)
