"""Single sign-on with a provider of identities that answers over HTTP and signs with a real key."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import select

from console.app import build
from models import AuditEvent, User
from models.people import Role
from tests.console.conftest import Visitor
from tests.desk import Desk
from workflows.people import identity_provider

CLIENT, SECRET, ORIGIN = "huzhu-office", "a secret of ours", "http://testserver"
KEY, OTHER_KEY = (ECKey.generate_key("P-256", auto_kid=True) for _each in range(2))


@dataclass
class FakeProvider:
    """It names whom it is told to. `says` changes what it signs, `signs` what it signs with."""

    now: Callable[[], float]
    login: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    signs: Callable[[dict[str, Any]], str] = lambda claims: signed(claims, KEY)
    known: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def page(self, path: str) -> Any:
        found = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }
        if path == "/keys":
            return {"keys": [KEY.as_dict(private=False)]}
        return found | self.known

    def log_in(self, url: str) -> str:
        """A person logs in on the page of this address; where his browser is sent on to."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert url.startswith(f"{self.address}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self._codes)}"
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, form: dict[str, str], credentials: str) -> dict[str, Any] | None:
        asked = self._codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or credentials != f"Basic {basic}":
            return None
        print_ = sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(print_).decode().rstrip("=") != asked["code_challenge"]:
            return None
        now = int(self.now())
        claims = {
            "iss": self.address,
            "sub": "17",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": self.login,
        }
        token = self.signs(claims | self.says)
        return {"access_token": "of no use here", "token_type": "Bearer", "id_token": token}


def signed(claims: dict[str, Any], key: Any, algorithm: str = "ES256") -> str:
    return jwt.encode({"alg": algorithm, "kid": KEY.kid}, claims, key, algorithms=[algorithm])


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join([*(_encoded(part) for part in parts), ""])


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@pytest.fixture
def provider(desk: Desk) -> Iterator[FakeProvider]:
    found = FakeProvider(lambda: desk.clock().timestamp())

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, found.page(self.path))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(sent).items()}
            token = found.token(form, self.headers.get("authorization", ""))
            self._send(200 if token else 400, token or {"error": "invalid_grant"})

        def _send(self, status: int, answer: Any) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: Any) -> None:
            """Say nothing among the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    found.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(desk: Desk, provider: FakeProvider) -> Callable[..., Visitor]:
    """A new browser before an office that knows the provider."""

    def opened(**changed: Any) -> Visitor:
        told = {
            "origin": ORIGIN,
            "oidc_issuer": provider.address,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": type(desk.office.settings.secret)(SECRET),
        }
        settings = desk.office.settings.model_copy(update=told | changed)
        office = replace(desk.office, settings=settings)
        return Visitor(office, TestClient(build(office), raise_server_exceptions=False))

    return opened


def sent_off(screen: Visitor, back: str = "/claims") -> str:
    answer = screen.get(f"/login/sign-on?back={back}", follow_redirects=False)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def comes_back(screen: Visitor, provider: FakeProvider) -> Any:
    return screen.get(provider.log_in(sent_off(screen)).removeprefix(ORIGIN))


def test_whom_the_provider_names_comes_in_to_the_page_he_wanted(
    desk: Desk, provider: FakeProvider, browser: Callable[..., Visitor]
) -> None:
    user, screen = desk.user(Role.CLERK), browser()
    provider.login = user.login
    assert "/login/sign-on?back=" in screen.get("/login").text
    answer = comes_back(screen, provider)
    assert (answer.status_code, answer.url.path) == (200, "/claims")
    assert user.name in answer.text
    with desk.office.sessions.read_only() as session:
        event = session.scalars(select(AuditEvent).filter_by(verb="sign_on")).one()
        assert (event.subject_id, event.detail) == (user.id, {"two_factors": False})


@pytest.mark.parametrize(
    ("trusted", "says", "asked_here"),
    [
        ("", {"amr": ["pwd", "otp"], "acr": "gold"}, True),
        ("otp, hwk", {"amr": ["pwd"]}, True),
        ("otp, hwk", {"amr": ["pwd", "otp"]}, False),
        ("gold", {"acr": "gold"}, False),
        ("gold", {}, True),
    ],
    ids=["not-trusted", "one-factor", "amr", "acr", "silent"],
)
def test_a_second_factor_is_asked_here_unless_a_trusted_one_was_given_there(
    desk: Desk,
    provider: FakeProvider,
    browser: Callable[..., Visitor],
    trusted: str,
    says: dict[str, Any],
    asked_here: bool,
) -> None:
    provider.login, provider.says = desk.user(Role.SUPERVISOR).login, says
    answer = comes_back(browser(oidc_two_factors=trusted), provider)
    assert (answer.url.path == "/second-factor") == asked_here


@pytest.mark.parametrize(
    "twist",
    [
        {"says": {"iss": "https://elsewhere.example"}},
        {"says": {"aud": "another program"}},
        {"says": {"aud": [CLIENT, "another program"]}},
        {"says": {"nonce": "of another browser"}},
        {"says": {"exp": 1_000_000_000}},
        {"says": {"iat": 9_000_000_000}},
        {"says": {"preferred_username": None}},
        {"signs": lambda claims: signed(claims, OTHER_KEY)},
        {"signs": unsigned},
        {
            "signs": lambda claims: signed(
                claims, OctKey.import_key(KEY.as_pem(private=False)), "HS256"
            )
        },
        {"known": {"issuer": "https://elsewhere.example"}},
        {"known": {"token_endpoint": "http://elsewhere.example/token"}},
    ],
    ids=[
        "issuer",
        "audience",
        "audiences",
        "nonce",
        "over",
        "future",
        "nameless",
        "key",
        "unsigned",
        "public-key-as-secret",
        "another-provider",
        "without-tls",
    ],
)
def test_what_is_not_said_by_this_provider_to_us_now_lets_nobody_in(
    desk: Desk, provider: FakeProvider, browser: Callable[..., Visitor], twist: dict[str, Any]
) -> None:
    provider.login, screen = desk.user(Role.CLERK).login, browser()
    way = provider.log_in(sent_off(screen))
    for name, value in twist.items():
        setattr(provider, name, value)
    answer = screen.get(way.removeprefix(ORIGIN))
    assert (answer.status_code, "统一身份认证" in answer.text) == (401, True)
    assert screen.get("/claims", follow_redirects=False).status_code == 303


def test_a_way_back_counts_once_and_only_in_the_browser_that_was_sent_off(
    desk: Desk, provider: FakeProvider, browser: Callable[..., Visitor]
) -> None:
    provider.login, mine, victim = desk.user(Role.CLERK).login, browser(), browser()
    way = provider.log_in(sent_off(mine)).removeprefix(ORIGIN)
    assert victim.get(way).status_code == 401, "it was sent off nowhere"
    sent_off(victim)
    assert victim.get(way).status_code == 401, "its state is another"
    assert mine.get(way).status_code == 200
    mine.client.cookies.delete("huzhu")
    assert mine.get(way).status_code == 401


@pytest.mark.parametrize("state", ["unknown", "shut"])
def test_who_has_no_open_account_stays_out_whoever_names_him(
    desk: Desk, provider: FakeProvider, browser: Callable[..., Visitor], state: str
) -> None:
    provider.login = "nobody"
    if state == "shut":
        provider.login = desk.user(Role.CLERK).login
        with desk.office.sessions.unit_of_work() as session:
            user = session.scalars(select(User).filter_by(login=provider.login)).one()
            user.disabled_at = desk.clock()
    answer = comes_back(browser(), provider)
    assert (answer.status_code, "没有与此身份对应的账户" in answer.text) == (401, True)


def test_an_address_that_the_provider_did_not_check_names_nobody(
    desk: Desk, provider: FakeProvider, browser: Callable[..., Visitor]
) -> None:
    provider.says = {"email": desk.user(Role.CLERK).login, "email_verified": False}
    assert comes_back(browser(oidc_claim="email"), provider).status_code == 401
    provider.says["email_verified"] = True
    assert comes_back(browser(oidc_claim="email"), provider).status_code == 200


def test_without_a_provider_there_is_no_such_way(desk: Desk) -> None:
    screen = Visitor(desk.office, TestClient(build(desk.office)))
    assert "/login/sign-on" not in screen.get("/login").text
    assert screen.get("/login/sign-on").status_code == 409
    assert screen.get("/login/sign-on/back?code=1&state=2").status_code == 401


def test_a_provider_that_does_not_answer_is_said(
    desk: Desk, provider: FakeProvider, browser: Callable[..., Visitor]
) -> None:
    screen = browser(oidc_issuer="http://127.0.0.1:9")
    answer = screen.get("/login/sign-on", follow_redirects=False)
    assert (answer.status_code, "请用密码登录" in answer.text) == (401, True)


def test_a_provider_that_hangs_takes_no_more_than_a_few_threads_from_the_pages(
    browser: Callable[..., Visitor],
) -> None:
    with ExitStack() as talks:
        for _talk in range(4):
            talks.enter_context(identity_provider._client(browser().office.settings))
        answer = browser().get("/login/sign-on", follow_redirects=False)
    assert (answer.status_code, "请用密码登录" in answer.text) == (401, True)
    sent_off(browser())
