"""A paper of another member is found, however it was scanned, and asks a person."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import StoredReading
from models.people import Role
from models.states import ClaimState
from rules.second_look import Look
from tests.desk import Desk, Person, a_page, number_of
from workflows.alike_pages import note_unsearched
from workflows.claims.approving import approval_queue
from workflows.engine.run import run
from workflows.pipeline import STEP_AT

INVOICE = (
    "吉林省医疗住院收费票据(电子)",
    "票据号码:0078214536",
    "住院号:00473829",
    "床位费 1280.00",
    "西药费 3416.55",
    "检查费 962.30",
    "合计 5658.85",
)


def an_invoice(name: str, *lines: str) -> PageReading:
    return a_page(Kind.INVOICE, *(lines or INVOICE), f"交款人:{name}")


def scanned_again(page: PageReading) -> PageReading:
    """The same page as a poorer scan gives it: an edge is cut off, and a figure read wrongly."""
    lines = [line for line in page.lines if "票据(电子)" not in line.text]
    lines = [replace(line, text=line.text.replace("962.30", "962.80")) for line in lines]
    return replace(page, rotation=90, lines=tuple(lines))


def handed_in_with(desk: Desk, person: Person, *papers: PageReading, **stay: Any) -> int:
    """A claim with these papers, compared with all that was handed in before."""
    claim_id = desk.claim(person, more=papers, **stay)
    note_unsearched(desk.office)
    desk.work()
    return claim_id


def reused(desk: Desk, claim_id: int) -> bool:
    return "PAPER_REUSED" in {code for code, _ in desk.open_findings(claim_id)}


def looks(desk: Desk, claim_id: int) -> set[str]:
    with desk.office.sessions.read_only() as session:
        items = approval_queue.queue(session, desk.office)
        number = number_of(desk, claim_id)
        [item] = [item for item in items if item.number == number]
        return {look.code for look in item.looks}


def test_a_receipt_scanned_again_under_another_name_asks_a_person_and_the_supervisor(
    desk: Desk,
) -> None:
    handed_in_with(desk, desk.member("张三"), an_invoice("张三"))
    copied = scanned_again(an_invoice("李四"))
    claim_id = handed_in_with(desk, desk.member("李四"), copied, admitted="2026-03-03")
    assert desk.state_of(claim_id) == "in_question"
    assert reused(desk, claim_id)
    desk.waive(desk.user(Role.CLERK), claim_id, "两人同一票据，医院已说明")
    assert desk.state_of(claim_id) == "proposed"
    assert Look.PAPER_ALIKE in looks(desk, claim_id)


def test_a_receipt_number_among_other_figures_asks_too(desk: Desk) -> None:
    handed_in_with(desk, desk.member("张三"), an_invoice("张三"))
    lines = ("吉林省医疗住院收费票据", "票据号码:0078214536", "床位费 80.00", "合计 98.00")
    claim_id = handed_in_with(desk, desk.member("李四"), an_invoice("李四", *lines))
    assert reused(desk, claim_id)


def test_other_papers_of_the_same_blank_ask_nothing(desk: Desk) -> None:
    handed_in_with(desk, desk.member("张三"), an_invoice("张三"))
    lines = [line.translate(str.maketrans("12345678", "83517264")) for line in INVOICE]
    claim_id = handed_in_with(desk, desk.member("李四"), an_invoice("李四", *lines))
    assert desk.open_findings(claim_id) == set()
    assert Look.PAPER_ALIKE not in looks(desk, claim_id)


def test_the_same_paper_in_two_claims_of_one_member_is_told_to_the_supervisor_alone(
    desk: Desk,
) -> None:
    person = desk.member()
    handed_in_with(desk, person, an_invoice("张三"))
    again = handed_in_with(
        desk, person, an_invoice("张三"), admitted="2026-04-02", discharged="2026-04-10"
    )
    assert desk.state_of(again) == "proposed"
    assert Look.PAPER_ALIKE in looks(desk, again)


def test_two_members_with_one_stay_in_hospital_under_two_layouts_ask_a_person(desk: Desk) -> None:
    stay = ("住院费用结算单", "住院号:00473829", "入院日期:2026-03-02", "出院日期:2026-03-14")
    other = ("费用清单", "入院:2026.3.2 出院:2026.3.14", "住院号 00473829", "共 12 天")
    sheet = a_page(Kind.SETTLEMENT_SHEET, *stay)
    handed_in_with(desk, desk.member("张三"), sheet)
    claim_id = handed_in_with(desk, desk.member("李四"), a_page(Kind.SETTLEMENT_SHEET, *other))
    assert reused(desk, claim_id)


def test_two_claims_that_are_checked_together_are_compared_with_each_other(desk: Desk) -> None:
    people = [desk.member("张三"), desk.member("李四")]
    claims = [desk.claim(person, more=(an_invoice(person.name),)) for person in people]
    note_unsearched(desk.office)
    run(desk.office, STEP_AT[("claim", ClaimState.RECEIVED)], *claims)
    desk.work()
    assert all(reused(desk, claim_id) for claim_id in claims)


def test_what_was_read_before_is_compared_at_night_once(desk: Desk) -> None:
    desk.claim(desk.member())
    assert note_unsearched(desk.office) == 5
    assert note_unsearched(desk.office) == 0
    with desk.office.sessions.read_only() as session:
        kept = session.execute(select(StoredReading.prints, StoredReading.alike)).all()
    assert all(alike == [] for _prints, alike in kept)
    assert sum(bool(prints) for prints, _alike in kept) == 2, (
        "papers of the person are not searched"
    )
