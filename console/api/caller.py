"""Who calls: a token in the Authorization header, and what its person may do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.guard import TheOffice
from models import ApiToken, User
from workflows.engine.office import Office
from workflows.people import api_tokens
from workflows.people.api_tokens import Bearer
from workflows.people.rights import Act, require

_SCHEME = HTTPBearer(auto_error=False, description="接口令牌")
_UNKNOWN = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Caller:
    """The program that asks: its office, the person in whose name it acts, and its token."""

    office: Office
    person: User
    token: ApiToken


def bearer_in(request: Request, office: Office) -> Bearer | None:
    """Who brings the secret in this request; None where it brings none that counts."""
    scheme, _blank, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    with office.sessions.read_only() as session:
        return api_tokens.bearer_of(session, office, text.strip())


def caller(request: Request, office: TheOffice) -> Caller:
    """The caller of this request; 401 where there is none."""
    found = bearer_in(request, office)
    if found is None:
        raise HTTPException(401, headers=_UNKNOWN)
    if api_tokens.is_to_be_noted(office, found.token):
        with office.sessions.unit_of_work() as session:
            api_tokens.note_use(session, office, found.token)
    request.state.person = found.person
    by_token = replace(office, sessions=office.sessions.of_token(found.token.id))
    return Caller(by_token, found.person, found.token)


def _may(act: Act) -> Callable[[Caller], Caller]:
    def pass_through(found: Annotated[Caller, Depends(caller)]) -> Caller:
        require(found.person, act)
        return found

    return pass_through


def _names_nobody(request: Request) -> None:
    request.state.names_nobody = True


NAMES_NOBODY = Depends(_names_nobody)
"""The dependency of a route whose answers hold numbers of ours, states, days and sums alone. All
other answers are noted in the log as files are."""

SHOWS_SCHEME = Depends(_SCHEME)
"""Has OpenAPI say how a program brings its token."""

AnyCaller = Annotated[Caller, Depends(caller)]
HandsInCaller = Annotated[Caller, Depends(_may(Act.HAND_IN))]
ClaimCaller = Annotated[Caller, Depends(_may(Act.SEE_CLAIMS))]
CorrectCaller = Annotated[Caller, Depends(_may(Act.CORRECT))]
AnswerCaller = Annotated[Caller, Depends(_may(Act.ANSWER))]
HoldCaller = Annotated[Caller, Depends(_may(Act.HOLD))]
WithdrawCaller = Annotated[Caller, Depends(_may(Act.WITHDRAW))]
EnrolCaller = Annotated[Caller, Depends(_may(Act.ENROL))]
EnrolmentCaller = Annotated[Caller, Depends(_may(Act.SEE_ENROLMENTS))]
BatchCaller = Annotated[Caller, Depends(_may(Act.SEE_BATCHES))]
PayCaller = Annotated[Caller, Depends(_may(Act.PAY))]
FigureCaller = Annotated[Caller, Depends(_may(Act.SEE_STATISTICS))]
LogCaller = Annotated[Caller, Depends(_may(Act.SEE_LOG))]
