"""One paper in the claims of two members is seen, also where both are read or checked at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Claim, Document
from tests.desk import STEP_BY_NAME, Desk, a_page
from tests.races.order import Act, meet
from workflows.alike_pages import SearchedPage, note_alike, note_unsearched, searched
from workflows.engine.belongings import read_its
from workflows.engine.steps import Quick

RECEIPT = a_page(
    Kind.INVOICE,
    "吉林省医疗住院收费票据(电子)",
    "票据号码:0078214536",
    "床位费 1280.00",
    "西药费 3416.55",
    "合计 5658.85",
)

OTHER_RECEIPT = a_page(
    Kind.INVOICE,
    "吉林省医疗住院收费票据(电子)",
    "票据号码:0091137402",
    "床位费 770.00",
    "合计 2214.30",
)


def two_claims(desk: Desk) -> list[int]:
    """Claims of two members with one receipt each, read and not yet checked."""
    claims = [desk.claim(desk.member(name), more=(RECEIPT,)) for name in ("张三", "李四")]
    desk.bells.clear()
    for claim_id in claims:
        desk.run_only("read", claim_id)
    return claims


def checked(desk: Desk, claim_id: int) -> Act:
    step = STEP_BY_NAME["check"]
    assert isinstance(step, Quick)

    def act(session: Session) -> None:
        claim = session.get_one(Claim, claim_id, with_for_update=True)
        read_its(session, [claim], *step.reads)
        step.do(session, [claim], desk.office)

    return act


def receipt_of(desk: Desk, claim_id: int, receipt: PageReading = RECEIPT) -> SearchedPage:
    """The receipt of this claim, looked for among those known."""
    with desk.office.sessions.read_only() as session:
        query = select(Document.sha256).filter_by(claim_id=claim_id).order_by(Document.id.desc())
        sha256 = session.scalars(query.limit(1)).one()
    return searched(desk.office, (sha256, 1), receipt)


def noted(desk: Desk, page: SearchedPage) -> Act:
    return lambda session: note_alike(session, desk.office, page)


def asked(desk: Desk, *claims: int) -> list[bool]:
    return [
        "PAPER_REUSED" in {code for code, _ in desk.open_findings(claim_id)} for claim_id in claims
    ]


def test_of_two_pages_that_are_read_at_once_the_second_finds_the_first(desk: Desk) -> None:
    claims = two_claims(desk)
    one, other = (receipt_of(desk, claim_id) for claim_id in claims)
    assert not other.compared
    assert meet(desk.office, noted(desk, one), noted(desk, other)).second_waited
    for claim_id in claims:
        desk.run_only("check", claim_id)
    assert any(asked(desk, *claims))


def test_of_two_claims_that_are_checked_at_once_the_second_knows_the_first(desk: Desk) -> None:
    one, other = two_claims(desk)
    note_unsearched(desk.office)
    assert meet(desk.office, checked(desk, one), checked(desk, other)).second_waited
    assert asked(desk, one, other) == [False, True]


def test_a_page_is_noted_when_a_check_that_does_not_know_of_it_has_ended(desk: Desk) -> None:
    one, other = two_claims(desk)
    with desk.office.sessions.unit_of_work() as session:
        note_alike(session, desk.office, receipt_of(desk, one))
    page = receipt_of(desk, other)
    assert meet(desk.office, checked(desk, one), noted(desk, page)).second_waited
    desk.run_only("check", other)
    assert asked(desk, one, other) == [False, True]


def test_a_page_that_waits_for_a_claim_keeps_no_other_page_waiting(desk: Desk) -> None:
    one, other = two_claims(desk)
    third = desk.claim(desk.member("王五"), more=(OTHER_RECEIPT,))
    apart = noted(desk, receipt_of(desk, third, OTHER_RECEIPT))
    late = noted(desk, receipt_of(desk, other))
    with desk.office.sessions.unit_of_work() as session:
        note_alike(session, desk.office, receipt_of(desk, one))
    assert meet(desk.office, checked(desk, one), late, meanwhile=apart).second_waited
    desk.run_only("check", other)
    assert asked(desk, one, other) == [False, True]
