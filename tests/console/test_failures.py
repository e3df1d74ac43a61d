"""The failed list: grouped by cause, tried again, and what came of it; and what was handed in."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from PIL import Image
from sqlalchemy import select

from console.measures.gauges import GAUGES
from console.queries.history import history_of
from console.queries.home import tiles
from models import AuditEvent, Claim, Packet
from models.people import Role

At = Callable[..., Any]


def parked(desk: Any, cause: str = "KeyError @ check.py:1") -> int:
    """A claim that failed in the document check, as the engine leaves it."""
    claim_id: int = desk.claim(desk.member())
    desk.bells.clear()
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        claim.parked_at, claim.due_at = desk.office.clock(), None
        claim.parked_step, claim.parked_cause = "read", cause
    return claim_id


def a_picture(color: str = "white") -> tuple[str, io.BytesIO]:
    data = io.BytesIO()
    Image.new("RGB", (400, 300), color).save(data, "PNG")
    return "scan.png", io.BytesIO(data.getvalue())


def test_failures_are_grouped_by_cause(desk: Any, at_desk: At) -> None:
    for _each in range(3):
        parked(desk)
    parked(desk, "OSError @ store.py:2")
    html = at_desk(Role.SYSTEM_ADMIN).get("/failures").text
    assert html.count('class="panel failure"') == 2
    assert '<b class="count">3</b>' in html
    assert "案件 · 识读" in html
    assert "经办按“重试”；仍失败的，打开案件，在“补件”中上传重新拍照的页" in html


def test_one_is_tried_again_and_the_screen_says_what_came_of_it(desk: Any, at_desk: At) -> None:
    claim_id = parked(desk)
    screen = at_desk(Role.CLERK)
    answer = screen.post("/failures/retry", {"machine": "claim", "row": claim_id})
    assert "已放回流程" in answer.text
    assert "正在办理" in answer.text
    desk.work()
    assert "已继续：待审批" in screen.get("/failures").text


def test_what_fails_again_is_said_to_have_failed_again(desk: Any, at_desk: At) -> None:
    claim_id = parked(desk)
    screen = at_desk(Role.CLERK)
    screen.post("/failures/retry", {"machine": "claim", "row": claim_id})
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(Claim, claim_id).parked_at = desk.office.clock()
    assert "再次失败" in screen.get("/failures").text


def test_all_of_one_cause_are_tried_again_together(desk: Any, at_desk: At) -> None:
    claims = [parked(desk), parked(desk)]
    other = parked(desk, "OSError @ store.py:2")
    form = {"machine": "claim", "step": "read", "cause": "KeyError @ check.py:1"}
    answer = at_desk(Role.SUPERVISOR).post("/failures/retry-all", form)
    assert "已放回流程：2 项" in answer.text
    desk.work()
    assert [desk.state_of(each) for each in claims] == ["proposed", "proposed"]
    assert desk.state_of(other) == "received"


def test_the_screen_of_a_failed_claim_says_why_and_offers_to_go_on(desk: Any, at_desk: At) -> None:
    claim_id = parked(desk)
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    screen = at_desk(Role.CLERK)
    html = screen.get(f"/claims/{number}").text
    assert "办理失败" in html
    assert "KeyError @ check.py:1" in html
    form = {"machine": "claim", "row": claim_id, "back": f"/claims/{number}"}
    assert str(screen.post("/failures/retry", form).url).endswith(number)


def test_an_unknown_machine_is_refused(at_desk: At) -> None:
    answer = at_desk(Role.CLERK).post("/failures/retry", {"machine": "app_user", "row": 1})
    assert answer.status_code == 422


def test_an_upload_becomes_a_packet_on_its_way(desk: Any, at_desk: At) -> None:
    screen = at_desk(Role.UNIT_CLERK)
    answer = screen.post("/packets", files=[("files", a_picture()), ("files", a_picture("red"))])
    assert "已上传，正在收件" in answer.text
    assert "上传：" in answer.text
    with desk.office.sessions.read_only() as session:
        packet = session.scalars(select(Packet)).one()
    assert [bell[:3] for bell in desk.bells] == [("packet", "settled", packet.id)]


def test_an_upload_without_a_file_is_refused_with_a_sentence(at_desk: At) -> None:
    answer = at_desk(Role.CLERK).post("/packets", files=[("files", ("", io.BytesIO(b"")))])
    assert answer.status_code in (409, 422)
    assert "请" in answer.text


def test_a_body_that_is_too_large_is_refused(at_desk: At) -> None:
    answer = at_desk(Role.CLERK).post("/claims/find", {"text": "x" * (3 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text


def test_who_is_not_logged_in_cannot_make_the_console_take_in_a_large_file(visitor: At) -> None:
    large = ("scan.png", io.BytesIO(b"x" * (3 * 1024 * 1024)))
    assert visitor().post("/packets", files=[("files", large)]).status_code == 413


def test_a_body_of_unknown_length_is_refused(at_desk: At) -> None:
    parts = iter([b"text=", b"x"])
    answer = at_desk(Role.CLERK).client.post("/claims/find", content=parts)
    assert answer.status_code == 413


def test_a_supplement_goes_to_its_claim(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member())
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    answer = at_desk(Role.CLERK).post(f"/claims/{number}/papers", files=[("files", a_picture())])
    assert "补件已上传" in answer.text
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Packet.claim_id).where(Packet.sent_by > 0)).one() == claim_id


def test_a_packet_that_failed_is_on_the_failed_list_and_no_longer_on_its_way(
    desk: Any, at_desk: At
) -> None:
    screen = at_desk(Role.CLERK)
    screen.post("/packets", files=[("files", a_picture())])
    assert "every 3s" in screen.get("/packets").text
    with desk.office.sessions.unit_of_work() as session:
        packet = session.scalars(select(Packet)).one()
        packet.parked_at, packet.due_at = desk.clock(), None
        packet.parked_step, packet.parked_cause = "intake", "OSError @ store.py:2"
    html = screen.get("/packets").text
    assert "收件出错" in html
    assert '<a href="/failures">列入失败清单</a>' in html
    assert "every 3s" not in html


def test_a_refused_packet_waits_until_a_clerk_has_seen_it(desk: Any, at_desk: At) -> None:
    screen = at_desk(Role.CLERK)
    for each in range(2):
        screen.post("/packets", files=[("files", ("page.pdf", b"no pdf %d" % each))])
    desk.work()
    assert refusals_told(desk) == 2
    html = screen.get("/packets?outcome=rejected").text
    assert html.count("不是可以读取的文件") == 2
    ticks = re.findall(r'<input type="checkbox" form="seen" name="packet" value="(\d+)"', html)
    assert ticks == ["2", "1"], "each row has its own"
    assert screen.get("/packets?outcome=rejected&before=2").text.count("不是可以读取的文件") == 1
    answer = screen.post("/packets/seen", {"packet": ["2"]})
    assert answer.text.count("不是可以读取的文件") == 1
    assert refusals_told(desk) == 1
    assert screen.get("/packets").text.count("不是可以读取的文件") == 2
    seen_too = screen.get("/packets?outcome=rejected&seen=1").text
    assert seen_too.count("不是可以读取的文件") == 2
    assert "都已看过" not in seen_too
    assert "checkbox" not in seen_too
    assert "checkbox" not in screen.get("/packets").text


def test_a_unit_clerk_sees_what_was_refused_to_him_whoever_has_seen_it(
    desk: Any, at_desk: At
) -> None:
    unit, office = at_desk(Role.UNIT_CLERK), at_desk(Role.CLERK)
    unit.post("/packets", files=[("files", ("page.pdf", b"no pdf"))])
    desk.work()
    office.post("/packets/seen", {"packet": ["1"]})
    assert "不是可以读取的文件" in unit.get("/packets?outcome=rejected").text
    assert "不是可以读取的文件" not in office.get("/packets?outcome=rejected").text


def refusals_told(desk: Any) -> int:
    """How many refused packets a monitor and the clerk's tile tell alike."""
    with desk.office.sessions.read_only() as session:
        [gauge] = [each for each in GAUGES if each.name == "huzhu_exceptions"]
        told = dict(gauge.look(session, desk.clock()))[("rejected_packets",)]
        shown = tiles(session, desk.office, desk.user(Role.CLERK))
    assert told == next(tile.count for tile in shown if "rejected" in tile.path)
    return int(told)


def test_a_refused_packet_says_why(desk: Any, at_desk: At) -> None:
    screen = at_desk(Role.CLERK)
    screen.post("/packets", files=[("files", ("page.pdf", io.BytesIO(b"no pdf at all")))])
    desk.work()
    html = screen.get("/packets").text
    assert "未能收件" in html
    assert "不是可以读取的文件" in html
    original = screen.get("/packets/1/original.zip")
    with zipfile.ZipFile(io.BytesIO(original.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "001 page.pdf": b"no pdf at all"
        }
    assert "page" not in original.headers["content-disposition"]
    assert at_desk(Role.CASHIER).get("/packets/1/original.zip").status_code == 403
    stranger = at_desk(Role.UNIT_CLERK)
    assert stranger.get("/packets/1/original.zip").status_code == 404
    with desk.office.sessions.read_only() as session:
        told = session.scalars(select(AuditEvent.actor_id).filter_by(verb="hand_out_original"))
        assert len(told.all()) == 1


def test_the_history_of_a_claim_holds_no_whole_number(desk: Any) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    desk.work()
    with desk.office.sessions.read_only() as session:
        history = history_of(session, desk.office, session.get_one(Claim, claim_id))
    assert history["word"] == "待审批"
    assert [each["word"] for each in history["history"]] == ["收件", "识读", "材料齐全", "核定"]  # type: ignore[attr-defined]
    assert person.id_number not in str(history)
    assert person.card not in str(history)
