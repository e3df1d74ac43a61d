"""Another unit's clerk tries every route with our numbers, and learns and changes nothing."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from httpx2 import Response
from sqlalchemy import func, select
from starlette.routing import BaseRoute, Mount, Route

from models import (
    Activity,
    AuditEvent,
    Claim,
    Document,
    Enrolment,
    Member,
    Milestone,
    Packet,
    Relief,
    Renewal,
    Unit,
    User,
    WebSession,
)
from models.people import Role
from tests.console.another_unit import Ours, a_clerk_elsewhere, our_unit
from tests.desk import Desk, a_picture
from tests.workflows.enrolment.rosters import sheet, workers
from workflows.engine.office import Office

At = Callable[..., Any]

# What a stranger may ask for; everything else leads to the log-in page.
OPEN = {"/login", "/login/sign-on", "/login/sign-on/back", "/language"}

SHUT = frozenset({403, 404})
OWN = frozenset({200, 409, 422})
"""Answered, without any data of our unit."""


@dataclass
class Try:
    """One attempt at a route, with what it may be answered."""

    path: str
    form: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, Any]] = field(default_factory=list)
    answers: frozenset[int] = SHUT


def tries(ours: Ours) -> dict[tuple[str, str], list[Try]]:
    """Every route with the numbers of our unit in it."""
    claim, papers = f"/claims/{ours.paid}", [("files", ("a.jpg", a_picture()))]
    find = "/claims/find"
    return {
        ("GET", "/"): [Try("/", answers=OWN)],
        ("GET", "/login"): [Try("/login", answers=OWN)],
        ("GET", "/login/sign-on"): [Try("/login/sign-on", answers=OWN)],
        ("GET", "/login/sign-on/back"): [
            Try("/login/sign-on/back?code=1&state=2", answers=frozenset({401}))
        ],
        ("POST", "/login"): [
            Try("/login", {"login": "a", "password": "b"}, answers=frozenset({401}))
        ],
        ("POST", "/logout"): [],  # tried by itself: it ends the visit
        ("POST", "/language"): [Try("/language", {"language": "zh"}, answers=OWN)],
        ("GET", "/second-factor"): [Try("/second-factor", answers=OWN)],
        ("POST", "/second-factor"): [
            Try("/second-factor", {"code": "000000"}, answers=frozenset({401}))
        ],
        ("POST", "/second-factor/set-up"): [
            Try("/second-factor/set-up", {"code": "000000"}, answers=frozenset({401}))
        ],
        ("POST", "/second-factor/key"): [
            Try("/second-factor/key", {"answer": "{}"}, answers=frozenset({401}))
        ],
        ("POST", "/me/keys/new"): [Try("/me/keys/new", {"code": "000000"}, answers=OWN)],
        ("POST", "/me/keys"): [Try("/me/keys", {"answer": "{}"}, answers=OWN)],
        ("POST", "/me/keys/{key_id}/remove"): [Try("/me/keys/1/remove", answers=OWN)],
        ("POST", "/second-factor/recovery-codes"): [
            Try("/second-factor/recovery-codes", {"code": "000000"}, answers=OWN)
        ],
        ("GET", "/me"): [Try("/me", answers=OWN)],
        ("POST", "/me/sessions/others/end"): [Try("/me/sessions/others/end", answers=OWN)],
        ("POST", "/me/sessions/{session_id}/end"): [
            Try(f"/me/sessions/{ours.session_id}/end", answers=OWN)
        ],
        ("GET", "/password"): [Try("/password", answers=OWN)],
        ("POST", "/password"): [
            Try("/password", {"old": "x", "new": "y" * 10, "again": "z" * 10}, answers=OWN)
        ],
        ("GET", "/unit"): [Try(f"/unit?unit={ours.unit_id}", answers=OWN)],
        ("GET", "/unit/members"): [
            Try(f"/unit/members?unit={ours.unit_id}", answers=OWN),
            Try("/unit/members?after=0", answers=OWN),
        ],
        ("GET", "/claims"): [
            Try("/claims", answers=OWN),
            Try(f"/claims?unit={ours.unit_id}", answers=OWN),
            Try(f"/claims?member={ours.member_ref}", answers=OWN),
            Try(f"/claims?after={ours.paid}", answers=OWN),
            Try(f"/claims?number={ours.paid}", answers=OWN),
            *(Try(f"/claims?state={state}", answers=OWN) for state in ("paid", "incomplete")),
        ],
        ("POST", find): [
            Try(find, {"text": ours.paid}, answers=OWN),
            Try(find, {"text": ours.id_number}, answers=OWN),
        ],
        ("GET", "/claims/next"): [
            Try(f"/claims/next?state={state}", answers=OWN)
            for state in ("incomplete", "sent", "paid")
        ],
        ("POST", "/checking"): [Try("/checking")],
        ("GET", "/claims/{number}/check"): [Try(f"{claim}/check")],
        ("POST", "/claims/{number}/take"): [Try(f"{claim}/take")],
        ("POST", "/claims/{number}/take/still"): [Try(f"{claim}/take/still")],
        ("POST", "/claims/{number}/check/finish"): [Try(f"{claim}/check/finish")],
        ("POST", "/claims/{number}/check/skip"): [Try(f"{claim}/check/skip")],
        ("POST", "/claims/{number}/fields/{name}/choose"): [
            Try(f"{claim}/fields/bank_card_number/choose", {"mark": "bank_card_number-roster"})
        ],
        ("GET", "/claims/{number}"): [Try(claim), Try(f"/claims/{ours.incomplete}")],
        ("GET", "/claims/{number}/cover"): [Try(f"{claim}/cover")],
        ("GET", "/claims/{number}/alike"): [Try(f"{claim}/alike")],
        ("GET", "/claims/{number}/trial"): [Try(f"{claim}/trial")],
        ("GET", "/claims/{number}/pages/{page_id}.jpg"): [Try(f"{claim}/pages/{ours.page_id}.jpg")],
        ("GET", "/claims/{number}/papers/{document_id}/{at}.jpg"): [
            Try(f"{claim}/papers/{ours.document_id}/1.jpg")
        ],
        ("GET", "/claims/{number}/letters/{letter_id}.docx"): [
            Try(f"/claims/{ours.incomplete}/letters/{ours.letter_id}.docx")
        ],
        ("POST", "/claims/{number}/papers"): [
            Try(f"/claims/{ours.incomplete}/papers", files=papers)
        ],
        ("POST", "/claims/{number}/fields/{name}"): [
            Try(f"{claim}/fields/id_number", {"value": ours.id_number})
        ],
        ("POST", "/claims/{number}/fields/{name}/confirm"): [
            Try(f"{claim}/fields/id_number/confirm")
        ],
        ("POST", "/claims/{number}/fields/{name}/reveal"): [
            Try(f"{claim}/fields/id_number/reveal", {"purpose": "核对材料"})
        ],
        ("POST", "/claims/{number}/pages/{page_id}/kind"): [
            Try(f"{claim}/pages/{ours.page_id}/kind", {"kind": "other"})
        ],
        ("POST", "/claims/{number}/findings/{finding_id}"): [
            Try(f"/claims/{ours.incomplete}/findings/{ours.finding_id}", {"reason": "好"})
        ],
        ("POST", "/claims/{number}/event"): [Try(f"{claim}/event", {"kind": "accident"})],
        ("POST", "/claims/{number}/event/add"): [
            Try(f"{claim}/event/add", {"kind": "critical_illness"})
        ],
        ("POST", "/claims/{number}/event/drop"): [Try(f"{claim}/event/drop", {"event": "0"})],
        ("POST", "/claims/{number}/questions/{event}/{code}"): [
            Try(f"{claim}/questions/0/DUPLICATE_EVENT", {"answer": "same", "reason": "好"})
        ],
        ("POST", "/claims/{number}/heirs"): [Try(f"{claim}/heirs", {"name": "李一"})],
        ("POST", "/claims/{number}/heirs/confirm"): [Try(f"{claim}/heirs/confirm")],
        ("POST", "/claims/{number}/heirs/{heir_id}/reveal"): [
            Try(f"{claim}/heirs/1/reveal", {"purpose": "核对材料"})
        ],
        ("POST", "/claims/{number}/answers/{answer_id}/confirm"): [
            Try(f"{claim}/answers/1/confirm")
        ],
        ("POST", "/claims/{number}/recheck"): [Try(f"/claims/{ours.incomplete}/recheck")],
        ("POST", "/claims/{number}/payee"): [Try(f"{claim}/payee")],
        ("POST", "/claims/{number}/payee/confirm"): [Try(f"{claim}/payee/confirm", {"shown": "x"})],
        ("POST", "/claims/{number}/pay-again"): [Try(f"{claim}/pay-again")],
        ("POST", "/claims/{number}/end-revision"): [
            Try(f"/claims/{ours.incomplete}/end-revision", {"reason": "好"})
        ],
        ("POST", "/claims/{number}/divide"): [
            Try(f"/claims/{ours.incomplete}/divide", {"whose": "1"})
        ],
        ("POST", "/claims/{number}/hold"): [
            Try(f"/claims/{ours.incomplete}/hold", {"reason": "好", "until": "2027-01-01"})
        ],
        ("POST", "/claims/{number}/resume"): [Try(f"/claims/{ours.incomplete}/resume")],
        ("POST", "/claims/{number}/withdraw"): [
            Try(f"/claims/{ours.incomplete}/withdraw", {"reason": "好"})
        ],
        ("POST", "/claims/{number}/leave"): [Try(f"{claim}/leave", {"reason": "好"})],
        ("POST", "/claims/{number}/deny"): [
            Try(f"/claims/{ours.incomplete}/deny", {"clause": "EXCLUDED", "reason": "好"})
        ],
        **_enrolments(ours),
        **_members(ours),
        **_renewals(ours),
        **_objections(ours),
        **_boards(ours),
        ("GET", "/settlements"): [Try("/settlements")],
        ("POST", "/settlements"): [Try("/settlements", files=[("file", ("a.csv", b"x"))])],
        ("POST", "/settlements/{entry}"): [Try("/settlements/settlements-0")],
        ("GET", "/packets"): [Try("/packets", answers=OWN)],
        ("POST", "/packets"): [Try("/packets", files=papers, answers=OWN)],
        ("POST", "/packets/seen"): [Try("/packets/seen", {"packet": "1"})],
        ("GET", "/packets/{packet_id}/original.zip"): [Try("/packets/1/original.zip")],
        ("GET", "/approvals"): [Try("/approvals")],
        ("POST", "/approvals"): [Try("/approvals", {"item": "1"})],
        ("POST", "/approvals/{number}/send-back"): [
            Try(f"/approvals/{ours.paid}/send-back", {"reason": "好"})
        ],
        ("GET", "/batches"): [Try("/batches")],
        ("POST", "/batches"): [Try("/batches")],
        ("POST", "/batches/branch"): [Try("/batches/branch", {"reference": "x", "branch": "好"})],
        ("GET", "/batches/{number}"): [Try(f"/batches/{ours.batch}")],
        ("POST", "/batches/{number}/discard"): [Try(f"/batches/{ours.batch}/discard")],
        ("POST", "/batches/{number}/release"): [
            Try(f"/batches/{ours.batch}/release", {"digest": "x"})
        ],
        ("POST", "/batches/{number}/file"): [Try(f"/batches/{ours.batch}/file")],
        ("POST", "/batches/{number}/draft"): [Try(f"/batches/{ours.batch}/draft")],
        ("POST", "/batches/{number}/discards"): [
            Try(f"/batches/{ours.batch}/discards", {"bank_word": "x"})
        ],
        ("POST", "/batches/{number}/discards/agree"): [
            Try(f"/batches/{ours.batch}/discards/agree")
        ],
        ("POST", "/batches/{number}/discards/refuse"): [
            Try(f"/batches/{ours.batch}/discards/refuse")
        ],
        ("POST", "/batches/{number}/payments/{reference}/out"): [
            Try(f"/batches/{ours.batch}/payments/{ours.paid}-1/out", {"reason": "x"})
        ],
        ("POST", "/batches/{number}/payments/{reference}/out/agree"): [
            Try(f"/batches/{ours.batch}/payments/{ours.paid}-1/out/agree")
        ],
        ("POST", "/batches/{number}/payments/{reference}/out/refuse"): [
            Try(f"/batches/{ours.batch}/payments/{ours.paid}-1/out/refuse")
        ],
        ("GET", "/books"): [Try("/books")],
        ("GET", "/books/all.beancount"): [Try("/books/all.beancount")],
        ("GET", "/books/{month}"): [Try("/books/2026-06")],
        ("GET", "/books/{month}.xlsx"): [Try("/books/2026-06.xlsx")],
        ("GET", "/books/{month}.docx"): [Try("/books/2026-06.docx")],
        ("GET", "/books/{month}/{export}"): [Try("/books/2026-06/plain")],
        ("POST", "/books/{month}/statement"): [
            Try("/books/2026-06/statement", {"account": "1", "balance": "1"})
        ],
        ("POST", "/books/{month}/statement/agree"): [
            Try("/books/2026-06/statement/agree", {"account": "1"})
        ],
        ("POST", "/books/{month}/close"): [Try("/books/2026-06/close")],
        ("GET", "/books/days/{day}"): [Try("/books/days/2026-06-01")],
        **{
            ("POST", f"/books/days/{{day}}/{act}"): [Try(f"/books/days/2026-06-01/{act}")]
            for act in ("keep", "sign")
        },
        ("POST", "/books/vouchers"): [Try("/books/vouchers", {"day": "2026-06-01", "amount": "1"})],
        **{
            ("POST", f"/books/vouchers/{{voucher_id}}/{act}"): [Try(f"/books/vouchers/1/{act}")]
            for act in ("book", "refuse")
        },
        **{
            ("POST", f"/books/{act}"): [Try(f"/books/{act}")]
            for act in ("open", "open/refuse", "reopen", "reopen/agree", "reopen/refuse")
        },
        ("POST", "/books/balances"): [Try("/books/balances", {"bank:main:1": "1"})],
        ("GET", "/paying-accounts"): [Try("/paying-accounts")],
        ("POST", "/paying-accounts"): [
            Try(
                "/paying-accounts",
                {"name": "甲", "account": "1" * 19, "bank": "乙", "first_on": "2027-01-01"},
            )
        ],
        ("POST", "/paying-accounts/{account_id}/confirm"): [
            Try("/paying-accounts/1/confirm", {"seen": "1"})
        ],
        ("POST", "/paying-accounts/{account_id}/refuse"): [
            Try("/paying-accounts/1/refuse", {"seen": "1"})
        ],
        ("POST", "/paying-accounts/{account_id}/end"): [
            Try("/paying-accounts/1/end", {"last_on": "2027-01-01"})
        ],
        ("POST", "/paying-accounts/{account_id}/end/agree"): [Try("/paying-accounts/1/end/agree")],
        ("POST", "/paying-accounts/{account_id}/end/refuse"): [
            Try("/paying-accounts/1/end/refuse", {"seen": "2027-01-01"})
        ],
        ("POST", "/batches/{number}/replies"): [
            Try(f"/batches/{ours.batch}/replies", {"format": "ccb-list"}, files=[("file", b"x")])
        ],
        ("GET", "/failures"): [Try("/failures")],
        ("POST", "/failures/retry"): [Try("/failures/retry", {"machine": "claim", "row": "1"})],
        ("POST", "/failures/retry-all"): [
            Try("/failures/retry-all", {"machine": "claim", "step": "read", "cause": "x"})
        ],
        ("GET", "/log"): [Try("/log"), Try("/log?subject=claim&row=1")],
        ("POST", "/log/find"): [Try("/log/find", {"text": ours.paid})],
        ("GET", "/log.xlsx"): [Try("/log.xlsx")],
        ("GET", "/people"): [Try("/people")],
        ("GET", "/people/tokens"): [Try("/people/tokens")],
        ("POST", "/people/tokens"): [
            Try("/people/tokens", {"user": "1", "name": "a", "expires_on": "2027-01-01"})
        ],
        ("POST", "/people/tokens/{token_id}/agree"): [Try("/people/tokens/1/agree")],
        ("POST", "/people/tokens/{token_id}/end"): [Try("/people/tokens/1/end")],
        ("POST", "/me/tokens/{token_id}/draw"): [Try("/me/tokens/1/draw", answers=OWN)],
        ("POST", "/me/tokens/{token_id}/end"): [Try("/me/tokens/1/end", answers=OWN)],
        ("POST", "/people"): [
            Try("/people", {"login": "a", "name": "b", "staff_number": "1", "roles": "clerk"})
        ],
        **{
            ("POST", f"/people/{{user_id}}/{act}"): [Try(f"/people/{ours.clerk_id}/{act}")]
            for act in ("reset", "disable")
        },
        ("POST", "/people/{user_id}/enable"): [
            Try(f"/people/{ours.clerk_id}/enable", {"shown": "1"})
        ],
        ("POST", "/people/{user_id}/second-factor/reset"): [
            Try(f"/people/{ours.clerk_id}/second-factor/reset")
        ],
        ("POST", "/people/{user_id}/second-factor/reset/agree"): [
            Try(f"/people/{ours.clerk_id}/second-factor/reset/agree")
        ],
        ("POST", "/people/{user_id}/staff-number"): [
            Try(f"/people/{ours.clerk_id}/staff-number", {"number": "1"})
        ],
        **{
            ("POST", f"/people/{{user_id}}/staff-number/{act}"): [
                Try(f"/people/{ours.clerk_id}/staff-number/{act}", {"shown": "1"})
            ]
            for act in ("confirm", "refuse")
        },
    }


def _enrolments(ours: Ours) -> dict[tuple[str, str], list[Try]]:
    route, path = "/enrolments/{number}", f"/enrolments/{ours.roster}"
    file = [("file", ("a.xlsx", sheet(workers(1))))]
    copies = [("files", ("a.jpg", a_picture()))]
    booked = {"receipt": "S-1", "amount": "80", "moved_on": "2026-06-15", "payer": "unit"}
    return {
        ("GET", "/enrolments"): [
            Try("/enrolments", answers=OWN),
            Try("/enrolments?state=checked", answers=OWN),
        ],
        ("POST", "/enrolments"): [
            Try("/enrolments", {"unit": str(ours.unit_id), "plan": "main-2025"}, file)
        ],
        ("GET", "/enrolments/new"): [Try(f"/enrolments/new?unit={ours.unit_id}", answers=OWN)],
        ("GET", "/enrolments/template.xlsx"): [Try("/enrolments/template.xlsx", answers=OWN)],
        ("GET", route): [Try(path), Try(f"/enrolments/{ours.paid_roster}")],
        ("GET", f"{route}/preview"): [Try(f"{path}/preview")],
        ("POST", f"{route}/faults"): [Try(f"{path}/faults")],
        ("GET", f"{route}/confirmation.docx"): [
            Try(f"/enrolments/{ours.paid_roster}/confirmation.docx")
        ],
        ("GET", f"{route}/members.xlsx"): [Try(f"/enrolments/{ours.paid_roster}/members.xlsx")],
        ("GET", f"{route}/lines"): [Try(f"/enrolments/{ours.paid_roster}/lines")],
        ("POST", f"{route}/lines/{{row}}/strike"): [
            Try(f"/enrolments/{ours.paid_roster}/lines/2/strike", {"reason": "好"})
        ],
        ("POST", f"{route}/accept"): [Try(f"{path}/accept")],
        ("POST", f"{route}/copies"): [Try(f"{path}/copies", {}, copies)],
        ("POST", f"{route}/copies/{{row}}/reveal"): [
            Try(f"{path}/copies/2/reveal", {"purpose": "核对材料"})
        ],
        ("GET", f"{route}/copies/{{row}}.jpg"): [Try(f"{path}/copies/2.jpg")],
        ("POST", f"{route}/copies/{{row}}/answer"): [
            Try(f"{path}/copies/2/answer", {"reason": "好"})
        ],
        ("GET", f"{route}/changes"): [Try(f"{path}/changes")],
        ("POST", f"{route}/changes/moves"): [Try(f"{path}/changes/moves")],
        ("POST", f"{route}/changes/moves/{{row}}"): [Try(f"{path}/changes/moves/2")],
        ("POST", f"{route}/changes/cards"): [Try(f"{path}/changes/cards", {"shown": "2.x"})],
        ("POST", f"{route}/changes/cards/{{row}}"): [
            Try(f"{path}/changes/cards/2", {"shown": "x"})
        ],
        ("POST", f"{route}/changes/cards/{{row}}/refuse"): [
            Try(f"{path}/changes/cards/2/refuse", {"shown": "x", "reason": "好"})
        ],
        ("POST", f"{route}/withdraw"): [Try(f"{path}/withdraw")],
        ("POST", f"{route}/let-pass"): [Try(f"{path}/let-pass", {"reason": "好"})],
        ("POST", f"{route}/begin-tomorrow"): [Try(f"{path}/begin-tomorrow", {"reason": "好"})],
        ("POST", f"{route}/receipts"): [Try(f"{path}/receipts", booked)],
        ("POST", f"{route}/receipts/{{receipt_id}}/reverse"): [
            Try(f"{path}/receipts/1/reverse", {"receipt": "S-2"})
        ],
        ("POST", f"{route}/refund"): [Try(f"{path}/refund", booked)],
    }


def _members(ours: Ours) -> dict[tuple[str, str], list[Try]]:
    unit, member = f"/units/{ours.unit_id}", f"/members/{ours.member_ref}"
    facts = {"name": "改名", "city": "长春市"}
    card = {"card": "6217001234567890128", "bank_name": "中国银行"}
    return {
        ("GET", "/units"): [Try("/units")],
        ("POST", "/units"): [Try("/units", facts)],
        ("GET", "/units/{unit_id}"): [Try(unit)],
        ("POST", "/units/{unit_id}"): [Try(unit, facts)],
        ("GET", "/units/{unit_id}/members"): [Try(f"{unit}/members")],
        ("POST", "/units/{unit_id}/city/confirm"): [Try(f"{unit}/city/confirm")],
        ("POST", "/units/{unit_id}/city/refuse"): [Try(f"{unit}/city/refuse", {"city": "长春市"})],
        ("POST", "/units/{unit_id}/years/{year_id}/city"): [
            Try(f"{unit}/years/1/city", {"city": "四平市", "reason": "好"})
        ],
        ("POST", "/units/{unit_id}/years/{year_id}/city/confirm"): [
            Try(f"{unit}/years/1/city/confirm")
        ],
        ("GET", "/members/{ref}"): [Try(member)],
        ("POST", "/members/{ref}/leave"): [
            Try(f"{member}/leave", {"left_on": "2026-06-01", "why": "left"})
        ],
        ("POST", "/members/{ref}/come-back"): [Try(f"{member}/come-back")],
        ("POST", "/members/{ref}/doubt-death"): [Try(f"{member}/doubt-death", {"reason": "误记"})],
        ("POST", "/members/{ref}/take-back-death"): [Try(f"{member}/take-back-death")],
        ("POST", "/members/{ref}/card"): [Try(f"{member}/card", card)],
        ("POST", "/members/{ref}/card/compare"): [Try(f"{member}/card/compare")],
        ("POST", "/members/{ref}/card/confirm"): [Try(f"{member}/card/confirm", {"shown": "1"})],
        ("POST", "/members/{ref}/card/refuse"): [
            Try(f"{member}/card/refuse", {"shown": "1", "reason": "好"})
        ],
        ("POST", "/members/{ref}/transfer"): [
            Try(f"{member}/transfer", {"unit": str(ours.other_unit_id)})
        ],
    }


def _objections(ours: Ours) -> dict[tuple[str, str], list[Try]]:
    said = {"made_on": "2026-06-15", "made_by": "unit", "name": "某", "words": "好"}
    claim, ours_objection = f"/claims/{ours.paid}", f"/objections/{ours.objection}"
    recovery = "/recoveries/ZH2026000001"
    acts = ("/receipts", "/write-off", "/write-off/refuse", "/write-off/confirm")
    return {
        ("GET", "/objections"): [Try("/objections")],
        ("POST", "/claims/{number}/objections"): [Try(f"{claim}/objections", said)],
        ("POST", "/claims/{number}/reopen"): [
            Try(f"{claim}/reopen", {"cause": "mistake", "reason": "好"})
        ],
        ("POST", "/claims/{number}/let-stand"): [Try(f"{claim}/let-stand", {"reason": "好"})],
        ("POST", "/claims/{number}/let-stand/confirm"): [Try(f"{claim}/let-stand/confirm", {})],
        ("POST", "/claims/{number}/let-stand/refuse"): [Try(f"{claim}/let-stand/refuse", {})],
        **{
            ("POST", f"/objections/{{number}}/{act}"): [
                Try(f"{ours_objection}/{act}", {"reason": "好", "written_on": "2026-06-15"})
            ]
            for act in ("uphold", "reject", "withdraw", "withdraw/confirm", "withdraw/refuse")
        },
        ("GET", "/undelivered"): [Try("/undelivered")],
        ("GET", "/records"): [Try("/records")],
        ("POST", "/records/holds"): [Try("/records/holds", {"whose": ours.paid, "reason": "好"})],
        ("POST", "/records/holds/{hold_id}/confirm"): [Try("/records/holds/1/confirm")],
        ("POST", "/records/holds/{hold_id}/ask-to-lift"): [
            Try("/records/holds/1/ask-to-lift", {"reason": "好"})
        ],
        ("POST", "/records/holds/{hold_id}/lift"): [Try("/records/holds/1/lift")],
        ("POST", "/records/export"): [Try("/records/export", {"whose": "1", "purpose": "好"})],
        **{
            ("POST", f"/claims/{{number}}/{act}"): [Try(f"{claim}/{act}", {"reason": "好"})]
            for act in ("to-fund", "to-fund/agree", "to-fund/refuse", "revive")
        },
        ("GET", "/recoveries"): [Try("/recoveries")],
        ("GET", "/recoveries/{number}"): [Try(recovery)],
        **{
            ("POST", f"/reply-cases/late-returns/{{late_return}}/{act}"): [
                Try(f"/reply-cases/late-returns/1/{act}", {"outcome": "好"})
            ]
            for act in ("confirm", "deny")
        },
        ("GET", "/batches/{number}/kept/{sha256}"): [Try(f"/batches/{ours.batch}/kept/0")],
        ("GET", "/statements"): [Try("/statements")],
        ("GET", "/statements/kept/{sha256}"): [Try("/statements/kept/0")],
        ("POST", "/statements"): [Try("/statements", files=[("statement", b"x")])],
        ("POST", "/statements/{line}/book"): [Try("/statements/1/book", {"amount": "1"})],
        ("POST", "/statements/{line}/tie"): [Try("/statements/1/tie", {"receipt": "1"})],
        ("POST", "/statements/{line}/voucher"): [Try("/statements/1/voucher")],
        ("POST", "/statements/{line}/aside"): [Try("/statements/1/aside", {"reason": "好"})],
        ("GET", "/reply-cases"): [Try("/reply-cases")],
        ("POST", "/reply-cases/{case}/match"): [Try("/reply-cases/1/match", {"reason": "好"})],
        **{
            ("POST", f"/reply-cases/{{case}}/{end}"): [Try(f"/reply-cases/1/{end}", {"shown": "0"})]
            for end in ("agree", "refuse")
        },
        ("POST", "/reply-cases/{case}/{how}"): [Try("/reply-cases/1/leave", {"reason": "好"})],
        ("GET", "/unanswered"): [Try("/unanswered")],
        **{
            ("POST", f"/unanswered/{{reference}}/{act}"): [
                Try(f"/unanswered/1/{act}", {"reason": "好"})
            ]
            for act in ("ask", "words", "words/agree", "words/refuse")
        },
        **{
            ("POST", f"/recoveries/{{number}}/receipts/{{receipt}}/{act}"): [
                Try(f"{recovery}/receipts/1/{act}", {"reason": "好"})
            ]
            for act in ("confirm", "refuse")
        },
        ("POST", "/recoveries/{number}/instalments"): [
            Try(f"{recovery}/instalments", {"plan": "2026-09-01 1"})
        ],
        ("POST", "/recoveries/{number}/set-off"): [
            Try(f"{recovery}/set-off", {"payment": "1", "amount": "1", "reason": "好"})
        ],
        ("POST", "/recoveries/{number}/set-off/{receipt}/undo"): [
            Try(f"{recovery}/set-off/1/undo", {})
        ],
        **{
            ("POST", f"/recoveries/{{number}}{act}"): [Try(f"{recovery}{act}", {"reason": "好"})]
            for act in acts
        },
    }


def _renewals(ours: Ours) -> dict[tuple[str, str], list[Try]]:
    return {
        ("GET", "/renewals"): [Try(f"/renewals?unit={ours.unit_id}")],
        ("POST", "/renewals/pauses"): [
            Try("/renewals/pauses", {"unit": str(ours.unit_id), "reason": "好"})
        ],
        ("POST", "/renewals/pauses/{pause_id}/lift"): [Try("/renewals/pauses/1/lift")],
        ("GET", "/renewals/{row_id}/notice.docx"): [Try(f"/renewals/{ours.notice}/notice.docx")],
        ("POST", "/renewals/{row_id}/roster"): [Try(f"/renewals/{ours.notice}/roster")],
    }


def _boards(ours: Ours) -> dict[tuple[str, str], list[Try]]:
    relief, talk = f"/boards/relief/{ours.relief}", f"/boards/activities/{ours.activity}"
    sitting = {"granted": "10", "met_on": "2026-06-15", "minutes": "好", "reason": "好"}
    held = {"kind": "lecture", "title": "改", "held_on": "2026-06-15", "place": "改"}
    unit = {"unit": str(ours.unit_id)}
    shut = (
        *("ranking.xlsx", "statistics", "statistics.xlsx", "public-list.xlsx"),
        *("subsidy", "subsidy.xlsx", "subsidy.docx"),
    )
    seen = ("", "/relief", "/activities", "/activities/report.xlsx", "/campaign")
    return {
        **{("GET", f"/boards/{name}"): [Try(f"/boards/{name}")] for name in shut},
        **{
            ("GET", f"/boards{name}"): [
                Try(f"/boards{name}?year=2026&unit={ours.unit_id}", answers=OWN),
            ]
            for name in seen
        },
        ("GET", "/boards/relief/{number}"): [Try(relief)],
        ("POST", "/claims/{number}/relief"): [
            Try(f"/claims/{ours.paid}/relief", {"hardship": "好", "asked": "10"})
        ],
        **{
            ("POST", f"/boards/relief/{{number}}/{act}"): [Try(f"{relief}/{act}", sitting)]
            for act in ("withdraw", "grant", "refuse", "keep")
        },
        ("POST", "/boards/activities"): [
            Try("/boards/activities", held | unit, answers=OWN | SHUT)
        ],
        ("POST", "/boards/activities/{activity_id}"): [Try(talk, held | unit)],
        ("POST", "/boards/activities/{activity_id}/remove"): [Try(f"{talk}/remove")],
        ("POST", "/boards/campaign/plan"): [Try("/boards/campaign/plan", {"year": "2026"})],
        ("POST", "/boards/campaign/reach"): [
            Try(
                "/boards/campaign/reach",
                unit | {"year": "2026", "phase": "publicity", "reached_on": "2026-06-15"},
                answers=OWN | SHUT,
            )
        ],
    }


@pytest.fixture
def ours(desk: Desk) -> Ours:
    return our_unit(desk)


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Every way into the console but the static files."""
    for each in routes:
        if isinstance(inner := getattr(each, "original_router", None), APIRouter):
            yield from routes_of(inner.routes)
        elif isinstance(each, Route):
            yield from ((method, each.path) for method in each.methods or () if method != "HEAD")
        else:
            assert isinstance(each, Mount)
            # Programs come without a cookie; tests/console/api tries their routes.
            assert each.path in ("/static", "/api/v1")


def said(answer: Response) -> str:
    """All text the browser received, also of redirects and inside files."""
    parts = [str(each.headers) for each in (*answer.history, answer)]
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            parts += [archive.read(name).decode(errors="ignore") for name in archive.namelist()]
    return "\n".join([*parts, answer.text])


def betrayed(answer: Response, ours: Ours, asked: str = "") -> list[str]:
    """What the answer says of our rows that was not in the address itself."""
    text = said(answer)
    return [each for each in ours.betrays if each in text and each not in asked]


def state_of(office: Office, ours: Ours) -> list[object]:
    """What must not move while strangers try."""
    with office.sessions.read_only() as session:
        claims = session.execute(
            select(Claim.number, Claim.version, Claim.state).where(Claim.unit_id == ours.unit_id)
        )
        clerk = session.get_one(User, ours.clerk_id)
        return [
            sorted(tuple(row) for row in claims),
            session.scalar(select(func.count()).select_from(Document)),
            session.scalar(select(func.count()).where(Packet.claim_id.is_not(None))),
            (clerk.disabled_at, clerk.password_hash),
            session.scalars(select(WebSession.id).filter_by(user_id=clerk.id)).all(),
            session.get_one(Unit, ours.unit_id).version,
            session.execute(select(Enrolment.number, Enrolment.version)).all(),
            session.execute(select(Member.id, Member.version)).all(),
            session.execute(select(Relief.number, Relief.version)).all(),
            session.execute(select(Renewal.id, Renewal.version)).all(),
            session.execute(select(Activity.id, Activity.title, Activity.unit_id)).all(),
            session.execute(select(Milestone.unit_id, Milestone.reached_on)).all(),
            session.scalar(select(func.count()).where(AuditEvent.subject == "claim")),
        ]


def test_every_route_is_tried(app: FastAPI, ours: Ours) -> None:
    assert set(routes_of(app.routes)) == tries(ours).keys()


def test_our_own_clerk_is_shown_what_others_must_not_see(
    desk: Desk, ours: Ours, visitor: At
) -> None:
    with desk.office.sessions.read_only() as session:
        clerk = session.get_one(User, ours.clerk_id)
    own = visitor()
    own.log_in(clerk)
    paths = ["/", "/unit", "/unit/members", "/claims", "/enrolments", f"/claims/{ours.paid}"]
    paths.append(f"/enrolments/{ours.paid_roster}/lines")
    seen = "".join(said(own.get(path)) for path in paths)
    # Full names and numbers are never on a page.
    hidden = {each for each in ours.betrays if each not in seen}
    assert [each for each in hidden if "*" in each or each.startswith(("HZ", "CB", "B"))] == []
    assert own.get(f"/claims/{ours.incomplete}/letters/{ours.letter_id}.docx").status_code == 200
    assert own.get(f"/renewals/{ours.notice}/notice.docx").status_code == 200
    assert "本厅职工健康讲座" in own.get("/boards/activities?year=2026").text


def test_another_units_clerk_learns_and_changes_nothing_of_ours_on_any_route(
    desk: Desk, ours: Ours, visitor: At
) -> None:
    stranger = visitor()
    stranger.log_in(a_clerk_elsewhere(desk, ours))
    before = state_of(desk.office, ours)
    for (method, route), attempts in tries(ours).items():
        for each in attempts:
            if method == "GET":
                answer = stranger.get(each.path)
            else:
                answer = stranger.post(each.path, each.form, files=each.files or None)
            where = (method, route, each.path, answer.status_code)
            assert answer.status_code in each.answers, where
            assert betrayed(answer, ours, each.path) == [], where
    assert state_of(desk.office, ours) == before


def test_a_clerk_of_no_unit_learns_nothing_either(desk: Desk, ours: Ours, at_desk: At) -> None:
    lost = at_desk(Role.UNIT_CLERK)
    for (method, route), attempts in tries(ours).items():
        for each in attempts if method == "GET" else ():
            assert betrayed(lost.get(each.path), ours, each.path) == [], (route, each.path)


def test_without_a_log_in_no_page_opens(ours: Ours, visitor: At) -> None:
    stranger = visitor()
    token = stranger.token()
    for (method, route), attempts in tries(ours).items():
        for each in attempts if route not in OPEN else ():
            data = {"token": token, **each.form} if method == "POST" else None
            answer = stranger.client.request(method, each.path, data=data, follow_redirects=False)
            if answer.status_code == 401:  # the words that were sent stand on the log-in page
                assert betrayed(answer, ours, each.path) == [], (method, route)
                assert 'name="password"' in answer.text, (method, route)
                continue
            assert answer.status_code == 303, (method, route)
            assert answer.headers["location"].startswith("/login?back="), (method, route)


def test_a_copy_of_papers_that_another_unit_handed_in_does_not_open_its_claim(
    desk: Desk, ours: Ours, visitor: At
) -> None:
    with desk.office.sessions.read_only() as session:
        sha = session.scalars(
            select(Document.sha256).join(Claim).where(Claim.number == ours.paid).limit(1)
        ).one()
    copy = desk.office.store.get(sha)
    stranger = visitor()
    stranger.log_in(a_clerk_elsewhere(desk, ours))
    stranger.post("/packets", files=[("files", ("a.jpg", copy))])
    desk.work()
    for path in ("/", "/packets", "/claims"):
        assert betrayed(stranger.get(path), ours) == []
    assert stranger.get(f"/claims/{ours.paid}").status_code == 404


def test_a_person_moved_to_another_unit_sees_the_new_one_at_once(
    desk: Desk, ours: Ours, visitor: At
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        clerk = session.get_one(User, ours.clerk_id)
    screen = visitor()
    screen.log_in(clerk)
    assert screen.get(f"/claims/{ours.paid}").status_code == 200
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, ours.clerk_id).unit_id = ours.other_unit_id
    assert screen.get(f"/claims/{ours.paid}").status_code == 404
