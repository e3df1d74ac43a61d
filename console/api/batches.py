"""The bank's files and its replies, for a program that carries them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Path, UploadFile
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.api.caller import NAMES_NOBODY, BatchCaller, PayCaller
from console.api.once import OnceKey, done_once, in_digests
from console.api.pages import ROWS, Cursor, cursor_after, row_after
from console.api.turns import OPENS_FILES
from console.pages.download import FileAnswer, attachment
from console.queries.batches import batch_numbered
from models import Batch
from workflows.claims.paying import bank_reply, payment_files

router = APIRouter(prefix="/batches", tags=["batches"])

BatchNumber = Annotated[str, Path(max_length=40, pattern="^[A-Z0-9-]+$")]


class BatchLine(BaseModel):
    """A batch; `sum` is in fen."""

    number: str
    state: str
    count: int
    sum: int
    released_at: datetime | None


class BatchList(BaseModel):
    """One page of batches; `next` is the cursor of the page after it."""

    batches: list[BatchLine]
    next: str | None


class ReplyAnswer(BaseModel):
    """How many payments the reply credited, returned and left unknown."""

    credited: int
    returned: int
    unknown: int


@router.get("", dependencies=[NAMES_NOBODY])
def listed(who: BatchCaller, cursor: Cursor = "") -> BatchList:
    """All batches, the oldest first."""
    query = select(Batch).where(Batch.id > row_after(cursor)).order_by(Batch.id).limit(ROWS + 1)
    with who.office.sessions.read_only() as session:
        found = session.scalars(query).all()
    lines = [
        BatchLine(
            number=each.number,
            state=each.state,
            count=each.count,
            sum=each.sum,
            released_at=each.released_at,
        )
        for each in found[:ROWS]
    ]
    return BatchList(batches=lines, next=cursor_after(found))


@router.get("/{number}/file", response_class=FileAnswer)
def file(who: PayCaller, number: BatchNumber) -> FileAnswer:
    """The file of a released batch: the same bytes each time, and each time an event."""
    with who.office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        made = payment_files.write_file(session, who.office, who.person, batch)
    return attachment(made.content, made.name, made.media_type)


@router.post(
    "/{number}/replies", dependencies=[NAMES_NOBODY, OPENS_FILES], response_model=ReplyAnswer
)
def load_reply(
    request: Request,
    who: PayCaller,
    number: BatchNumber,
    key: OnceKey,
    reply: Annotated[UploadFile, File()],
) -> Response:
    """Take in the bank's reply file."""
    content = reply.file.read()

    def act(session: Session) -> dict[str, object]:
        batch = batch_numbered(session, number)
        loaded = bank_reply.load_reply(session, who.office, who.person, batch, content)
        return ReplyAnswer(
            credited=loaded.credited, returned=loaded.returned, unknown=loaded.unknown
        ).model_dump()

    return done_once(request, who, key, in_digests([("", content)]), act)
