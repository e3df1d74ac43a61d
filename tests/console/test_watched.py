"""Whoever is given a file or refused an act stands in the log, and who tries unknown names too."""

import ast
import inspect
from collections.abc import Callable
from hashlib import sha256

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select, true

from console import batch_cli
from console.app import AREAS
from console.pages.download import FileAnswer
from documents.kinds import Kind
from models import AuditEvent, Batch, Claim, Document, Packet, Page, PayingAccount, User
from models.people import Role
from rules.errors import Refused
from settings import ROOT
from tests.banking.statements import closing, statement_of
from tests.console.another_unit import Ours, our_unit
from tests.console.conftest import Visitor
from tests.console.test_command_line import Line, asked, line
from tests.console.test_isolation import tries
from tests.console.test_login import WANTS
from tests.desk import BANK_PAPER, PASSWORD, Desk, a_page, a_stay, number_of, promises_hold
from tests.house.parsed import parsed
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows.people import watched
from workflows.people.rights import ROLES
from workflows.people.watched import AskedFor

__all__ = ["asked", "line"]

At = Callable[..., Visitor]


def events(desk: Desk, *verbs: str) -> list[AuditEvent]:
    """The events of these verbs, or all, in the order in which they were written."""
    with desk.office.sessions.read_only() as session:
        of_these = AuditEvent.verb.in_(verbs) if verbs else true()
        query = select(AuditEvent).where(of_these).order_by(AuditEvent.position)
        return list(session.scalars(query))


def told(what: str, why: str, **asked: str) -> dict[str, object]:
    return {"what": what, "why": why, "asked": asked}


def numbers_of(event: AuditEvent) -> set[object]:
    """The numbers that were asked with."""
    numbers = event.detail["asked"]
    assert isinstance(numbers, dict)
    return set(numbers.values())


def file_routes() -> set[tuple[str, str]]:
    """The routes that say of themselves that they serve a file."""
    return {
        (method, route.path)
        for area in AREAS
        for route in area.router.routes
        if isinstance(route, APIRoute)
        and inspect.signature(route.endpoint).return_annotation is FileAnswer
        for method in route.methods or ()
    }


def scanned(desk: Desk) -> tuple[str, list[Page]]:
    """The number of a claim that came as pictures, and its pages with their documents."""
    papers = [desk.scan(page) for page in a_stay(desk.member())[:2]]
    desk.drop("packet", {f"{at}.jpg": paper for at, paper in enumerate(papers)})
    desk.look()
    with desk.office.sessions.read_only() as session:
        claim = session.scalars(select(Claim).order_by(Claim.id.desc()).limit(1)).one()
        pages = select(Page).join(Document).where(Document.claim_id == claim.id).order_by(Page.id)
        return claim.number, list(session.scalars(pages))


def approved(desk: Desk, name: str) -> None:
    desk.claim(desk.member(name=name))
    desk.work()
    desk.approve_all()
    desk.work()


def with_paper_of_the_bank(desk: Desk, at_desk: At) -> str:
    """The address of the bank's paper upon which a batch is asked to be discarded."""
    cashier = at_desk(Role.CASHIER)
    approved(desk, "东郭")
    batch_id = desk.released()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Batch, batch_id).number
    form = {"bank_word": "银行柜台书面答复未受理", "whole": "1"}
    cashier.post(f"/batches/{number}/discards", form, files={"paper": BANK_PAPER})
    return f"/batches/{number}/kept/{sha256(BANK_PAPER).hexdigest()}"


def with_a_statement(desk: Desk, at_desk: At) -> str:
    """The address of a statement that was loaded."""
    with desk.office.sessions.read_only() as session:
        account = session.scalars(select(PayingAccount.account)).one()
    content = statement_of(account, closing("100.00", "2026-06-12"))
    at_desk(Role.CASHIER).post("/statements", files={"statement": content})
    return f"/statements/kept/{sha256(content).hexdigest()}"


def paths_of_files(desk: Desk, ours: Ours, at_desk: At) -> dict[tuple[str, str], str]:
    """An address for each of these routes, with something behind it."""
    at_desk(Role.CLERK).post("/packets", files=[("files", ("a.pdf", b"no pdf"))])
    hall, one = Hall.of(desk, unit="第三厅机关工会"), Worker("张三")
    covered = hall.covered([Worker("王五"), Worker("赵六"), Worker("孙七")])
    [roster] = hall.hand_in([one, Worker("李四"), Worker("")])
    card = desk.scan(a_page(Kind.ID_CARD_FRONT, "姓名 李思", f"公民身份号码 {one.id_number}"))
    sent = [("files", ("1.jpg", card))]
    at_desk(Role.CLERK).post(f"/enrolments/{roster}/copies", files=sent)
    number, [page, *_rest] = scanned(desk)
    claim = f"/claims/{number}"
    bank_paper = with_paper_of_the_bank(desk, at_desk)
    approved(desk, "西门")
    batch_id = desk.frozen(desk.user(Role.CASHIER))
    with desk.office.sessions.read_only() as session:
        frozen = session.get_one(Batch, batch_id).number
        refused = session.scalars(select(Packet.id).filter_by(outcome="rejected")).one()
    paths = {route: attempts[0].path for route, attempts in tries(ours).items() if attempts}
    boards = {
        *("ranking.xlsx", "statistics.xlsx", "public-list.xlsx", "activities/report.xlsx"),
        *("subsidy.xlsx", "subsidy.docx"),
    }
    return paths | {
        ("GET", "/claims/{number}/pages/{page_id}.jpg"): f"{claim}/pages/{page.id}.jpg",
        ("GET", "/claims/{number}/papers/{document_id}/{at}.jpg"): (
            f"{claim}/papers/{page.document_id}/1.jpg"
        ),
        ("GET", "/packets/{packet_id}/original.zip"): f"/packets/{refused}/original.zip",
        **{
            ("GET", f"/enrolments/{{number}}/{each}"): f"/enrolments/{covered}/{each}"
            for each in ("confirmation.docx", "members.xlsx")
        },
        ("POST", "/enrolments/{number}/faults"): f"/enrolments/{roster}/faults",
        ("GET", "/enrolments/{number}/copies/{row}.jpg"): f"/enrolments/{roster}/copies/2.jpg",
        ("POST", "/batches/{number}/draft"): f"/batches/{frozen}/draft",
        ("GET", "/batches/{number}/kept/{sha256}"): bank_paper,
        ("GET", "/statements/kept/{sha256}"): with_a_statement(desk, at_desk),
        **{("GET", f"/boards/{each}"): f"/boards/{each}?year=2026&quarter=1" for each in boards},
    }


def test_each_route_that_serves_a_file_writes_an_event_of_who_is_given_it(
    desk: Desk, at_desk: At
) -> None:
    ours = our_unit(desk)
    paths = paths_of_files(desk, ours, at_desk)
    roles = (Role.CLERK, Role.CASHIER, Role.AUDITOR, Role.SECURITY_ADMIN)
    screens = {role: at_desk(role) for role in roles}
    form = {"whose": ours.id_number, "purpose": "本人申请查阅"}
    copy = paths["GET", "/enrolments/{number}/copies/{row}.jpg"].removesuffix(".jpg")
    screens[Role.CLERK].post(f"{copy}/reveal", {"purpose": "核对材料"})
    assert file_routes()
    for method, route in sorted(file_routes()):
        role = next(role for role in screens if role in ROLES[WANTS[method, route]])
        path, before = paths[method, route], len(events(desk))
        screen = screens[role]
        answer = screen.get(path) if method == "GET" else screen.post(path, form)
        assert answer.status_code == 200, (path, answer.text)
        assert not answer.headers["content-type"].startswith("text/html")
        new = [event for event in events(desk)[before:] if event.role == role]
        assert new, route
        seen = next(event for event in new if event.verb == "see_file" or method == "POST")
        assert (seen.channel, seen.address) == ("console", "testclient"), route
        assert seen.correlation == answer.headers["x-request-id"], route
        assert seen.person, route
        if method == "GET":
            assert seen.detail["what"] == f"GET {route}"
            own = path.split("?")[0].split("/")
            params = [part for part in zip(route.split("/"), own, strict=True) if "{" in part[0]]
            assert numbers_of(seen) >= {part[1].split(".")[0] for part in params}, route


def test_a_page_that_serves_a_file_says_so() -> None:
    """Else the test above would not try it."""
    for path in sorted((ROOT / "console" / "pages").glob("*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef) and not _is_page(node):
                assert node.returns is not None, path
                assert ast.unparse(node.returns) == "FileAnswer", (path, node.name)


MAKES_FILES = {"attachment", "streamed_attachment", "picture_of", "FileAnswer", "StreamedFile"}


def _is_page(function: ast.FunctionDef) -> bool:
    """Whether it makes no answer of a file: neither by the functions for it nor by itself."""
    called = {ast.unparse(each.func) for each in ast.walk(function) if isinstance(each, ast.Call)}
    named = {each.arg for each in ast.walk(function) if isinstance(each, ast.keyword)}
    return not called & MAKES_FILES and "media_type" not in named


def test_the_same_again_within_some_minutes_is_one_event(desk: Desk, at_desk: At) -> None:
    first, second = (f"/boards/statistics.xlsx?year={year}" for year in (2025, 2026))
    clerk, other = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    for path in (first, first, second, first):
        assert clerk.get(path).status_code == 200
    other.get(first)
    seen = [numbers_of(event) for event in events(desk, "see_file")]
    assert seen == [{"2025"}, {"2026"}, {"2025"}]
    desk.clock.pass_(minutes=11)
    clerk.get(first)
    assert len(events(desk, "see_file")) == 4


def test_a_file_that_cannot_be_noted_is_not_handed_out(
    desk: Desk, at_desk: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = at_desk(Role.CLERK)

    def fails(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("console.watching.note_view", fails)
    answer = clerk.get("/enrolments/template.xlsx")
    assert answer.status_code == 500
    assert not answer.content.startswith(b"PK")


def test_what_a_post_does_not_allow_is_an_event_and_so_is_what_another_has_to_do(
    desk: Desk, at_desk: At
) -> None:
    clerk, cashier = desk.user(Role.CLERK), desk.user(Role.CASHIER)
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    desk.work()
    batch_id = desk.frozen(cashier)
    with desk.office.sessions.read_only() as session:
        batch = session.get_one(Batch, batch_id)
    screen = at_desk(Role.CLERK)
    screen.log_in(clerk)
    for _time in range(2):
        assert screen.post(f"/batches/{batch.number}/release", {"digest": "x"}).status_code == 403
    assert screen.get("/claims/HZ2026999999").status_code == 404
    assert screen.get("/claims/220104198503170018").status_code == 404
    screen.log_in(cashier)
    release = {"digest": batch.digest}
    answer = screen.post(f"/batches/{batch.number}/release", release)
    assert answer.status_code == 409
    assert "组批人不能放行" in answer.text
    kept = events(desk, "refuse_act")
    route = "/batches/{number}/release"
    assert [(event.actor_id, event.detail) for event in kept] == [
        (clerk.id, told(f"POST {route}", "right", number=batch.number)),
        (clerk.id, told("GET /claims/{number}", "not_found", number="HZ2026999999")),
        # What was typed may be a number of a person.
        (clerk.id, told("GET /claims/{number}", "not_found")),
        (cashier.id, told(f"POST {route}", "own_work", number=batch.number)),
    ]
    assert desk.state_of(claim_id) == "payable"
    promises_hold(desk)


def test_a_maker_who_would_approve_his_own_claim_is_told_of(desk: Desk) -> None:
    clerk = desk.user(Role.CLERK)
    own, others = desk.claim(desk.member()), desk.claim(desk.member())
    desk.work()
    desk.correct(clerk, own, hospital_name="吉林大学第一医院")
    supervisor = desk.user(Role.SUPERVISOR, of=clerk)
    result = desk.approve_all(supervisor)
    assert (result.count, len(result.dropped)) == (1, 1)
    [kept] = events(desk, "refuse_act")
    assert kept.actor_id == supervisor.id
    assert kept.detail == told("approve", "own_work", number=number_of(desk, own))
    assert desk.state_of(others) != "proposed"
    promises_hold(desk)


def test_what_a_command_may_not_do_is_an_event(desk: Desk, line: Line, asked: list[str]) -> None:
    person = desk.user(Role.CLERK)
    with pytest.raises(Refused, match="需要“出纳”岗位"):
        line.run(batch_cli.commands, "batch", "freeze", "--as", person.login)
    [kept] = events(desk, "refuse_act")
    assert (kept.actor_id, kept.detail["why"]) == (person.id, "right")
    assert str(kept.detail["what"]).endswith("batch freeze")
    assert asked


def test_one_person_cannot_fill_the_log(desk: Desk) -> None:
    person = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        for at in range(watched.MOST_REFUSALS + 5):
            asked_for = AskedFor.of("GET /claims/{number}", {"number": at})
            watched.note_refusal(session, desk.office, person.id, "not_found", asked_for)
    assert len(events(desk, "refuse_act")) == watched.MOST_REFUSALS


def test_a_log_in_at_an_unknown_name_is_an_event_that_does_not_tell_what_was_typed(
    desk: Desk, visitor: At
) -> None:
    stranger, typed = visitor(), "my secret PASSWORD"
    for login in (typed, typed, "other"):
        answer = stranger.post("/login", {"login": login, "password": PASSWORD})
        assert answer.status_code == 401
    kept = events(desk, "fail_unknown_log_in")
    assert [(event.subject, event.actor_id) for event in kept] == [("installation", None)] * 2
    assert (kept[0].channel, kept[0].address) == ("console", "testclient")
    assert kept[0].detail == {
        "login_print": desk.office.keys.fingerprint(typed).hex(),
        "way": "log_in",
    }
    assert typed not in str([vars(event) for event in events(desk)])
    promises_hold(desk)


def test_a_log_in_at_a_shut_account_is_an_event_of_it(desk: Desk, visitor: At) -> None:
    user = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, user.id).disabled_at = desk.clock()
    answer = visitor().post("/login", {"login": user.login, "password": PASSWORD})
    assert answer.status_code == 401
    [kept] = events(desk, "fail_log_in")
    assert (kept.subject, kept.subject_id) == ("app_user", user.id)


def test_strangers_from_many_addresses_cannot_fill_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "MOST_STRANGERS", 3)
    with desk.office.sessions.unit_of_work() as session:
        for at in range(5):
            watched.note_stranger(session, desk.office, f"name {at}", "log_in")
    assert len(events(desk, "fail_unknown_log_in")) == 3
    desk.clock.pass_(minutes=61)
    with desk.office.sessions.unit_of_work() as session:
        watched.note_stranger(session, desk.office, "later", "log_in")
    assert len(events(desk, "fail_unknown_log_in")) == 4
