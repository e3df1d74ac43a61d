"""Who gets in, and what a page may be asked by whom."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from console.app import AREAS, build
from models import AuditEvent, User
from models.people import Role
from rules.errors import Refused
from tests.console.test_resting import referred
from workflows.engine.office import Office
from workflows.engine.row_stamps import execute_stamped
from workflows.people.rights import ROLES, Act

OPEN = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/login/sign-on"),
    ("GET", "/login/sign-on/back"),
    ("POST", "/language"),
}

WANTS = {
    ("GET", "/"): Act.LOOK_AROUND,
    ("POST", "/logout"): Act.LOOK_AROUND,
    ("GET", "/second-factor"): Act.LOOK_AROUND,
    ("POST", "/second-factor"): Act.LOOK_AROUND,
    ("POST", "/second-factor/set-up"): Act.LOOK_AROUND,
    ("POST", "/second-factor/key"): Act.LOOK_AROUND,
    ("POST", "/me/keys/new"): Act.LOOK_AROUND,
    ("POST", "/me/keys"): Act.LOOK_AROUND,
    ("POST", "/me/keys/{key_id}/remove"): Act.LOOK_AROUND,
    ("POST", "/second-factor/recovery-codes"): Act.LOOK_AROUND,
    ("POST", "/people/{user_id}/second-factor/reset"): Act.RESET_FACTORS,
    ("POST", "/people/{user_id}/second-factor/reset/agree"): Act.RESET_FACTORS,
    ("GET", "/me"): Act.LOOK_AROUND,
    ("POST", "/me/tokens/{token_id}/draw"): Act.LOOK_AROUND,
    ("POST", "/me/tokens/{token_id}/end"): Act.LOOK_AROUND,
    ("POST", "/me/sessions/others/end"): Act.LOOK_AROUND,
    ("POST", "/me/sessions/{session_id}/end"): Act.LOOK_AROUND,
    ("GET", "/password"): Act.LOOK_AROUND,
    ("POST", "/password"): Act.LOOK_AROUND,
    ("GET", "/unit"): Act.SEE_OWN_UNIT,
    ("GET", "/unit/members"): Act.SEE_OWN_UNIT,
    ("GET", "/enrolments"): Act.SEE_ENROLMENTS,
    ("POST", "/enrolments"): Act.ENROL,
    ("GET", "/enrolments/new"): Act.ENROL,
    ("GET", "/enrolments/template.xlsx"): Act.ENROL,
    ("GET", "/enrolments/{number}"): Act.SEE_ENROLMENTS,
    ("GET", "/enrolments/{number}/preview"): Act.SEE_ENROLMENTS,
    ("POST", "/enrolments/{number}/faults"): Act.ENROL,
    ("GET", "/enrolments/{number}/confirmation.docx"): Act.GET_COVER_PAPERS,
    ("GET", "/enrolments/{number}/members.xlsx"): Act.GET_COVER_PAPERS,
    ("GET", "/enrolments/{number}/lines"): Act.SEE_MEMBERS,
    ("POST", "/enrolments/{number}/lines/{row}/strike"): Act.ENROL,
    ("POST", "/enrolments/{number}/accept"): Act.ENROL,
    ("POST", "/enrolments/{number}/copies"): Act.ENROL,
    ("POST", "/enrolments/{number}/copies/{row}/answer"): Act.ANSWER_COPY,
    ("POST", "/enrolments/{number}/copies/{row}/reveal"): Act.SEE_NUMBERS,
    ("GET", "/enrolments/{number}/copies/{row}.jpg"): Act.SEE_NUMBERS,
    ("GET", "/enrolments/{number}/changes"): Act.DECIDE_CARDS,
    ("POST", "/enrolments/{number}/changes/moves"): Act.TRANSFER,
    ("POST", "/enrolments/{number}/changes/moves/{row}"): Act.TRANSFER,
    ("POST", "/enrolments/{number}/changes/cards"): Act.DECIDE_CARDS,
    ("POST", "/enrolments/{number}/changes/cards/{row}"): Act.DECIDE_CARDS,
    ("POST", "/enrolments/{number}/changes/cards/{row}/refuse"): Act.DECIDE_CARDS,
    ("POST", "/enrolments/{number}/withdraw"): Act.ENROL,
    ("POST", "/enrolments/{number}/let-pass"): Act.WAIVE,
    ("POST", "/enrolments/{number}/begin-tomorrow"): Act.WAIVE,
    ("POST", "/enrolments/{number}/receipts"): Act.BOOK_FEES,
    ("POST", "/enrolments/{number}/receipts/{receipt_id}/reverse"): Act.BOOK_FEES,
    ("POST", "/enrolments/{number}/refund"): Act.REFUND_FEES,
    ("GET", "/units"): Act.SEE_UNITS,
    ("POST", "/units"): Act.CHANGE_UNITS,
    ("GET", "/units/{unit_id}"): Act.SEE_UNITS,
    ("POST", "/units/{unit_id}"): Act.CHANGE_UNITS,
    ("GET", "/units/{unit_id}/members"): Act.SEE_ALL_MEMBERS,
    ("POST", "/units/{unit_id}/city/confirm"): Act.WAIVE,
    ("POST", "/units/{unit_id}/city/refuse"): Act.WAIVE,
    ("POST", "/units/{unit_id}/years/{year_id}/city"): Act.CHANGE_UNITS,
    ("POST", "/units/{unit_id}/years/{year_id}/city/confirm"): Act.WAIVE,
    ("GET", "/members/{ref}"): Act.SEE_MEMBERS,
    ("POST", "/members/{ref}/leave"): Act.CHANGE_MEMBERS,
    ("POST", "/members/{ref}/come-back"): Act.CHANGE_MEMBERS,
    ("POST", "/members/{ref}/card"): Act.CHANGE_MEMBERS,
    ("POST", "/members/{ref}/doubt-death"): Act.CORRECT,
    ("POST", "/members/{ref}/take-back-death"): Act.ANSWER,
    ("POST", "/members/{ref}/transfer"): Act.TRANSFER,
    ("GET", "/claims"): Act.SEE_CLAIMS,
    ("POST", "/claims/find"): Act.SEE_CLAIMS,
    ("GET", "/claims/next"): Act.SEE_CLAIMS,
    ("POST", "/checking"): Act.CORRECT,
    ("GET", "/claims/{number}/check"): Act.SEE_CLAIMS,
    ("POST", "/claims/{number}/take"): Act.CORRECT,
    ("POST", "/claims/{number}/take/still"): Act.CORRECT,
    ("POST", "/claims/{number}/check/finish"): Act.CORRECT,
    ("POST", "/claims/{number}/check/skip"): Act.CORRECT,
    ("POST", "/claims/{number}/fields/{name}/choose"): Act.CORRECT,
    ("GET", "/claims/{number}"): Act.SEE_CLAIMS,
    ("GET", "/claims/{number}/alike"): Act.SEE_CLAIMS,
    ("GET", "/claims/{number}/trial"): Act.SEE_NUMBERS,
    ("GET", "/claims/{number}/pages/{page_id}.jpg"): Act.SEE_CLAIMS,
    ("GET", "/claims/{number}/papers/{document_id}/{at}.jpg"): Act.SEE_CLAIMS,
    ("GET", "/claims/{number}/letters/{letter_id}.docx"): Act.SEE_CLAIMS,
    ("POST", "/claims/{number}/fields/{name}"): Act.CORRECT,
    ("POST", "/claims/{number}/fields/{name}/confirm"): Act.CORRECT,
    ("POST", "/claims/{number}/fields/{name}/reveal"): Act.SEE_NUMBERS,
    ("POST", "/claims/{number}/pages/{page_id}/kind"): Act.CORRECT,
    ("POST", "/claims/{number}/findings/{finding_id}"): Act.CORRECT,
    ("POST", "/claims/{number}/event"): Act.CORRECT,
    ("POST", "/claims/{number}/event/add"): Act.CORRECT,
    ("POST", "/claims/{number}/event/drop"): Act.CORRECT,
    ("POST", "/claims/{number}/questions/{event}/{code}"): Act.ANSWER,
    ("POST", "/claims/{number}/heirs"): Act.CORRECT,
    ("POST", "/claims/{number}/heirs/confirm"): Act.ANSWER,
    ("POST", "/claims/{number}/heirs/{heir_id}/reveal"): Act.SEE_NUMBERS,
    ("POST", "/claims/{number}/answers/{answer_id}/confirm"): Act.ANSWER,
    ("POST", "/claims/{number}/recheck"): Act.CORRECT,
    ("POST", "/claims/{number}/payee"): Act.CONFIRM_PAYEE,
    ("POST", "/claims/{number}/payee/confirm"): Act.CONFIRM_PAYEE,
    ("POST", "/members/{ref}/card/compare"): Act.DECIDE_CARDS,
    ("POST", "/members/{ref}/card/confirm"): Act.DECIDE_CARDS,
    ("POST", "/members/{ref}/card/refuse"): Act.DECIDE_CARDS,
    ("POST", "/claims/{number}/pay-again"): Act.CORRECT,
    ("POST", "/claims/{number}/end-revision"): Act.APPROVE,
    ("POST", "/claims/{number}/divide"): Act.CORRECT,
    ("POST", "/claims/{number}/hold"): Act.HOLD,
    ("POST", "/claims/{number}/resume"): Act.HOLD,
    ("POST", "/claims/{number}/withdraw"): Act.WITHDRAW,
    ("POST", "/claims/{number}/leave"): Act.ANSWER,
    ("POST", "/claims/{number}/deny"): Act.APPROVE,
    ("POST", "/claims/{number}/papers"): Act.HAND_IN,
    ("GET", "/claims/{number}/cover"): Act.HAND_IN,
    ("GET", "/packets"): Act.HAND_IN,
    ("GET", "/settlements"): Act.TAKE_SETTLEMENTS,
    ("POST", "/settlements"): Act.TAKE_SETTLEMENTS,
    ("POST", "/settlements/{entry}"): Act.TAKE_SETTLEMENTS,
    ("POST", "/packets"): Act.HAND_IN,
    ("POST", "/packets/seen"): Act.CORRECT,
    ("GET", "/packets/{packet_id}/original.zip"): Act.HAND_IN,
    ("GET", "/approvals"): Act.APPROVE,
    ("POST", "/approvals"): Act.APPROVE,
    ("POST", "/approvals/{number}/send-back"): Act.APPROVE,
    ("GET", "/batches"): Act.SEE_BATCHES,
    ("POST", "/batches"): Act.PAY,
    ("POST", "/batches/branch"): Act.PAY,
    ("GET", "/batches/{number}"): Act.SEE_BATCHES,
    ("POST", "/batches/{number}/discard"): Act.PAY,
    ("POST", "/batches/{number}/release"): Act.PAY,
    ("POST", "/batches/{number}/file"): Act.PAY,
    ("POST", "/batches/{number}/draft"): Act.PAY,
    ("POST", "/batches/{number}/discards"): Act.PAY,
    ("POST", "/batches/{number}/discards/agree"): Act.PAY,
    ("POST", "/batches/{number}/discards/refuse"): Act.PAY,
    ("POST", "/batches/{number}/replies"): Act.PAY,
    ("POST", "/batches/{number}/payments/{reference}/out"): Act.PAY,
    ("POST", "/batches/{number}/payments/{reference}/out/agree"): Act.PAY,
    ("POST", "/batches/{number}/payments/{reference}/out/refuse"): Act.PAY,
    ("GET", "/books"): Act.SEE_BOOKS,
    ("GET", "/books/all.beancount"): Act.SEE_BOOKS,
    ("GET", "/books/{month}"): Act.SEE_BOOKS,
    ("GET", "/books/{month}.xlsx"): Act.SEE_BOOKS,
    ("GET", "/books/{month}.docx"): Act.SEE_BOOKS,
    ("GET", "/books/{month}/{export}"): Act.SEE_BOOKS,
    ("POST", "/books/{month}/statement"): Act.STATE_BALANCES,
    ("POST", "/books/{month}/statement/agree"): Act.BOOK_VOUCHER,
    ("POST", "/books/{month}/close"): Act.CLOSE_MONTH,
    ("GET", "/books/days/{day}"): Act.SEE_BOOKS,
    ("POST", "/books/days/{day}/keep"): Act.SIGN_DAY,
    ("POST", "/books/days/{day}/sign"): Act.SIGN_DAY,
    ("POST", "/books/vouchers"): Act.PROPOSE_VOUCHER,
    ("POST", "/books/vouchers/{voucher_id}/book"): Act.BOOK_VOUCHER,
    ("POST", "/books/vouchers/{voucher_id}/refuse"): Act.BOOK_VOUCHER,
    ("POST", "/books/balances"): Act.STATE_BALANCES,
    ("POST", "/books/open"): Act.OPEN_BOOKS,
    ("POST", "/books/open/refuse"): Act.OPEN_BOOKS,
    ("POST", "/books/reopen"): Act.CLOSE_MONTH,
    ("POST", "/books/reopen/agree"): Act.CLOSE_MONTH,
    ("POST", "/books/reopen/refuse"): Act.CLOSE_MONTH,
    ("GET", "/paying-accounts"): Act.SEE_BATCHES,
    ("POST", "/paying-accounts"): Act.PROPOSE_PAYING_ACCOUNT,
    ("POST", "/paying-accounts/{account_id}/confirm"): Act.CONFIRM_PAYING_ACCOUNT,
    ("POST", "/paying-accounts/{account_id}/refuse"): Act.CONFIRM_PAYING_ACCOUNT,
    ("POST", "/paying-accounts/{account_id}/end"): Act.PROPOSE_PAYING_ACCOUNT,
    ("POST", "/paying-accounts/{account_id}/end/agree"): Act.CONFIRM_PAYING_ACCOUNT,
    ("POST", "/paying-accounts/{account_id}/end/refuse"): Act.CONFIRM_PAYING_ACCOUNT,
    ("GET", "/renewals"): Act.SEE_RENEWALS,
    ("POST", "/renewals/pauses"): Act.PAUSE_RENEWALS,
    ("POST", "/renewals/pauses/{pause_id}/lift"): Act.PAUSE_RENEWALS,
    ("GET", "/renewals/{row_id}/notice.docx"): Act.GET_NOTICES,
    ("POST", "/renewals/{row_id}/roster"): Act.TAKE_ROSTERS,
    ("GET", "/failures"): Act.SEE_FAILURES,
    ("POST", "/failures/retry"): Act.RETRY,
    ("POST", "/failures/retry-all"): Act.RETRY,
    ("GET", "/people"): Act.SEE_PEOPLE,
    ("POST", "/people"): Act.OPEN_ACCOUNTS,
    ("GET", "/people/tokens"): Act.SEE_PEOPLE,
    ("POST", "/people/tokens"): Act.OPEN_ACCOUNTS,
    ("POST", "/people/tokens/{token_id}/agree"): Act.CONFIRM_ACCOUNTS,
    ("POST", "/people/tokens/{token_id}/end"): Act.SHUT_ACCOUNTS,
    ("POST", "/people/{user_id}/reset"): Act.OPEN_ACCOUNTS,
    ("POST", "/people/{user_id}/disable"): Act.SHUT_ACCOUNTS,
    ("POST", "/people/{user_id}/enable"): Act.CONFIRM_ACCOUNTS,
    ("POST", "/people/{user_id}/staff-number"): Act.ASK_STAFF_NUMBER,
    ("POST", "/people/{user_id}/staff-number/confirm"): Act.SET_STAFF_NUMBER,
    ("POST", "/people/{user_id}/staff-number/refuse"): Act.SET_STAFF_NUMBER,
    ("GET", "/boards"): Act.SEE_BOARDS,
    ("GET", "/boards/ranking.xlsx"): Act.SEE_STATISTICS,
    ("GET", "/boards/statistics"): Act.SEE_STATISTICS,
    ("GET", "/boards/statistics.xlsx"): Act.SEE_STATISTICS,
    ("GET", "/boards/public-list.xlsx"): Act.SEE_STATISTICS,
    ("GET", "/boards/subsidy"): Act.SEE_STATISTICS,
    ("GET", "/boards/subsidy.xlsx"): Act.SEE_STATISTICS,
    ("GET", "/boards/subsidy.docx"): Act.SEE_STATISTICS,
    ("GET", "/boards/relief"): Act.SEE_BOARDS,
    ("GET", "/boards/relief/{number}"): Act.SEE_BOARDS,
    ("POST", "/claims/{number}/relief"): Act.APPLY_RELIEF,
    ("POST", "/boards/relief/{number}/withdraw"): Act.APPLY_RELIEF,
    ("POST", "/boards/relief/{number}/grant"): Act.DECIDE_RELIEF,
    ("POST", "/boards/relief/{number}/refuse"): Act.DECIDE_RELIEF,
    ("POST", "/boards/relief/{number}/keep"): Act.DECIDE_RELIEF,
    ("GET", "/objections"): Act.SEE_OBJECTIONS,
    ("POST", "/claims/{number}/objections"): Act.OBJECT,
    ("POST", "/claims/{number}/reopen"): Act.REVISE,
    ("POST", "/claims/{number}/let-stand"): Act.REVISE,
    ("POST", "/claims/{number}/let-stand/confirm"): Act.LET_STAND,
    ("POST", "/claims/{number}/let-stand/refuse"): Act.LET_STAND,
    ("POST", "/objections/{number}/uphold"): Act.HEAR,
    ("POST", "/objections/{number}/reject"): Act.HEAR,
    ("POST", "/objections/{number}/withdraw"): Act.OBJECT,
    ("POST", "/objections/{number}/withdraw/confirm"): Act.HEAR,
    ("POST", "/objections/{number}/withdraw/refuse"): Act.HEAR,
    ("GET", "/recoveries"): Act.SEE_RECOVERIES,
    ("GET", "/recoveries/{number}"): Act.SEE_RECOVERIES,
    ("POST", "/recoveries/{number}/receipts"): Act.BOOK_RECOVERY,
    ("POST", "/recoveries/{number}/receipts/{receipt}/confirm"): Act.CONFIRM_RECEIPT,
    ("POST", "/recoveries/{number}/receipts/{receipt}/refuse"): Act.CONFIRM_RECEIPT,
    ("GET", "/batches/{number}/kept/{sha256}"): Act.SEE_BATCHES,
    ("GET", "/statements"): Act.SEE_BOOKS,
    ("GET", "/statements/kept/{sha256}"): Act.SEE_BOOKS,
    ("POST", "/statements"): Act.BOOK_FEES,
    ("POST", "/statements/{line}/book"): Act.BOOK_FEES,
    ("POST", "/statements/{line}/tie"): Act.BOOK_FEES,
    ("POST", "/statements/{line}/voucher"): Act.PROPOSE_VOUCHER,
    ("POST", "/statements/{line}/aside"): Act.BOOK_FEES,
    ("GET", "/reply-cases"): Act.SEE_RECOVERIES,
    ("POST", "/reply-cases/late-returns/{late_return}/deny"): Act.ANSWER_LATE_RETURN,
    ("POST", "/reply-cases/late-returns/{late_return}/confirm"): Act.ANSWER_LATE_RETURN,
    ("POST", "/reply-cases/{case}/match"): Act.PAY,
    ("POST", "/reply-cases/{case}/agree"): Act.ANSWER_LATE_RETURN,
    ("POST", "/reply-cases/{case}/refuse"): Act.ANSWER_LATE_RETURN,
    ("POST", "/reply-cases/{case}/{how}"): Act.PAY,
    ("GET", "/unanswered"): Act.SEE_BATCHES,
    ("POST", "/unanswered/{reference}/ask"): Act.PAY,
    ("POST", "/unanswered/{reference}/words"): Act.PAY,
    ("POST", "/unanswered/{reference}/words/agree"): Act.ANSWER_LATE_RETURN,
    ("POST", "/unanswered/{reference}/words/refuse"): Act.ANSWER_LATE_RETURN,
    ("GET", "/undelivered"): Act.SEE_RECOVERIES,
    ("GET", "/records"): Act.HOLD_RECORDS,
    ("POST", "/records/holds"): Act.HOLD_RECORDS,
    ("POST", "/records/holds/{hold_id}/confirm"): Act.HOLD_RECORDS,
    ("POST", "/records/holds/{hold_id}/ask-to-lift"): Act.HOLD_RECORDS,
    ("POST", "/records/holds/{hold_id}/lift"): Act.HOLD_RECORDS,
    ("POST", "/records/export"): Act.EXPORT_PERSON,
    ("POST", "/claims/{number}/to-fund"): Act.WRITE_TO_FUND,
    ("POST", "/claims/{number}/to-fund/agree"): Act.WRITE_TO_FUND,
    ("POST", "/claims/{number}/to-fund/refuse"): Act.WRITE_TO_FUND,
    ("POST", "/claims/{number}/revive"): Act.CORRECT,
    ("POST", "/recoveries/{number}/set-off"): Act.SET_OFF,
    ("POST", "/recoveries/{number}/set-off/{receipt}/undo"): Act.SET_OFF,
    ("POST", "/recoveries/{number}/instalments"): Act.AGREE_INSTALMENTS,
    ("POST", "/recoveries/{number}/write-off"): Act.WRITE_OFF,
    ("POST", "/recoveries/{number}/write-off/refuse"): Act.WRITE_OFF,
    ("POST", "/recoveries/{number}/write-off/confirm"): Act.WRITE_OFF,
    ("GET", "/log"): Act.SEE_LOG,
    ("POST", "/log/find"): Act.SEE_LOG,
    ("GET", "/log.xlsx"): Act.SEE_LOG,
    ("GET", "/boards/activities"): Act.SEE_BOARDS,
    ("GET", "/boards/activities/report.xlsx"): Act.SEE_BOARDS,
    ("POST", "/boards/activities"): Act.NOTE_EVENTS,
    ("POST", "/boards/activities/{activity_id}"): Act.NOTE_EVENTS,
    ("POST", "/boards/activities/{activity_id}/remove"): Act.NOTE_EVENTS,
    ("GET", "/boards/campaign"): Act.SEE_BOARDS,
    ("POST", "/boards/campaign/plan"): Act.PLAN_CAMPAIGN,
    ("POST", "/boards/campaign/reach"): Act.NOTE_EVENTS,
}


def all_routes() -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for area in AREAS
        for route in area.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def filled(path: str) -> str:
    values = {"number": "HZ2026000001", "name": "id_number", "code": "ccb-list", "session_id": "0"}
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "1"), path)


def test_every_route_is_either_open_or_asks_for_a_right() -> None:
    assert all_routes() == OPEN | WANTS.keys()


def test_every_page_asks_for_a_log_in(visitor: Callable[..., Any]) -> None:
    stranger = visitor()
    token = stranger.token()
    for method, path in WANTS:
        data = {"token": token} if method == "POST" else None
        answer = stranger.client.request(method, filled(path), data=data, follow_redirects=False)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"].startswith("/login?back=")


def test_each_route_refuses_every_role_that_lacks_the_right(at_desk: Callable[..., Any]) -> None:
    for role in Role:
        desk = at_desk(role)
        token = desk.token()
        for (method, path), act in WANTS.items():
            if path == "/logout":
                continue
            data = {"token": token} if method == "POST" else None
            answer = desk.client.request(method, filled(path), data=data, follow_redirects=False)
            refused = answer.status_code == 403
            assert refused == (role not in ROLES[act]), (role, method, path, answer.status_code)


def test_a_form_without_its_token_is_refused(at_desk: Callable[..., Any]) -> None:
    desk = at_desk(Role.CASHIER)
    answer = desk.client.post("/batches")
    assert answer.status_code == 403
    assert "页面已过期" in answer.text
    assert desk.client.post("/batches", data={"token": "0" * 64}).status_code == 403


def test_a_token_of_another_visit_is_refused(
    at_desk: Callable[..., Any], visitor: Callable[..., Any]
) -> None:
    other = visitor().token()
    desk = at_desk(Role.CASHIER)
    assert desk.client.post("/batches", data={"token": other}).status_code == 403


def test_the_token_may_come_in_a_header_as_htmx_sends_it(at_desk: Callable[..., Any]) -> None:
    desk = at_desk(Role.CASHIER)
    answer = desk.client.post("/batches", headers={"X-Token": desk.token(), "HX-Request": "true"})
    assert answer.status_code == 409
    assert "没有待组批的付款" in answer.text


def test_a_request_from_another_site_is_refused_even_with_the_token(
    at_desk: Callable[..., Any],
) -> None:
    desk = at_desk(Role.CASHIER)
    answer = desk.post("/batches", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_wrong_password_tells_nothing_and_after_five_one_waits(
    visitor: Callable[..., Any], a_user: Callable[..., Any]
) -> None:
    user = a_user(Role.CLERK)
    door = visitor()
    nobody = door.post("/login", {"login": "nobody", "password": "x"})
    wrong = door.post("/login", {"login": user.login, "password": "x"})
    assert nobody.status_code == wrong.status_code == 401
    sentence = "登录名或密码不对，或账户已停用。"
    assert sentence in nobody.text
    assert sentence in wrong.text
    for _time in range(4):
        door.post("/login", {"login": user.login, "password": "x"})
    right = door.post("/login", {"login": user.login, "password": "correct horse battery"})
    assert right.status_code == 429
    assert "尝试次数过多，请在 31 秒后再试" in right.text


def test_logging_in_gives_a_cookie_that_scripts_and_other_sites_do_not_get(
    visitor: Callable[..., Any], a_user: Callable[..., Any], office: Office
) -> None:
    door = visitor()
    answer = door.post(
        "/login",
        {"login": a_user(Role.CLERK).login, "password": "correct horse battery"},
        follow_redirects=False,
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert f"max-age={office.settings.session_hours * 3600}" in cookie
    assert "secure" not in cookie


def test_behind_tls_cookies_are_bound_to_https_and_to_this_host(office: Office) -> None:
    settings = office.settings.model_copy(update={"secure_cookies": True})
    office = Office(settings, office.sessions, office.store, office.keys, office.clock)
    answer = TestClient(build(office), base_url="https://testserver").get("/login")
    assert "__Host-huzhu=" in answer.headers["set-cookie"]
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


def test_without_a_secret_the_console_does_not_start(office: Office) -> None:
    settings = office.settings.model_copy(update={"secret": type(office.settings.secret)("")})
    with pytest.raises(Refused, match="HUZHU_SECRET"):
        build(Office(settings, office.sessions, office.store, office.keys, office.clock))


def test_logging_out_makes_a_copied_cookie_worthless(
    at_desk: Callable[..., Any], visitor: Callable[..., Any]
) -> None:
    desk, thief = at_desk(Role.CLERK), visitor()
    thief.client.cookies = desk.client.cookies.jar.__class__()
    thief.client.cookies.set("huzhu", desk.client.cookies["huzhu"])
    assert thief.get("/", follow_redirects=False).status_code == 200
    desk.post("/logout")
    assert thief.get("/", follow_redirects=False).status_code == 303


def test_a_person_who_was_disabled_is_out_at_once(
    at_desk: Callable[..., Any], office: Office
) -> None:
    desk = at_desk(Role.CLERK)
    with office.sessions.unit_of_work() as session:
        execute_stamped(session, update(User).values(disabled_at=office.clock()))
    assert desk.get("/", follow_redirects=False).status_code == 303


def test_the_way_back_after_log_in_never_leads_to_another_site(
    visitor: Callable[..., Any], a_user: Callable[..., Any]
) -> None:
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = visitor().post(
            "/login",
            {"login": a_user(Role.CLERK).login, "password": "correct horse battery", "back": back},
            follow_redirects=False,
        )
        assert answer.headers["location"] == "/"


def test_every_page_binds_the_browser_to_this_site(at_desk: Callable[..., Any]) -> None:
    desk = at_desk(Role.CLERK)
    for path in ("/", "/claims", "/no-such-page", "/packets"):
        headers = desk.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_hold_no_script_or_style_of_their_own(at_desk: Callable[..., Any]) -> None:
    for path in ("/", "/claims", "/packets", "/login", "/failures"):
        html = at_desk(Role.CLERK).get(path).text
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", html)


def test_a_page_that_is_not_there_says_so_in_a_sentence(at_desk: Callable[..., Any]) -> None:
    answer = at_desk(Role.CLERK).get("/no-such-page")
    assert answer.status_code == 404
    assert "没有这一页" in answer.text


def test_log_ins_are_in_the_audit_log(
    visitor: Callable[..., Any], a_user: Callable[..., Any], office: Office
) -> None:
    door = visitor()
    door.post("/login", {"login": a_user(Role.CLERK).login, "password": "correct horse battery"})
    door.post("/logout")
    with office.sessions.read_only() as session:
        of_person = select(AuditEvent.verb).filter_by(subject="app_user")
        verbs = list(session.scalars(of_person.order_by(AuditEvent.seq)))
    assert verbs == ["add_user", "log_in", "log_out"]


def test_words_sent_after_the_visit_ended_stand_on_the_log_in_page_that_leads_back(
    desk: Any, at_desk: Callable[..., Any], visitor: Callable[..., Any]
) -> None:
    _, path = referred(desk)
    clerk = at_desk(Role.CLERK)
    form = {"reason": "等单位补交出院小结", "until": "2026-06-20", "here": path}
    clerk.client.cookies.clear()
    answer = clerk.client.post(f"{path}/hold", data={"token": "0" * 64, **form})
    assert answer.status_code == 401
    assert (
        '<textarea readonly rows="3" aria-label="您填写的内容">等单位补交出院小结<' in answer.text
    )
    assert f'name="back" value="{path}"' in answer.text
    scripted = {"hx-request": "true", "hx-current-url": f"http://testserver{path}?sheet=2"}
    answer = clerk.client.post(f"{path}/hold", data=form, headers={"X-Token": "0", **scripted})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, f"/login?back={path}")
    # Who logged in anew meanwhile finds his form filled in, to be sent once more.
    other = at_desk(Role.CLERK)
    answer = other.client.post(f"{path}/hold", data={"token": "0" * 64, **form})
    assert answer.status_code == 403
    assert "页面已过期，所填内容已保留" in answer.text
    assert ">等单位补交出院小结</textarea>" in answer.text
