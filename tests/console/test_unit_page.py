"""What a unit's clerk finds: what is wanted, his roster, fees, letters and cover sheets."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from documents.kinds import Kind
from documents.masks import mask_card
from models import Claim
from models.people import Role
from tests.desk import STEP_BY_NAME, Desk, a_page, a_picture, number_of
from tests.heirs import a_death, an_heir, confirm, key, keyed
from tests.workflows.claims.acts.test_relief import answered
from tests.workflows.claims.test_accident import statement
from tests.workflows.claims.test_illness import ticking
from tests.workflows.enrolment.rosters import OWN, Hall, workers
from workflows.engine.run import run

At = Callable[..., Any]


@pytest.fixture
def screen(desk: Desk, visitor: At) -> Any:
    """The screen of the one unit's clerk."""
    found = visitor()
    found.log_in(desk.user(Role.UNIT_CLERK, unit_id=desk.unit()))
    return found


def wanted(html: str, number: str) -> list[str]:
    """The papers that the list names for a claim."""
    entry = html[html.index(f'id="{number}"') :].split("</ul>")[0]
    return re.findall(r"<li><b>(.*?)</b>", entry)


def test_the_first_page_names_exactly_what_each_claim_lacks(desk: Desk, screen: Any) -> None:
    lacking = desk.claim(desk.member(), without=(Kind.BANK_CARD, Kind.DISCHARGE_RECORD))
    whole = desk.claim(desk.member(name="李四"))
    desk.work()
    html = screen.get("/").text
    assert wanted(html, number_of(desk, lacking)) == ["银行卡", "出院记录"]
    assert f'id="{number_of(desk, whole)}"' not in html
    assert "正在办理的案件" in html
    # By when is told where it is asked: thirty days after the letter of 15 June.
    for path in ("/", f"/claims/{number_of(desk, lacking)}"):
        assert "请于 2026-07-15 前（含当日）补交" in screen.get(path).text


def test_a_paper_is_named_by_the_heading_that_its_event_stands_under(
    desk: Desk, screen: Any
) -> None:
    """A burn needs a certificate that tells depth, place and area, no plain one."""
    told, ticked = (statement("不慎被蒸汽烫伤"),), ticking("□住院津贴 √烧烫伤")
    burnt = desk.claim(desk.member(), ticked, more=told, without=(Kind.DISCHARGE_RECORD,))
    desk.work()
    number = number_of(desk, burnt)
    certificate = "写明烧烫伤深度、部位和面积的诊断证明或出院记录"
    named = wanted(screen.get("/").text, number)
    assert (certificate in named, "诊断证明" in named) == (True, False)
    assert certificate in screen.get(f"/claims/{number}/cover").text


def test_a_missing_paper_is_uploaded_from_the_list_under_any_file_name(
    desk: Desk, screen: Any
) -> None:
    person = desk.member()
    claim_id = desk.claim(person, without=(Kind.BANK_CARD,))
    desk.work()
    number = number_of(desk, claim_id)
    scan = desk.scan(a_page(Kind.BANK_CARD, "中国建设银行", person.card))
    answer = screen.post(
        f"/claims/{number}/papers", {"back": "/"}, files=[("files", ("IMG_1.jpg", scan))]
    )
    assert f"{number} 的补件已上传" in answer.text
    assert str(answer.url).endswith("/")
    desk.work()
    assert desk.state_of(claim_id) == "proposed"
    assert f'id="{number}"' not in screen.get("/").text


def test_a_card_the_bank_refused_is_asked_for_again(desk: Desk, screen: Any) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        session.execute(update(Claim).values(state="returned"))
    html = screen.get("/").text
    assert wanted(html, number_of(desk, claim_id)) == ["会员本人有效的银行卡"]
    assert "银行退回" in html


def test_of_a_dead_member_the_card_of_the_heir_whose_money_came_back_is_asked_for(
    desk: Desk, screen: Any
) -> None:
    one, other = an_heir("李一一"), an_heir("王二二")
    claim_id = a_death(desk, desk.member(), one, other)
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/2") for each in (one, other)))
    confirm(desk, claim_id)
    desk.approve_all()
    answered(desk, {other.card: "3006"})
    assert desk.state_of(claim_id) == "returned"
    html = screen.get("/").text
    [word] = wanted(html, number_of(desk, claim_id))
    assert word == f"继承人王**有效的银行卡（被退回的卡 {mask_card(other.card)}）"
    assert "会员本人有效的银行卡" not in html


def test_rosters_and_fees_that_wait_for_the_unit_are_on_the_list(desk: Desk, visitor: At) -> None:
    hall, screen = Hall.of(desk), visitor()
    screen.log_in(desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id))
    assert "没有等待您办理的事项" in screen.get("/").text
    number = hall.enrolled(workers(3))
    hall.pay(number, 1000)
    html = screen.get("/").text
    assert f"参保名册 {number}：待缴费" in html
    assert "3 人 · 会费还差 230.00 元" in html
    hall.pay(number, 3 * OWN - 1000)
    desk.work()
    assert number not in screen.get("/").text
    html = screen.get("/unit").text
    assert "240.00" in html
    assert "2026-07-01" in html


@pytest.mark.parametrize(
    ("today", "is_due"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2027, 1, 29), True),
        (date(2027, 1, 30), False),
    ],
)
def test_renewing_is_on_the_list_from_sixty_days_before_the_end_to_the_last_day_for_the_fee(
    desk: Desk, visitor: At, today: date, is_due: bool
) -> None:
    desk.member()
    user, screen = desk.user(Role.UNIT_CLERK, unit_id=desk.unit()), visitor()
    desk.clock.pass_(days=(today - desk.office.today()).days)
    screen.log_in(user)
    assert ("报送续保名册" in screen.get("/").text) is is_due


def test_the_roster_shows_who_is_covered_with_numbers_masked(desk: Desk, screen: Any) -> None:
    person = desk.member(name="司马相如")
    desk.member(name="从前", covered=(date(2024, 1, 1), date(2024, 12, 31)))
    html = screen.get("/unit/members").text
    assert "司***" in html
    assert "从*" not in html
    assert person.id_number not in html
    assert person.card not in html
    assert "在保 1 人" in html


def test_a_long_roster_comes_page_by_page(
    desk: Desk, screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.queries.one_unit.ROWS", 2)
    for name in ("甲一", "乙二", "丙三"):
        desk.member(name=name)
    first = screen.get("/unit/members").text
    link = re.search(r'href="(/unit/members\?after=\d+)"', first)
    assert link is not None
    second = screen.get(link[1]).text
    assert "甲*" in first
    assert "丙*" not in first
    assert "丙*" in second
    assert "下一页" not in second


def test_letters_are_downloaded_from_the_unit_page(desk: Desk, screen: Any) -> None:
    desk.claim(desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    html = screen.get("/unit").text
    link = re.search(r'href="(/claims/\w+/letters/\d+\.docx)"', html)
    assert link is not None
    assert screen.get(link[1]).content[:2] == b"PK"


def test_a_cover_sheet_carries_the_number_twice_and_the_list(desk: Desk, screen: Any) -> None:
    claim_id = desk.claim(desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    number = number_of(desk, claim_id)
    html = screen.get(f"/claims/{number}/cover").text
    assert f'<p class="big">{number}</p>' in html
    assert "<td>银行卡</td>" in html
    assert re.search(r'<svg viewBox="0 0 25 25".*?<path d="M', html, re.DOTALL)
    endless = screen.get(f"/claims/{number}/cover", params={"pages": "9" * 5000})
    assert endless.status_code == 200


def test_a_clerk_without_a_unit_is_told_so(at_desk: At) -> None:
    screen = at_desk(Role.UNIT_CLERK)
    assert "还没有关联单位" in screen.get("/").text
    assert "还没有关联单位" in screen.get("/unit").text
    assert "还没有关联单位" in screen.get("/unit/members").text


def test_a_search_does_not_find_a_member_of_another_unit(desk: Desk, visitor: At) -> None:
    person = desk.member()
    screen = visitor()
    screen.log_in(desk.user(Role.UNIT_CLERK, unit_id=desk.unit("吉林省另一厅机关工会")))
    answer = screen.post("/claims/find", {"text": person.id_number})
    assert "参保名册中没有此人" in answer.text


def test_the_slip_can_be_printed_as_soon_as_the_papers_have_come_in(
    desk: Desk, screen: Any
) -> None:
    screen.post("/packets", files=[("files", ("申请表.jpg", a_picture()))])
    assert "受理回执" not in screen.get("/packets").text
    [bell] = desk.bells
    run(desk.office, STEP_BY_NAME["intake"], bell.id)
    [slip] = [bell for bell in desk.bells if bell.machine == "letter"]
    run(desk.office, STEP_BY_NAME["write_letter"], slip.id)
    link = re.search(r'href="(/claims/HZ\d+/letters/\d+\.docx)"', screen.get("/packets").text)
    assert link is not None
    assert screen.get(link[1]).content[:2] == b"PK"
