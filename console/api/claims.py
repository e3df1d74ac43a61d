"""Claims: their states, what is wanted, what was read, and the acts of a clerk."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console import labels
from console.api.caller import (
    NAMES_NOBODY,
    AnswerCaller,
    Caller,
    ClaimCaller,
    CorrectCaller,
    HoldCaller,
    WithdrawCaller,
)
from console.api.claim_bodies import (
    AsShown,
    ClaimAfter,
    ClaimAnswer,
    ClaimList,
    FieldAnswer,
    GivenAnswer,
    HoldUntil,
    ListedClaim,
    NewValue,
    OnlyWhy,
    QuestionAnswer,
    WantedThing,
)
from console.api.once import OnceKey, done_once
from console.api.pages import ROWS, Cursor, cursor_after, row_after
from console.queries import asked, wanted
from console.queries.one_claim import claim_numbered
from console.queries.shown_fields import fields
from console.stale import require_field_as_shown
from documents.reading.fields import FieldName
from language import _
from models import Claim
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules.errors import Refused
from rules.verdict import Code
from workflows.claims.acts import answers, correction, resting
from workflows.people.visibility import claims_seen_by
from workflows.sealed_values.claims import field_value

router = APIRouter(prefix="/claims", tags=["claims"])

ClaimNumber = Annotated[str, Path(max_length=40, pattern="^[A-Z0-9-]+$")]
EventAt = Annotated[int, Path(ge=0, le=1000)]


@router.get("", dependencies=[NAMES_NOBODY])
def listed(
    who: ClaimCaller, state: Annotated[ClaimState | None, Query()] = None, cursor: Cursor = ""
) -> ClaimList:
    """The claims that the account sees, the oldest first."""
    query = select(Claim).where(claims_seen_by(who.person), Claim.id > row_after(cursor))
    if state is not None:
        query = query.where(Claim.state == state)
    with who.office.sessions.read_only() as session:
        found = session.scalars(query.order_by(Claim.id).limit(ROWS + 1)).all()
        lines = [_line(claim) for claim in found[:ROWS]]
    return ClaimList(claims=lines, next=cursor_after(found))


@router.get("/{number}")
def show(who: ClaimCaller, number: ClaimNumber) -> ClaimAnswer:
    """One claim, and what it still needs from the unit."""
    with who.office.sessions.read_only() as session:
        claim = claim_numbered(session, who.person, number)
        needed = wanted.of_claim(session, who.office, claim)
        return ClaimAnswer(
            **_line(claim).model_dump(),
            word=labels.state(CLAIM, claim.state),
            hand_in_by=needed.hand_in_by,
            wanted=[WantedThing(word=each.word, reason=each.reason) for each in needed.items],
        )


@router.get("/{number}/fields")
def show_fields(who: CorrectCaller, number: ClaimNumber) -> list[FieldAnswer]:
    """What was read or keyed."""
    with who.office.sessions.read_only() as session:
        claim = claim_numbered(session, who.person, number)
        doubts = [each for each in claim.findings if each.closed_at is None]
        return [
            FieldAnswer(
                name=row.name,
                shown=row.shown,
                percent=row.percent,
                by_hand=row.by_hand,
                mark=row.mark,
                worries=list(row.worries),
            )
            for row in fields(who.office, claim, doubts, {}, {})
        ]


@router.post("/{number}/fields/{name}", dependencies=[NAMES_NOBODY], response_model=ClaimAfter)
def correct(
    request: Request,
    who: CorrectCaller,
    number: ClaimNumber,
    name: FieldName,
    key: OnceKey,
    given: NewValue,
) -> Response:
    """Key a value."""

    def act(session: Session, claim: Claim) -> None:
        now = _value(who, claim, name)
        field = next((each for each in claim.fields if each.name == name), None)
        require_field_as_shown(given.shown, name, field, now or "", given.value)
        correction.correct_field(session, who.office, who.person, claim, name, given.value)

    return _on_claim(request, who, number, key, given, act)


@router.post(
    "/{number}/fields/{name}/confirm", dependencies=[NAMES_NOBODY], response_model=ClaimAfter
)
def confirm(
    request: Request,
    who: CorrectCaller,
    number: ClaimNumber,
    name: FieldName,
    key: OnceKey,
    given: AsShown,
) -> Response:
    """Say that the value is right as it was read."""

    def act(session: Session, claim: Claim) -> None:
        now = _value(who, claim, name)
        if now is None:
            raise Refused(_("还没有这一项的值"))
        field = next(each for each in claim.fields if each.name == name)
        require_field_as_shown(given.shown, name, field, now, None)
        correction.correct_field(session, who.office, who.person, claim, name, now)

    return _on_claim(request, who, number, key, given, act)


@router.get("/{number}/questions")
def show_questions(who: AnswerCaller, number: ClaimNumber) -> list[QuestionAnswer]:
    """The open questions of the claim."""
    with who.office.sessions.read_only() as session:
        claim = claim_numbered(session, who.person, number)
        return [
            QuestionAnswer(
                event=row.event,
                code=row.code,
                words=row.words,
                answers={each.answer: each.words for each in row.answers},
                needs_paper=row.needs_paper,
            )
            for row in asked.asked(session, who.person, claim)
        ]


@router.post(
    "/{number}/questions/{event}/{code}", dependencies=[NAMES_NOBODY], response_model=ClaimAfter
)
def answer(
    request: Request,
    who: AnswerCaller,
    number: ClaimNumber,
    event: EventAt,
    code: Code,
    key: OnceKey,
    given: GivenAnswer,
) -> Response:
    """Answer a question of the rules; some answers wait for another person's agreement."""

    def act(session: Session, claim: Claim) -> None:
        told = (event, code, given.answer, given.reason, given.page)
        answers.answer_question(session, who.office, who.person, claim, *told)

    return _on_claim(request, who, number, key, given, act)


@router.post("/{number}/hold", dependencies=[NAMES_NOBODY], response_model=ClaimAfter)
def hold(
    request: Request, who: HoldCaller, number: ClaimNumber, key: OnceKey, given: HoldUntil
) -> Response:
    """Leave the claim alone until a day."""

    def act(session: Session, claim: Claim) -> None:
        resting.hold(session, who.office, who.person, claim, given.reason, given.until)

    return _on_claim(request, who, number, key, given, act)


@router.post("/{number}/resume", dependencies=[NAMES_NOBODY], response_model=ClaimAfter)
def resume(request: Request, who: HoldCaller, number: ClaimNumber, key: OnceKey) -> Response:
    """Have a claim that was held or withdrawn checked again."""

    def act(session: Session, claim: Claim) -> None:
        resting.resume(session, who.office, who.person, claim)

    return _on_claim(request, who, number, key, OnlyWhy(), act)


@router.post("/{number}/withdraw", dependencies=[NAMES_NOBODY], response_model=ClaimAfter)
def withdraw(
    request: Request, who: WithdrawCaller, number: ClaimNumber, key: OnceKey, given: OnlyWhy
) -> Response:
    """Take the claim back for the unit."""

    def act(session: Session, claim: Claim) -> None:
        resting.withdraw(session, who.office, who.person, claim, given.reason)

    return _on_claim(request, who, number, key, given, act)


def _on_claim(
    request: Request,
    who: Caller,
    number: str,
    key: str,
    given: BaseModel,
    act: Callable[[Session, Claim], None],
) -> Response:
    """Do the act on the locked claim, once."""

    def on_it(session: Session) -> dict[str, object]:
        claim = claim_numbered(session, who.person, number)
        session.refresh(claim, with_for_update=True)
        act(session, claim)
        return {"claim": claim.number, "state": claim.state}

    return done_once(request, who, key, [given.model_dump_json()], on_it)


def _line(claim: Claim) -> ListedClaim:
    return ListedClaim(number=claim.number, state=claim.state, received_on=claim.received_on)


def _value(who: Caller, claim: Claim, name: FieldName) -> str | None:
    field = next((each for each in claim.fields if each.name == name), None)
    return None if field is None else field_value(who.office.keys, field)
