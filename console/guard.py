"""What every request passes: is it from one of our own forms, who sends it, and may they."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.visits import Visit, cookies_of
from language import _
from models import User
from workflows.engine.office import Office
from workflows.people import sessions
from workflows.people.rights import Act, may
from workflows.people.sessions import Browser

TOKEN = "token"  # noqa: S105 - the name of the form field
HEADER = "X-Token"
HERE = "here"
"""The form field that says on which page the form stands."""
_BEFORE_LOG_IN = ("/login", "/language")


class LogInFirst(Exception):
    """No person is logged in; `back` is the page that was asked for, or that the form stands on."""

    def __init__(self, back: str) -> None:
        self.back = back


class OutOfDate(Exception):
    """The form was given to another visit of this browser, before the person logged in anew."""


class CodeFirst(Exception):
    """Only the password was given; `back` is the page that was asked for."""

    def __init__(self, back: str) -> None:
        self.back = back


class ChangePasswordFirst(Exception):
    """The person still has the password an administrator handed over."""


def office_of(request: Request) -> Office:
    """The office this console belongs to."""
    office: Office = request.app.state.office
    return office


TheOffice = Annotated[Office, Depends(office_of)]


def visit_of(request: Request, office: TheOffice) -> Visit | None:
    """The session of this request; None if nobody is logged in in this browser."""
    token = cookies_of(office).visit(request)
    if not token:
        return None
    with office.sessions.read_only() as session:
        found = sessions.session_of(session, office, token)
    if found is None:
        return None
    if sessions.is_to_be_seen(office, found[0]):
        with office.sessions.unit_of_work() as session:
            sessions.see(session, office, found[0])
    return Visit(*found)


ThisVisit = Annotated[Visit | None, Depends(visit_of)]


async def from_our_form(request: Request, visit: ThisVisit) -> None:
    """Refuse a change that does not come from a form this browser was given."""
    if request.method in ("GET", "HEAD"):
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, _("请求来自其他网站，已拒绝"))
    form = {} if request.headers.get(HEADER) else await request.form()
    given = request.headers.get(HEADER) or str(form.get(TOKEN, ""))
    request.state.here = str(form.get(HERE, "/"))
    if visit is None and request.url.path not in _BEFORE_LOG_IN:
        raise LogInFirst(_path(request))
    cookies = cookies_of(office_of(request))
    browser = cookies.visit(request)
    if not browser or not hmac.compare_digest(given.encode(), cookies.token(browser).encode()):
        raise OutOfDate


def this_session(request: Request, visit: ThisVisit) -> Visit:
    """The session of this request; LogInFirst if it is over or its rights were withdrawn."""
    if visit is None:
        raise LogInFirst(_path(request))
    request.state.person = visit.person
    request.state.has_entered = not visit.session.needs_code
    return visit


OwnSession = Annotated[Visit, Depends(this_session)]


def logged_in(request: Request, visit: OwnSession) -> User:
    """The person of this request, who has given all that is asked of him."""
    if visit.session.needs_code:
        raise CodeFirst(_path(request))
    if visit.person.must_change_password and request.url.path not in ("/password", "/logout"):
        raise ChangePasswordFirst
    return visit.person


def browser_of(request: Request) -> Browser:
    """Where the request comes from; of an IPv6 address its network, since one has many of them."""
    address = request.client.host if request.client else ""
    return Browser(_network(address), request.headers.get("user-agent", ""))


def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(ip_network((known, 64), strict=False))


def allowed(act: Act) -> Callable[[User], User]:
    """A dependency that lets only people pass who may do this."""

    def pass_through(person: Annotated[User, Depends(logged_in)]) -> User:
        if not may(person, act):
            raise HTTPException(403, _("您的岗位不能使用此页"))
        return person

    return pass_through


AnyPerson = Annotated[User, Depends(allowed(Act.LOOK_AROUND))]
ClaimReader = Annotated[User, Depends(allowed(Act.SEE_CLAIMS))]
NumberReader = Annotated[User, Depends(allowed(Act.SEE_NUMBERS))]
Corrector = Annotated[User, Depends(allowed(Act.CORRECT))]
Answerer = Annotated[User, Depends(allowed(Act.ANSWER))]
Holder = Annotated[User, Depends(allowed(Act.HOLD))]
Withdrawer = Annotated[User, Depends(allowed(Act.WITHDRAW))]
HandsIn = Annotated[User, Depends(allowed(Act.HAND_IN))]
SettlementTaker = Annotated[User, Depends(allowed(Act.TAKE_SETTLEMENTS))]
Approver = Annotated[User, Depends(allowed(Act.APPROVE))]
BatchReader = Annotated[User, Depends(allowed(Act.SEE_BATCHES))]
BatchPayer = Annotated[User, Depends(allowed(Act.PAY))]
PayingAccountProposer = Annotated[User, Depends(allowed(Act.PROPOSE_PAYING_ACCOUNT))]
PayingAccountConfirmer = Annotated[User, Depends(allowed(Act.CONFIRM_PAYING_ACCOUNT))]
BooksReader = Annotated[User, Depends(allowed(Act.SEE_BOOKS))]
BalanceStater = Annotated[User, Depends(allowed(Act.STATE_BALANCES))]
BooksOpener = Annotated[User, Depends(allowed(Act.OPEN_BOOKS))]
VoucherProposer = Annotated[User, Depends(allowed(Act.PROPOSE_VOUCHER))]
VoucherBooker = Annotated[User, Depends(allowed(Act.BOOK_VOUCHER))]
DaySigner = Annotated[User, Depends(allowed(Act.SIGN_DAY))]
MonthCloser = Annotated[User, Depends(allowed(Act.CLOSE_MONTH))]
FailureReader = Annotated[User, Depends(allowed(Act.SEE_FAILURES))]
Retrier = Annotated[User, Depends(allowed(Act.RETRY))]
OwnUnitReader = Annotated[User, Depends(allowed(Act.SEE_OWN_UNIT))]
UnitReader = Annotated[User, Depends(allowed(Act.SEE_UNITS))]
UnitChanger = Annotated[User, Depends(allowed(Act.CHANGE_UNITS))]
MemberReader = Annotated[User, Depends(allowed(Act.SEE_MEMBERS))]
AllMembersReader = Annotated[User, Depends(allowed(Act.SEE_ALL_MEMBERS))]
MemberChanger = Annotated[User, Depends(allowed(Act.CHANGE_MEMBERS))]
Transferrer = Annotated[User, Depends(allowed(Act.TRANSFER))]
EnrolmentReader = Annotated[User, Depends(allowed(Act.SEE_ENROLMENTS))]
CoverPaperGetter = Annotated[User, Depends(allowed(Act.GET_COVER_PAPERS))]
Enroller = Annotated[User, Depends(allowed(Act.ENROL))]
CopyAnswerer = Annotated[User, Depends(allowed(Act.ANSWER_COPY))]
CardDecider = Annotated[User, Depends(allowed(Act.DECIDE_CARDS))]
PayeeConfirmer = Annotated[User, Depends(allowed(Act.CONFIRM_PAYEE))]
Waiver = Annotated[User, Depends(allowed(Act.WAIVE))]
FeeBooker = Annotated[User, Depends(allowed(Act.BOOK_FEES))]
FeeRefunder = Annotated[User, Depends(allowed(Act.REFUND_FEES))]
PeopleReader = Annotated[User, Depends(allowed(Act.SEE_PEOPLE))]
AccountOpener = Annotated[User, Depends(allowed(Act.OPEN_ACCOUNTS))]
AccountShutter = Annotated[User, Depends(allowed(Act.SHUT_ACCOUNTS))]
AccountConfirmer = Annotated[User, Depends(allowed(Act.CONFIRM_ACCOUNTS))]
FactorResetter = Annotated[User, Depends(allowed(Act.RESET_FACTORS))]
StaffNumberAsker = Annotated[User, Depends(allowed(Act.ASK_STAFF_NUMBER))]
StaffNumberSetter = Annotated[User, Depends(allowed(Act.SET_STAFF_NUMBER))]
BoardReader = Annotated[User, Depends(allowed(Act.SEE_BOARDS))]
StatisticsReader = Annotated[User, Depends(allowed(Act.SEE_STATISTICS))]
ReliefApplicant = Annotated[User, Depends(allowed(Act.APPLY_RELIEF))]
Objector = Annotated[User, Depends(allowed(Act.OBJECT))]
Hearer = Annotated[User, Depends(allowed(Act.HEAR))]
LatePapersDecider = Annotated[User, Depends(allowed(Act.LET_STAND))]
Reviser = Annotated[User, Depends(allowed(Act.REVISE))]
ObjectionReader = Annotated[User, Depends(allowed(Act.SEE_OBJECTIONS))]
RecoveryReader = Annotated[User, Depends(allowed(Act.SEE_RECOVERIES))]
RecoveryBooker = Annotated[User, Depends(allowed(Act.BOOK_RECOVERY))]
LateReturnAnswerer = Annotated[User, Depends(allowed(Act.ANSWER_LATE_RETURN))]
ReceiptConfirmer = Annotated[User, Depends(allowed(Act.CONFIRM_RECEIPT))]
PersonExporter = Annotated[User, Depends(allowed(Act.EXPORT_PERSON))]
RecordHolder = Annotated[User, Depends(allowed(Act.HOLD_RECORDS))]
FundWriter = Annotated[User, Depends(allowed(Act.WRITE_TO_FUND))]
SetterOff = Annotated[User, Depends(allowed(Act.SET_OFF))]
InstalmentAgreer = Annotated[User, Depends(allowed(Act.AGREE_INSTALMENTS))]
WriterOff = Annotated[User, Depends(allowed(Act.WRITE_OFF))]
ReliefRecorder = Annotated[User, Depends(allowed(Act.DECIDE_RELIEF))]
EventNoter = Annotated[User, Depends(allowed(Act.NOTE_EVENTS))]
CampaignPlanner = Annotated[User, Depends(allowed(Act.PLAN_CAMPAIGN))]
RenewalReader = Annotated[User, Depends(allowed(Act.SEE_RENEWALS))]
Supervises = Annotated[User, Depends(allowed(Act.PAUSE_RENEWALS))]
NoticeReader = Annotated[User, Depends(allowed(Act.GET_NOTICES))]
LogReader = Annotated[User, Depends(allowed(Act.SEE_LOG))]
RosterTaker = Annotated[User, Depends(allowed(Act.TAKE_ROSTERS))]


def _path(request: Request) -> str:
    if request.method == "GET":
        return quote(request.url.path)
    page = request.headers.get("hx-current-url")
    return quote(urlsplit(page).path if page else request.state.here)
