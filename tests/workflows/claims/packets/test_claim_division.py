"""A stack without cover sheets is filed under nobody: a clerk says whose its pages are."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from documents.packets.media_types import PDF
from documents.reading.page import PageReading
from models import AuditEvent, Claim, Document, Packet, Revision, StoredReading, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, Person, a_page, a_stay, an_id_number, number_of, promises_hold
from tests.workflows.claims.packets.test_stacks_divided import notes
from tests.workflows.people.test_visibility import a_cover
from workflows.claims.acts import correction, resting
from workflows.claims.acts.papers_added import ArrivedFile, add_files
from workflows.claims.approving.event_facts import papers_used
from workflows.claims.judging.reused_papers import alike_papers
from workflows.claims.packets.claim_division import CutClaim, cut_claim, divide_claim
from workflows.claims.papers.whose_pages import are_several, whose_pages
from workflows.rows_of_person import rows_about
from workflows.sealed_values.files import seal_reading

QUESTION = {("SEVERAL_PEOPLE", "people")}


def members(desk: Desk) -> tuple[Person, Person]:
    return desk.member(name="张三"), desk.member(name="李四")


def a_stack(desk: Desk, *people: Person) -> int:
    """The stays of these people, dropped as one folder; the claim it becomes."""
    pages = [page for person in people for page in a_stay(person)]
    desk.drop("扫描 0009", {f"{n:02}.jpg": desk.scan(page) for n, page in enumerate(pages)})
    desk.look()
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Claim.id)).one()


def divide(desk: Desk, claim_id: int, whose: Sequence[int]) -> None:
    clerk = desk.user(Role.CLERK)
    cut = cut_by(desk, clerk, claim_id, whose)
    with desk.at(claim_id) as (session, claim):
        divide_claim(session, desk.office, clerk, claim, cut)
    desk.work()


def cut_by(desk: Desk, clerk: User, claim_id: int, whose: Sequence[int]) -> CutClaim:
    with desk.office.sessions.read_only() as session:
        return cut_claim(session, desk.office, clerk, session.get_one(Claim, claim_id), whose)


def states(desk: Desk) -> list[tuple[str, str | None, int]]:
    """State, member and number of files of each claim."""
    with desk.office.sessions.read_only() as session:
        claims = session.scalars(select(Claim).order_by(Claim.id)).all()
        return [
            (claim.state, claim.member.name if claim.member else None, len(claim.documents))
            for claim in claims
        ]


def test_the_papers_of_two_people_wait_in_question_and_are_nobodys(desk: Desk) -> None:
    claim_id = a_stack(desk, *members(desk))
    assert desk.open_findings(claim_id) == QUESTION
    assert states(desk) == [("in_question", None, 10)]


def test_a_clerk_confirms_the_cuts_and_each_gets_his_claim_and_his_money(desk: Desk) -> None:
    claim_id = a_stack(desk, *members(desk))
    divide(desk, claim_id, [1] * 5 + [2] * 5)
    assert states(desk) == [
        ("withdrawn", None, 10),
        ("proposed", "张三", 5),
        ("proposed", "李四", 5),
    ]
    with desk.office.sessions.read_only() as session:
        [told] = session.scalars(select(AuditEvent.verb).filter_by(verb="divide"))
        assert told == "divide"
        cut = session.scalars(select(Packet.cut_from).where(Packet.cut_from.is_not(None)))
        assert list(cut) == [claim_id] * 2
    promises_hold(desk)


def test_a_clerk_divides_otherwise_than_proposed(desk: Desk) -> None:
    claim_id = a_stack(desk, *members(desk))
    divide(desk, claim_id, [1, 1, 1, 1, 1, 2, 2, 2, 1, 2])
    with desk.office.sessions.read_only() as session:
        query = select(Document.claim_id).where(Document.claim_id != claim_id)
        found = list(session.scalars(query))
    assert [found.count(each) for each in sorted(set(found))] == [6, 4]


def test_what_a_person_says_is_of_one_goes_on_as_one_claim(desk: Desk) -> None:
    person, agent = members(desk)
    card = a_page(Kind.ID_CARD_FRONT, "姓名 李四", f"公民身份号码 {agent.id_number}")
    claim_id = desk.claim(person, more=(card,))
    desk.work()
    assert desk.open_findings(claim_id) == QUESTION
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        [finding] = [each for each in claim.findings if each.closed_at is None]
        correction.answer(session, desk.office, clerk, claim, finding.id, "李四是代办人")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert QUESTION.isdisjoint(desk.open_findings(claim_id))
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Claim, claim_id).member_id is not None
    third = desk.member("王五")
    desk.add_paper(
        claim_id, a_page(Kind.ID_CARD_FRONT, "姓名 王五", f"公民身份号码 {third.id_number}")
    )
    assert desk.open_findings(claim_id) == QUESTION


def test_the_same_stack_again_makes_nothing_new(desk: Desk) -> None:
    one, other = members(desk)
    pages = [page for person in (one, other) for page in a_stay(person)]
    files = {f"{n:02}.jpg": desk.scan(page) for n, page in enumerate(pages)}
    desk.drop("扫描 0009", files)
    desk.look()
    divide(desk, 1, [1] * 5 + [2] * 5)
    desk.drop("扫描 0010", files)
    desk.look()
    assert [files for _state, _name, files in states(desk)] == [10, 5, 5]
    assert "该案件已按人分开" in notes(desk)


def test_another_persons_papers_under_a_claims_sheet_get_a_claim_of_their_own(desk: Desk) -> None:
    one, other = members(desk)
    claim_id = a_stack(desk, one)
    sheet = a_cover(desk, number_of(desk, claim_id))
    pages = {f"{n}.jpg": desk.scan(page) for n, page in enumerate(a_stay(other))}
    desk.drop("扫描 0010", {"00.jpg": sheet, **pages})
    desk.look()
    assert desk.open_findings(claim_id) == QUESTION
    assert states(desk) == [("in_question", None, 11)]
    divide(desk, claim_id, [1] * 5 + [2] * 6)
    assert states(desk) == [
        ("withdrawn", None, 11),
        ("proposed", "张三", 5),
        ("proposed", "李四", 6),
    ]
    assert "已按人分开，已按新案件收件" in notes(desk)
    promises_hold(desk)


def test_a_namesakes_papers_that_joined_his_claim_are_nobodys_until_a_clerk_divides(
    desk: Desk,
) -> None:
    one, other = desk.member(name="张三"), desk.member(name="张三")
    claim_id = a_stack(desk, one)
    record = a_page(Kind.DISCHARGE_RECORD, "出院记录 张三", f"身份证号 {other.id_number}")
    desk.add_paper(claim_id, record)
    assert desk.open_findings(claim_id) == QUESTION
    assert states(desk) == [("in_question", None, 6)]
    readings = [*a_stay(one), record]
    assert whose_pages(readings) == (0,) * 5 + (1,)


def test_what_is_known_of_a_divided_claim_leads_to_none_of_its_parts(desk: Desk) -> None:
    claim_id = a_stack(desk, *members(desk))
    divide(desk, claim_id, [1] * 5 + [2] * 5)
    with desk.office.sessions.read_only() as session:
        held = rows_about(session, "claim", claim_id)
        assert {row["claim_id"] for row in held["document"]} == {claim_id}
        parts = session.scalars(select(Claim.id).where(Claim.id != claim_id)).all()
        assert (papers_used(session, parts), alike_papers(session, parts)) == ({}, [])


def test_a_divided_claim_is_not_resumed_and_the_refusal_names_the_claims_that_came_of_it(
    desk: Desk,
) -> None:
    claim_id = a_stack(desk, *members(desk))
    divide(desk, claim_id, [1] * 5 + [2] * 5)
    with desk.office.sessions.read_only() as session:
        parts = session.scalars(select(Claim.number).where(Claim.id != claim_id).order_by(Claim.id))
        named = "、".join(parts)
    clerk = desk.user(Role.CLERK)
    with (
        pytest.raises(Refused, match=f"已按人分开（{named}），不能恢复办理"),
        desk.at(claim_id) as (session, claim),
    ):
        resting.resume(session, desk.office, clerk, claim)


def test_a_claim_under_revision_is_not_divided(desk: Desk) -> None:
    claim_id = a_stack(desk, *members(desk))
    who, now = desk.user(Role.CLERK).id, desk.clock()
    with desk.office.sessions.unit_of_work() as session:
        told = {"cause": "mistake", "reason": "材料有误", "opened_by": who, "opened_at": now}
        session.add(Revision(claim_id=claim_id, **told))
    with pytest.raises(Refused, match="正在重新办理"):
        divide(desk, claim_id, [1] * 5 + [2] * 5)


@pytest.mark.parametrize(
    ("whose", "words"),
    [([1] * 10, "都分给了同一个人"), ([1, 2], "页数已变")],
    ids=["one person", "too few pages"],
)
def test_a_division_that_divides_nothing_is_refused(
    desk: Desk, whose: list[int], words: str
) -> None:
    claim_id = a_stack(desk, *members(desk))
    with pytest.raises(Refused, match=words):
        divide(desk, claim_id, whose)


def test_papers_that_come_while_the_files_are_cut_refuse_the_division(desk: Desk) -> None:
    one, other = members(desk)
    claim_id = a_stack(desk, one, other)
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id):
        # Cutting waits for nobody who holds the claim, and keeps nobody from it.
        cut = cut_by(desk, clerk, claim_id, [1] * 5 + [2] * 5)
    desk.add_paper(claim_id, a_page(Kind.OTHER, "费用清单", "患者 张三"))
    with (
        pytest.raises(Refused, match="页数已变"),
        desk.at(claim_id) as (session, claim),
    ):
        divide_claim(session, desk.office, clerk, claim, cut)


def test_a_file_that_cannot_be_cut_refuses_the_division_and_goes_whole_to_one_person(
    desk: Desk,
) -> None:
    one, other = members(desk)
    claim_id = desk.claim(one)
    add_broken_file(desk, claim_id, a_stay(one)[1], a_stay(other)[1])
    desk.work()
    assert desk.open_findings(claim_id) == QUESTION
    with pytest.raises(Refused, match=r"“broken\.pdf”不能按页分开"):
        divide(desk, claim_id, [1] * 6 + [2])
    assert states(desk) == [("in_question", None, 6)]
    divide(desk, claim_id, [1] * 5 + [2] * 2)
    assert states(desk) == [("withdrawn", None, 6)]


def add_broken_file(desk: Desk, claim_id: int, *pages: PageReading) -> None:
    """A file that the reader could read, and that nobody can open any more."""
    keys, sha256 = desk.office.keys, desk.office.store.put(b"%PDF-1.7 broken")
    with desk.at(claim_id) as (session, claim):
        for number, page in enumerate(pages, 1):
            reading = seal_reading(keys, sha256, number, page.to_json())
            session.add(StoredReading(sha256=sha256, number=number, reading=reading))
        file = ArrivedFile(
            claim.documents[0].packet_id, sha256, "broken.pdf", PDF, 15, page_count=len(pages)
        )
        add_files(session, desk.office, claim, [file])


def test_a_claim_of_one_person_is_not_divided(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with pytest.raises(Refused, match="不能按人分开"):
        divide(desk, claim_id, [1, 1, 1, 2, 2])


def test_pages_go_to_whose_number_or_name_stands_on_them_or_to_the_page_before() -> None:
    one = Person("张三", an_id_number(), "6217000000000000018")
    other = Person("李四", an_id_number(), "6217000000000000026")
    pages = [page for person in (one, other) for page in a_stay(person)]
    stray = a_page(Kind.OTHER, "费用清单", "患者 张 三")
    assert whose_pages([*pages, stray]) == (0,) * 5 + (1,) * 5 + (0,)
    assert whose_pages([pages[3], *pages]) == (0,) * 6 + (1,) * 5


def test_a_number_on_a_form_and_another_on_a_card_is_a_mistake_of_one_person() -> None:
    one = Person("张三", an_id_number(), "6217000000000000018")
    other = Person("张三", an_id_number(), "6217000000000000018")
    form, card = a_stay(one)[0], a_stay(other)[1]
    assert not are_several([form, card])
    assert are_several([form, replace(card, kind=Kind.APPLICATION_FORM)])
