"""The signed cookie that says who is logged in, and the token every form must carry."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from language import _
from models import User
from rules.errors import Refused
from workflows.engine.office import Office

LIFE = timedelta(hours=8)
_SAID = timedelta(minutes=1)


@dataclass(frozen=True)
class Visit:
    """One browser, before or after a log-in. `epoch` must equal that of the person's row."""

    nonce: str
    user_id: int | None = None
    epoch: int = 0


def new_visit(user: User | None = None) -> Visit:
    """A visit with a random nonce, of this person or before a log-in."""
    nonce = secrets.token_urlsafe(16)
    return Visit(nonce, user.id, user.session_epoch) if user else Visit(nonce)


@dataclass(frozen=True)
class Notice:
    """A sentence for the next page; `is_bad` when something was refused."""

    sentence: str
    is_bad: bool = False


class Cookies:
    """Reads and writes the signed cookies of the browser."""

    def __init__(self, secret: str, *, secure: bool) -> None:
        if not secret:
            raise Refused(_("请先设置 HUZHU_SECRET：没有它就不能登录"))
        self._secret = secret
        self._secure = secure
        # Browsers take a cookie of this name only from the site itself, over HTTPS.
        self._visit_name = "__Host-huzhu" if secure else "huzhu"
        self._visits = URLSafeTimedSerializer(secret, salt="visit")
        self._saids = URLSafeTimedSerializer(secret, salt="said")

    def visit(self, request: Request) -> Visit | None:
        """Whose browser this is, if it came within the last eight hours."""
        text = request.cookies.get(self._visit_name, "")
        try:
            return Visit(**self._visits.loads(text, max_age=int(LIFE.total_seconds())))
        except (BadData, TypeError):
            return None

    def begin(self, response: Response, visit: Visit) -> None:
        """Start a visit; each log-in gets a new one, so a token known before it is worthless."""
        life = int(LIFE.total_seconds())
        self._set(response, self._visit_name, self._visits.dumps(vars(visit)), life)

    def end(self, response: Response) -> None:
        """Forget the visit."""
        self._drop(response, self._visit_name)

    def token(self, visit: Visit) -> str:
        """What a form of this visit must carry."""
        return hmac.new(self._secret.encode(), b"form:" + visit.nonce.encode(), sha256).hexdigest()

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
    return Cookies(settings.secret.get_secret_value(), secure=settings.secure_cookies)
