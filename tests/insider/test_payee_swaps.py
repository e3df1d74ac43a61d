"""A dishonest person tries to have somebody's money paid to his own card; each try ends in a
refusal, or in a question that a second person sees."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from models import Member, User
from models.people import Role
from rules.errors import Refused
from rules.second_look import Look
from tests.desk import Desk, a_card_number, handed_in, promises_hold
from tests.heirs import a_death, an_heir, confirm, key, keyed
from tests.workflows.claims.approving.test_second_look import approved, looks, queued
from tests.workflows.enrolment.rosters import Hall, Worker
from tests.workflows.enrolment.test_roster_changes import NEXT_YEAR, decide
from tests.workflows.test_proof import answered
from workflows.claims.acts import correction
from workflows.claims.paying import paid_again
from workflows.enrolment import membership, roster_cards
from workflows.member_cards import confirm_card, waiting_card
from workflows.sealed_values.claims import payee_of


@pytest.fixture
def mine() -> str:
    """The card of the dishonest person."""
    return a_card_number()


def paid_to(desk: Desk, claim_id: int) -> set[str]:
    """The accounts to which payments of the claim were queued."""
    with desk.at(claim_id) as (_session, claim):
        return {payee_of(desk.office.keys, each).account for each in claim.payments}


def keyed_and_waived(desk: Desk, insider: User, claim_id: int, card: str) -> None:
    desk.correct(insider, claim_id, bank_card_number=card)
    desk.waive(insider, claim_id, "会员换卡")


def test_a_card_keyed_before_the_first_payment_waits_for_a_second_person(
    desk: Desk, mine: str
) -> None:
    person, insider = desk.member(), desk.user(Role.CLERK)
    claim_id = handed_in(desk, person)
    keyed_and_waived(desk, insider, claim_id, mine)
    assert desk.state_of(claim_id) == "in_question"
    with pytest.raises(Refused, match="经手过"):
        desk.confirm_payee(claim_id, insider)
    second, supervisor = desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)
    desk.confirm_payee(claim_id, second)
    found = looks(desk)[claim_id]
    assert {Look.PAYEE_KEYED, Look.WARNING_ANSWERED, Look.CARD_NOT_ON_REGISTER} <= found
    items = queued(desk)
    [dropped] = desk.approve_all(desk.user(Role.SUPERVISOR, of=second)).dropped
    assert "本人经手过此案" in dropped.reason, "who confirms does not approve"
    assert approved(desk, supervisor, items) == 0
    assert approved(desk, supervisor, items, *items) == 1
    desk.work()
    promises_hold(desk)


def test_a_card_shown_by_his_own_paper_waits_for_a_second_person_too(desk: Desk, mine: str) -> None:
    insider = desk.user(Role.CLERK)
    claim_id = handed_in(desk, desk.member(), card=mine)
    desk.waive(insider, claim_id, "会员换卡")
    assert desk.open_findings(claim_id) == {("PAYEE_UNCONFIRMED", "bank_card_number")}
    with pytest.raises(Refused, match="第二人"):
        desk.waive(insider, claim_id, "已核")


def test_after_a_return_the_new_card_waits_for_a_second_person(desk: Desk, mine: str) -> None:
    person, insider = desk.member(), desk.user(Role.CLERK)
    claim_id = handed_in(desk, person)
    desk.approve_all()
    answered(desk, desk.released(), {person.card: "3031"})
    with desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, insider, claim, "bank_card_number", mine)
    with pytest.raises(Refused, match="新卡的材料"), desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, insider, claim)
    desk.add_card_paper(claim_id, mine)
    with pytest.raises(Refused, match="须先由没有经手"), desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, insider, claim)
    with pytest.raises(Refused, match="经手过"):
        desk.confirm_payee(claim_id, insider)
    with pytest.raises(Refused, match="姓名"), desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, insider, claim, "member_name", "王贪")
    assert paid_to(desk, claim_id) == {person.card}


def test_a_card_changed_on_the_register_counts_for_nothing_before_another_confirms_it(
    desk: Desk, mine: str
) -> None:
    person, insider = desk.member(), desk.user(Role.CLERK)
    same = desk.user(Role.SUPERVISOR, of=insider)
    open_claim = handed_in(desk, person)
    with desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).with_for_update()).one()
        membership.change_card(session, desk.office, insider, member, mine, "中国建设银行")
    with pytest.raises(Refused, match="提出人以外"), desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).with_for_update()).one()
        waiting = waiting_card(session, member)
        assert waiting is not None
        confirm_card(session, desk.office, same, member, waiting.id)
    [dropped] = desk.approve_all(same).dropped
    assert "本人经手过此案" in dropped.reason, "who changes the card is a maker of open claims"
    desk.approve_one(open_claim)
    assert paid_to(desk, open_claim) == {person.card}
    later = handed_in(desk, person, card=mine, admitted="2026-05-02", discharged="2026-05-12")
    desk.waive(insider, later, "会员换卡")
    with pytest.raises(Refused, match="经手过"):
        desk.confirm_payee(later, insider)
    promises_hold(desk)


def test_the_first_payment_after_a_change_on_the_register_is_looked_at_by_name(
    desk: Desk, mine: str
) -> None:
    person = desk.member()
    desk.change_card(person, mine)
    desk.clock.pass_(days=90)
    claim_id = handed_in(desk, replace(person, card=mine))
    assert looks(desk)[claim_id] == {Look.CARD_CHANGED}
    supervisor = desk.user(Role.SUPERVISOR)
    assert approved(desk, supervisor, queued(desk)) == 0


def test_a_roster_changes_no_card_before_a_person_without_a_hand_in_it_confirms(
    desk: Desk, mine: str
) -> None:
    hall, worker = Hall.of(desk, headcount=1), Worker("张三")
    hall.covered([worker], date(2026, 6, 16))
    desk.clock.pass_(days=350)
    number = hall.enrolled([replace(worker, card=mine)], NEXT_YEAR)
    hall.pay(number, 8000, desk.office.today())
    desk.work()
    with pytest.raises(Refused, match="不能确认换卡"):
        decide(hall, number, roster_cards.confirm_card, hall.clerk, 2)
    with desk.office.sessions.read_only() as session:
        member = session.scalars(select(Member)).one()
        assert member.card_print == desk.office.keys.fingerprint(worker.card)


def test_after_a_death_his_own_card_as_an_heirs_waits_for_a_second_person(
    desk: Desk, mine: str
) -> None:
    insider_as_heir = an_heir("王贪")
    claim_id = a_death(desk, desk.member(), insider_as_heir)
    insider = key(desk, claim_id, keyed(desk, claim_id, insider_as_heir, "100%"))
    assert queued(desk) == []
    with pytest.raises(Refused, match="录入人以外"):
        confirm(desk, claim_id, insider)
    assert desk.payments(claim_id) == []
