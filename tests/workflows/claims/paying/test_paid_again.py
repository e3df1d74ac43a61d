"""What came back is paid again: the papers that came are read first, the document check looks at
the payee, and two persons act."""

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import AuditEvent, LateReturn, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.second_look import Look
from tests.as_shown import agree_discard
from tests.desk import (
    BANK_PAPER,
    Desk,
    Person,
    a_card_number,
    a_page,
    handed_in,
    number_of,
    promises_hold,
)
from tests.insider.test_after_a_return import (
    codes_in_the_queue,
    key_card,
    open_codes,
    paid_to,
    pay_again,
    seen_by_the_supervisor,
)
from tests.returned import returned
from tests.workflows.claims.approving.test_second_look import approved, queued
from tests.workflows.claims.packets.test_intake import look_without_reading
from tests.workflows.claims.paying.test_sent_batches import SAID, act, references
from tests.workflows.test_proof import answered
from workflows.claims.acts import correction
from workflows.claims.judging import revision
from workflows.claims.papers.new_card import NEW_CARD_DIFFERS, NEW_CARD_UNREAD
from workflows.claims.paying import late_returns
from workflows.claims.paying.sent_batches import ask_discard
from workflows.sealed_values.claims import payee_of


@pytest.fixture
def person(desk: Desk) -> Person:
    return desk.member()


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def not_taken(desk: Desk, claim_id: int, which: int = 0) -> None:
    """The payments are sent, and the bank says to two cashiers that it did not take this one."""
    batch_id = desk.released()
    asker, other = (desk.user(Role.CASHIER) for _ in range(2))
    act(desk, batch_id, ask_discard, asker, SAID, [references(desk, claim_id)[which]], BANK_PAPER)
    act(desk, batch_id, agree_discard, other)
    assert desk.state_of(claim_id) == ClaimState.RETURNED


def test_what_the_bank_did_not_take_is_paid_to_the_same_card_by_two_persons_without_a_paper(
    desk: Desk, person: Person, clerk: User
) -> None:
    claim_id = handed_in(desk, person)
    desk.approve_all()
    not_taken(desk, claim_id)
    desk.work()
    assert queued(desk) == [], "nothing is paid again by itself"
    assert pay_again(desk, clerk, claim_id, reason="") == ClaimState.PROPOSED
    look = seen_by_the_supervisor(desk, claim_id)
    assert (look.before, look.after) == ("", "")
    assert look.sentence == "再付给原来的卡（银行：银行未受理）"
    assert Look.ACT_BY_HAND in codes_in_the_queue(desk, claim_id)
    [dropped] = desk.approve_all(desk.user(Role.SUPERVISOR, of=clerk)).dropped
    assert "本人经手过此案" in dropped.reason, "who asks for it does not approve it"
    supervisor, items = desk.user(Role.SUPERVISOR), queued(desk)
    assert approved(desk, supervisor, items) == 0, "only by name"
    assert approved(desk, supervisor, items, *items) == 1
    desk.work()
    answered(desk, desk.released(), {})
    assert paid_to(desk, claim_id) == [person.card] * 2
    assert desk.payments(claim_id) == ["returned", "credited"]
    promises_hold(desk)


def test_another_card_needs_its_paper_also_where_the_bank_did_not_take_the_payment(
    desk: Desk, person: Person, clerk: User
) -> None:
    claim_id = handed_in(desk, person)
    desk.approve_all()
    not_taken(desk, claim_id)
    key_card(desk, clerk, claim_id, a_card_number())
    desk.confirm_payee(claim_id)
    with pytest.raises(Refused, match="新卡的材料"):
        pay_again(desk, clerk, claim_id)


def test_another_card_for_one_part_needs_its_paper_while_the_other_may_have_arrived(
    desk: Desk, person: Person, clerk: User
) -> None:
    desk.member(on_roster=person, plan="medical-2022")
    claim_id = two_parts(desk, person)
    not_taken(desk, claim_id)
    assert desk.payments(claim_id) == ["returned", "unknown"]
    new = a_card_number()
    key_card(desk, clerk, claim_id, new)
    desk.confirm_payee(claim_id)
    with pytest.raises(Refused, match="新卡的材料"):
        pay_again(desk, clerk, claim_id)
    desk.add_card_paper(claim_id, a_card_number())
    assert pay_again(desk, clerk, claim_id) == ClaimState.RETURNED
    assert open_codes(desk, claim_id) == {NEW_CARD_DIFFERS}
    desk.add_card_paper(claim_id, new)
    assert pay_again(desk, clerk, claim_id) == ClaimState.RETURNED, "two cards were shown"
    key_card(desk, clerk, claim_id, new)
    promises_hold(desk)


def two_parts(desk: Desk, person: Person) -> int:
    """A claim that pays under two plans; nothing of it is at the bank yet."""
    settlement = a_page(
        Kind.SETTLEMENT_SHEET,
        "住院费用结算单",
        f"姓名:{person.name}",
        "统筹基金支付:3000.00",
        "个人支付:1000.00",
        "医疗费总额:4000.00",
    )
    claim_id = handed_in(desk, person, more=(settlement,))
    desk.approve_all()
    assert desk.payments(claim_id) == ["queued", "queued"]
    return claim_id


def test_papers_that_came_while_the_bank_had_the_payment_are_read_before_it_is_paid_again(
    desk: Desk, person: Person, clerk: User
) -> None:
    claim_id = handed_in(desk, person)
    desk.approve_all()
    batch_id = desk.released()
    other = a_card_number()
    desk.add_card_paper(claim_id, other)
    assert desk.state_of(claim_id) == ClaimState.SENT
    answered(desk, batch_id, {person.card: "3031"})
    assert pay_again(desk, clerk, claim_id) == ClaimState.RETURNED
    assert read_pages(desk, claim_id) == 6, "the paper is read, and a person asks again"
    assert pay_again(desk, clerk, claim_id) == ClaimState.PROPOSED
    promises_hold(desk)


def read_pages(desk: Desk, claim_id: int) -> int:
    with desk.at(claim_id) as (_session, claim):
        return sum(len(document.pages) for document in claim.documents)


def waits_for_the_reader(desk: Desk, claim_id: int) -> None:
    """A paper came, and no worker has answered the bell of the claim yet."""
    desk.clock.pass_(minutes=1)
    page = desk.scan(a_page(Kind.BANK_CARD, "中国建设银行", a_card_number()))
    desk.drop(f"{number_of(desk, claim_id)}-x", {"1.jpg": page})
    look_without_reading(desk)
    assert desk.state_of(claim_id) == ClaimState.NEW_PAPERS


def test_a_claim_whose_new_papers_wait_for_the_reader_keeps_every_promise(
    desk: Desk, person: Person
) -> None:
    claim_id = returned(desk, person)
    waits_for_the_reader(desk, claim_id)
    promises_hold(desk)


def test_the_banks_word_that_it_had_arrived_is_taken_once_the_papers_are_read(
    desk: Desk, person: Person
) -> None:
    claim_id = handed_in(desk, person)
    desk.approve_all()
    batch_id = desk.released()
    answered(desk, batch_id, {person.card: "3031"})
    desk.clock.pass_(days=1)
    answered(desk, batch_id, {})
    waits_for_the_reader(desk, claim_id)
    supervisor = desk.user(Role.SUPERVISOR)
    with pytest.raises(Refused, match="正在识读"):
        arrived(desk, supervisor)
    desk.work()
    arrived(desk, supervisor)
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)


def arrived(desk: Desk, supervisor: User) -> None:
    """The supervisor has asked the bank, which says that the money had arrived."""
    with desk.office.sessions.unit_of_work() as session:
        late = session.scalars(select(LateReturn)).one()
        late_returns.deny_return(session, desk.office, supervisor, late, "银行确认已到账")
    desk.work()


def test_a_paper_after_the_return_that_says_that_the_member_has_died_stops_the_payment(
    desk: Desk, person: Person, clerk: User
) -> None:
    claim_id = returned(desk, person)
    desk.add_paper(
        claim_id, a_page(Kind.DEATH_CERTIFICATE, "居民死亡医学证明书", f"姓名:{person.name}")
    )
    assert pay_again(desk, clerk, claim_id) == ClaimState.RETURNED
    with pytest.raises(Refused, match="会员已身故"):
        pay_again(desk, clerk, claim_id)
    promises_hold(desk)


def test_a_claim_decided_anew_after_a_return_is_asked_for_the_new_cards_paper_too(
    desk: Desk, person: Person, clerk: User
) -> None:
    claim_id = returned(desk, person)
    key_card(desk, clerk, claim_id, a_card_number())
    desk.confirm_payee(claim_id)
    with desk.at(claim_id) as (session, claim):
        revision.reopen(session, desk.office, clerk, claim, "mistake", "卡号有误")
    desk.work()
    assert NEW_CARD_UNREAD in open_codes(desk, claim_id)
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


def test_the_check_of_the_payee_changes_nothing_else_of_what_was_decided(
    desk: Desk, person: Person, clerk: User
) -> None:
    claim_id, new = returned(desk, person), a_card_number()
    before = desk.decision(claim_id).id
    desk.add_paper(
        claim_id,
        a_page(Kind.DISCHARGE_RECORD, "出院记录", "入院日期:2026-03-02", "出院日期:2026-03-30"),
    )
    desk.pay_again(clerk, claim_id, new)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert desk.decision(claim_id).id == before
    with desk.office.sessions.read_only() as session:
        moved = session.scalars(
            select(AuditEvent.verb)
            .filter_by(subject="claim", subject_id=claim_id, target="new_papers")
            .order_by(AuditEvent.seq)
        ).all()
    assert moved == ["add_papers", "add_papers"]


def test_a_new_card_of_another_bank_than_is_named_is_asked_about_before_it_is_paid(
    desk: Desk, person: Person, clerk: User
) -> None:
    claim_id, new = returned(desk, person), "6228480010000000017"
    desk.add_paper(claim_id, a_page(Kind.BANK_CARD, "中国农业银行", f"户名:{person.name}", new))
    key_card(desk, clerk, claim_id, new)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, clerk, claim_id) == ClaimState.RETURNED
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "bank_name")}
    with desk.at(claim_id) as (session, claim):
        name = "中国农业银行"
        correction.correct_field(session, desk.office, clerk, claim, "bank_name", name)
    assert pay_again(desk, clerk, claim_id) == ClaimState.PROPOSED
    desk.approve_all()
    assert paid_to(desk, claim_id) == [person.card, new]
    with desk.at(claim_id) as (_session, claim):
        assert payee_of(desk.office.keys, claim.payments[-1]).bank_name == name
