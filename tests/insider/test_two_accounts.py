"""A dishonest person uses a second account of his to agree to what he did by the first one."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import AuditEvent, Batch, ManualVoucher, Member, User
from models.people import Role
from rules.errors import Refused
from rules.money import Fen
from tests.desk import Desk, a_card_number, at_once, handed_in, promises_hold, release_as_shown
from tests.heirs import a_death, an_heir, confirm, key, keyed
from workflows.books import by_hand
from workflows.books.by_hand import ToldVoucher
from workflows.enrolment import membership
from workflows.member_cards import confirm_card, waiting_card
from workflows.people import accounts
from workflows.people.accounts import AccountFacts
from workflows.people.persons import ask_staff_number, set_staff_number


def shut(desk: Desk, user: User) -> None:
    with desk.office.sessions.unit_of_work() as session:
        admin = desk.user(Role.SECURITY_ADMIN)
        accounts.disable(session, desk.office, admin, session.get_one(User, user.id))


def test_who_keyed_as_a_clerk_and_now_is_a_supervisor_does_not_approve_it(desk: Desk) -> None:
    claim_id = handed_in(desk, desk.member())
    clerk = desk.user(Role.CLERK)
    desk.correct(clerk, claim_id, bank_name="中国建设银行长春南湖支行")
    desk.waive(clerk, claim_id, "会员来电更正")
    shut(desk, clerk)
    [dropped] = desk.approve_all(desk.user(Role.SUPERVISOR, of=clerk)).dropped
    assert "本人经手过此案" in dropped.reason
    assert desk.approve_all().count == 1
    promises_hold(desk)


def test_two_cashier_accounts_of_one_person_do_not_release_a_batch(desk: Desk) -> None:
    handed_in(desk, desk.member())
    desk.approve_all()
    cashier = desk.user(Role.CASHIER)
    batch_id, again = desk.frozen(cashier), desk.user(Role.CASHIER, of=cashier)
    with pytest.raises(Refused, match="组批"), desk.office.sessions.unit_of_work() as session:
        release_as_shown(session, desk.office, again, session.get_one(Batch, batch_id))
    with (
        pytest.raises(IntegrityError, match="one person"),
        desk.office.sessions.unit_of_work() as session,
    ):
        session.get_one(Batch, batch_id).released_by = again.id


def test_two_cashier_accounts_of_one_person_do_not_book_a_voucher(desk: Desk) -> None:
    handed_in(desk, desk.member())
    desk.approve_all()
    cashier = desk.user(Role.CASHIER)
    told = ToldVoucher("bank_fee", "bank:main:1", desk.office.today(), Fen(500), "回单8")
    with desk.office.sessions.unit_of_work() as session:
        voucher_id = by_hand.propose_voucher(session, desk.office, cashier, told).id
    again = desk.user(Role.CASHIER, of=cashier)
    with (
        pytest.raises(IntegrityError, match="one person"),
        desk.office.sessions.unit_of_work() as session,
    ):
        voucher = session.get_one(ManualVoucher, voucher_id)
        voucher.is_booked, voucher.decided_by = True, again.id
        voucher.decided_at = desk.office.clock()


def test_two_clerk_accounts_of_one_person_confirm_neither_a_card_nor_heirs(desk: Desk) -> None:
    insider = desk.user(Role.CLERK)
    again = desk.user(Role.CLERK, of=insider)
    desk.member()
    with desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).with_for_update()).one()
        bank = "中国建设银行"
        membership.change_card(session, desk.office, insider, member, a_card_number(), bank)
    with pytest.raises(Refused, match="提出人以外"), desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).with_for_update()).one()
        waiting = waiting_card(session, member)
        assert waiting is not None
        confirm_card(session, desk.office, again, member, waiting.id)
    heir = an_heir()
    claim_id = a_death(desk, desk.member("李四", "19800101"), heir)
    key(desk, claim_id, keyed(desk, claim_id, heir, "100%"), clerk=insider)
    with pytest.raises(Refused, match="录入人以外"):
        confirm(desk, claim_id, again)


def test_accounts_become_one_persons_when_the_security_administrator_says_so(desk: Desk) -> None:
    claim_id = handed_in(desk, desk.member())
    clerk, supervisor = desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)
    desk.correct(clerk, claim_id, bank_name="中国建设银行长春南湖支行")
    desk.waive(clerk, claim_id, "会员来电更正")
    shut(desk, clerk)
    system, security = desk.user(Role.SYSTEM_ADMIN), desk.user(Role.SECURITY_ADMIN)
    with desk.office.sessions.unit_of_work() as session:
        user = session.get_one(User, supervisor.id)
        with pytest.raises(Refused, match=f"是{clerk.name}的，不是{user.name}的"):
            ask_staff_number(session, desk.office, system, user, clerk.staff_number)
    with desk.office.sessions.unit_of_work() as session:
        user = session.get_one(User, supervisor.id)
        user.name = clerk.name
        ask_staff_number(session, desk.office, system, user, f" {clerk.staff_number.lower()}")
    with desk.office.sessions.unit_of_work() as session:
        user = session.get_one(User, supervisor.id)
        set_staff_number(session, desk.office, security, user, clerk.staff_number)
    [dropped] = desk.approve_all(supervisor).dropped
    assert "本人经手过此案" in dropped.reason
    with desk.office.sessions.read_only() as session:
        event = session.scalars(select(AuditEvent).filter_by(verb="set_staff_number")).one()
    assert event.actor_id == security.id
    assert event.detail == {"before": supervisor.staff_number, "after": clerk.staff_number}
    promises_hold(desk)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_no_administrator_gives_away_his_own_account_nor_takes_anothers(
    desk: Desk, role: Role
) -> None:
    admin, clerk = desk.user(role), desk.user(Role.CLERK)
    act = ask_staff_number if role == Role.SYSTEM_ADMIN else set_staff_number
    for account, number in ((admin, "another"), (clerk, admin.staff_number)):
        with desk.office.sessions.unit_of_work() as session:
            user = session.get_one(User, account.id)
            user.asked_staff_number, user.staff_number_asked_by = number, clerk.id
        with (
            desk.office.sessions.unit_of_work() as session,
            pytest.raises(Refused, match="自己的账户不能由自己改归他人"),
        ):
            user = session.get_one(User, account.id)
            act(session, desk.office, admin, user, number)


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u0410"], ids=["space", "hyphen", "letter"])
def test_a_sign_that_nobody_sees_makes_no_second_person(desk: Desk, sign: str) -> None:
    supervisor, admin = desk.user(Role.SUPERVISOR), desk.user(Role.SYSTEM_ADMIN)
    again = AccountFacts("jingban2", supervisor.name, supervisor.staff_number, (Role.CLERK,))
    with desk.office.sessions.unit_of_work() as session:
        for odd in (
            replace(again, staff_number=again.staff_number + sign),
            replace(again, login=again.login + sign),
        ):
            with pytest.raises(Refused, match="看不见的"):
                accounts.open_account(session, desk.office, admin, odd)
        with pytest.raises(Refused, match="看不见的"):
            ask_staff_number(
                session, desk.office, admin, session.get_one(User, supervisor.id), f"A{sign}"
            )
        # Written plainly, it is his, and as he supervises he cannot also be a clerk.
        wide = again.staff_number.translate({each: each + 0xFEE0 for each in range(0x30, 0x3A)})
        with pytest.raises(Refused, match="不能由一人兼任"):
            accounts.open_account(session, desk.office, admin, replace(again, staff_number=wide))


def test_two_numbers_set_at_once_do_not_join_posts_that_exclude_each_other(desk: Desk) -> None:
    """The new number has no account yet: neither administrator sees what the other one sets."""
    asker, security = desk.user(Role.SYSTEM_ADMIN), desk.user(Role.SECURITY_ADMIN)
    both = [desk.user(Role.CLERK), desk.user(Role.SUPERVISOR)]
    for each in both:
        with desk.office.sessions.unit_of_work() as session:
            user = session.get_one(User, each.id)
            user.name = "李四"
            ask_staff_number(session, desk.office, asker, user, "NEW-1")

    def agree(account: User) -> str:
        try:
            with desk.office.sessions.unit_of_work() as session:
                user = session.get_one(User, account.id, with_for_update=True)
                set_staff_number(session, desk.office, security, user, "NEW-1")
        except Refused as error:
            return str(error)
        return ""

    refused = [said for said in at_once(*(partial(agree, each) for each in both)) if said]
    assert len(refused) == 1
    assert "不能由一人兼任" in refused[0]
    promises_hold(desk)


def test_three_people_at_least_stand_between_a_scan_and_the_bank(desk: Desk) -> None:
    """Who keys does not approve, who approves neither freezes nor releases, and of these two none
    is the other, by whichever account and post."""
    claim_id, clerk = handed_in(desk, desk.member()), desk.user(Role.CLERK)
    desk.correct(clerk, claim_id, bank_name="中国建设银行长春南湖支行")
    desk.waive(clerk, claim_id, "会员来电更正")
    supervisor = desk.user(Role.SUPERVISOR)
    assert desk.approve_all(desk.user(Role.SUPERVISOR, of=clerk)).count == 0
    assert desk.approve_all(supervisor).count == 1
    for approver in (supervisor, desk.user(Role.CASHIER, of=supervisor)):
        with pytest.raises(Refused, match=r"岗位|由本人审批"):
            desk.frozen(approver)
    keyer = desk.user(Role.CASHIER, of=clerk)
    batch_id = desk.frozen(keyer)
    for releaser in (keyer, desk.user(Role.CASHIER, of=supervisor)):
        with (
            pytest.raises(Refused, match=r"由第二人放行|由本人审批"),
            desk.office.sessions.unit_of_work() as session,
        ):
            release_as_shown(session, desk.office, releaser, session.get_one(Batch, batch_id))
    with desk.office.sessions.unit_of_work() as session:
        third = desk.user(Role.CASHIER)
        release_as_shown(session, desk.office, third, session.get_one(Batch, batch_id))
    assert desk.payments(claim_id) == ["sent"]
    promises_hold(desk)
