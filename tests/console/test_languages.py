"""Chinese pages are Chinese, English pages are English; only what people wrote stays as it is."""

import html
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from banking import formats
from models import Claim, DecisionLine, DecisionReason, User
from models.people import Role
from rules import plans
from rules.illnesses import lists
from tests.opened import sentence

At = Callable[..., Any]
CHINESE = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z]{2,}")
# Names of formats, codes and numbers are the same in both languages.
SAME = {
    "PDF",
    "TIFF",
    "HEIC",
    "OFD",
    "ZIP",
    "docx",
    "English",
    "HZ",
    "main",
    "ISO",
    "pain",
    "SHA",
    "user",
    "packet",
}
WRITTEN = (
    "张*",
    "吉林省某厅机关工会",
    "吉林大学第一医院",
    "中国建设银行",
    "某某康复医院",
    "肺炎",
    "张三",
    "中文",
)


def seen(page: str) -> str:
    """What a person can read on the page: text and the words in attributes for people."""
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", page)
    said = " ".join(re.findall(r'(?:title|placeholder|aria-label|alt)="([^"]*)"', body))
    return html.unescape(re.sub(r"<[^>]*>", " ", body) + " " + said)


READERS = (Role.CLERK, Role.SUPERVISOR, Role.CASHIER)


def everything(desk: Any) -> tuple[list[str], list[str]]:
    """An office with something on every page: the paths, and what is data on them."""
    claims = [
        desk.claim(desk.member()),
        desk.claim(desk.member(), hospital="某某康复医院"),
        desk.claim(desk.member(), admitted="2026-03-02", discharged="2026-03-03"),
        desk.claim(desk.member(), without=("bank_card",)),
    ]
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        failed = session.get_one(Claim, desk.claim(desk.member()))
        failed.parked_at, failed.parked_step, failed.parked_cause = desk.clock(), "read", "1"
        numbers = [session.get_one(Claim, each).number for each in claims]
        data = list(session.scalars(select(User.login)))
        data += [sentence(desk, each) for each in session.scalars(select(DecisionLine))]
        data += [sentence(desk, each) for each in session.scalars(select(DecisionReason))]
    data += [layout.title for layout in formats.available().values()]
    # The scheme's own names: of its plans, and of the illnesses and exclusions they list.
    data += [plan.name for plan in plans.available()]
    data += [illness.name for listed in lists().values() for illness in listed.values()]
    data += [each.name for plan in plans.available() for each in plan.exclusions]
    data += [*WRITTEN, desk.office.settings.office_name]
    pages = ["/", "/claims", "/packets", "/approvals", "/batches", "/failures", "/no-such-page"]
    return [*pages, *(f"/claims/{number}" for number in numbers)], sorted(data, key=len)[::-1]


def texts(screen: Any, paths: list[str], data: list[str]) -> list[tuple[str, str]]:
    found = []
    for path in paths:
        answer = screen.get(path)
        # The id of a request is random letters, which may look like a word.
        text = seen(answer.text).replace(answer.headers["x-request-id"], " ")
        for value in data:
            text = text.replace(value, " ")
        found.append((path, text))
    return found


def test_english_pages_hold_no_chinese(desk: Any, at_desk: At) -> None:
    paths, data = everything(desk)
    for role in (*READERS, Role.UNIT_CLERK):
        screen = at_desk(role)
        answer = screen.post("/language", {"language": "en", "back": "/claims"})
        assert '<html lang="en">' in answer.text
        for path, text in texts(screen, [*paths, "/login"], data):
            assert not CHINESE.findall(text), path


def test_chinese_pages_hold_no_english(desk: Any, at_desk: At) -> None:
    paths, data = everything(desk)
    for role in READERS:
        for path, text in texts(at_desk(role), [*paths, "/login"], data):
            words = set(WORD.findall(re.sub(r"[A-Z]+(_[A-Z]+)+", " ", text)))
            assert words <= SAME, path


def test_an_unknown_language_is_refused(at_desk: At) -> None:
    assert at_desk(Role.CLERK).post("/language", {"language": "xx"}).status_code == 422
