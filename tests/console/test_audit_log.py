"""The auditor searches the log, turns its pages and takes it along; nobody else does."""

import ast
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from console import labels
from console.event_words import FILES
from console.queries import audit_log
from console.queries.audit_log import LogFilters, events_asked
from models import Claim, User
from models.machines import MACHINES
from models.people import Role
from settings import ROOT
from tests.console.conftest import Visitor
from tests.console.test_enrolments import rows_of
from tests.console.test_watched import events, file_routes
from tests.desk import Desk, number_of
from tests.house.parsed import parsed
from workflows.engine.history import record
from workflows.people.watched import VIEW, AskedFor, note_refusal, note_stranger, note_view

At = Callable[..., Visitor]
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
LINE = re.compile(r"<tr>\s*<td class=\"number\">.*?</tr>", re.DOTALL)


def lines(page: str) -> list[list[str]]:
    """The lines of the log on this page, cell by cell, without marks."""
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in CELL.findall(line)]
        for line in LINE.findall(page)
    ]


def kinds(page: str) -> list[str]:
    return [line[3] for line in lines(page)]


@pytest.fixture
def auditor(at_desk: At) -> Visitor:
    return at_desk(Role.AUDITOR)


def test_the_auditor_reads_who_did_what_from_where_with_whom_it_was_about(
    desk: Desk, auditor: Visitor, at_desk: At
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    number, clerk = number_of(desk, claim_id), desk.user(Role.CLERK)
    screen = at_desk(Role.CLERK)
    screen.log_in(clerk)
    screen.post(f"/claims/{number}/hold", {"reason": "等银行", "until": "2026-07-01"})
    screen.get("/enrolments/template.xlsx")
    screen.get("/log")
    [refused, seen, held, *_rest] = lines(auditor.get("/log").text)
    assert held[1:] == [
        f"{clerk.name} 经办",
        "网页 testclient",
        "搁置",
        f"案件 {number}",
        "待审批 → 搁置 · 等银行 · 2026-07-01",
        held[6],
    ]
    assert re.fullmatch(r"2026-06-15 10:00:00", held[0])
    assert len(held[6]) == 10
    assert (seen[3], seen[4], seen[5]) == ("查看或下载文件", f"用户 {clerk.login}", "名册模板")
    assert (refused[3], refused[5]) == ("已拒绝办理", "没有这项权限：GET /log")


def test_the_log_is_searched_by_day_account_kind_and_number(desk: Desk, auditor: Visitor) -> None:
    person, clerk = desk.member(), desk.user(Role.CLERK)
    claim_id, other = desk.claim(person), desk.claim(desk.member())
    desk.work()
    number = number_of(desk, claim_id)
    with desk.office.sessions.unit_of_work() as session:
        for asked in (number, number_of(desk, other)):
            page = AskedFor.of("GET /claims/{number}/pages/{page_id}.jpg", {"number": asked})
            note_view(session, desk.office, clerk.id, page)
    desk.clock.pass_(days=3)
    with desk.office.sessions.unit_of_work() as session:
        note_refusal(session, desk.office, clerk.id, "own_work", AskedFor.of("approve", {}))
        note_stranger(session, desk.office, "nobody", "log_in")

    of_clerk = auditor.get(f"/log?actor={clerk.id}").text
    assert kinds(of_clerk) == ["已拒绝办理", "查看或下载文件", "查看或下载文件"]
    assert len(kinds(auditor.get(f"/log?actor={clerk.id}&since=2026-06-18").text)) == 1
    assert len(kinds(auditor.get(f"/log?actor={clerk.id}&until=2026-06-17").text)) == 2
    assert kinds(auditor.get("/log?verb=fail_unknown_log_in").text) == ["以不存在的登录名登录"]
    assert set(kinds(auditor.get("/log?subject=installation").text)) == {"以不存在的登录名登录"}

    # By its number: what happened to it and who looked at it. By the ID number: his claims too.
    found = auditor.post("/log/find", {"text": f" {number} "})
    assert {line[4] for line in lines(found.text)} == {f"案件 {number}", f"用户 {clerk.login}"}
    assert kinds(found.text)[0] == "查看或下载文件"
    assert "材料图像" in lines(found.text)[0][5]
    found = auditor.post("/log/find", {"text": person.id_number})
    assert person.id_number not in str(found.url)
    assert person.id_number not in found.text
    subjects = {line[4].split()[0] for line in lines(found.text)}
    assert subjects == {"会员", "案件"}
    assert "没有找到这样的编号" in auditor.post("/log/find", {"text": "HZ1"}).text


def test_its_pages_are_turned_without_a_gap_or_a_repeat(
    desk: Desk, auditor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "ROWS", 7)
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        for at in range(17):
            asked = AskedFor.of("GET /claims/{number}", {"number": at})
            note_refusal(session, desk.office, clerk.id, "not_found", asked)
    shown: list[str] = []
    path: str | None = f"/log?actor={clerk.id}"
    while path:
        page = auditor.get(path).text
        shown += [line[5] for line in lines(page)]
        more = re.search(r'class="more"><a href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else None
    assert shown == [f"不存在或无权查看：GET /claims/{at}" for at in reversed(range(17))]


def test_the_pages_of_one_row_are_turned_without_a_gap_or_a_repeat(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = number_of(desk, desk.claim(desk.member()))
    desk.work()
    with desk.office.sessions.read_only() as session:
        member_id = session.scalars(select(Claim.member_id).filter_by(number=number)).one()
        assert member_id is not None
        day = desk.office.today()
        filters = LogFilters(day, day, subject="member", row=member_id)
        whole, more = audit_log.one_page(session, filters, None)
        assert more is None
        monkeypatch.setattr(audit_log, "ROWS", 2)
        shown, before = audit_log.one_page(session, filters, None)
        while before is not None:
            part, before = audit_log.one_page(session, filters, before)
            shown += part
    positions = [each.event.position for each in shown]
    assert positions == [each.event.position for each in whole]
    assert len(positions) > 4


def test_what_was_asked_for_is_taken_along_and_that_is_an_event(
    desk: Desk, auditor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        user = session.get_one(User, desk.user(Role.CLERK).id)
        user.name = "=HYPERLINK(1)"
        note_refusal(session, desk.office, user.id, "right", AskedFor.of("GET /log", {}))
    path = "/log.xlsx?verb=refuse_act&since=2026-06-01&until=2026-06-15"
    answer = auditor.get(path)
    [told] = [row for row in rows_of(answer.content) if "已拒绝办理" in row]
    assert told[2] == "=HYPERLINK(1)"
    assert b"<f>" not in answer.content
    [taken] = events(desk, VIEW)
    assert taken.detail["asked"] == {
        "verb": "refuse_act",
        "since": "2026-06-01",
        "until": "2026-06-15",
    }
    assert "一次最多导出 366 天" in auditor.get("/log.xlsx?since=2020-01-01").text
    monkeypatch.setattr(audit_log, "MOST_EXPORTED", 0)
    assert "请缩短日期范围" in auditor.get(path).text


def test_codes_that_have_no_words_any_more_do_not_hide_the_rest(
    desk: Desk, auditor: Visitor
) -> None:
    claim_id = desk.claim(desk.member())
    with desk.at(claim_id) as (session, claim):
        record(session, claim, "answer_question", desk.clock(), question="GONE", answer="x")
    assert "旧版本的记录" in lines(auditor.get("/log").text)[0][5]


def test_nothing_that_an_address_holds_breaks_the_page(auditor: Visitor) -> None:
    for query in ("since=x&until=9&actor=-1&verb=x&subject=x&row=x&before=x", "before=999999"):
        assert auditor.get(f"/log?{query}").status_code == 200
    assert auditor.get("/log?subject=claim&row=12345").status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"actor": 1},
        {"verb": "see_file"},
        {"subject": "claim", "row": 1},
        {"subject": "member", "row": 1},
    ],
    ids=["time", "actor", "verb", "claim", "member"],
)
def test_each_search_goes_by_an_index(desk: Desk, asked: dict[str, Any]) -> None:
    desk.claim(desk.member())
    desk.work()
    filters = LogFilters(desk.office.today(), desk.office.today(), **asked)
    with desk.office.sessions.read_only() as session:
        query = events_asked(session, filters, at_most=51)
        sql = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
        # So small a table would be read whole, and sorted, whatever it has.
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_sort = off"))
        plan = "\n".join(session.scalars(text(f"EXPLAIN {sql}".replace(":", r"\:"))))
    assert "Seq Scan on audit_event" not in plan, plan
    if "row" in asked:
        assert plan.split("CTE of_row")[1].count("Limit") >= 2, "each part is limited"
    else:
        assert "Sort" not in plan, plan
        assert "Index Cond" in plan, plan


# Where the verb is no literal: what it may be.
GIVEN = {
    "workflows/audit/nightly_check.py": {"verify_log"},
    "workflows/books/statement_lines.py": {"book_line", "propose_for_line", "set_line_aside"},
    "workflows/claims/acts/answers.py": {"answer_question", "confirm_answer"},
    "workflows/claims/paying/bank_words.py": {"agree_bank_word", "refuse_bank_word"},
    "workflows/claims/paying/late_returns.py": {"confirm_return", "deny_return"},
    "workflows/claims/paying/payment_files.py": {"make_file", "make_draft"},
    "workflows/claims/paying/set_off.py": {"set_off", "undo_set_off"},
    "workflows/engine/moves.py": {move.verb for each in MACHINES.values() for move in each.moves},
    "workflows/enrolment/cover_city.py": {"ask_for_city", "confirm_city"},
    "workflows/enrolment/fees.py": {"note_receipt", "refund", "reverse_receipt"},
    "workflows/enrolment/unit_city.py": {"ask_for_city", "confirm_city", "refuse_city"},
    "workflows/people/api_tokens.py": {"ask_token", "agree_token", "draw_token", "end_token"},
    "workflows/people/office_events.py": set(),  # its callers name them
    "workflows/people/passwords.py": {
        *("log_in", "fail_log_in", "change_password", "fail_change_password"),
    },
    "workflows/people/reveals.py": {"reveal"},
    "workflows/people/security_keys.py": {"add_key", "remove_key", "fail_factor"},
    "workflows/people/sessions.py": {"log_out", "end_session", "end_sessions"},
    "workflows/people/watched.py": {"see_file", "refuse_act", "fail_unknown_log_in"},
}
PLACE_OF_VERB = {"record": 2, "first_event": 3, "start": 2, "start_all": 2, "record_for_office": 3}


def written_verbs() -> set[str]:
    """Every verb that the program writes events with."""
    found: set[str] = set().union(*GIVEN.values())
    for path in sorted((ROOT / "workflows").rglob("*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                at = PLACE_OF_VERB.get(node.func.id)
                if at is not None and len(node.args) > at:
                    verb = node.args[at]
                    if isinstance(verb, ast.Constant):
                        found.add(str(verb.value))
                    else:
                        assert path.relative_to(ROOT).as_posix() in GIVEN, (path, node.lineno)
    return found


def test_each_kind_of_event_and_each_file_has_words() -> None:
    words = labels.kinds_of_events()
    assert written_verbs() - words.keys() == set()
    assert {f"{method} {route}" for method, route in file_routes()} == FILES.keys()
