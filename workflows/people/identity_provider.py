"""Asks a provider of identities (OpenID Connect) who somebody is: code flow, with PKCE.

What it says counts only if it is signed by a key of the provider that the settings name, for us,
for this browser, and now. What the person may do is none of its business.
"""

import hmac
import logging
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from language import _
from rules.errors import Refused
from settings import Settings
from workflows.engine.office import Office

log = logging.getLogger("huzhu.people")

BACK = "/login/sign-on/back"
"""Where the provider sends people back to, at the address of the console."""
_SECONDS = 5
# Each takes a thread that serves pages: a provider that hangs must not take them all.
_AT_ONCE = threading.BoundedSemaphore(4)
_CLOCKS_DIFFER = 60
# Of key pairs only: a shared secret, or none at all, signs nothing here.
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
# No answer, one that is not JSON, or JSON of another form; a token that does not hold.
_AMISS = (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, TypeError)
_ON_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Journey:
    """What the browser that was sent to the provider must bring back, or we compare with it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider named, and whether he gave it two factors of a kind that is trusted."""

    login: str
    has_two_factors: bool


class NotIdentified(Refused):
    """The provider does not answer, or what came back does not hold."""


def is_known(settings: Settings) -> bool:
    """Whether there is a provider, and an address that it can send people back to."""
    return bool(settings.oidc_issuer and settings.origin)


def send_off(office: Office) -> tuple[str, Journey]:
    """The provider's page to go to, and what to keep until the browser comes back."""
    journey = Journey(*(secrets.token_urlsafe(32) for _part in range(3)))
    with _client(office.settings) as client:
        told = _known(client, office.settings)
        url, _state = client.create_authorization_url(
            told["authorization_endpoint"],
            state=journey.state,
            nonce=journey.nonce,
            code_verifier=journey.verifier,
        )
    return str(url), journey


def identify(office: Office, journey: Journey, answer: Mapping[str, str]) -> Identity:
    """Whom the provider names to this browser; NotIdentified unless every check holds."""
    settings = office.settings
    if not hmac.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
        raise _failed("state")
    if "error" in answer or answer.get("iss", settings.oidc_issuer) != settings.oidc_issuer:
        raise _failed("answer")
    with _client(settings) as client:
        told = _known(client, settings)
        try:
            claims = _claims(office, client, told, journey, answer.get("code", ""))
        except _AMISS as error:
            raise _failed(type(error).__name__) from None
    return _identity(settings, claims)


def _claims(
    office: Office,
    client: OAuth2Session,
    told: Mapping[str, Any],
    journey: Journey,
    code: str,
) -> dict[str, Any]:
    settings = office.settings
    token = client.fetch_token(
        told["token_endpoint"], code=code, code_verifier=journey.verifier, allow_redirects=False
    )
    keys = KeySet.import_key_set(_fetched(client, told["jwks_uri"]))
    decoded = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS)
    wanted = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "nonce": {"essential": True, "value": journey.nonce},
    }
    about = {
        "nonce": journey.nonce,
        "client_id": settings.oidc_client_id,
        "access_token": token.get("access_token"),
    }
    claims = CodeIDToken(decoded.claims, decoded.header, wanted, about)
    claims.validate(int(office.clock().timestamp()), _CLOCKS_DIFFER)
    return dict(claims)


def _identity(settings: Settings, claims: Mapping[str, Any]) -> Identity:
    login = claims.get(settings.oidc_claim)
    if not isinstance(login, str) or not login:
        raise _failed("claim")
    # An address that the provider did not check may be anybody's.
    if settings.oidc_claim == "email" and claims.get("email_verified") is not True:
        raise _failed("email")
    trusted = set(filter(None, settings.oidc_two_factors.replace(" ", "").split(",")))
    given = [claims.get("acr"), *(claims.get("amr") or ())]
    return Identity(login, any(each in given for each in trusted))


@contextmanager
def _client(settings: Settings) -> Iterator[OAuth2Session]:
    if not _AT_ONCE.acquire(blocking=False):
        raise _no_provider("busy")
    try:
        yield OAuth2Session(
            settings.oidc_client_id,
            settings.oidc_client_secret.get_secret_value(),
            scope="openid profile email",
            redirect_uri=settings.origin.rstrip("/") + BACK,
            code_challenge_method="S256",
            default_timeout=_SECONDS,
        )
    finally:
        _AT_ONCE.release()


def _known(client: OAuth2Session, settings: Settings) -> Mapping[str, Any]:
    """Where the provider's pages are, as it says itself."""
    issuer = settings.oidc_issuer
    try:
        told: Mapping[str, Any] = _fetched(
            client, f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        )
        if told["issuer"] != issuer:
            raise _failed("issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            _require_safe(told[name])
    except _AMISS as error:
        raise _no_provider(type(error).__name__) from None
    return told


def _fetched(client: OAuth2Session, url: str) -> Any:
    _require_safe(url)
    answer = client.get(url, withhold_token=True, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()


def _require_safe(url: str) -> None:
    """Over the network only TLS tells who answers."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _ON_THIS_MACHINE:
        raise ValueError


def _no_provider(cause: str) -> NotIdentified:
    log.warning("no provider of identities: cause=%s", cause)
    return NotIdentified(_("统一身份认证暂时无法使用，请用密码登录"))


def _failed(check: str) -> NotIdentified:
    log.warning("sign-on refused: check=%s", check)
    return NotIdentified(_("统一身份认证没有通过，请重新登录"))
