"""The cookie that tells one browser from another, and the token every form must carry."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from language import _
from models import User, WebSession
from rules.errors import Refused
from workflows.engine.office import Office
from workflows.people.attempts import LogInSender
from workflows.people.identity_provider import Journey

_SAID = timedelta(minutes=1)
_KNOWN = timedelta(days=180)
_JOURNEY = timedelta(minutes=10)
_LONGEST_TOKEN = 100


@dataclass(frozen=True)
class Visit:
    """The logged-in session of this request."""

    session: WebSession
    person: User


@dataclass(frozen=True)
class Notice:
    """A sentence for the next page; `is_bad` when something was refused."""

    sentence: str
    is_bad: bool = False


class Cookies:
    """Reads and writes the cookies of the browser."""

    def __init__(self, secret: str, *, secure: bool, hours: int) -> None:
        if not secret:
            raise Refused(_("请先设置 HUZHU_SECRET：没有它就不能登录"))
        self._secret = secret
        self._secure = secure
        self._seconds = hours * 3600
        # Browsers take a cookie of this name only from the site itself, over HTTPS.
        self._visit_name = "__Host-huzhu" if secure else "huzhu"
        self._known_name = "__Host-huzhu_known" if secure else "huzhu_known"
        self._journey_name = "__Host-huzhu_journey" if secure else "huzhu_journey"
        self._journeys = URLSafeTimedSerializer(secret, salt="journey")
        self._saids = URLSafeTimedSerializer(secret, salt="said")
        self._knowns = URLSafeTimedSerializer(secret, salt="known browser")

    def visit(self, request: Request) -> str:
        """The random token of this browser; empty if it has none."""
        token = request.cookies.get(self._visit_name, "")
        return token if len(token) <= _LONGEST_TOKEN else ""

    def begin(self, response: Response, token: str) -> None:
        """Give the browser this token; each log-in brings a new one, so that a token known before
        it is worthless."""
        self._set(response, self._visit_name, token, self._seconds)

    def end(self, response: Response) -> None:
        """Forget the visit."""
        self._drop(response, self._visit_name)

    def token(self, visit: str) -> str:
        """What a form of this visit must carry."""
        return hmac.new(self._secret.encode(), b"form:" + visit.encode(), sha256).hexdigest()

    def sender(self, request: Request, login: str, address: str) -> LogInSender:
        """Who tries to log in by this name: a browser in which he was before, or an address."""
        text = request.cookies.get(self._known_name, "")
        try:
            said = self._knowns.loads(text, max_age=int(_KNOWN.total_seconds()))
            known = said["browser"] if said["login"] == login else ""
        except (BadData, TypeError, KeyError):
            known = ""
        return LogInSender(address, known)

    def know(self, response: Response, login: str) -> None:
        """Tell this browser from strangers' when the person logs in again. It opens nothing."""
        text = self._knowns.dumps({"login": login, "browser": secrets.token_urlsafe(16)})
        self._set(response, self._known_name, text, int(_KNOWN.total_seconds()))

    def send_off(self, response: Response, journey: Journey, back: str) -> None:
        """Keep what this browser must bring back from the provider of identities."""
        text = self._journeys.dumps([journey.state, journey.nonce, journey.verifier, back])
        self._set(response, self._journey_name, text, int(_JOURNEY.total_seconds()))

    def sent_off(self, request: Request) -> tuple[Journey, str] | None:
        """What it was sent off with, and the page it wants to come back to; None if it was not."""
        try:
            text = request.cookies.get(self._journey_name, "")
            state, nonce, verifier, back = self._journeys.loads(
                text, max_age=int(_JOURNEY.total_seconds())
            )
        except (BadData, TypeError, ValueError):
            return None
        return Journey(state, nonce, verifier), back

    def arrive(self, response: Response) -> None:
        """What was kept for the way counts once."""
        self._drop(response, self._journey_name)

    def say(self, response: Response, said: Notice) -> None:
        """Keep a sentence for the page that comes next."""
        text = self._saids.dumps(vars(said))
        self._set(response, "huzhu_said", text, int(_SAID.total_seconds()))

    def said(self, request: Request) -> Notice | None:
        """The sentence kept for this page."""
        try:
            text = request.cookies.get("huzhu_said", "")
            return Notice(**self._saids.loads(text, max_age=int(_SAID.total_seconds())))
        except (BadData, TypeError):
            return None

    def unsay(self, response: Response) -> None:
        """Drop the sentence once it was shown."""
        self._drop(response, "huzhu_said")

    def speak(self, response: Response, language: str) -> None:
        """Remember the language the person chose."""
        self._set(response, "huzhu_language", language, 365 * 24 * 3600)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="lax", secure=self._secure
        )

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, httponly=True, samesite="lax", secure=self._secure)


def cookies_of(office: Office) -> Cookies:
    """The cookies of this office's console."""
    settings = office.settings
    secret = settings.secret.get_secret_value()
    return Cookies(secret, secure=settings.secure_cookies, hours=settings.session_hours)
