"""The bank sent a payment back, and somebody tries to have it paid to another card: it comes before
a supervisor only through the document check, with what the new card's paper shows."""

import pytest

from documents.kinds import Kind
from models import User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.second_look import Look, LookReason
from tests.desk import Desk, Person, a_card_number, a_page, promises_hold
from tests.returned import returned
from tests.workflows.claims.approving.test_second_look import approved, queued
from tests.workflows.test_proof import answered
from workflows.claims.acts import correction, payee
from workflows.claims.approving import approval
from workflows.claims.papers.new_card import (
    NEW_CARD_DIFFERS,
    NEW_CARD_OF_ANOTHER,
    NEW_CARD_UNREAD,
)
from workflows.claims.paying import paid_again
from workflows.sealed_values.claims import payee_of

ASKED = "已与会员核实"


@pytest.fixture
def person(desk: Desk) -> Person:
    return desk.member()


@pytest.fixture
def insider(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def mine() -> str:
    """The card of the dishonest person."""
    return a_card_number()


@pytest.fixture
def claim_id(desk: Desk, person: Person) -> int:
    """A claim that the bank could not pay: the name is another one."""
    return returned(desk, person)


def key_card(desk: Desk, clerk: User, claim_id: int, card: str) -> None:
    with desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, clerk, claim, "bank_card_number", card)


def pay_again(desk: Desk, clerk: User, claim_id: int, reason: str = ASKED) -> str:
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, reason)
    desk.work()
    return desk.state_of(claim_id)


def answer_all(desk: Desk, clerk: User, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        for each in [each for each in claim.findings if each.closed_at is None]:
            correction.answer(session, desk.office, clerk, claim, each.id, "原件已核")


def open_codes(desk: Desk, claim_id: int) -> set[str]:
    return {code for code, _subject in desk.open_findings(claim_id)}


def seen_by_the_second(desk: Desk, claim_id: int) -> str:
    """What the papers since the return say, as who confirms the payee reads it."""
    with desk.at(claim_id) as (session, claim):
        found = payee.payees_to_compare(session, desk.office, claim)
        assert found is not None
        return found.after_return


def seen_by_the_supervisor(desk: Desk, claim_id: int) -> LookReason:
    [item] = [each for each in queued(desk) if each.claim_id == claim_id]
    [look] = [each for each in item.looks if each.code is Look.CARD_AFTER_RETURN]
    return look


def codes_in_the_queue(desk: Desk, claim_id: int) -> set[Look]:
    [item] = [each for each in queued(desk) if each.claim_id == claim_id]
    return {look.code for look in item.looks}


def paid_to(desk: Desk, claim_id: int) -> list[str]:
    """The accounts to which payments of the claim were queued, oldest first."""
    with desk.at(claim_id) as (_session, claim):
        return [payee_of(desk.office.keys, each).account for each in claim.payments]


def masked(card: str) -> str:
    return f"{card[:4]}****{card[-4:]}"


def test_the_right_paper_leads_through_the_check_to_the_new_card(
    desk: Desk, person: Person, claim_id: int
) -> None:
    clerk, new = desk.user(Role.CLERK), a_card_number()
    desk.add_paper(claim_id, a_page(Kind.BANK_CARD, "中国建设银行", f"户名:{person.name}", new))
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    key_card(desk, clerk, claim_id, new)
    assert "一致" in seen_by_the_second(desk, claim_id)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, clerk, claim_id) == ClaimState.PROPOSED
    look = seen_by_the_supervisor(desk, claim_id)
    assert (look.before, look.after) == (masked(person.card), masked(new))
    assert f"其后的材料读作 {masked(new)}，与所录卡号一致" in look.sentence
    assert "户名不符" in look.sentence
    items = queued(desk)
    assert approved(desk, desk.user(Role.SUPERVISOR), items) == 0, "only by name"
    desk.approve_one(claim_id)
    answered(desk, desk.released(), {})
    assert paid_to(desk, claim_id) == [person.card, new]
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)


def test_his_own_card_keyed_with_the_paper_of_anothers_is_a_question_that_all_see(
    desk: Desk, person: Person, insider: User, claim_id: int, mine: str
) -> None:
    shown = a_card_number()
    desk.add_card_paper(claim_id, shown)
    key_card(desk, insider, claim_id, mine)
    assert f"读作 {masked(shown)}，与所录卡号不一致" in seen_by_the_second(desk, claim_id)
    second = desk.user(Role.CLERK)
    desk.confirm_payee(claim_id, second)
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED
    assert open_codes(desk, claim_id) == {NEW_CARD_DIFFERS}
    assert queued(desk) == []
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED, "asking again answers nothing"
    answer_all(desk, insider, claim_id)
    assert pay_again(desk, insider, claim_id) == ClaimState.PROPOSED
    look = seen_by_the_supervisor(desk, claim_id)
    assert (look.before, look.after) == (masked(person.card), masked(mine))
    assert f"读作 {masked(shown)}，与所录卡号不一致" in look.sentence
    found = codes_in_the_queue(desk, claim_id)
    assert {Look.WARNING_ANSWERED, Look.PAYEE_KEYED, Look.CARD_NOT_ON_REGISTER} <= found
    for maker in (insider, second):
        [dropped] = desk.approve_all(desk.user(Role.SUPERVISOR, of=maker)).dropped
        assert "本人经手过此案" in dropped.reason
    with desk.at(claim_id) as (session, claim):
        supervisor = desk.user(Role.SUPERVISOR)
        approval.send_back(session, desk.office, supervisor, claim, "卡号与材料不符")
    desk.work()
    assert paid_to(desk, claim_id) == [person.card]
    promises_hold(desk)


def test_the_card_of_the_paper_keyed_instead_needs_no_answer(
    desk: Desk, person: Person, insider: User, claim_id: int, mine: str
) -> None:
    new = a_card_number()
    key_card(desk, insider, claim_id, mine)
    desk.add_card_paper(claim_id, new)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED
    clerk = desk.user(Role.CLERK)
    key_card(desk, clerk, claim_id, new)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, clerk, claim_id) == ClaimState.PROPOSED
    assert Look.WARNING_ANSWERED not in codes_in_the_queue(desk, claim_id)
    desk.approve_one(claim_id)
    assert paid_to(desk, claim_id) == [person.card, new]


def test_an_unreadable_paper_is_a_question_and_a_better_one_ends_it(
    desk: Desk, insider: User, claim_id: int
) -> None:
    new = a_card_number()
    desk.add_paper(claim_id, a_page(Kind.OTHER, "模糊", confidence=0.2))
    key_card(desk, insider, claim_id, new)
    assert "没有读到卡号" in seen_by_the_second(desk, claim_id)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED
    assert open_codes(desk, claim_id) == {NEW_CARD_UNREAD}
    answer_all(desk, insider, claim_id)
    desk.add_paper(claim_id, a_page(Kind.OTHER, "还是模糊", confidence=0.2))
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED, "of each paper it is asked"
    desk.add_card_paper(claim_id, new)
    assert pay_again(desk, insider, claim_id) == ClaimState.PROPOSED
    assert "一致" in seen_by_the_supervisor(desk, claim_id).sentence
    assert Look.WARNING_ANSWERED not in codes_in_the_queue(desk, claim_id)


def test_a_card_number_that_fails_its_check_counts_as_not_read(
    desk: Desk, insider: User, claim_id: int
) -> None:
    new = a_card_number()
    misread = new[:-1] + str((int(new[-1]) + 1) % 10)
    desk.add_card_paper(claim_id, misread)
    key_card(desk, insider, claim_id, new)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED
    assert open_codes(desk, claim_id) == {NEW_CARD_UNREAD}


def test_his_own_card_with_its_own_paper_names_another_person(
    desk: Desk, person: Person, insider: User, claim_id: int, mine: str
) -> None:
    """Card and paper agree, and the holder's name on the paper is not the member's."""
    desk.add_paper(claim_id, a_page(Kind.BANK_CARD, "中国建设银行", "户名:王贪", mine))
    key_card(desk, insider, claim_id, mine)
    assert "他人：王*" in seen_by_the_second(desk, claim_id)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED
    assert open_codes(desk, claim_id) == {NEW_CARD_OF_ANOTHER}
    answer_all(desk, insider, claim_id)
    assert pay_again(desk, insider, claim_id) == ClaimState.PROPOSED
    assert "他人：王*" in seen_by_the_supervisor(desk, claim_id).sentence
    assert Look.WARNING_ANSWERED in codes_in_the_queue(desk, claim_id)


def test_a_page_named_as_no_card_still_shows_its_number(
    desk: Desk, insider: User, claim_id: int, mine: str
) -> None:
    desk.add_card_paper(claim_id, a_card_number())
    with desk.at(claim_id) as (session, claim):
        page = claim.documents[-1].pages[0]
        correction.name_kind(session, desk.office, insider, claim, page.id, "invoice")
    key_card(desk, insider, claim_id, mine)
    desk.confirm_payee(claim_id)
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED
    assert open_codes(desk, claim_id) == {NEW_CARD_DIFFERS}


def test_the_card_that_came_back_is_asked_about_where_the_paper_shows_another(
    desk: Desk, insider: User, claim_id: int
) -> None:
    desk.add_card_paper(claim_id, a_card_number())
    assert pay_again(desk, insider, claim_id) == ClaimState.RETURNED
    assert open_codes(desk, claim_id) == {NEW_CARD_DIFFERS}


@pytest.mark.parametrize("state", [ClaimState.RETURNED, ClaimState.PROPOSED])
def test_the_name_cannot_be_changed_on_the_way(
    desk: Desk, insider: User, claim_id: int, state: ClaimState
) -> None:
    if state is ClaimState.PROPOSED:
        assert pay_again(desk, insider, claim_id) == state
    other = desk.member("王贪")
    for name, value in (("member_name", "王贪"), ("id_number", other.id_number)):
        with pytest.raises(Refused, match="退票的案件"), desk.at(claim_id) as (session, claim):
            correction.correct_field(session, desk.office, insider, claim, name, value)


def test_a_card_keyed_after_it_was_asked_for_goes_through_the_check_as_well(
    desk: Desk, person: Person, insider: User, claim_id: int, mine: str
) -> None:
    """The claim waits for the supervisor with the old card when he keys his own."""
    assert pay_again(desk, insider, claim_id) == ClaimState.PROPOSED
    desk.correct(insider, claim_id, bank_card_number=mine)
    assert NEW_CARD_UNREAD in open_codes(desk, claim_id), "no paper came"
    desk.approve_all()
    assert paid_to(desk, claim_id) == [person.card]
